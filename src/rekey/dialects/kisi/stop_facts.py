"""Reading and showing an elevator's stop with what is noted beside it, its hours and what it does just now."""

from collections.abc import Sequence
from dataclasses import dataclass

from rekey.dialects.kisi.estate_shapes import is_unlocked, lockdown_of, place_ref
from rekey.dialects.kisi.lock_facts import hours_of
from rekey.dialects.kisi.notes import Notes, notes_of_all
from rekey.dialects.kisi.shapes import Shape, instant, ref, stamps, with_ref
from rekey.domain.access import DoorRecord
from rekey.domain.block import Block, Subject, SubjectKind
from rekey.domain.document import DocumentKind
from rekey.domain.errors import NotFound
from rekey.domain.estate import Door, Site
from rekey.operations.core import Core
from rekey.operations.find import find_door_record
from rekey.operations.show_hours import HoursShown
from rekey.ports.door_driver import DoorState
from rekey.ports.store import View


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenStop:
    """A stop with all that is shown of it but its state, and the record by which its driver is asked."""

    stop: Door
    record: DoorRecord
    site: Site
    lockdown: Block | None
    hours: HoursShown
    elevator: Shape | None
    floor: Shape | None


async def seen_stops(view: View, core: Core, stops: Sequence[Door]) -> list[SeenStop]:
    """Read a page of stops. Raises: NotFound for one that ended meanwhile."""
    ids = [stop.id for stop in stops]
    noted, hours = await notes_of_all(view, ids), await hours_of(view, ids, core.clock.now())
    return [await _seen(view, stop, noted=noted[stop.id], hours=hours[stop.id]) for stop in stops]


async def _seen(view: View, stop: Door, *, noted: Notes, hours: HoursShown) -> SeenStop:
    site = await view.sites.get(stop.site_id)
    if site is None:
        raise NotFound("elevator_stop", str(stop.number))
    return SeenStop(
        stop=stop,
        record=await find_door_record(view, stop.id),
        site=site,
        lockdown=lockdown_of(await view.blocks.standing(Subject(SubjectKind.DOOR, stop.id))),
        hours=hours,
        elevator=await _ref(view, noted, DocumentKind.ELEVATOR),
        floor=await _ref(view, noted, DocumentKind.FLOOR),
    )


def show_stop(seen: SeenStop, state: DoorState) -> Shape:
    """Show a stop; it is permitted while its driver says that the floor is free."""
    stop, lockdown = seen.stop, seen.lockdown
    return {
        "id": stop.number,
        "resource_type": "ElevatorStop",
        "name": stop.name,
        **stamps(stop.created_at, stop.updated_at),
        "locked_down": lockdown is not None,
        "locked_down_since": instant(None if lockdown is None else lockdown.created_at),
        "on_scheduled_permit": seen.hours.on_scheduled_unlock,
        "permitted": is_unlocked(stop, state, seen.hours),
        "time_restriction_enabled": stop.settings.conditions.allowed_hours,
        **with_ref("elevator", seen.elevator),
        **with_ref("floor", seen.floor),
        **with_ref("place", place_ref(seen.site)),
    }


async def _ref(view: View, noted: Notes, kind: DocumentKind) -> Shape | None:
    thing_id = noted.get(kind.value)
    document = await view.documents.get(kind, thing_id) if isinstance(thing_id, str) else None
    if document is None:
        return None
    shown = ref(kind.value.capitalize(), document.number, str(document.body.get("name")))
    return shown | {"number": document.body.get("number")} if kind is DocumentKind.FLOOR else shown
