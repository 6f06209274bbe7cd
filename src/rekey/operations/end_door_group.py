"""end_door_group: the group, its doors' places in it and the grants at it end."""

from dataclasses import dataclass

from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.bundle_parts import bundles_at, leave_group
from rekey.operations.end_grant import end_all_at
from rekey.operations.find import find_door_group
from rekey.ports.repositories.doors import ChangeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class EndDoorGroup:
    door_group_id: str


@operation(Permission.ESTATE_WRITE)
async def end_door_group(act: Act, wanted: EndDoorGroup) -> int:
    """End a door group and say how many grants ended with it; nobody's access grows. Raises: NotFound."""
    await act.require(Scope.door_group(wanted.door_group_id))
    group = await find_door_group(act.work, wanted.door_group_id)
    given = await bundles_at(act.work, group.id)
    ended = await end_all_at(act, Scope.door_group(group.id))
    await act.changed(ChangeKind.DOOR_GROUP, group.id)
    await act.work.calendar.end_of(Scope.door_group(group.id))
    await act.work.door_groups.end(group.id)
    await act.record(
        "door_group.ended",
        site_id=group.site_id,
        detail={
            "door_group": group.id,
            "ended_grants": ended,
            "bundles": await leave_group(act, given),
        },
    )
    return ended
