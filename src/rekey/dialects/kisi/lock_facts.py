"""Reading what the API shows of a lock beside itself."""

from collections.abc import Sequence
from dataclasses import dataclass

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
    noted = await notes_of_all(view, [door.id for door in doors])
    return [
        SeenLock(
            door,
            await _facts(view, core, door, noted=noted[door.id], liked=liked),
            await find_door_record(view, door.id),
        )
        for door in doors
    ]


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
