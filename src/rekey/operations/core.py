"""Running operations: one act each, refused in one place, answered after the durable commit."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from rekey.domain.errors import CoreError, NotAllowed, NotFound, NotSignedIn, Refusal, Replayed
from rekey.domain.ids import OrganizationId
from rekey.domain.journal import JsonValue, Outcome
from rekey.domain.operator import Actor
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, Operation
from rekey.operations.authority import require_permission
from rekey.operations.signed_by import require_standing_key
from rekey.operations.vouched import require_voucher
from rekey.ports.attempts import Attempts, Uncounted
from rekey.ports.clock import Clock
from rekey.ports.door_driver import Ability, DoorDriver
from rekey.ports.entropy import Entropy
from rekey.ports.holidays import HolidayCalendars, NoHolidays
from rekey.ports.notifier import Notifier
from rekey.ports.repositories.journal import SeenOperation
from rekey.ports.secrets import JournalSigner, Secrets
from rekey.ports.store import Store, UnitOfWork, View

In = TypeVar("In")
Out = TypeVar("Out")
T = TypeVar("T")


class _Rehearsed(Exception):
    """Not an error: it carries a dry run's result out of its act."""

    def __init__(self, result: object) -> None:
        self.result = result


def _nobody_waits(_organization_id: OrganizationId) -> None:
    """Stand in where no worker brings door logs forward."""


async def _nothing(_view: View) -> None:
    """Look at nothing, where only the permission is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """The one object that dialects, the console and the command line hold.

    `on_change` is called after the commit of an act that may have changed somebody's access, and before
    its reply.
    """

    store: Store
    clock: Clock
    entropy: Entropy
    secrets: Secrets
    signer: JournalSigner
    notifier: Notifier
    attempts: Attempts = field(default_factory=Uncounted)
    drivers: Mapping[str, DoorDriver]
    holidays: HolidayCalendars = field(default_factory=NoHolidays)
    on_change: Callable[[OrganizationId], None] = field(default=_nobody_waits)

    async def perform(
        self,
        operation: Operation[In, Out],
        actor: Actor,
        wanted: In,
        *,
        once: SeenOperation | None = None,
        door_id: str | None = None,
    ) -> Out:
        """Do the operation in one act and give its result once it is durable.

        A refusal changes nothing but leaves one journal row that names who was refused what. With `once`
        the act also remembers the signed operation that asked for it, so that it can never run again, and
        asks anew whether the key that signed it still stands. A refused or denied act is not remembered.
        `door_id` puts a refusal into that door's part of the journal.
        Raises: the operation's Refusal, Replayed, AccessDenied for the key that signed, StoreUnavailable.
        """
        try:
            return await self.store.act(actor.organization_id, self._work(operation, actor, wanted, once))
        except (NotSignedIn, NotFound):
            # A stranger must not be able to fill the journal, and a foreign id must cost what an unknown one does.
            raise
        except Refusal as refusal:
            await self.record_refusal(actor, operation.name, refusal, door_id=door_id)
            raise

    async def rehearse(self, operation: Operation[In, Out], actor: Actor, wanted: In) -> Out:
        """Give the result that the operation would have, and keep nothing of it."""
        work = self._work(operation, actor, wanted)

        async def tried(unit: UnitOfWork) -> Out:
            raise _Rehearsed(await work(unit))

        try:
            return await self.store.act(actor.organization_id, tried)
        except _Rehearsed as rehearsed:
            return rehearsed.result  # type: ignore[return-value]  # it is what `work` gave

    async def read(
        self, actor: Actor, permission: Permission, scope: Scope | None, look: Callable[[View], Awaitable[T]]
    ) -> T:
        """Look at one consistent view, if the actor may; no scope means the whole organization.

        Raises: NotSignedIn, NotAllowed.
        """
        where = scope or Scope.organization(actor.organization_id)

        async def allowed(view: View) -> T:
            await require_permission(view, actor, permission, where, now=self.clock.now())
            return await look(view)

        return await self.store.read(actor.organization_id, allowed)

    async def require(
        self, actor: Actor, permission: Permission, scope: Scope | None, *, attempted: str
    ) -> None:
        """Refuse a wish that needs no act of its own as the act would have been refused, with its row.

        Raises: NotSignedIn, NotAllowed.
        """
        try:
            await self.read(actor, permission, scope, _nothing)
        except NotAllowed as refusal:
            await self.record_refusal(actor, attempted, refusal)
            raise

    async def record_refusal(
        self, actor: Actor, attempted: str, refusal: CoreError, *, door_id: str | None = None
    ) -> None:
        """Record that the actor was refused, in an act of its own."""
        reason: dict[str, JsonValue] = {
            "attempted": attempted,
            "refusal": type(refusal).__name__,
            "reason": str(refusal),
        }

        async def note(unit: UnitOfWork) -> None:
            act = self.act_for(unit, actor, None)
            await act.record("act.refused", outcome=Outcome.REFUSED, door_id=door_id, detail=reason)

        await self.store.act(actor.organization_id, note)

    def act_for(self, unit: UnitOfWork, actor: Actor, permission: Permission | None) -> Act:
        """Frame an act for a unit of work."""
        return Act(
            work=unit,
            actor=actor,
            now=self.clock.now(),
            entropy=self.entropy,
            secrets=self.secrets,
            permission=permission,
            wake=partial(self.on_change, actor.organization_id),
            attempts=self.attempts,
            abilities=self.abilities_of,
        )

    def abilities_of(self, driver_name: str) -> frozenset[Ability]:
        """Say what the hardware behind a driver's name can do; nothing without such a driver."""
        driver = self.drivers.get(driver_name)
        return frozenset() if driver is None else driver.abilities

    def _work(
        self, operation: Operation[In, Out], actor: Actor, wanted: In, once: SeenOperation | None = None
    ) -> Callable[[UnitOfWork], Awaitable[Out]]:
        async def work(unit: UnitOfWork) -> Out:
            if once is not None and once.credential_id is not None:
                await require_standing_key(unit, once.credential_id, self.clock.now())
            if actor.voucher is not None:
                await require_voucher(unit, actor.voucher, self.clock.now())
            act = self.act_for(unit, actor, operation.permission)
            result = await operation(act, wanted)
            if not act.authorized:
                raise RuntimeError(f"{operation.name} asked for no permission: refusing to commit it")
            # Asked last, so that a lack of rights is told first; a replay takes the whole act back.
            if once is not None and not act.denied and not await unit.replays.remember(once):
                raise Replayed("this signed operation was seen before: sign a new one")
            return result

        return work
