"""POST /device/{id}/execute: a signed operation, checked and handed to the core in one act."""

from dataclasses import replace

from rekey.dialects.doordeck.account_keys import is_key, public_parts
from rekey.dialects.doordeck.envelope import Envelopes, SignedRequest
from rekey.dialects.doordeck.errors import BadRequest, OperationRefused
from rekey.dialects.doordeck.kit import DOOR, EMPTY, NO_CONTENT, Kit, SignedIn, id_of, signed_in_of
from rekey.dialects.doordeck.signed_wire import (
    AddUser,
    BatchAddUser,
    MutateLock,
    MutateSetting,
    RemoveUser,
    Share,
    shares_of,
    to_edit,
    to_grants,
)
from rekey.domain.circumstances import Circumstances
from rekey.domain.errors import Gone, NotAllowed, NotFound
from rekey.domain.scope import Scope
from rekey.operations.edit_door import edit_door
from rekey.operations.find import find_person
from rekey.operations.grant_access import GrantAccess, NewGrant, grant_access
from rekey.operations.held_doors import HeldDoor, held_door
from rekey.operations.open_door import OpenDoor
from rekey.operations.revoke_people import RevokePeople, revoke_people
from rekey.operations.secure_door import SecureDoor, secure_door
from rekey.operations.use_door import open_and_wait, order_opening, secure_and_wait
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request
from rekey.webkit.receipt_links import removal_headers

DONE = Reply(200, EMPTY)
QUEUED = Reply(202, EMPTY)
_OTHER_KEY = "the share names a public key that is not this user's"


class Execute:
    """The handler of signed operations. A lock that is offline delays no share and no revocation."""

    def __init__(self, kit: Kit, envelopes: Envelopes) -> None:
        self._kit = kit
        self._envelopes = envelopes

    async def execute(self, request: Request) -> Reply:
        """Do what a trusted key of the caller has signed, once."""
        me, lock_id = signed_in_of(request), id_of(request, DOOR)
        signed = await self._envelopes.read(request.body, lock_id, me)
        return await self.run(me, lock_id, signed, Circumstances(address=request.client))

    async def run(
        self, me: SignedIn, lock_id: str, signed: SignedRequest, circumstances: Circumstances
    ) -> Reply:
        """Do what was signed, asked for in these circumstances. Raises: what the operation refuses."""
        try:
            return await self._dispatch(me, lock_id, signed, circumstances)
        except BadRequest as malformed:
            raise OperationRefused(400, str(malformed), signed.attempted) from malformed

    async def _dispatch(
        self, me: SignedIn, lock_id: str, signed: SignedRequest, circumstances: Circumstances
    ) -> Reply:
        await self._require_held(me, lock_id, signed)
        match signed.operation:
            case MutateLock(locked=False, duration=duration):
                wanted = to_opening(me.person_id, lock_id, signed, circumstances)
                return await self._open(me, replace(wanted, seconds=duration), signed)
            case MutateLock():
                return await self._secure(me, lock_id, signed, circumstances)
            case AddUser() | BatchAddUser() as share:
                return await self._share(me, lock_id, signed, shares_of(share))
            case RemoveUser(users=users):
                return await self._remove(me, lock_id, signed, users)
            case MutateSetting() as setting:
                edit = to_edit(setting, lock_id)
                await self._kit.core.perform(edit_door, me.actor, edit, once=signed.once, door_id=lock_id)
                return QUEUED if signed.queued else DONE

    async def _require_held(self, me: SignedIn, lock_id: str, signed: SignedRequest) -> HeldDoor:
        """Find the lock among the caller's. Raises: NotFound, Gone, NotAllowed, recorded where the lock is known."""
        try:
            return await self._kit.core.store.read(
                me.actor.organization_id,
                lambda view: held_door(view, me.person_id, lock_id, self._kit.now),
            )
        except (Gone, NotAllowed) as refused:
            await self._kit.core.record_refusal(me.actor, signed.attempted, refused, door_id=lock_id)
            raise

    async def _open(self, me: SignedIn, wanted: OpenDoor, signed: SignedRequest) -> Reply:
        services = self._kit.services
        if not signed.queued:
            await open_and_wait(services, me.actor, wanted, once=signed.once)
            return DONE
        opening = await order_opening(services, me.actor, wanted, once=signed.once)
        if opening.order is not None:
            services.orders.start(me.actor, opening.door, opening.order)
        return QUEUED

    async def _secure(
        self, me: SignedIn, lock_id: str, signed: SignedRequest, circumstances: Circumstances
    ) -> Reply:
        wanted = SecureDoor(
            door_id=lock_id,
            credential_id=signed.credential.id,
            expires_at=signed.expires_at,
            waits=signed.queued,
            circumstances=circumstances,
        )
        services = self._kit.services
        if not signed.queued:
            await secure_and_wait(services, me.actor, wanted, once=signed.once)
            return DONE
        chosen = await services.core.perform(secure_door, me.actor, wanted, once=signed.once, door_id=lock_id)
        services.orders.start(me.actor, chosen.door, chosen.order)
        return QUEUED

    async def _share(
        self, me: SignedIn, lock_id: str, signed: SignedRequest, shares: tuple[Share, ...]
    ) -> Reply:
        wanted = to_grants(shares, lock_id)
        await self._require_people(me, lock_id, signed, wanted)
        wanted = replace(wanted, grants=await self._remarked(me, wanted.grants, shares))
        await self._kit.core.perform(grant_access, me.actor, wanted, once=signed.once, door_id=lock_id)
        return QUEUED if signed.queued else NO_CONTENT

    async def _remarked(
        self, me: SignedIn, grants: tuple[NewGrant, ...], shares: tuple[Share, ...]
    ) -> tuple[NewGrant, ...]:
        """Have the journal tell of a key that is not the user's. It is not refused (contract, 5.3)."""
        ids = [grant.holder.id for grant in grants]
        own = await self._kit.core.store.read(me.actor.organization_id, lambda view: public_parts(view, ids))
        return tuple(
            grant if is_key(share.public_key, own.get(grant.holder.id)) else replace(grant, remark=_OTHER_KEY)
            for grant, share in zip(grants, shares, strict=True)
        )

    async def _require_people(
        self, me: SignedIn, lock_id: str, signed: SignedRequest, wanted: GrantAccess
    ) -> None:
        """Refuse a share that names somebody unknown. Raises: NotFound, recorded."""

        async def look(view: View) -> None:
            for grant in wanted.grants:
                await find_person(view, grant.holder.id)

        try:
            await self._kit.core.store.read(me.actor.organization_id, look)
        except NotFound as unknown:
            await self._kit.core.record_refusal(me.actor, signed.attempted, unknown, door_id=lock_id)
            raise

    async def _remove(self, me: SignedIn, lock_id: str, signed: SignedRequest, users: list[str]) -> Reply:
        wanted = RevokePeople(person_ids=tuple(user.lower() for user in users), scope=Scope.door(lock_id))
        revoked = await self._kit.core.perform(
            revoke_people, me.actor, wanted, once=signed.once, door_id=lock_id
        )
        reply = QUEUED if signed.queued else DONE
        return reply.with_headers(*removal_headers(*(one.revocation.id for one in revoked)))


def to_opening(person_id: str, lock_id: str, signed: SignedRequest, circumstances: Circumstances) -> OpenDoor:
    return OpenDoor(
        door_id=lock_id,
        person_id=person_id,
        credential_id=signed.credential.id,
        expires_at=signed.expires_at,
        waits=signed.queued,
        circumstances=circumstances,
    )
