"""edit_door_group: rename a door group, or change what it asks of those who come through it."""

from dataclasses import dataclass, replace

from rekey.domain.conditions import GroupConditions
from rekey.domain.estate import DoorGroup
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.asked import NO_CHANGES, GroupConditionChanges
from rekey.operations.find import find_door_group
from rekey.operations.stamping import stamped, unchanged_mark
from rekey.operations.texts import clean_name, clean_text
from rekey.ports.repositories.doors import ChangeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class EditDoorGroup:
    """None leaves a field as it is; `conditions` replace all that the group asks, `asks` changes some of it."""

    door_group_id: str
    name: str | None = None
    description: str | None = None
    conditions: GroupConditions | None = None
    asks: GroupConditionChanges = NO_CHANGES


@operation(Permission.ESTATE_WRITE)
async def edit_door_group(act: Act, wanted: EditDoorGroup) -> DoorGroup:
    """Change a door group. Raises: NotFound, Invalid (name, description, geofence_radius)."""
    await act.require(Scope.door_group(wanted.door_group_id))
    group = await find_door_group(act.work, wanted.door_group_id)
    edited = replace(
        group,
        name=group.name if wanted.name is None else clean_name(wanted.name),
        description=group.description
        if wanted.description is None
        else clean_text(wanted.description, "description"),
        conditions=wanted.asks.applied_to(wanted.conditions or group.conditions),
    )
    edited = stamped(group, edited, act.now)
    await act.work.door_groups.replace(edited)
    if edited.conditions != group.conditions:
        await act.changed(ChangeKind.DOOR_GROUP, group.id)
    await act.record(
        "door_group.edited",
        site_id=group.site_id,
        detail={"door_group": group.id, "name": edited.name, **unchanged_mark(group, edited)},
    )
    return edited
