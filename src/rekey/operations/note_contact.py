"""note_contact: a door was looked at, and is in contact or not otherwise than before."""

from dataclasses import dataclass, replace

from rekey.domain.access import DoorRecord
from rekey.domain.door_contact import DoorContact, Trouble
from rekey.operations.act import Act, operation
from rekey.operations.marks import marks_of
from rekey.ports.store import View


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteContact:
    """`trouble` is what keeps the door from being moved now, None for nothing."""

    door: DoorRecord
    trouble: Trouble | None


async def is_news(view: View, wanted: NoteContact) -> bool:
    """Say whether the door is otherwise than it was; one that was never looked at counts as in order."""
    known = await view.door_contacts.get(wanted.door.door_id)
    return wanted.trouble is not (None if known is None else known.trouble)


@operation(None)
async def note_contact(act: Act, wanted: NoteContact) -> bool:
    """Note a door's contact, with since when; say whether it was news, also to other processes."""
    act.waive("the server's own worker tells what it found")
    if not await is_news(act.work, wanted):
        act.work.keep_books()
        return False
    door = wanted.door
    known = await act.work.door_contacts.get(door.door_id)
    before = known or DoorContact(door_id=door.door_id, since=act.now)
    await act.work.door_contacts.save(replace(before, trouble=wanted.trouble, since=act.now))
    await act.record(
        "door.contact_noted",
        door_id=door.door_id,
        site_id=door.site_id,
        detail={
            "name": door.name,
            "trouble": None if wanted.trouble is None else wanted.trouble.value,
            "former_trouble": None if before.trouble is None else before.trouble.value,
            "marks": await marks_of(act.work, door.door_id),
        },
    )
    return True
