"""note_relocking: a door has told that it locked again by itself."""

from dataclasses import dataclass, replace

from rekey.domain.door_contact import DoorContact, Relocking
from rekey.operations.act import Act, operation


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRelocking:
    relocking: Relocking


@operation(None)
async def note_relocking(act: Act, wanted: NoteRelocking) -> bool:
    """Note that a door locked itself, each time once; say whether it was news."""
    act.waive("the server's own worker tells what a door told")
    told = wanted.relocking
    known = await act.work.door_contacts.get(told.door_id)
    door = await act.work.doors.get(told.door_id)
    is_old = known is not None and known.relocked_at is not None and known.relocked_at >= told.at
    if is_old or door is None:
        act.work.keep_books()
        return False
    contact = known or DoorContact(door_id=told.door_id, since=act.now)
    await act.work.door_contacts.save(replace(contact, relocked_at=told.at))
    await act.record(
        "door.relocked",
        door_id=door.id,
        site_id=door.site_id,
        detail={"name": door.name, "order": told.order_id, "at": told.at.isoformat()},
    )
    return True
