"""Which stops belong to an elevator; a stop is a door, its elevator and floor are noted beside it."""

from rekey.dialects.kisi.notes import notes_of_all
from rekey.domain.document import Document
from rekey.domain.estate import Door, DoorKind
from rekey.ports.listing import WHOLE
from rekey.ports.store import View


async def stops_of(view: View, elevator: Document) -> list[Door]:
    """Give the stops of an elevator in the order in which they were made."""
    stops = await view.doors.list(WHOLE, site_id=elevator.parent_id, kind=DoorKind.ELEVATOR_STOP)
    noted = await notes_of_all(view, [stop.id for stop in stops.items])
    return [stop for stop in stops.items if noted[stop.id].get("elevator") == elevator.id]
