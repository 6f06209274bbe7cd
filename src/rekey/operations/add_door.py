"""add_door: a new door at a site, moved by a configured driver."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rekey.domain.circumstances import Location
from rekey.domain.conditions import NO_DOOR_CONDITIONS, DoorConditions
from rekey.domain.document import DocumentBody
from rekey.domain.errors import Invalid
from rekey.domain.estate import Door, DoorKind, DoorSettings
from rekey.domain.ids import DoorId
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.annotate import put_annotation
from rekey.operations.asked import checked_door_conditions
from rekey.operations.find import find_site
from rekey.operations.texts import clean_name, clean_text
from rekey.ports.repositories.doors import ChangeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class AddDoor:
    """`driver` is a configured driver's name, `driver_settings` what that driver needs to find the door.

    `notes` are what wire APIs show beside it, by their namespaces.
    """

    name: str
    site_id: str
    driver: str
    driver_settings: tuple[tuple[str, str], ...] = ()
    description: str = ""
    open_seconds: int = 5
    kind: DoorKind = DoorKind.DOOR
    location: Location | None = None
    conditions: DoorConditions = NO_DOOR_CONDITIONS
    notes: Mapping[str, DocumentBody] = field(default_factory=dict)


@operation(Permission.ESTATE_WRITE)
async def add_door(act: Act, wanted: AddDoor) -> Door:
    """Add a door.

    Raises: NotFound (site), Invalid (name, open_seconds, permitted_addresses, usage_windows, geofence_radius).
    """
    await act.require(Scope.site(wanted.site_id))
    site = await find_site(act.work, wanted.site_id)
    door = Door(
        id=DoorId(act.new_id()),
        number=act.next_number(),
        site_id=site.id,
        name=clean_name(wanted.name),
        description=clean_text(wanted.description, "description"),
        driver=wanted.driver,
        driver_settings=tuple(sorted(wanted.driver_settings)),
        settings=DoorSettings(
            open_seconds=checked_open_seconds(wanted.open_seconds),
            conditions=checked_door_conditions(wanted.conditions),
        ),
        kind=wanted.kind,
        location=wanted.location,
        created_at=act.now,
        updated_at=act.now,
    )
    await act.work.doors.add(door)
    for namespace, body in wanted.notes.items():
        await put_annotation(act, namespace, door.id, body)
    await act.changed(ChangeKind.DOOR, door.id)
    await act.record(
        "door.added", door_id=door.id, site_id=site.id, detail={"name": door.name, "driver": door.driver}
    )
    return door


def checked_open_seconds(seconds: int) -> int:
    """Give the seconds back. Raises: Invalid beyond 0..60, the range that wire APIs ask for."""
    if not 0 <= seconds <= 60:
        raise Invalid("open_seconds", "must be from 0 to 60")
    return seconds
