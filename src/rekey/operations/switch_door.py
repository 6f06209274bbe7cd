"""switch_door: the settings by which a driver finds and drives a door change."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from rekey.domain.estate import Door
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.find import find_door
from rekey.operations.texts import clean_name, clean_text
from rekey.ports.repositories.doors import ChangeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchDoor:
    """`switches` go over the door's driver settings, name by name."""

    door_id: str
    switches: Mapping[str, str] = field(default_factory=dict)


@operation(Permission.ESTATE_WRITE)
async def switch_door(act: Act, wanted: SwitchDoor) -> Door:
    """Change a door's driver settings. Raises: NotFound, Gone, Invalid (driver_settings)."""
    await act.require(Scope.door(wanted.door_id))
    door = await find_door(act.work, wanted.door_id)
    changed = {
        clean_name(name, "driver_settings"): clean_text(value, "driver_settings")
        for name, value in wanted.switches.items()
    }
    settings = tuple(sorted({**dict(door.driver_settings), **changed}.items()))
    edited = replace(door, driver_settings=settings, updated_at=act.now)
    await act.work.doors.replace(edited)
    await act.changed(ChangeKind.DOOR, door.id)
    await act.record(
        "door.switched",
        door_id=door.id,
        site_id=door.site_id,
        detail={"name": door.name, "switches": [*sorted(changed)]},
    )
    return edited
