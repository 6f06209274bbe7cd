"""edit_door: rename a door or change how it behaves."""

from dataclasses import dataclass, replace

from rekey.domain.estate import Door
from rekey.domain.role import Permission
from rekey.domain.schedule import Schedule
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.add_door import checked_open_seconds
from rekey.operations.find import find_door
from rekey.operations.texts import clean_name, clean_text
from rekey.ports.repositories.doors import ChangeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class EditDoor:
    """None leaves a field as it is; `closes_open_hours` takes the open hours away."""

    door_id: str
    name: str | None = None
    description: str | None = None
    open_seconds: int | None = None
    open_hours: Schedule | None = None
    closes_open_hours: bool = False


@operation(Permission.ESTATE_WRITE)
async def edit_door(act: Act, wanted: EditDoor) -> Door:
    """Change a door. Raises: NotFound, Gone, Invalid (name, description, open_seconds)."""
    await act.require(Scope.door(wanted.door_id))
    door = await find_door(act.work, wanted.door_id)
    settings = door.settings
    if wanted.open_seconds is not None:
        settings = replace(settings, open_seconds=checked_open_seconds(wanted.open_seconds))
    if wanted.open_hours is not None:
        await act.work.schedules.add(wanted.open_hours)
        settings = replace(settings, open_hours_schedule_id=wanted.open_hours.id)
    elif wanted.closes_open_hours:
        settings = replace(settings, open_hours_schedule_id=None)
    edited = replace(
        door,
        name=door.name if wanted.name is None else clean_name(wanted.name),
        description=door.description
        if wanted.description is None
        else clean_text(wanted.description, "description"),
        settings=settings,
        updated_at=act.now,
    )
    await act.work.doors.replace(edited)
    await act.changed(ChangeKind.DOOR, door.id)
    await act.record("door.edited", door_id=door.id, site_id=door.site_id, detail={"name": edited.name})
    return edited
