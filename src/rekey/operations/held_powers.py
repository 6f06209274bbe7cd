"""Where an operator holds a permission, for lists that show no more than that."""

from dataclasses import dataclass
from datetime import datetime

from rekey.domain.access import paths_of
from rekey.domain.errors import NotAllowed
from rekey.domain.estate import Door, DoorGroup
from rekey.domain.operator import Actor
from rekey.domain.role import ROLES, Permission
from rekey.domain.scope import Scope, ScopeKind
from rekey.operations.authority import require_permission, signed_in
from rekey.ports.listing import WHOLE
from rekey.ports.store import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Powers:
    """Where a permission is held: everywhere, or at these sites, door groups and doors.

    `door_ids` holds the doors of the groups too; a site's own groups and doors are named by the site alone.
    """

    everywhere: bool = False
    site_ids: frozenset[str] = frozenset()
    door_group_ids: frozenset[str] = frozenset()
    door_ids: frozenset[str] = frozenset()

    def reach_site(self, site_id: str | None) -> bool:
        """Say whether a site is reached as a whole; None is no site."""
        return self.everywhere or site_id in self.site_ids

    def reach_group(self, group: DoorGroup) -> bool:
        return self.reach_site(group.site_id) or group.id in self.door_group_ids

    def reach_door(self, door: Door) -> bool:
        return self.reach_site(door.site_id) or door.id in self.door_ids


EVERYWHERE = Powers(everywhere=True)


async def powers_of(view: View, actor: Actor, permission: Permission, now: datetime) -> Powers:
    """Say where the actor holds the permission. Raises: NotSignedIn, NotAllowed where it is held nowhere."""
    try:
        await require_permission(view, actor, permission, Scope.organization(view.organization_id), now=now)
    except NotAllowed as refusal:
        found = await _powers_within(view, actor, permission, now)
        if found == Powers():
            raise refusal
        return found
    return EVERYWHERE


async def scopes_reached(view: View, powers: Powers) -> frozenset[Scope]:
    """Give the sites, the groups of these sites and the further groups and doors at which a grant is in reach."""
    scopes = {Scope.door_group(one) for one in powers.door_group_ids}
    scopes |= {Scope.door(one) for one in powers.door_ids}
    for site_id in powers.site_ids:
        scopes.add(Scope.site(site_id))
        listed = await view.door_groups.list(WHOLE, site_id=site_id)
        scopes |= {Scope.door_group(group.id) for group in listed.items}
    return frozenset(scopes)


async def _powers_within(view: View, actor: Actor, permission: Permission, now: datetime) -> Powers:
    """Ask at each place where the person holds a role with the permission, as an act there would be asked."""
    operator, _key = await signed_in(view, actor, now)
    holder = None if operator.person_id is None else await view.access.holder(operator.person_id)
    if holder is None:
        return Powers()
    scopes = {
        path.grant.scope for path in paths_of(holder) if permission in ROLES[path.grant.role].permissions
    }
    held = [scope for scope in scopes if await _holds(view, actor, permission, scope, now=now)]
    groups = _ids(held, ScopeKind.DOOR_GROUP)
    doors = set(_ids(held, ScopeKind.DOOR))
    for group_id in groups:
        placed = await view.door_groups.places(WHOLE, door_group_id=group_id)
        doors |= {place.door_id for place in placed.items}
    return Powers(
        site_ids=_ids(held, ScopeKind.SITE), door_group_ids=groups, door_ids=frozenset(map(str, doors))
    )


async def _holds(view: View, actor: Actor, permission: Permission, scope: Scope, *, now: datetime) -> bool:
    try:
        await require_permission(view, actor, permission, scope, now=now)
    except NotAllowed:
        return False
    return True


def _ids(scopes: list[Scope], kind: ScopeKind) -> frozenset[str]:
    return frozenset(str(scope.id) for scope in scopes if scope.kind is kind)
