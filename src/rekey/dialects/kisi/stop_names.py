"""A stop is named after its elevator and floor, as long as nobody named it otherwise."""

from dataclasses import replace

from rekey.dialects.kisi.notes import notes_of_all
from rekey.domain.document import Document, DocumentKind
from rekey.domain.estate import Door, DoorKind
from rekey.operations.do_together import Step
from rekey.operations.edit_door import EditDoor, edit_door
from rekey.ports.listing import WHOLE
from rekey.ports.store import View

_OTHER = {DocumentKind.FLOOR: DocumentKind.ELEVATOR, DocumentKind.ELEVATOR: DocumentKind.FLOOR}


def stop_name(elevator: Document, floor: Document) -> str:
    """Give the name of an elevator's stop at a floor."""
    return f"{elevator.body.get('name')} {floor.body.get('name')}"


async def renamed_with(view: View, document: Document, name: str | None) -> list[Step]:
    """Give what names the stops anew whose floor or elevator gets this name; None renames nothing."""
    if name is None or name == document.body.get("name"):
        return []
    stops = (await view.doors.list(WHOLE, site_id=document.parent_id, kind=DoorKind.ELEVATOR_STOP)).items
    noted = await notes_of_all(view, [stop.id for stop in stops])
    steps = []
    for stop in stops:
        beside = noted[stop.id]
        other = await view.documents.get(_OTHER[document.kind], str(beside.get(_OTHER[document.kind].value)))
        if other is None or beside.get(document.kind.value) != document.id:
            continue
        if stop.name == _between(document, other):
            now = _between(replace(document, body={**document.body, "name": name}), other)
            steps.append(Step(operation=edit_door, wanted=EditDoor(door_id=stop.id, name=now)))
    return steps


def _between(document: Document, other: Document) -> str:
    return (
        stop_name(document, other) if document.kind is DocumentKind.ELEVATOR else stop_name(other, document)
    )


async def renamed_by_move(
    view: View, stop: Door, elevator: Document | None, floor: Document | None
) -> list[Step]:
    """Give what names a stop anew that goes to another elevator or floor; None stays as it is."""
    beside = (await notes_of_all(view, [stop.id]))[stop.id]
    of_now = await view.documents.get(DocumentKind.ELEVATOR, str(beside.get("elevator")))
    at_now = await view.documents.get(DocumentKind.FLOOR, str(beside.get("floor")))
    if of_now is None or at_now is None or stop.name != stop_name(of_now, at_now):
        return []
    name = stop_name(elevator or of_now, floor or at_now)
    return (
        [] if name == stop.name else [Step(operation=edit_door, wanted=EditDoor(door_id=stop.id, name=name))]
    )
