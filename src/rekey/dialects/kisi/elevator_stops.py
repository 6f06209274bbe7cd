"""Stops of elevators: doors of their kind, with an elevator and a floor noted beside. Source: contract 5.5."""

from rekey.dialects.kisi.attributes import unwrap
from rekey.dialects.kisi.errors import BadQuery, Unprocessable
from rekey.dialects.kisi.floors import document_numbered
from rekey.dialects.kisi.kit import NO_CONTENT, Kit, door_numbered, path_number, refuse_beyond
from rekey.dialects.kisi.lists import PLAIN, cut, number_of, numbers_of, paged, plain, unsorted_part
from rekey.dialects.kisi.notes import note, note_beside_new, notes_of_all
from rekey.dialects.kisi.observing import observe
from rekey.dialects.kisi.shapes import Shape
from rekey.dialects.kisi.stop_facts import SeenStop, seen_stops, show_stop
from rekey.dialects.kisi.stop_names import renamed_by_move, stop_name
from rekey.domain.conditions import DoorConditions
from rekey.domain.document import Document, DocumentBody, DocumentKind
from rekey.domain.errors import NotFound
from rekey.domain.estate import Door, DoorKind
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.add_door import AddDoor, add_door
from rekey.operations.annotate import AnnotatedKind
from rekey.operations.do_together import Step
from rekey.operations.edit_door import EditDoor, edit_door
from rekey.operations.held_powers import Powers
from rekey.operations.lock_down import LockDown, Release, lock_down, release
from rekey.operations.retire_door import RetireDoor, retire_door
from rekey.ports.listing import WHOLE, Listing, Part
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

_DRIVER = "simulated"


class ElevatorStops:
    """Handlers of elevator stops."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        """List the stops of a place, which must be named."""
        part, place = unsorted_part(request, PLAIN), number_of(request, "place_id")
        if place is None:
            raise BadQuery("place_id is required")

        async def look(view: View, powers: Powers) -> tuple[int | None, list[SeenStop]]:
            found = await _find(view, request, place, part, powers=powers)
            return found.total, await seen_stops(view, self._kit.services.core, found.items)

        total, seen = await self._kit.read_within(request, Permission.ESTATE_READ, look)
        return paged(await _shown(self._kit, seen), part, total)

    async def create(self, request: Request) -> Reply:
        stop = unwrap(request, "elevator_stop")
        elevator_number = stop.number("elevator_id", required=True)
        floor_number = stop.number("floor_id", required=True)
        allowed_hours = stop.flag("time_restriction_enabled") is True
        stop.check()

        async def name(view: View) -> tuple[Document, Document]:
            elevator = await _of_body(view, DocumentKind.ELEVATOR, elevator_number or 0)
            return elevator, await _floor_of_body(view, floor_number or 0, elevator)

        elevator, floor = await self._kit.look(request, name)
        wanted = AddDoor(
            name=stop_name(elevator, floor),
            site_id=elevator.parent_id or "",
            driver=_DRIVER,
            kind=DoorKind.ELEVATOR_STOP,
            conditions=DoorConditions(allowed_hours=allowed_hours),
        )
        beside: DocumentBody = {"elevator": elevator.id, "floor": floor.id}
        made = await self._kit.together(
            request, Step(operation=add_door, wanted=wanted), *note_beside_new(AnnotatedKind.DOOR, beside)
        )
        core, stop_made = self._kit.services.core, made[0]
        seen = await self._kit.look(request, lambda view: seen_stops(view, core, (stop_made,)))
        return plain((await _shown(self._kit, seen))[0])

    async def get(self, request: Request) -> Reply:
        number = path_number(request, "door")

        async def look(view: View, powers: Powers) -> list[SeenStop]:
            stop = await stop_numbered(view, number)
            refuse_beyond(powers.reach_door(stop))
            return await seen_stops(view, self._kit.services.core, (stop,))

        seen = await self._kit.read_within(request, Permission.ESTATE_READ, look)
        return plain((await _shown(self._kit, seen))[0])

    async def update(self, request: Request) -> Reply:
        """Move a stop to another floor or elevator of its place, or change whether its hours are kept."""
        attributes = unwrap(request, "elevator_stop")
        elevator_number, floor_number = attributes.number("elevator_id"), attributes.number("floor_id")
        allowed_hours = attributes.flag("time_restriction_enabled")
        attributes.check()
        stop = await self._stop(request)

        async def look(view: View) -> list[Step]:
            changes: DocumentBody = {}
            elevator = floor = None
            if elevator_number is not None:
                elevator = await _of_body(view, DocumentKind.ELEVATOR, elevator_number)
                changes["elevator"] = _same_place(elevator, stop).id
            if floor_number is not None:
                floor = await _of_body(view, DocumentKind.FLOOR, floor_number)
                changes["floor"] = _same_place(floor, stop).id
            renamed = await renamed_by_move(view, stop, elevator, floor)
            return [*note(AnnotatedKind.DOOR, stop.id, changes), *renamed]

        steps = await self._kit.look(request, look)
        if allowed_hours is not None:
            limited = EditDoor(door_id=stop.id, allowed_hours=allowed_hours)
            steps.insert(0, Step(operation=edit_door, wanted=limited))
        if steps:
            await self._kit.together(request, *steps)
        else:
            await self._kit.require(request, Permission.ESTATE_WRITE)
        return NO_CONTENT

    async def delete(self, request: Request) -> Reply:
        stop = await self._stop(request)
        await self._kit.perform(request, retire_door, RetireDoor(door_id=stop.id))
        return NO_CONTENT

    async def lock_down(self, request: Request) -> Reply:
        stop = await self._stop(request)
        await self._kit.perform(request, lock_down, LockDown(scope=Scope.door(stop.id)))
        return NO_CONTENT

    async def cancel_lockdown(self, request: Request) -> Reply:
        stop = await self._stop(request)
        await self._kit.perform(request, release, Release(scope=Scope.door(stop.id)))
        return NO_CONTENT

    async def _stop(self, request: Request) -> Door:
        number = path_number(request, "door")
        return await self._kit.look(request, lambda view: stop_numbered(view, number))


async def _shown(kit: Kit, seen: list[SeenStop]) -> list[Shape]:
    states = await observe(kit.services.core, [one.record for one in seen])
    return [show_stop(one, state) for one, state in zip(seen, states, strict=True)]


async def stop_numbered(view: View, number: int) -> Door:
    """Raises: NotFound, also for a door that is no stop."""
    door = await door_numbered(view, number)
    if door.kind is not DoorKind.ELEVATOR_STOP:
        raise NotFound("elevator_stop", str(number))
    return door


async def _find(view: View, request: Request, place: int, part: Part, *, powers: Powers) -> Listing[Door]:
    site = await view.sites.by_number(place)
    if site is None:
        return Listing((), 0)
    numbers = numbers_of(request, "ids")
    stops = await view.doors.list(WHOLE, site_id=site.id, kind=DoorKind.ELEVATOR_STOP)
    noted = await notes_of_all(view, [stop.id for stop in stops.items])
    wanted: dict[str, str] = {}
    for member, kind in (("elevator", DocumentKind.ELEVATOR), ("floor", DocumentKind.FLOOR)):
        if (number := number_of(request, f"{member}_id")) is not None:
            document = await view.documents.by_number(kind, number)
            wanted[member] = "" if document is None else document.id
    chosen = [
        stop
        for stop in stops.items
        if (numbers is None or stop.number in numbers)
        and powers.reach_door(stop)
        and all(noted[stop.id].get(member) == thing for member, thing in wanted.items())
    ]
    return cut(chosen, part)


async def _of_body(view: View, kind: DocumentKind, number: int) -> Document:
    try:
        return await document_numbered(view, kind, number)
    except NotFound as unknown:
        raise Unprocessable({kind.value: ["must exist"]}) from unknown


async def _floor_of_body(view: View, number: int, elevator: Document) -> Document:
    floor = await _of_body(view, DocumentKind.FLOOR, number)
    if floor.parent_id != elevator.parent_id:
        raise Unprocessable({"floor": ["must be of the elevator's place"]})
    return floor


def _same_place(document: Document, stop: Door) -> Document:
    if document.parent_id != stop.site_id:
        raise Unprocessable({document.kind.value: ["must be of the stop's place"]})
    return document
