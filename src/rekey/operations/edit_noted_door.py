"""edit_noted_door: a door's name and what a wire API notes beside it, in one act."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from rekey.domain.document import DocumentBody
from rekey.domain.errors import Invalid
from rekey.domain.estate import Door
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.annotate import annotation_of, put_annotation
from rekey.operations.find import find_door
from rekey.operations.texts import clean_name


@dataclass(frozen=True, slots=True, kw_only=True)
class EditNotedDoor:
    """No name leaves it; `notes` go over the annotation in the namespace, member by member."""

    door_id: str
    name: str | None = None
    namespace: str
    notes: Mapping[str, object] = field(default_factory=dict)


@operation(Permission.ESTATE_WRITE)
async def edit_noted_door(act: Act, wanted: EditNotedDoor) -> Door:
    """Change a door and its notes; the row says what was and what is. Raises: NotFound, Gone, Invalid (name)."""
    await act.require(Scope.door(wanted.door_id))
    door = await find_door(act.work, wanted.door_id)
    name = door.name if wanted.name is None else clean_name(wanted.name)
    edited = replace(door, name=name, updated_at=act.now)
    if name != door.name:
        await act.work.doors.replace(edited)
    before = await annotation_of(act.work, wanted.namespace, door.id)
    after = await put_annotation(act, wanted.namespace, door.id, _plain(wanted.notes))
    await act.record(
        "door.noted",
        door_id=door.id,
        site_id=door.site_id,
        detail={
            "name": edited.name,
            "former_name": door.name,
            "changed": [key for key in sorted({*before, *after}) if before.get(key) != after.get(key)],
            "unmanaged": after.get("unmanaged") is True,
        },
    )
    return edited


def _plain(notes: Mapping[str, object]) -> DocumentBody:
    body: DocumentBody = {}
    for name, value in notes.items():
        if value is not None and not isinstance(value, str | bool | int | float | dict | list):
            raise Invalid(name, "must be text, a number, a yes or no, an object or a list")
        body[name] = value
    return body


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDoors:
    """What to note of each door, by its id; all of it or nothing."""

    namespace: str
    notes: Mapping[str, Mapping[str, object]]


@operation(Permission.ESTATE_WRITE)
async def note_doors(act: Act, wanted: NoteDoors) -> int:
    """Note something beside many doors and say of how many. Raises: NotFound, Gone."""
    if not wanted.notes:
        await act.require(Scope.organization(act.work.organization_id))
    for door_id, notes in wanted.notes.items():
        await act.require(Scope.door(door_id))
        door = await find_door(act.work, door_id)
        await put_annotation(act, wanted.namespace, door.id, _plain(notes))
    await act.record("doors.noted", detail={"doors": [*wanted.notes]})
    return len(wanted.notes)
