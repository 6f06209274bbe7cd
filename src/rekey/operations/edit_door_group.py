"""edit_door_group: rename a door group."""

from dataclasses import dataclass, replace

from rekey.domain.estate import DoorGroup
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.find import find_door_group
from rekey.operations.texts import clean_name, clean_text


@dataclass(frozen=True, slots=True, kw_only=True)
class EditDoorGroup:
    """None leaves a field as it is."""

    door_group_id: str
    name: str | None = None
    description: str | None = None


@operation(Permission.ESTATE_WRITE)
async def edit_door_group(act: Act, wanted: EditDoorGroup) -> DoorGroup:
    """Change a door group. Raises: NotFound, Invalid (name, description)."""
    await act.require(Scope.door_group(wanted.door_group_id))
    group = await find_door_group(act.work, wanted.door_group_id)
    edited = replace(
        group,
        name=group.name if wanted.name is None else clean_name(wanted.name),
        description=group.description
        if wanted.description is None
        else clean_text(wanted.description, "description"),
        updated_at=act.now,
    )
    await act.work.door_groups.replace(edited)
    await act.record(
        "door_group.edited", site_id=group.site_id, detail={"door_group": group.id, "name": edited.name}
    )
    return edited
