"""edit_door: rename a door, or change how it behaves and what it asks of everybody."""

from dataclasses import dataclass, replace

from rekey.domain.calendar import Weekly
from rekey.domain.circumstances import Location
from rekey.domain.conditions import DoorConditions, UsageWindow
from rekey.domain.estate import Door
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.add_door import checked_open_seconds
from rekey.operations.asked import checked_addresses, checked_radius, checked_windows
from rekey.operations.find import find_door
from rekey.operations.open_hours import close_open_hours, set_open_hours
from rekey.operations.stamping import stamped, unchanged_mark
from rekey.operations.texts import clean_name, clean_text
from rekey.ports.repositories.doors import ChangeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class EditDoor:
    """None leaves a field as it is.

    `permitted_addresses` and `usage_windows` replace the whole list, an empty one asks nothing any more; a
    `geofence_radius` of 0 takes the geofence away. `open_hours` take the place of the weekly rule that
    unlocks the door, `closes_open_hours` ends every rule that does.
    """

    door_id: str
    name: str | None = None
    description: str | None = None
    open_seconds: int | None = None
    hidden: bool | None = None
    location: Location | None = None
    clears_location: bool = False
    permitted_addresses: tuple[str, ...] | None = None
    usage_windows: tuple[UsageWindow, ...] | None = None
    geofence_radius: int | None = None
    proximity: bool | None = None
    allowed_hours: bool | None = None
    open_hours: Weekly | None = None
    closes_open_hours: bool = False


@operation(Permission.ESTATE_WRITE)
async def edit_door(act: Act, wanted: EditDoor) -> Door:
    """Change a door.

    Raises: NotFound, Gone, Invalid (name, description, open_seconds, permitted_addresses, usage_windows,
    geofence_radius, time_zone, exceptions).
    """
    await act.require(Scope.door(wanted.door_id))
    door = await find_door(act.work, wanted.door_id)
    if wanted.open_hours is not None:
        await set_open_hours(act, door.id, wanted.open_hours)
    elif wanted.closes_open_hours:
        await close_open_hours(act, door.id)
    hours = wanted.open_hours is not None or wanted.closes_open_hours
    edited = stamped(door, _edited(door, wanted), act.now)
    if hours:
        edited = replace(edited, updated_at=act.now)
    await act.work.doors.replace(edited)
    await act.changed(ChangeKind.DOOR, door.id)
    await act.record(
        "door.edited",
        door_id=door.id,
        site_id=door.site_id,
        detail={"name": edited.name, "changed": [*_named(wanted)], **unchanged_mark(door, edited)},
    )
    return edited


def _edited(door: Door, wanted: EditDoor) -> Door:
    settings = door.settings
    if wanted.open_seconds is not None:
        settings = replace(settings, open_seconds=checked_open_seconds(wanted.open_seconds))
    if wanted.hidden is not None:
        settings = replace(settings, hidden=wanted.hidden)
    settings = replace(settings, conditions=_conditions(settings.conditions, wanted))
    location = door.location if wanted.location is None else wanted.location
    return replace(
        door,
        name=door.name if wanted.name is None else clean_name(wanted.name),
        description=door.description
        if wanted.description is None
        else clean_text(wanted.description, "description"),
        settings=settings,
        location=None if wanted.clears_location else location,
    )


def _conditions(asked: DoorConditions, wanted: EditDoor) -> DoorConditions:
    if wanted.permitted_addresses is not None:
        asked = replace(asked, permitted_addresses=checked_addresses(wanted.permitted_addresses))
    if wanted.usage_windows is not None:
        asked = replace(asked, usage_windows=checked_windows(wanted.usage_windows))
    if wanted.geofence_radius is not None:
        asked = replace(asked, geofence_radius=checked_radius(wanted.geofence_radius))
    if wanted.proximity is not None:
        asked = replace(asked, proximity=wanted.proximity)
    if wanted.allowed_hours is not None:
        asked = replace(asked, allowed_hours=wanted.allowed_hours)
    return asked


def _named(wanted: EditDoor) -> list[str]:
    """Name the fields that were asked for, so that the journal says what an edit was about."""
    names = [name for name in EditDoor.__dataclass_fields__ if name != "door_id"]
    return [name for name in names if getattr(wanted, name) not in {None, False}]
