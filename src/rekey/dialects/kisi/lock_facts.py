"""Reading what the API shows of a lock beside itself."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from rekey.dialects.kisi.estate_shapes import LockFacts
from rekey.dialects.kisi.favorites import Favorites
from rekey.dialects.kisi.notes import Notes, notes_of_all
from rekey.domain.access import DoorRecord
from rekey.domain.block import Subject, SubjectKind
from rekey.domain.document import DocumentKind
from rekey.domain.errors import NotFound
from rekey.domain.estate import Door
from rekey.operations.core import Core
from rekey.operations.find import find_door_record
from rekey.operations.show_hours import HoursShown, show_hours
from rekey.ports.listing import Part
from rekey.ports.store import View

_COUNT = Part(limit=1, with_total=True)


@dataclass(frozen=True, slots=True)
class SeenLock:
    """A lock with its facts, and the record by which its driver is asked."""

    door: Door
    facts: LockFacts
    record: DoorRecord


async def seen_locks(view: View, core: Core, doors: Sequence[Door], liked: Favorites) -> list[SeenLock]:
    """Read the facts of a page of doors. Raises: NotFound for one that ended meanwhile."""
    ids = [door.id for door in doors]
    noted, hours = await notes_of_all(view, ids), await hours_of(view, ids, core.clock.now())
    return [
        SeenLock(
            door,
            replace(await _facts(view, core, door, noted=noted[door.id], liked=liked), hours=hours[door.id]),
            await find_door_record(view, door.id),
        )
        for door in doors
    ]


async def hours_of(view: View, ids: Sequence[str], now: datetime) -> dict[str, HoursShown]:
    """Give how each door stands on its calendar; most have none, so only those that do are looked at."""
    kept = {hours.door_id for hours in await view.door_hours.of(ids)}
    return {one: await show_hours(view, one, now) if one in kept else HoursShown() for one in ids}


async def _facts(view: View, core: Core, door: Door, *, noted: Notes, liked: Favorites) -> LockFacts:
    site = await view.sites.get(door.site_id)
    if site is None:
        raise NotFound("site", door.site_id)
    groups = await view.door_groups.list(_COUNT, door_id=door.id)
    return LockFacts(
        site=site,
        blocks=await view.blocks.standing(Subject(SubjectKind.DOOR, door.id)),
        groups=groups.total or 0,
        notes=noted,
        floor=await floor_number(view, noted),
        configured=door.driver in core.drivers,
        favorite=liked.shown_of(door.id),
    )


async def floor_number(view: View, noted: Notes) -> int | None:
    """Give the number of the floor that is noted beside a door."""
    floor_id = noted.get("floor")
    floor = await view.documents.get(DocumentKind.FLOOR, floor_id) if isinstance(floor_id, str) else None
    return None if floor is None else floor.number
