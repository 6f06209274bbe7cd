"""add_door_group: a named set of doors."""

from dataclasses import dataclass

from rekey.domain.conditions import NO_GROUP_CONDITIONS, GroupConditions
from rekey.domain.estate import DoorGroup
from rekey.domain.ids import DoorGroupId, SiteId
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.asked import checked_group_conditions
from rekey.operations.find import find_site
from rekey.operations.texts import clean_name, clean_text


@dataclass(frozen=True, slots=True, kw_only=True)
class AddDoorGroup:
    """No `site_id` means a group of the whole organization."""

    name: str
    description: str = ""
    site_id: str | None = None
    conditions: GroupConditions = NO_GROUP_CONDITIONS


@operation(Permission.ESTATE_WRITE)
async def add_door_group(act: Act, wanted: AddDoorGroup) -> DoorGroup:
    """Add a door group. Raises: NotFound (site), Invalid (name, description, geofence_radius)."""
    organization = Scope.organization(act.work.organization_id)
    await act.require(organization if wanted.site_id is None else Scope.site(wanted.site_id))
    site = None if wanted.site_id is None else await find_site(act.work, wanted.site_id)
    group = DoorGroup(
        id=DoorGroupId(act.new_id()),
        number=act.next_number(),
        name=clean_name(wanted.name),
        description=clean_text(wanted.description, "description"),
        site_id=None if site is None else SiteId(site.id),
        conditions=checked_group_conditions(wanted.conditions),
        created_at=act.now,
        updated_at=act.now,
    )
    await act.work.door_groups.add(group)
    await act.record(
        "door_group.added", site_id=group.site_id, detail={"door_group": group.id, "name": group.name}
    )
    return group
