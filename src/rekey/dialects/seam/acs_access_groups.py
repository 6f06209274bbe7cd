"""Access groups: door groups; to be in one is to hold a grant at it."""

from contextlib import suppress

from rekey.dialects.seam.acs_users import in_group, users_shown
from rekey.dialects.seam.doors import SPACE_ORIGIN, Placed, place, show_entrances
from rekey.dialects.seam.errors import InvalidInput
from rekey.dialects.seam.kit import Call, Kit, is_found
from rekey.dialects.seam.parameters import exactly_one
from rekey.dialects.seam.pending_changes import being_deleted, deleting, pending_of_group
from rekey.dialects.seam.replies import reply_ok
from rekey.dialects.seam.selectors import ONE_USER
from rekey.dialects.seam.translate import show_group
from rekey.dialects.seam.wire import AcsAccessGroup, AcsUser
from rekey.domain.errors import AlreadyExists, NotFound
from rekey.domain.estate import DoorGroup
from rekey.domain.grant import Grant, Holder, HolderKind
from rekey.domain.people import Enrolment
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.end_door_group import EndDoorGroup, end_door_group
from rekey.operations.end_grant import EndGrant, end_grant
from rekey.operations.enrol_person import EnrolPerson, enrol_person
from rekey.operations.find import find_door_group, find_enrolment, find_person
from rekey.operations.grant_access import GrantAccess, grant_access
from rekey.operations.lingering import lingering_group
from rekey.ports.listing import WHOLE, Part
from rekey.ports.repositories.rights import GrantFilter
from rekey.ports.store import View
from rekey.webkit.message import Reply

_ID = "acs_access_group_id"


class AcsAccessGroups:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def get(self, call: Call) -> Reply:
        """Read a group; one that is gone here is shown while a door of it cannot be reached to be told so."""

        async def look(view: View) -> AcsAccessGroup:
            lingering = await self._lingering(view, call.args.required(_ID))
            return lingering or await self._shown(view, await find_door_group(view, call.args.required(_ID)))

        return reply_ok(acs_access_group=await self._kit.read(call, Permission.ESTATE_READ, look))

    async def list(self, call: Call) -> Reply:
        async def look(view: View) -> list[AcsAccessGroup]:
            holding = await _groups_held(view, call)
            groups = await view.door_groups.list(WHOLE)
            several = [group for group in groups.items if group.origin != SPACE_ORIGIN]
            shown = [await self._shown(view, group) for group in several]
            return [group for group in shown if _fits(call, group, holding)]

        return reply_ok(acs_access_groups=await self._kit.read(call, Permission.GRANTS_READ, look))

    async def delete(self, call: Call) -> Reply:
        """End a group: whoever was in it loses what only it gave."""
        named = call.args.required(_ID)
        lingering = await self._kit.read(
            call, Permission.ESTATE_READ, lambda view: self._lingering(view, named)
        )
        if lingering is not None:
            return reply_ok()
        group = await self._group(call)
        await self._kit.perform(call, end_door_group, EndDoorGroup(door_group_id=group.id))
        return reply_ok()

    async def list_accessible_entrances(self, call: Call) -> Reply:
        async def look(view: View) -> list[Placed]:
            group = await find_door_group(view, call.args.required(_ID))
            places = await view.door_groups.places(WHOLE, door_group_id=group.id)
            if not places.items:
                return []
            doors = await view.doors.list(WHOLE, ids=[one.door_id for one in places.items])
            return await place(view, doors.items)

        placed = await self._kit.read(call, Permission.ESTATE_READ, look)
        return reply_ok(acs_entrances=show_entrances(self._kit, call, placed))

    async def list_users(self, call: Call) -> Reply:
        async def look(view: View) -> list[AcsUser]:
            group = await find_door_group(view, call.args.required(_ID))
            grants = await view.grants.list(WHOLE, GrantFilter(scope=Scope.door_group(group.id)))
            users = [await _user_of(view, group, person_id) for person_id in _people(grants.items)]
            rows = [(user, await find_person(view, user.person_id)) for user in users if user is not None]
            return await users_shown(self._kit, view, rows)

        return reply_ok(acs_users=await self._kit.read(call, Permission.GRANTS_READ, look))

    async def add_user(self, call: Call) -> Reply:
        """Put a user into a group; a person who is not in the system yet is enrolled there."""
        exactly_one(call.args, *ONE_USER)
        group = await self._group(call)
        person_id = await self._person(call)
        await self._ensure_user(call, group, person_id)
        await self._kit.perform(call, grant_access, GrantAccess(grants=(in_group(person_id, group.id),)))
        return reply_ok()

    async def remove_user(self, call: Call) -> Reply:
        """Take a user out of a group: what only the group gave ends; absence is no error."""
        exactly_one(call.args, *ONE_USER)
        group = await self._group(call)
        holder = Holder.person(await self._person(call))
        matching = GrantFilter(holder=holder, scope=Scope.door_group(group.id))
        grants = await self._kit.read(
            call, Permission.GRANTS_READ, lambda view: view.grants.list(WHOLE, matching)
        )
        for grant in grants.items:
            # One that has ended meanwhile is absent, and absence is no error.
            with suppress(NotFound):
                await self._kit.perform(call, end_grant, EndGrant(grant_id=grant.id))
        return reply_ok()

    async def _shown(self, view: View, group: DoorGroup) -> AcsAccessGroup:
        site_id = await _site_of(view, group)
        pending = await pending_of_group(self._kit, view, group, site_id)
        return show_group(group, site_id, workspace_id=view.organization_id, pending=pending)

    async def _lingering(self, view: View, group_id: str) -> AcsAccessGroup | None:
        since = await lingering_group(view, group_id, self._kit.services.core.drivers)
        group = None if since is None else await view.history.door_group(group_id, view.position)
        if since is None or group is None or group.origin == SPACE_ORIGIN:
            return None
        return show_group(
            group,
            await _site_of(view, group),
            workspace_id=view.organization_id,
            pending=[deleting(since)],
            warnings=[being_deleted(since)],
        )

    async def _group(self, call: Call) -> DoorGroup:
        group_id = call.args.required(_ID)
        return await self._kit.read(
            call,
            Permission.ESTATE_READ,
            lambda view: find_door_group(view, group_id),
            Scope.door_group(group_id),
        )

    async def _person(self, call: Call) -> str:
        by = exactly_one(call.args, *ONE_USER)
        named = call.args.required(by)

        async def look(view: View) -> str:
            if by == "acs_user_id":
                return (await find_enrolment(view, named)).person_id
            return (await find_person(view, named)).id

        return await self._kit.read(call, Permission.PEOPLE_READ, look)

    async def _ensure_user(self, call: Call, group: DoorGroup, person_id: str) -> None:
        async def look(view: View) -> str | None:
            site_id = await _site_of(view, group)
            known = await view.enrolments.at(person_id, site_id)
            return None if known is not None else site_id

        missing_at = await self._kit.read(call, Permission.PEOPLE_READ, look)
        if missing_at is None:
            return
        if "acs_user_id" in call.args:
            raise InvalidInput(root=["acs_user_id and acs_access_group_id are of different access systems"])
        # Another request may enrol the same person meanwhile, which is just as well.
        with suppress(AlreadyExists):
            await self._kit.perform(call, enrol_person, EnrolPerson(person_id=person_id, site_id=missing_at))


async def _site_of(view: View, group: DoorGroup) -> str:
    """Give the system that a group is shown in: its site, or for a group of all sites the first one."""
    if group.site_id is not None:
        return group.site_id
    return (await view.sites.list(Part(limit=1))).items[0].id


async def _groups_held(view: View, call: Call) -> frozenset[str] | None:
    """Give the groups of the user or person asked for; None when nobody is asked for."""
    user_id, person_id = call.args.text("acs_user_id"), call.args.text("user_identity_id")
    if user_id is not None:
        enrolment = await view.enrolments.get(user_id)
        if enrolment is None or person_id not in {None, enrolment.person_id}:
            return frozenset()
        person_id = enrolment.person_id
    if person_id is None:
        return None
    held = await view.grants.list(WHOLE, GrantFilter(holder=Holder.person(person_id)))
    return frozenset(grant.scope.id for grant in held.items)


def _fits(call: Call, group: AcsAccessGroup, holding: frozenset[str] | None) -> bool:
    id_ = group.acs_access_group_id
    return (
        call.args.text("acs_system_id") in {None, group.acs_system_id}
        and (holding is None or id_ in holding)
        and is_found(call.args.text("search"), (group.name,), (id_,))
    )


def _people(grants: tuple[Grant, ...]) -> list[str]:
    """Give the people who hold one of the grants themselves, each once."""
    return [*dict.fromkeys(grant.holder.id for grant in grants if grant.holder.kind is HolderKind.PERSON)]


async def _user_of(view: View, group: DoorGroup, person_id: str) -> Enrolment | None:
    return await view.enrolments.at(person_id, await _site_of(view, group))
