"""Places, groups and the locks in groups. Source: contract sections 5.1 and 5.3."""

from rekey.dialects.kisi.attributes import unwrap
from rekey.dialects.kisi.errors import BadQuery, Unprocessable
from rekey.dialects.kisi.kit import (
    NO_CONTENT,
    Kit,
    door_numbered,
    group_numbered,
    path_number,
    scope_numbered,
    site_numbered,
)
from rekey.dialects.kisi.lists import ESTATE, PLAIN, number_of, numbers_of, paged, part_of, plain, sorting_of
from rekey.dialects.kisi.shapes import Shape, show_group, show_group_lock, show_place
from rekey.domain.block import Subject, SubjectKind
from rekey.domain.errors import NotFound
from rekey.domain.estate import DoorGroup, DoorGroupDoor, Site
from rekey.domain.role import Permission
from rekey.domain.scope import Scope, ScopeKind
from rekey.operations.add_door_group import AddDoorGroup, add_door_group
from rekey.operations.add_site import AddSite, add_site
from rekey.operations.edit_door_group import EditDoorGroup, edit_door_group
from rekey.operations.edit_site import EditSite, edit_site
from rekey.operations.end_door_group import EndDoorGroup, end_door_group
from rekey.operations.lock_down import LockDown, Release, lock_down, release
from rekey.operations.put_door_in_group import PutDoorInGroup, put_door_in_group
from rekey.operations.take_door_out_of_group import TakeDoorOutOfGroup, take_door_out_of_group
from rekey.ports.listing import Part
from rekey.ports.repositories.rights import GrantFilter
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

_COUNT = Part(limit=1, with_total=True)


class Places:
    """Handlers of sites as Kisi's places."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        part = part_of(request, ESTATE)
        sorting_of(request, frozenset({"name", "favorite"}))
        numbers = numbers_of(request, "ids")

        async def look(view: View) -> Reply:
            found = await view.sites.list(part, query=request.query().one("query"))
            chosen = [site for site in found.items if numbers is None or site.number in numbers]
            total = found.total if numbers is None else len(chosen)
            return paged([await place_shape(view, site) for site in chosen], part, total)

        return await self._kit.read(request, Permission.ESTATE_READ, look)

    async def create(self, request: Request) -> Reply:
        place = unwrap(request, "place")
        name, address = place.text("name", required=True), place.text("address")
        zone = place.text("time_zone")
        place.check()
        wanted = AddSite(name=name or "", time_zone=zone or "UTC", address=address or "")
        site = await self._kit.perform(request, add_site, wanted)
        return plain(await self._kit.look(request, lambda view: place_shape(view, site)))

    async def get(self, request: Request) -> Reply:
        number = path_number(request, "site")

        async def look(view: View) -> Shape:
            return await place_shape(view, await site_numbered(view, number))

        return plain(await self._kit.read(request, Permission.ESTATE_READ, look))

    async def update(self, request: Request) -> Reply:
        place = unwrap(request, "place")
        name, zone, address = place.text("name"), place.text("time_zone"), place.text("address")
        place.check()
        site = await self._site(request)
        wanted = EditSite(site_id=site.id, name=name, time_zone=zone, address=address)
        await self._kit.perform(request, edit_site, wanted)
        return NO_CONTENT

    async def lock_down(self, request: Request) -> Reply:
        site = await self._site(request)
        await self._kit.perform(request, lock_down, LockDown(scope=Scope.site(site.id)))
        return NO_CONTENT

    async def cancel_lockdown(self, request: Request) -> Reply:
        site = await self._site(request)
        await self._kit.perform(request, release, Release(scope=Scope.site(site.id)))
        return NO_CONTENT

    async def _site(self, request: Request) -> Site:
        number = path_number(request, "site")
        return await self._kit.look(request, lambda view: site_numbered(view, number))


class Groups:
    """Handlers of door groups and the doors in them."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        part = part_of(request, PLAIN)
        sorting_of(request, frozenset({"name"}))
        place, lock = number_of(request, "place_id"), number_of(request, "lock_id")
        numbers = numbers_of(request, "ids")

        async def look(view: View) -> Reply:
            site = None if place is None else await site_numbered(view, place)
            door = None if lock is None else await door_numbered(view, lock)
            found = (
                [] if numbers is None else [await view.door_groups.by_number(number) for number in numbers]
            )
            listed = await view.door_groups.list(
                part,
                site_id=None if site is None else site.id,
                door_id=None if door is None else door.id,
                ids=None if numbers is None else [group.id for group in found if group is not None],
                query=request.query().one("query"),
            )
            return paged([await group_shape(view, group) for group in listed.items], part, listed.total)

        return await self._kit.read(request, Permission.ESTATE_READ, look)

    async def create(self, request: Request) -> Reply:
        group = unwrap(request, "group")
        name, description = group.text("name", required=True), group.text("description")
        place = group.number("place_id")
        group.check()
        site_id = None
        if place is not None:
            site_id = (await self._kit.look(request, lambda view: _site_of_body(view, place))).id
        wanted = AddDoorGroup(name=name or "", description=description or "", site_id=site_id)
        added = await self._kit.perform(request, add_door_group, wanted)
        return plain(await self._kit.look(request, lambda view: group_shape(view, added)))

    async def get(self, request: Request) -> Reply:
        number = path_number(request, "door_group")

        async def look(view: View) -> Shape:
            return await group_shape(view, await group_numbered(view, number))

        return plain(await self._kit.read(request, Permission.ESTATE_READ, look))

    async def update(self, request: Request) -> Reply:
        attributes = unwrap(request, "group")
        name, description = attributes.text("name"), attributes.text("description")
        attributes.check()
        group = await self._group(request)
        wanted = EditDoorGroup(door_group_id=group.id, name=name, description=description)
        await self._kit.perform(request, edit_door_group, wanted)
        return NO_CONTENT

    async def delete(self, request: Request) -> Reply:
        group = await self._group(request)
        await self._kit.perform(request, end_door_group, EndDoorGroup(door_group_id=group.id))
        return NO_CONTENT

    async def list_locks(self, request: Request) -> Reply:
        part, group_number = part_of(request, PLAIN), number_of(request, "group_id")
        lock = number_of(request, "lock_id")
        if group_number is None:
            raise BadQuery("group_id is required")

        async def look(view: View) -> Reply:
            group = await group_numbered(view, group_number)
            door = None if lock is None else await door_numbered(view, lock)
            found = await view.door_groups.places(
                part, door_group_id=group.id, door_id=None if door is None else door.id
            )
            return paged([await group_lock_shape(view, place) for place in found.items], part, found.total)

        return await self._kit.read(request, Permission.ESTATE_READ, look)

    async def add_lock(self, request: Request) -> Reply:
        wanted = unwrap(request, "group_lock")
        group, lock = wanted.number("group_id", required=True), wanted.number("lock_id", required=True)
        wanted.check()

        async def name(view: View) -> PutDoorInGroup:
            return PutDoorInGroup(
                door_group_id=(await _group_of_body(view, group or 0)).id,
                door_id=(await _door_of_body(view, lock or 0)).id,
            )

        place = await self._kit.perform(request, put_door_in_group, await self._kit.look(request, name))
        return plain(await self._kit.look(request, lambda view: group_lock_shape(view, place)))

    async def get_lock(self, request: Request) -> Reply:
        place = await self._place(request)
        return plain(
            await self._kit.read(request, Permission.ESTATE_READ, lambda view: group_lock_shape(view, place))
        )

    async def remove_lock(self, request: Request) -> Reply:
        place = await self._place(request)
        wanted = TakeDoorOutOfGroup(door_group_id=place.door_group_id, door_id=place.door_id)
        await self._kit.perform(request, take_door_out_of_group, wanted)
        return NO_CONTENT

    async def _group(self, request: Request) -> DoorGroup:
        number = path_number(request, "door_group")
        return await self._kit.look(request, lambda view: group_numbered(view, number))

    async def _place(self, request: Request) -> DoorGroupDoor:
        number = path_number(request, "door_group_door")
        place = await self._kit.look(request, lambda view: view.door_groups.place_by_number(number))
        if place is None:
            raise NotFound("door_group_door", str(number))
        return place


async def place_shape(view: View, site: Site) -> Shape:
    """Show a site with its lockdown as it stands."""
    doors = await view.doors.list(_COUNT, site_id=site.id)
    blocks = await view.blocks.standing(Subject(SubjectKind.SITE, site.id))
    return show_place(site, await view.organizations.get(), locks=doors.total or 0, blocks=blocks)


async def group_shape(view: View, group: DoorGroup) -> Shape:
    """Show a door group with how many doors and direct grants it has."""
    site = None if group.site_id is None else await view.sites.get(group.site_id)
    locks = await view.door_groups.places(_COUNT, door_group_id=group.id)
    grants = await view.grants.list(_COUNT, GrantFilter(scope=Scope.door_group(group.id)))
    return show_group(group, site, locks=locks.total or 0, users=grants.total or 0)


async def group_lock_shape(view: View, place: DoorGroupDoor) -> Shape:
    """Show a door's place in a group. Raises: NotFound if either ended meanwhile."""
    group, door = await view.door_groups.get(place.door_group_id), await view.doors.get(place.door_id)
    site = None if door is None else await view.sites.get(door.site_id)
    if group is None or door is None or site is None:
        raise NotFound("door_group_door", str(place.number))
    return show_group_lock(place, group, door, site)


async def _site_of_body(view: View, number: int) -> Site:
    try:
        return await site_numbered(view, number)
    except NotFound as unknown:
        raise Unprocessable({"place": ["must exist"]}) from unknown


async def _group_of_body(view: View, number: int) -> Scope:
    try:
        return await scope_numbered(view, ScopeKind.DOOR_GROUP, number)
    except NotFound as unknown:
        raise Unprocessable({"group": ["must exist"]}) from unknown


async def _door_of_body(view: View, number: int) -> Scope:
    try:
        return Scope.door((await door_numbered(view, number)).id)
    except NotFound as unknown:
        raise Unprocessable({"lock": ["must exist"]}) from unknown
