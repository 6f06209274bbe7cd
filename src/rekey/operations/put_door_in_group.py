"""put_door_in_group: a door joins a door group."""

from dataclasses import dataclass

from rekey.domain.errors import Invalid
from rekey.domain.estate import DoorGroupDoor
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.bundle_parts import follow_group
from rekey.operations.find import find_door, find_door_group
from rekey.ports.repositories.doors import ChangeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class PutDoorInGroup:
    door_group_id: str
    door_id: str


@operation(Permission.ESTATE_WRITE)
async def put_door_in_group(act: Act, wanted: PutDoorInGroup) -> DoorGroupDoor:
    """Put a door into a group; this names no person, so it brings nobody back who was revoked.

    Needs the permission at both ends, or a door could be moved into one's own group to gain it.
    Raises: NotFound, Gone, AlreadyExists, Invalid (a door of another site).
    """
    await act.require(Scope.door_group(wanted.door_group_id))
    await act.require(Scope.door(wanted.door_id))
    group = await find_door_group(act.work, wanted.door_group_id)
    door = await find_door(act.work, wanted.door_id)
    if group.site_id is not None and group.site_id != door.site_id:
        raise Invalid("door_id", "must name a door of the group's site")
    place = DoorGroupDoor(
        id=act.new_id(),
        number=act.next_number(),
        door_group_id=group.id,
        door_id=door.id,
        created_at=act.now,
    )
    await act.work.door_groups.add_door(place)
    await act.changed(ChangeKind.DOOR, door.id)
    await act.record(
        "door_group.door_added",
        door_id=door.id,
        site_id=door.site_id,
        detail={
            "door_group": group.id,
            "place": place.id,
            "bundles": await follow_group(act, group.id),
        },
    )
    return place
