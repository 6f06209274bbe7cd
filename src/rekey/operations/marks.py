"""What wire APIs have marked a thing with: those of their notes that are plainly true."""

from rekey.domain.document import DocumentKind
from rekey.domain.journal import JsonValue
from rekey.ports.listing import WHOLE
from rekey.ports.store import View


async def marks_of(view: View, thing_id: str) -> list[JsonValue]:
    """Give marks as `namespace:name`, so that the journal's readers know how a thing was seen at the time."""
    notes = await view.documents.list(WHOLE, DocumentKind.ANNOTATION, parent_id=thing_id)
    marks: list[JsonValue] = []
    for note in notes.items:
        namespace = (note.key or "").partition(":")[0]
        marks += [f"{namespace}:{name}" for name in sorted(note.body) if note.body[name] is True]
    return sorted(marks, key=str)
