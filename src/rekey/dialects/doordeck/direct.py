"""POST /device/execute: the direct access of the vendor's gateway, which decides from the signed request alone.

Source: Doordeck contract, section 5.7.
"""

from dataclasses import dataclass

from rekey.dialects.doordeck.envelope import Envelopes, Proved, attempted_of
from rekey.dialects.doordeck.errors import OperationRefused
from rekey.dialects.doordeck.execute import Execute
from rekey.dialects.doordeck.kit import VIA, Kit, SignedIn, Vouched, agent_of, organization_of
from rekey.dialects.doordeck.signed_wire import MutateLock
from rekey.domain.circumstances import Circumstances, Means
from rekey.domain.errors import Gone, Invalid, NotFound
from rekey.domain.ids import OrganizationId
from rekey.domain.operator import Actor, Operator
from rekey.operations.find import find_door
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request
from rekey.webkit.mount import ORGANIZATION_KEY


@dataclass(frozen=True, slots=True)
class Signer:
    """Whose request it is, and whether the lock is there."""

    operator: Operator
    lock: Gone | None


class Direct:
    """The handler. It has no session: whoever signed is who asks, and the same bytes run once on either path."""

    def __init__(self, kit: Kit, envelopes: Envelopes, execute: Execute) -> None:
        self._kit = kit
        self._envelopes = envelopes
        self._execute = execute

    async def execute(self, request: Request) -> Reply:
        """Open or lock a door for whoever signed; nothing else is done without a session."""
        proved = await self._envelopes.prove(request.body)
        me, lock = await self._signer(request, proved)
        try:
            if not isinstance(proved.operation, MutateLock):
                raise OperationRefused(400, "Direct access opens and locks, nothing else")
            signed = await self._envelopes.accept(proved, me)
        except OperationRefused as refused:
            refusal = Invalid("request", f"was refused: {refused}")
            await self._kit.core.record_refusal(
                me.actor, attempted_of(proved.jws), refusal, door_id=proved.lock_id
            )
            raise
        circumstances = Circumstances(means=Means.DIRECT, address=request.client)
        if lock is not None:
            raise lock
        return await self._execute.run(me, proved.lock_id, signed, circumstances)

    async def _signer(self, request: Request, proved: Proved) -> tuple[SignedIn, Gone | None]:
        """Find the organization of the lock, and in it the account of whoever signed.

        Raises: NotFound for a lock that is nowhere, OperationRefused (403) for somebody without an account of our own.
        """
        for organization_id in await self._organizations(request):
            found = await self._kit.core.store.read(
                organization_id, lambda view: _look(view, proved.lock_id, proved.leaf.user_id)
            )
            if found is None:
                continue
            actor = Actor(
                organization_id=organization_id,
                operator_id=found.operator.id,
                key_id=None,
                via=VIA,
                address=request.client,
                agent=agent_of(request),
            )
            caller = Vouched(actor=actor, operator=found.operator)
            return SignedIn(caller=caller, person_id=proved.leaf.user_id, claims={}), found.lock
        raise NotFound("device", proved.lock_id)

    async def _organizations(self, request: Request) -> tuple[OrganizationId, ...]:
        if ORGANIZATION_KEY in request.scope:
            return (await organization_of(self._kit.core, request),)
        return await self._kit.core.store.directory.all_organizations()


async def _look(view: View, lock_id: str, person_id: str) -> Signer | None:
    """Give the signer where the lock is, None if it is not of this organization. Raises: OperationRefused."""
    lock: Gone | None = None
    try:
        await find_door(view, lock_id)
    except NotFound:
        return None
    except Gone as retired:
        lock = retired
    operator = await view.operators.of_person(person_id)
    # The users of an application are believed on the word of its token, which does not come along here.
    if operator is None or await view.foreign_accounts.of_person(person_id) is not None:
        raise OperationRefused(403, "Direct access is not for this user: use the API with a token")
    return Signer(operator, lock)
