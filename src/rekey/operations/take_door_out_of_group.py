"""take_door_out_of_group: a door leaves a door group."""

from dataclasses import dataclass

from rekey.domain.errors import NotFound
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.bundle_parts import follow_group
from rekey.operations.find import find_door, find_door_group
from rekey.ports.repositories.doors import ChangeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeDoorOutOfGroup:
    door_group_id: str
    door_id: str


@operation(Permission.ESTATE_WRITE)
async def take_door_out_of_group(act: Act, wanted: TakeDoorOutOfGroup) -> None:
    """Take a door out of a group. Raises: NotFound, also when it is not in the group."""
    await act.require(Scope.door_group(wanted.door_group_id))
    group = await find_door_group(act.work, wanted.door_group_id)
    door = await find_door(act.work, wanted.door_id)
    place = await act.work.door_groups.place(group.id, door.id)
    if place is None:
        raise NotFound("door_group_door", door.id)
    await act.work.door_groups.remove_door(group.id, door.id)
    await act.changed(ChangeKind.DOOR, door.id)
    await act.record(
        "door_group.door_removed",
        door_id=door.id,
        site_id=door.site_id,
        detail={
            "door_group": group.id,
            "place": place.id,
            "bundles": await follow_group(act, group.id),
        },
    )
