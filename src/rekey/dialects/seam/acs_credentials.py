"""Credentials of access systems: PINs, cards, keys on phones and cloud keys of people."""

from datetime import datetime

from rekey.dialects.seam.credentials_shapes import (
    MODES,
    find_lingering,
    find_shown,
    homes_of,
    is_shown,
    see_credentials,
    show_credential,
)
from rekey.dialects.seam.doors import place, place_records, show_entrances
from rekey.dialects.seam.errors import InvalidInput
from rekey.dialects.seam.kit import Call, Kit, is_found, scan
from rekey.dialects.seam.narrow import require_sight
from rekey.dialects.seam.parameters import exactly_one
from rekey.dialects.seam.replies import reply_ok
from rekey.dialects.seam.selectors import ONE_USER
from rekey.dialects.seam.translate import show_attempt, show_denied_attempt
from rekey.dialects.seam.wire_credentials import AcsCredential
from rekey.domain.access import DoorRecord
from rekey.domain.credential import Credential, CredentialKind, CredentialState
from rekey.domain.grant import Holder
from rekey.domain.role import Permission
from rekey.domain.validity import Validity
from rekey.operations.assign_credential import UnassignCredential, unassign_credential
from rekey.operations.end_credential import EndCredential, end_credential
from rekey.operations.explain_decision import who_can_open
from rekey.operations.find import find_door, find_enrolment, find_person, find_site
from rekey.operations.give_credential import (
    EditGiven,
    GiveCredential,
    HandCredential,
    edit_given,
    give_credential,
    hand_credential,
)
from rekey.operations.given_with import SHARED
from rekey.operations.list_reachable_doors import list_reachable_doors
from rekey.operations.open_door import OpenDoor, open_door
from rekey.ports.listing import WHOLE, Listing, Part
from rekey.ports.repositories.people import CredentialFilter
from rekey.ports.store import View
from rekey.webkit.message import Reply

DEFAULT_LIMIT = 500
_ID, _USER, _PERSON, _SYSTEM = "acs_credential_id", "acs_user_id", "user_identity_id", "acs_system_id"
_KINDS = {mode: kind for kind, mode in MODES.items()}
Homed = tuple[Credential, str]


class AcsCredentials:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def create(self, call: Call) -> Reply:
        """Give a user a credential; a person who is not in the system yet is enrolled there."""
        args = call.args
        person_id, site_id = await self._whose(call)
        wanted = GiveCredential(
            person_id=person_id,
            site_id=site_id,
            kind=self._kind(call),
            door_ids=frozenset(args.ids("allowed_acs_entrance_ids") or ()),
            validity=_window(args.instant("starts_at"), args.instant("ends_at"), self._kit.now),
            code=args.text("code"),
            shared=args.flag("is_multi_phone_sync_credential"),
        )
        made = await self._kit.perform(call, give_credential, wanted)
        return await self._answer(call, made.id)

    async def get(self, call: Call) -> Reply:
        """Read a credential; one that is gone here is shown while a door that cannot be reached lets it in."""
        return await self._answer(call, call.args.required(_ID))

    async def list_credentials(self, call: Call) -> Reply:
        page, args = self._kit.page_of(call, DEFAULT_LIMIT), call.args
        shared = args.boolean("is_multi_phone_sync_credential")
        before = args.instant("created_before")

        async def look(view: View) -> tuple[list[AcsCredential], int | None]:
            person_id, site_id = await self._filter(view, call)

            async def fetch(part: Part) -> Listing[Homed]:
                listed = await view.credentials.list(part, person_id=person_id)
                homes = await homes_of(view, listed.items)
                return Listing(tuple((one, homes[one.id]) for one in listed.items))

            def keep(row: Homed) -> bool:
                one, home = row
                return (
                    is_shown(one)
                    and site_id in {None, home}
                    and shared in {None, one.identifiers == SHARED}
                    and (before is None or one.created_at < before)
                    and is_found(args.text("search"), (one.label, MODES[one.kind]), (one.id,))
                )

            made = before, lambda row: row[0].created_at
            rows, last = await scan(fetch, lambda row: row[0].number, page, keep, made_before=made)
            return await self._show(call, view, [one for one, _home in rows]), last

        shown, last = await self._kit.read(call, Permission.PEOPLE_READ, look)
        return reply_ok(acs_credentials=shown, pagination=self._kit.pagination(call, last))

    async def update(self, call: Call) -> Reply:
        """Change the PIN or the end; a card must be encoded again."""
        credential = await self._find(call)
        wanted = EditGiven(
            credential_id=credential.id, code=call.args.text("code"), end=call.args.instant("ends_at")
        )
        await self._kit.perform(call, edit_given, wanted)
        return await self._answer(call, credential.id)

    async def delete(self, call: Call) -> Reply:
        """End a credential; repeating it while a door holds back is no error."""
        named = call.args.required(_ID)
        lingering = await self._kit.read(
            call, Permission.PEOPLE_READ, lambda view: find_lingering(self._kit, view, named)
        )
        if lingering is not None:
            return reply_ok()
        credential = await self._find(call)
        await self._kit.perform(call, end_credential, EndCredential(credential_id=credential.id))
        return reply_ok()

    async def assign(self, call: Call) -> Reply:
        """Hand a credential that nobody holds to a user."""
        exactly_one(call.args, *ONE_USER)
        credential = await self._find(call)
        person_id = await self.person(call)
        wanted = HandCredential(credential_id=credential.id, person_id=person_id)
        await self._kit.perform(call, hand_credential, wanted)
        return await self._answer(call, credential.id)

    async def unassign(self, call: Call) -> Reply:
        """Take a credential from its user; it stays, and opens nothing until somebody gets it."""
        exactly_one(call.args, *ONE_USER)
        credential = await self._find(call)
        person_id = await self.person(call)
        if credential.person_id not in {None, person_id}:
            raise InvalidInput(root=["the credential belongs to another user"])
        await self._kit.perform(call, unassign_credential, UnassignCredential(credential_id=credential.id))
        return await self._answer(call, credential.id)

    async def list_accessible_entrances(self, call: Call) -> Reply:
        credential_id, now = call.args.required(_ID), self._kit.now

        async def look(view: View) -> Reply:
            credential = await find_shown(view, credential_id)
            doors = await doors_of(view, credential, now)
            return reply_ok(acs_entrances=show_entrances(self._kit, call, await place_records(view, doors)))

        return await self._kit.read(call, Permission.GRANTS_READ, look)

    async def list_with_access(self, call: Call) -> Reply:
        """List the credentials of everybody who may open the entrance now, as far as they are for it."""
        door_id, now = call.args.required("acs_entrance_id"), self._kit.now

        async def look(view: View) -> list[AcsCredential]:
            door = await find_door(view, door_id)
            await place(view, (door,))
            found: list[Credential] = []
            for opener in await who_can_open(view, door.id, now):
                matching = CredentialFilter(holder=Holder.person(opener.person.id))
                held = (await view.credentials.list(WHOLE, matching=matching)).items
                found += [one for one in held if _opens(one, door.id, now)]
            found = [one for one in found if self._sees(call, one)]
            return await self._show(call, view, sorted(found, key=lambda one: one.number))

        return reply_ok(acs_credentials=await self._kit.read(call, Permission.GRANTS_READ, look))

    async def unlock(self, call: Call) -> Reply:
        """Open an entrance by a cloud key, in the name of its person."""
        credential = await self._find(call)
        if credential.kind is not CredentialKind.LINK or credential.person_id is None:
            raise InvalidInput({_ID: ["Must be a cloud_key credential of a user"]})
        wanted = OpenDoor(
            door_id=call.args.required("acs_entrance_id"),
            person_id=credential.person_id,
            credential_id=credential.id,
        )
        opening = await self._kit.perform(call, open_door, wanted)
        if opening.order is None:
            return reply_ok(action_attempt=show_denied_attempt(opening.row))
        self._kit.services.orders.start(call.actor, opening.door, opening.order)
        return reply_ok(action_attempt=show_attempt(opening.order))

    async def person(self, call: Call) -> str:
        """Name the person of a user or of a person, which exclude each other."""
        by = exactly_one(call.args, _USER, _PERSON)
        named = call.args.required(by)

        async def look(view: View) -> str:
            if by == _USER:
                return (await find_enrolment(view, named)).person_id
            return (await find_person(view, named)).id

        return await self._kit.read(call, Permission.PEOPLE_READ, look)

    async def _whose(self, call: Call) -> tuple[str, str]:
        """Name the person and the system of a new credential."""
        args = call.args
        if exactly_one(args, _USER, _PERSON) == _PERSON:
            if args.text(_SYSTEM) is None:
                raise InvalidInput(root=["acs_system_id is required with user_identity_id"])
            return args.required(_PERSON), args.required(_SYSTEM)
        user_id = args.required(_USER)
        enrolment = await self._kit.read(
            call, Permission.PEOPLE_READ, lambda view: find_enrolment(view, user_id)
        )
        if args.text(_SYSTEM) not in {None, enrolment.site_id}:
            raise InvalidInput(root=["acs_user_id and acs_system_id are of different access systems"])
        return enrolment.person_id, enrolment.site_id

    def _kind(self, call: Call) -> CredentialKind:
        mode = call.args.required("access_method")
        if mode not in _KINDS:
            raise InvalidInput({"access_method": [f"Invalid enum value, expected one of {sorted(_KINDS)}"]})
        return _KINDS[mode]

    async def _filter(self, view: View, call: Call) -> tuple[str | None, str | None]:
        """Name the person and the system that a list is narrowed to."""
        args = call.args
        user_id, person_id, site_id = args.text(_USER), args.text(_PERSON), args.text(_SYSTEM)
        if person_id is not None and (user_id is not None or site_id is not None):
            raise InvalidInput(root=["user_identity_id excludes acs_user_id and acs_system_id"])
        if site_id is not None:
            await find_site(view, site_id)
        if person_id is not None:
            person_id = (await find_person(view, person_id)).id
        if user_id is not None:
            enrolment = await find_enrolment(view, user_id)
            if site_id not in {None, enrolment.site_id}:
                raise InvalidInput(root=["acs_user_id and acs_system_id are of different access systems"])
            person_id, site_id = enrolment.person_id, enrolment.site_id
        if call.session is not None:
            require_sight(call.session.person_id is not None)
            require_sight(person_id in {None, call.session.person_id})
            person_id = call.session.person_id
        return person_id, site_id

    def _sees(self, call: Call, credential: Credential) -> bool:
        return call.session is None or credential.person_id == call.session.person_id

    async def _find(self, call: Call) -> Credential:
        credential_id = call.args.required(_ID)
        return await self._kit.read(
            call, Permission.PEOPLE_READ, lambda view: find_shown(view, credential_id)
        )

    async def _show(self, call: Call, view: View, credentials: list[Credential]) -> list[AcsCredential]:
        seen = await see_credentials(self._kit, view, credentials)
        return [show_credential(one, workspace_id=call.workspace_id) for one in seen]

    async def _answer(self, call: Call, credential_id: str) -> Reply:
        async def look(view: View) -> AcsCredential:
            lingering = await find_lingering(self._kit, view, credential_id)
            found = lingering or await find_shown(view, credential_id)
            return (await self._show(call, view, [found]))[0]

        return reply_ok(acs_credential=await self._kit.read(call, Permission.PEOPLE_READ, look))


async def doors_of(view: View, credential: Credential, now: datetime) -> list[DoorRecord]:
    """Give the doors that a credential opens, now or later: its holder's, as far as it is for them."""
    shut = {CredentialState.SUSPENDED, CredentialState.UNASSIGNED, CredentialState.ENDED}
    if credential.person_id is None or credential.state in shut or credential.validity.is_over(now):
        return []
    doors = await list_reachable_doors(view, credential.person_id, now)
    return [door for door in doors if credential.counts_at(door.door_id)]


def _opens(credential: Credential, door_id: str, now: datetime) -> bool:
    is_active = credential.state is CredentialState.ACTIVE and credential.validity.covers(now)
    return is_shown(credential) and is_active and credential.counts_at(door_id)


def _window(start: datetime | None, end: datetime | None, now: datetime) -> Validity:
    """Read a window; one that is over opens nothing. Raises: InvalidInput."""
    if end is not None and end <= max(now, start or now):
        raise InvalidInput({"ends_at": ["Must be in the future and after starts_at"]})
    return Validity(start=start, end=end)
