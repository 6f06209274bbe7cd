"""Groups: named sets of doors. What is in them is in `group_contents`. Source: contract section 5.3."""

from rekey.dialects.kisi.attributes import unwrap
from rekey.dialects.kisi.doors import lock_numbered
from rekey.dialects.kisi.elevator_stops import stop_numbered
from rekey.dialects.kisi.errors import Unprocessable
from rekey.dialects.kisi.estate_shapes import GroupFacts, show_group
from rekey.dialects.kisi.holders import people_at
from rekey.dialects.kisi.kit import (
    NO_CONTENT,
    Kit,
    group_numbered,
    path_number,
    refuse_beyond,
    site_numbered,
)
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
from rekey.dialects.kisi.restrictions import group_changes, refuse_other_zone
from rekey.dialects.kisi.shapes import Shape
from rekey.domain.conditions import NO_GROUP_CONDITIONS
from rekey.domain.errors import NotFound
from rekey.domain.estate import Door, DoorGroup, DoorKind, Site
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.add_door_group import AddDoorGroup, add_door_group
from rekey.operations.do_together import Step
from rekey.operations.edit_door_group import EditDoorGroup, edit_door_group
from rekey.operations.end_door_group import EndDoorGroup, end_door_group
from rekey.operations.held_powers import Powers
from rekey.operations.put_door_in_group import PutDoorInGroup, put_door_in_group
from rekey.ports.listing import WHOLE, Listing, Part
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

_COUNT = Part(limit=1, with_total=True)
_SIFTED = frozenset({"query", "scope"})


class Groups:
    """Handlers of door groups and the doors in them."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        part = part_of(request, PLAIN, order_of(request))

        async def look(view: View, powers: Powers) -> Reply:
            listed = await _find(view, request, part, powers)
            return paged([await group_shape(view, group) for group in listed.items], part, listed.total)

        return await self._kit.read_within(request, Permission.ESTATE_READ, look)

    async def create(self, request: Request) -> Reply:
        group = unwrap(request, "group")
        name, description = group.text("name", required=True), group.text("description")
        place = group.number("place_id")
        locks, stops = group.numbers("locks_to_assign"), group.numbers("elevator_stops_to_assign")
        asks = group_changes(group)
        group.check()
        site = None
        if place is not None:
            site = await self._kit.look(request, lambda view: _site_of_body(view, place))
        refuse_other_zone(group, site)
        group.check()
        wanted = AddDoorGroup(
            name=name or "",
            description=description or "",
            site_id=None if site is None else site.id,
            conditions=asks.applied_to(NO_GROUP_CONDITIONS),
        )
        doors = await self._kit.look(request, lambda view: _doors_of_body(view, locks, stops))
        made = await self._kit.together(
            request, Step(operation=add_door_group, wanted=wanted), *map(_putting, doors)
        )
        return plain(await self._kit.look(request, lambda view: group_shape(view, made[0])))

    async def get(self, request: Request) -> Reply:
        number = path_number(request, "door_group")

        async def look(view: View, powers: Powers) -> Shape:
            group = await group_numbered(view, number)
            refuse_beyond(powers.reach_group(group))
            return await group_shape(view, group)

        return plain(await self._kit.read_within(request, Permission.ESTATE_READ, look))

    async def update(self, request: Request) -> Reply:
        attributes = unwrap(request, "group")
        name, description = attributes.new_name("name"), attributes.new_text("description")
        group = await self._group(request)
        asks = group_changes(attributes, group.conditions.geofence_radius)
        refuse_other_zone(attributes, await self._kit.look(request, lambda view: _site_of(view, group)))
        attributes.check()
        wanted = EditDoorGroup(door_group_id=group.id, name=name, description=description, asks=asks)
        await self._kit.perform(request, edit_door_group, wanted)
        return NO_CONTENT

    async def delete(self, request: Request) -> Reply:
        group = await self._group(request)
        await self._kit.perform(request, end_door_group, EndDoorGroup(door_group_id=group.id))
        return NO_CONTENT

    async def _group(self, request: Request) -> DoorGroup:
        number = path_number(request, "door_group")
        return await self._kit.look(request, lambda view: group_numbered(view, number))


async def group_shape(view: View, group: DoorGroup) -> Shape:
    """Show a door group with how many doors it has, and how many people, by teams too."""
    site = await _site_of(view, group)
    placed = await view.door_groups.places(WHOLE, door_group_id=group.id)
    ids: list[str] = [place.door_id for place in placed.items]
    locks = await view.doors.list(_COUNT, ids=ids, kind=DoorKind.DOOR)
    stops = await view.doors.list(_COUNT, ids=ids, kind=DoorKind.ELEVATOR_STOP)
    people = await people_at(view, Scope.door_group(group.id))
    facts = GroupFacts(site=site, locks=locks.total or 0, elevator_stops=stops.total or 0, users=len(people))
    return show_group(group, facts)


async def _site_of(view: View, group: DoorGroup) -> Site | None:
    return None if group.site_id is None else await view.sites.get(group.site_id)


async def _find(view: View, request: Request, part: Part, powers: Powers) -> Listing[DoorGroup]:
    place = number_of(request, "place_id")
    site = None if place is None else await view.sites.by_number(place)
    door, excluded = await _wanted_door(view, request)
    unknown = excluded or (place is not None and site is None)
    scope = choice_of(request, "scope", "organization", "place")
    if unknown:
        return Listing((), 0)
    sifted = bool(request.query().names() & _SIFTED) or not powers.everywhere
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
            if is_named(group.name)
            and powers.reach_group(group)
            and (scope is None or (scope == "place") is (group.site_id is not None))
        ],
        part,
    )


async def _ids(view: View, numbers: tuple[int, ...] | None) -> list[str] | None:
    if numbers is None:
        return None
    found = [await view.door_groups.by_number(number) for number in numbers]
    return [group.id for group in found if group is not None]


async def _wanted_door(view: View, request: Request) -> tuple[Door | None, bool]:
    """Find the lock or stop whose groups are asked for, and whether what was named leaves nothing."""
    lock, stop = number_of(request, "lock_id"), number_of(request, "elevator_stop_id")
    if lock is None and stop is None:
        return None, False
    if lock is not None and stop is not None:
        return None, True
    try:
        found = lock_numbered(view, lock) if lock is not None else stop_numbered(view, stop or 0)
        return await found, False
    except NotFound:
        return None, True


async def _doors_of_body(view: View, locks: tuple[int, ...], stops: tuple[int, ...]) -> list[Door]:
    """Find what a new group shall hold. Raises: Unprocessable."""
    try:
        found = [await lock_numbered(view, number) for number in locks]
    except NotFound as unknown:
        raise Unprocessable({"locks_to_assign": ["must exist"]}) from unknown
    try:
        return found + [await stop_numbered(view, number) for number in stops]
    except NotFound as unknown:
        raise Unprocessable({"elevator_stops_to_assign": ["must exist"]}) from unknown


def _putting(door: Door) -> Step:
    return Step(
        operation=put_door_in_group,
        make=lambda group: PutDoorInGroup(door_group_id=group.id, door_id=door.id),
    )


async def _site_of_body(view: View, number: int) -> Site:
    try:
        return await site_numbered(view, number)
    except NotFound as unknown:
        raise Unprocessable({"place": ["must exist"]}) from unknown
