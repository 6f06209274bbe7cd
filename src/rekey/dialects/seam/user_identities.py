"""User identities: people, and the doors that they are given and lose."""

from collections.abc import Sequence

from rekey.dialects.seam.acs_users import users_shown
from rekey.dialects.seam.doors import (
    NAMESPACE,
    UNMANAGED,
    Placed,
    place_records,
    show_devices,
    show_entrances,
)
from rekey.dialects.seam.errors import REQUIRED, InvalidInput, NotSupported, NotThere
from rekey.dialects.seam.kit import Call, Kit, is_found, scan
from rekey.dialects.seam.narrow import require_sight, sees_person
from rekey.dialects.seam.parameters import exactly_one
from rekey.dialects.seam.pending_changes import being_deleted
from rekey.dialects.seam.replies import reply_ok, reply_revoked
from rekey.dialects.seam.translate import full_name, show_identity, show_system, stand_in_name
from rekey.dialects.seam.wire import AcsSystem, AcsUser, UserIdentity
from rekey.domain.grant import Holder
from rekey.domain.people import Enrolment, Person
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.add_person import AddPerson
from rekey.operations.annotate import annotation_of
from rekey.operations.edit_person import UNCHANGED, EditPerson, edit_person
from rekey.operations.enrol_newcomer import EnrolNewcomer, enrol_newcomer
from rekey.operations.find import find_enrolment, find_person
from rekey.operations.grant_access import GrantAccess, NewGrant, OnRepeat, grant_access
from rekey.operations.join_enrolment import JoinEnrolment, join_enrolment
from rekey.operations.lingering import lingering_person
from rekey.operations.list_reachable_doors import list_reachable_doors
from rekey.operations.merge_people import (
    MergePeople,
    merge_people,
    person_by_any_key,
    resolve_person_id,
)
from rekey.operations.part_enrolment import PartEnrolment, part_enrolment
from rekey.operations.remove_person import RemovePerson, remove_person
from rekey.operations.revoke_person import RevokePerson, revoke_person
from rekey.ports.listing import WHOLE
from rekey.ports.store import View
from rekey.webkit.message import Reply

DEFAULT_LIMIT = 500
ORIGIN = "seam:device"
_ID, _KEY = "user_identity_id", "user_identity_key"
_MEMBERS = {"email_address": "email", "phone_number": "phone", _KEY: "external_key"}


class UserIdentities:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def create(self, call: Call) -> Reply:
        args = call.args
        email, phone, key = args.text("email_address"), args.text("phone_number"), args.text(_KEY)
        person = AddPerson(
            name=args.text("full_name") or stand_in_name(email, phone, key),
            email=email,
            phone=phone,
            external_key=key,
            customer_key=args.text("customer_key"),
        )
        sites = tuple(dict.fromkeys(id_.lower() for id_ in args.texts("acs_system_ids") or ()))
        newcomer = await self._kit.perform(call, enrol_newcomer, EnrolNewcomer(person=person, site_ids=sites))
        ids: list[str] = [enrolment.id for enrolment in newcomer.enrolments]
        shown = show_identity(newcomer.person, ids, workspace_id=call.workspace_id)
        return reply_ok(user_identity=shown)

    async def get(self, call: Call) -> Reply:
        by = exactly_one(call.args, _ID, _KEY)
        named = call.args.required(by)

        async def look(view: View) -> UserIdentity:
            person = await _by_id_or_key(view, by, named)
            if person is None:
                return await self._lingering(view, call, {by: named})
            require_sight(sees_person(call.session, person))
            return await _shown(view, person)

        return reply_ok(user_identity=await self._kit.read(call, Permission.PEOPLE_READ, look))

    async def list_people(self, call: Call) -> Reply:
        page = self._kit.page_of(call, DEFAULT_LIMIT)
        ids = call.args.texts("user_identity_ids")
        wanted = None if ids is None else [id_.lower() for id_ in ids]

        async def look(view: View) -> tuple[list[UserIdentity], int | None]:
            if wanted == []:
                return [], None
            # One pass over the ids that merged records still bear; they lead to the survivor.
            ids = None if wanted is None else [await resolve_person_id(view, id_) for id_ in wanted]
            people, last = await scan(
                lambda part: view.people.list(part, ids=_narrowed(call, ids), customer_key=_customer(call)),
                lambda person: person.number,
                page,
                lambda person: person.parted_by is None and _fits(call, person),
                made_before=(call.args.instant("created_before"), lambda person: person.created_at),
            )
            return [await _shown(view, person) for person in people], last

        shown, last = await self._kit.read(call, Permission.PEOPLE_READ, look)
        return reply_ok(user_identities=shown, pagination=self._kit.pagination(call, last))

    async def update(self, call: Call) -> Reply:
        """Change what was sent; null clears, and a cleared name falls back to what else is known."""
        args = call.args
        sent = {ours: args.text(theirs) for theirs, ours in _MEMBERS.items() if theirs in args}
        person = await self._person(call)
        require_sight(sees_person(call.session, person))
        wanted = EditPerson(
            person_id=person.id,
            name=_new_name(call, person),
            email=sent.get("email", UNCHANGED),
            phone=sent.get("phone", UNCHANGED),
            external_key=sent.get("external_key", UNCHANGED),
        )
        await self._kit.perform(call, edit_person, wanted)
        return reply_ok()

    async def delete(self, call: Call) -> Reply:
        """Remove a person with all that is the person's; repeating it while a door holds back is no error."""
        named, drivers = call.args.required(_ID), self._kit.services.core.drivers
        lingering = await self._kit.read(
            call, Permission.PEOPLE_READ, lambda view: lingering_person(view, named, drivers, self._kit.now)
        )
        if lingering is not None:
            return reply_revoked(lingering[1].id)
        person = await self._person(call)
        removed = await self._kit.perform(call, remove_person, RemovePerson(person_id=person.id))
        return reply_revoked(removed.revoked.revocation.id)

    async def merge(self, call: Call) -> Reply:
        """Fold records of one person together; those that were merged before are passed over."""
        args = call.args
        by = exactly_one(args, _ID, _KEY)
        several = "merged_user_identity_ids" if by == _ID else "merged_user_identity_keys"
        if several not in args:
            raise InvalidInput({several: [REQUIRED]})

        async def look(view: View) -> MergePeople:
            survivor = await _by_id_or_key(view, by, args.required(by))
            if survivor is None:
                raise NotThere("user_identity_not_found", {by: args.required(by)})
            merged = await _merged(view, survivor, args.texts(several) or (), by=by)
            return MergePeople(survivor_id=survivor.id, merged_ids=tuple(merged))

        wanted = await self._kit.read(call, Permission.PEOPLE_READ, look)
        await self._kit.perform(call, merge_people, wanted)
        return reply_ok()

    async def get_unmanaged(self, call: Call) -> Reply:
        """Refuse as unknown: every person of the organization is managed here."""
        raise NotThere("user_identity_not_found", {_ID: call.args.required(_ID)})

    async def list_unmanaged(self, call: Call) -> Reply:
        """List nobody: every person of the organization is managed here."""
        self._kit.page_of(call, DEFAULT_LIMIT)
        await self._kit.read(call, Permission.PEOPLE_READ, _nothing)
        return reply_ok(user_identities=[], pagination=self._kit.pagination(call, None))

    async def update_unmanaged(self, call: Call) -> Reply:
        """Refuse as unknown: there is nobody to take into management."""
        if call.args.boolean("is_managed") is not True:
            raise InvalidInput({"is_managed": ["Invalid literal value, expected true"]})
        await self._kit.services.core.require(
            call.actor, Permission.PEOPLE_WRITE, None, attempted="edit_person"
        )
        raise NotThere("user_identity_not_found", {_ID: call.args.required(_ID)})

    async def grant_access_to_device(self, call: Call) -> Reply:
        await self._managed(call)
        new = NewGrant(
            holder=Holder.person((await self._person(call)).id),
            scope=Scope.door(call.args.required("device_id")),
            origin=ORIGIN,
            on_repeat=OnRepeat.REPLACE_OWN,
            enrols=False,
        )
        await self._kit.perform(call, grant_access, GrantAccess(grants=(new,)))
        return reply_ok()

    async def revoke_access_to_device(self, call: Call) -> Reply:
        """End every way of the person to this door, whoever gave it."""
        person = await self._person(call)
        wanted = RevokePerson(person_id=person.id, scope=Scope.door(call.args.required("device_id")))
        revoked = await self._kit.perform(call, revoke_person, wanted)
        return reply_revoked(revoked.revocation.id)

    async def list_accessible_devices(self, call: Call) -> Reply:
        devices = await show_devices(self._kit, call, await self._reachable(call))
        return reply_ok(devices=devices, accessible_devices=devices)

    async def list_accessible_entrances(self, call: Call) -> Reply:
        return reply_ok(acs_entrances=show_entrances(self._kit, call, await self._reachable(call)))

    async def list_acs_systems(self, call: Call) -> Reply:
        async def look(view: View) -> list[AcsSystem]:
            await _require_own(view, call)
            enrolled = {one.site_id for one in await _enrolments(view, call.args.required(_ID))}
            sites = await view.sites.list(WHOLE)
            return [
                show_system(site, workspace_id=call.workspace_id)
                for site in sites.items
                if site.id in enrolled
            ]

        return reply_ok(acs_systems=await self._kit.read(call, Permission.PEOPLE_READ, look))

    async def list_acs_users(self, call: Call) -> Reply:
        async def look(view: View) -> list[AcsUser]:
            person = await find_person(view, call.args.required(_ID))
            enrolments = await _enrolments(view, person.id)
            return await users_shown(self._kit, view, [(one, person) for one in enrolments])

        return reply_ok(acs_users=await self._kit.read(call, Permission.PEOPLE_READ, look))

    async def add_acs_user(self, call: Call) -> Reply:
        """Give a user without a user identity to one, or make one of it; a person's own user is no error."""
        by = exactly_one(call.args, _ID, _KEY)
        user_id, named = call.args.required("acs_user_id"), call.args.required(by)

        async def look(view: View) -> tuple[Person, Person | None]:
            enrolment = await find_enrolment(view, user_id)
            wanted = await _by_id_or_key(view, by, named)
            if wanted is None and by == _ID:
                raise NotThere("user_identity_not_found", {_ID: named})
            return await find_person(view, enrolment.person_id), wanted

        owner, wanted = await self._kit.read(call, Permission.PEOPLE_READ, look)
        if owner.parted_by is not None:
            known = None if wanted is None else wanted.id
            key = named if wanted is None else None
            joining = JoinEnrolment(enrolment_id=user_id, person_id=known, external_key=key)
            await self._kit.perform(call, join_enrolment, joining)
            return reply_ok()
        if wanted is None and owner.external_key is None:
            # The user's own person takes the key that nobody bears yet.
            await self._kit.perform(call, edit_person, EditPerson(person_id=owner.id, external_key=named))
            return reply_ok()
        if wanted is None or owner.id != wanted.id:
            raise NotSupported("this ACS user belongs to another user identity: merge the two")
        await self._kit.services.core.require(
            call.actor, Permission.PEOPLE_WRITE, None, attempted="join_enrolment"
        )
        return reply_ok()

    async def remove_acs_user(self, call: Call) -> Reply:
        """Part a user from its user identity, which loses what the user has; absence is no error."""
        user_id = call.args.required("acs_user_id")
        person_id = (await self._person(call)).id

        async def look(view: View) -> Enrolment | None:
            return await view.enrolments.get(user_id)

        enrolment = await self._kit.read(call, Permission.PEOPLE_READ, look)
        if enrolment is None or enrolment.person_id != person_id:
            return reply_ok()
        parted = await self._kit.perform(call, part_enrolment, PartEnrolment(enrolment_id=enrolment.id))
        return reply_revoked(parted.revocation.id)

    async def _lingering(self, view: View, call: Call, named: dict[str, str]) -> UserIdentity:
        """Show somebody who is gone here while a door that cannot be reached may open. Raises: NotThere."""
        drivers = self._kit.services.core.drivers
        found = await lingering_person(view, named.get(_ID, ""), drivers, self._kit.now)
        if found is None or call.session is not None:
            raise NotThere("user_identity_not_found", named)
        person, revocation = found
        warnings = [being_deleted(revocation.at)]
        return show_identity(person, (), workspace_id=call.workspace_id, warnings=warnings)

    async def _person(self, call: Call) -> Person:
        """Find the person named, by an id that a merged record bore too. Raises: NotFound."""
        named = call.args.required(_ID)
        return await self._kit.read(call, Permission.PEOPLE_READ, lambda view: find_resolved(view, named))

    async def _managed(self, call: Call) -> None:
        """Refuse a device that is not managed as unknown. Raises: NotThere."""
        door_id = call.args.required("device_id")

        async def look(view: View) -> bool:
            return (await annotation_of(view, NAMESPACE, door_id)).get(UNMANAGED) is True

        if await self._kit.read(call, Permission.ESTATE_READ, look):
            raise NotThere("device_not_found", {"device_id": door_id})

    async def _reachable(self, call: Call) -> list[Placed]:
        now = self._kit.now

        async def look(view: View) -> list[Placed]:
            person = await find_resolved(view, call.args.required(_ID))
            require_sight(sees_person(call.session, person))
            return await place_records(view, await list_reachable_doors(view, person.id, now))

        return await self._kit.read(call, Permission.GRANTS_READ, look)


async def _enrolments(view: View, person_id: str) -> tuple[Enrolment, ...]:
    person = await find_resolved(view, person_id)
    return (await view.enrolments.list(WHOLE, person_id=person.id)).items


async def find_resolved(view: View, person_id: str) -> Person:
    """Find a person by the own id, or by that of a record which was merged into it. Raises: NotFound."""
    return await find_person(view, await resolve_person_id(view, person_id))


async def _by_id_or_key(view: View, by: str, named: str) -> Person | None:
    if by == _KEY:
        return await person_by_any_key(view, named)
    return await view.people.get(await resolve_person_id(view, named))


async def _merged(view: View, survivor: Person, names: Sequence[str], *, by: str) -> list[str]:
    """Give the ids of those to merge; a record that was merged into the survivor is passed over."""
    ids = []
    for named in names:
        if by == _ID:
            ids.append(await _identity_named(view, named.lower()))
            continue
        person = await person_by_any_key(view, named)
        if person is None:
            raise NotThere("user_identity_not_found", {_KEY: named})
        if person.id != survivor.id or person.external_key == named:
            ids.append(person.id)
    return ids


async def _identity_named(view: View, person_id: str) -> str:
    """Refuse the record of a user without a user identity as unknown. Raises: NotThere."""
    person = await view.people.get(person_id)
    if person is not None and person.parted_by is not None:
        raise NotThere("user_identity_not_found", {_ID: person_id})
    return person_id


async def _require_own(view: View, call: Call) -> None:
    """Refuse a person whom the client session does not see. Raises: NotFound, OutOfReach."""
    if call.session is not None:
        require_sight(sees_person(call.session, await find_resolved(view, call.args.required(_ID))))


async def _shown(view: View, person: Person) -> UserIdentity:
    ids: list[str] = [
        enrolment.id for enrolment in (await view.enrolments.list(WHOLE, person_id=person.id)).items
    ]
    merged = await view.merged_people.into([person.id])
    return show_identity(person, ids, merged, workspace_id=view.organization_id)


async def _nothing(_view: View) -> None:
    """Look at nothing, where only the permission is asked for."""


def _customer(call: Call) -> str | None:
    """Narrow a list in the store itself to a customer's people, where a customer's session asks."""
    return None if call.session is None else call.session.customer_key


def _narrowed(call: Call, ids: list[str] | None) -> list[str] | None:
    """Narrow a list in the store itself to a session's person."""
    session = call.session
    if session is None or session.customer_key is not None:
        return ids
    own = [] if session.person_id is None else [session.person_id]
    return own if ids is None else [id_ for id_ in ids if id_ in own]


def _fits(call: Call, person: Person) -> bool:
    # No site here manages the credentials of another, so this filter leaves nobody.
    if "credential_manager_acs_system_id" in call.args:
        return False
    before = call.args.instant("created_before")
    texts = (person.name, person.email, person.phone, person.external_key)
    return (before is None or person.created_at < before) and is_found(
        call.args.text("search"), texts, (person.id,)
    )


def _new_name(call: Call, person: Person) -> str:
    """Give the name after the edit; one that stood in for a missing name follows what it stood in for."""
    args = call.args
    name = args.text("full_name") if "full_name" in args else full_name(person)
    if name is not None:
        return name
    kept = {
        ours: args.text(theirs) if theirs in args else getattr(person, ours)
        for theirs, ours in _MEMBERS.items()
    }
    return stand_in_name(kept["email"], kept["phone"], kept["external_key"])
