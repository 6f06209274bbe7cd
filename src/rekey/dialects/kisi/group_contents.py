"""What is in groups: locks and elevator stops; zones and terminals there are none. Source: contract 5.3."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from rekey.dialects.kisi.attributes import unwrap
from rekey.dialects.kisi.doors import lock_numbered
from rekey.dialects.kisi.elevator_stops import stop_numbered
from rekey.dialects.kisi.errors import BadQuery, Unprocessable
from rekey.dialects.kisi.estate_shapes import show_group_elevator_stop, show_group_lock
from rekey.dialects.kisi.kit import NO_CONTENT, Kit, group_numbered, path_number, refuse_beyond
from rekey.dialects.kisi.lists import (
    PLAIN,
    cut,
    named_like,
    number_of,
    numbers_of,
    paged,
    plain,
    unsorted_part,
)
from rekey.dialects.kisi.shapes import Shape
from rekey.domain.errors import NotFound
from rekey.domain.estate import Door, DoorGroup, DoorGroupDoor, DoorKind, Site
from rekey.domain.role import Permission
from rekey.operations.held_powers import Powers
from rekey.operations.put_door_in_group import PutDoorInGroup, put_door_in_group
from rekey.operations.take_door_out_of_group import TakeDoorOutOfGroup, take_door_out_of_group
from rekey.ports.listing import WHOLE, Listing, Part
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A kind of door in groups: its name on the wire, how it is found, how its place in a group is shown."""

    name: str
    kind: DoorKind
    numbered: Callable[[View, int], Awaitable[Door]]
    show: Callable[[DoorGroupDoor, DoorGroup, Door, Site], Shape]


LOCKS = Content(name="lock", kind=DoorKind.DOOR, numbered=lock_numbered, show=show_group_lock)
STOPS = Content(
    name="elevator_stop",
    kind=DoorKind.ELEVATOR_STOP,
    numbered=stop_numbered,
    show=show_group_elevator_stop,
)


class GroupContents:
    """Handlers of one kind of door in groups."""

    def __init__(self, kit: Kit, content: Content) -> None:
        self._kit = kit
        self._content = content

    async def list(self, request: Request) -> Reply:
        """List what is in a group, which must be named."""
        part, group_number = unsorted_part(request, PLAIN), number_of(request, "group_id")
        if group_number is None:
            raise BadQuery("group_id is required")

        async def look(view: View, powers: Powers) -> Reply:
            group = await view.door_groups.by_number(group_number)
            refuse_beyond(group is None or powers.reach_group(group))
            found = await self._find(view, request, group, part)
            return paged([await self._shape(view, place) for place in found.items], part, found.total)

        return await self._kit.read_within(request, Permission.ESTATE_READ, look)

    async def add(self, request: Request) -> Reply:
        name = self._content.name
        wanted = unwrap(request, f"group_{name}")
        group, door = wanted.number("group_id", required=True), wanted.number(f"{name}_id", required=True)
        wanted.check()

        async def look(view: View) -> PutDoorInGroup:
            return PutDoorInGroup(
                door_group_id=(await _group_of_body(view, group or 0)).id,
                door_id=(await self._of_body(view, door or 0)).id,
            )

        place = await self._kit.perform(request, put_door_in_group, await self._kit.look(request, look))
        return plain(await self._kit.look(request, lambda view: self._shape(view, place)))

    async def get(self, request: Request) -> Reply:
        place = await self._place(request)

        async def look(view: View, powers: Powers) -> Shape:
            group = await view.door_groups.get(place.door_group_id)
            refuse_beyond(group is None or powers.reach_group(group))
            return await self._shape(view, place)

        return plain(await self._kit.read_within(request, Permission.ESTATE_READ, look))

    async def remove(self, request: Request) -> Reply:
        place = await self._place(request)
        wanted = TakeDoorOutOfGroup(door_group_id=place.door_group_id, door_id=place.door_id)
        await self._kit.perform(request, take_door_out_of_group, wanted)
        return NO_CONTENT

    async def _place(self, request: Request) -> DoorGroupDoor:
        number = path_number(request, "door_group_door")

        async def look(view: View) -> DoorGroupDoor:
            place = await view.door_groups.place_by_number(number)
            door = None if place is None else await view.doors.get(place.door_id)
            if place is None or door is None or door.kind is not self._content.kind:
                raise NotFound("door_group_door", str(number))
            return place

        return await self._kit.look(request, look)

    async def _of_body(self, view: View, number: int) -> Door:
        try:
            return await self._content.numbered(view, number)
        except NotFound as unknown:
            raise Unprocessable({self._content.name: ["must exist"]}) from unknown

    async def _find(
        self, view: View, request: Request, group: DoorGroup | None, part: Part
    ) -> Listing[DoorGroupDoor]:
        wanted, numbers = number_of(request, f"{self._content.name}_id"), numbers_of(request, "ids")
        is_named = named_like(request)
        if group is None:
            return Listing((), 0)
        placed = await view.door_groups.places(WHOLE, door_group_id=group.id)
        ids: list[str] = [place.door_id for place in placed.items]
        doors = await view.doors.list(WHOLE, ids=ids, kind=self._content.kind)
        suiting = {door.id for door in doors.items if wanted in {None, door.number} and is_named(door.name)}
        chosen = [
            place
            for place in placed.items
            if place.door_id in suiting and (numbers is None or place.number in numbers)
        ]
        return cut(chosen, part)

    async def _shape(self, view: View, place: DoorGroupDoor) -> Shape:
        """Show a door's place in a group. Raises: NotFound if either ended meanwhile."""
        group, door = await view.door_groups.get(place.door_group_id), await view.doors.get(place.door_id)
        site = None if door is None else await view.sites.get(door.site_id)
        if group is None or door is None or site is None:
            raise NotFound("door_group_door", str(place.number))
        return self._content.show(place, group, door, site)


async def _group_of_body(view: View, number: int) -> DoorGroup:
    try:
        return await group_numbered(view, number)
    except NotFound as unknown:
        raise Unprocessable({"group": ["must exist"]}) from unknown
