"""Groups and the locks in groups. Source: contract section 5.3."""

from rekey.dialects.kisi.attributes import unwrap
from rekey.dialects.kisi.errors import BadQuery, Unprocessable
from rekey.dialects.kisi.holders import people_at
from rekey.dialects.kisi.kit import NO_CONTENT, Kit, door_numbered, group_numbered, path_number, site_numbered
from rekey.dialects.kisi.lists import (
    PLAIN,
    choice_of,
    cut,
    named_like,
    number_of,
    numbers_of,
    order_of,
    paged,
    part_of,
    plain,
    whole,
)
from rekey.dialects.kisi.shapes import Shape, show_group, show_group_lock
from rekey.domain.errors import NotFound
from rekey.domain.estate import Door, DoorGroup, DoorGroupDoor, Site
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.add_door_group import AddDoorGroup, add_door_group
from rekey.operations.edit_door_group import EditDoorGroup, edit_door_group
from rekey.operations.end_door_group import EndDoorGroup, end_door_group
from rekey.operations.put_door_in_group import PutDoorInGroup, put_door_in_group
from rekey.operations.take_door_out_of_group import TakeDoorOutOfGroup, take_door_out_of_group
from rekey.ports.listing import WHOLE, Listing, Part
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

_COUNT = Part(limit=1, with_total=True)
_SIFTED = frozenset({"query", "scope"})
_LIMITS = (
    "geofence_restriction_enabled",
    "primary_device_restriction_enabled",
    "managed_device_restriction_enabled",
    "reader_restriction_enabled",
    "time_restriction_enabled",
    "tap_to_access_restriction_enabled",
)


class Groups:
    """Handlers of door groups and the doors in them."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        part = part_of(request, PLAIN, order_of(request))

        async def look(view: View) -> Reply:
            listed = await _find(view, request, part)
            return paged([await group_shape(view, group) for group in listed.items], part, listed.total)

        return await self._kit.read(request, Permission.ESTATE_READ, look)

    async def create(self, request: Request) -> Reply:
        group = unwrap(request, "group")
        name, description = group.text("name", required=True), group.text("description")
        place = group.number("place_id")
        group.refuse_limits(*_LIMITS, off=("login_enabled",))
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
        name, description = attributes.new_name("name"), attributes.new_text("description")
        attributes.refuse_limits(*_LIMITS, off=("login_enabled",))
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
        if group_number is None:
            raise BadQuery("group_id is required")

        async def look(view: View) -> Reply:
            found = await _find_places(view, request, group_number, part)
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


async def group_shape(view: View, group: DoorGroup) -> Shape:
    """Show a door group with how many doors it has, and how many people, by teams too."""
    site = None if group.site_id is None else await view.sites.get(group.site_id)
    locks = await view.door_groups.places(_COUNT, door_group_id=group.id)
    people = await people_at(view, Scope.door_group(group.id))
    return show_group(group, site, locks=locks.total or 0, users=len(people))


async def group_lock_shape(view: View, place: DoorGroupDoor) -> Shape:
    """Show a door's place in a group. Raises: NotFound if either ended meanwhile."""
    group, door = await view.door_groups.get(place.door_group_id), await view.doors.get(place.door_id)
    site = None if door is None else await view.sites.get(door.site_id)
    if group is None or door is None or site is None:
        raise NotFound("door_group_door", str(place.number))
    return show_group_lock(place, group, door, site)


async def _find(view: View, request: Request, part: Part) -> Listing[DoorGroup]:
    place, lock = number_of(request, "place_id"), number_of(request, "lock_id")
    site = None if place is None else await view.sites.by_number(place)
    door = None if lock is None else await view.doors.by_number(lock)
    unknown = (place is not None and site is None) or (lock is not None and door is None)
    scope = choice_of(request, "scope", "organization", "place")
    # There are no elevators, so no group has a stop of one.
    if unknown or number_of(request, "elevator_stop_id") is not None:
        return Listing((), 0)
    sifted = bool(request.query().names() & _SIFTED)
    listed = await view.door_groups.list(
        whole(part) if sifted else part,
        site_id=None if site is None else site.id,
        door_id=None if door is None else door.id,
        ids=await _ids(view, numbers_of(request, "ids")),
        query=request.query().one("query"),
    )
    if not sifted:
        return listed
    is_named = named_like(request)
    return cut(
        [
            group
            for group in listed.items
            if is_named(group.name) and (scope is None or (scope == "place") is (group.site_id is not None))
        ],
        part,
    )


async def _ids(view: View, numbers: tuple[int, ...] | None) -> list[str] | None:
    if numbers is None:
        return None
    found = [await view.door_groups.by_number(number) for number in numbers]
    return [group.id for group in found if group is not None]


async def _find_places(view: View, request: Request, group_number: int, part: Part) -> Listing[DoorGroupDoor]:
    lock, numbers = number_of(request, "lock_id"), numbers_of(request, "ids")
    group = await view.door_groups.by_number(group_number)
    door = None if lock is None else await view.doors.by_number(lock)
    if group is None or (lock is not None and door is None):
        return Listing((), 0)
    door_id = None if door is None else door.id
    if numbers is None and request.query().one("query") is None:
        return await view.door_groups.places(part, door_group_id=group.id, door_id=door_id)
    placed = await view.door_groups.places(WHOLE, door_group_id=group.id, door_id=door_id)
    chosen = [place for place in placed.items if numbers is None or place.number in numbers]
    doors = await view.doors.list(WHOLE, ids=[place.door_id for place in chosen])
    wanted = {door.id for door in doors.items if named_like(request)(door.name)}
    return cut([place for place in chosen if place.door_id in wanted], part)


async def _site_of_body(view: View, number: int) -> Site:
    try:
        return await site_numbered(view, number)
    except NotFound as unknown:
        raise Unprocessable({"place": ["must exist"]}) from unknown


async def _group_of_body(view: View, number: int) -> DoorGroup:
    try:
        return await group_numbered(view, number)
    except NotFound as unknown:
        raise Unprocessable({"group": ["must exist"]}) from unknown


async def _door_of_body(view: View, number: int) -> Door:
    try:
        return await door_numbered(view, number)
    except NotFound as unknown:
        raise Unprocessable({"lock": ["must exist"]}) from unknown
