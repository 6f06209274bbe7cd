"""Kisi's role ids against the core's roles at scopes; total over what a role fits (a test walks it)."""

from dataclasses import dataclass

from rekey.domain.role import ROLES, Permission, Role
from rekey.domain.scope import ScopeKind

APPLIES_TO = {
    ScopeKind.DOOR_GROUP: "Group",
    ScopeKind.SITE: "Place",
    ScopeKind.ORGANIZATION: "Organization",
}
SCOPE_KINDS = {name: kind for kind, name in APPLIES_TO.items()}


@dataclass(frozen=True, slots=True)
class KisiRole:
    """A role id, its name on the vendor's screens, and the core's role at a kind of scope."""

    id: str
    name: str
    role: Role
    scope_kind: ScopeKind


KISI_ROLES = (
    KisiRole("group_basic", "Basic", Role.BASIC, ScopeKind.DOOR_GROUP),
    KisiRole("group_manager", "Manager", Role.MANAGER, ScopeKind.DOOR_GROUP),
    KisiRole("group_admin", "Administrator", Role.ADMINISTRATOR, ScopeKind.DOOR_GROUP),
    KisiRole("place_basic", "Door access", Role.BASIC, ScopeKind.SITE),
    KisiRole("place_observer", "Observer", Role.OBSERVER, ScopeKind.SITE),
    KisiRole("place_access_manager", "Access manager", Role.ACCESS_MANAGER, ScopeKind.SITE),
    KisiRole("place_admin", "Administrator", Role.ADMINISTRATOR, ScopeKind.SITE),
    KisiRole("organization_observer", "Observer", Role.OBSERVER, ScopeKind.ORGANIZATION),
    KisiRole("user_manager", "User manager", Role.USER_MANAGER, ScopeKind.ORGANIZATION),
    KisiRole("organization_access_manager", "Access manager", Role.ACCESS_MANAGER, ScopeKind.ORGANIZATION),
    KisiRole("organization_admin", "Administrator", Role.ADMINISTRATOR, ScopeKind.ORGANIZATION),
    KisiRole("organization_owner", "Owner", Role.OWNER, ScopeKind.ORGANIZATION),
)
BY_ID = {role.id: role for role in KISI_ROLES}
BY_MEANING = {(role.role, role.scope_kind): role for role in KISI_ROLES}
NOT_ASSIGNABLE = frozenset({"organization_owner", "group_admin"})

_READS = {
    Permission.ORGANIZATION_READ: ("analytics", "dashboards", "integrations", "subscriptions"),
    Permission.ESTATE_READ: ("places", "locks", "groups", "group_locks", "floors", "elevators", "schedules"),
    Permission.PEOPLE_READ: ("users", "teams", "team_memberships", "cards", "guests"),
    Permission.GRANTS_READ: ("role_assignments", "shares", "group_links", "access_keys"),
    Permission.JOURNAL_READ: ("events", "reports"),
}
_WRITES = {
    Permission.ORGANIZATION_WRITE: ("integrations",),
    Permission.ESTATE_WRITE: ("places", "locks", "groups", "group_locks", "floors", "elevators", "schedules"),
    Permission.PEOPLE_WRITE: ("users", "teams", "team_memberships", "cards", "guests"),
    Permission.GRANTS_WRITE: ("role_assignments", "shares", "group_links", "access_keys"),
    Permission.OPERATORS_WRITE: ("logins",),
}


def show_role(role: KisiRole) -> dict[str, object]:
    """Show a role as `/roles` does."""
    return {
        "id": role.id,
        "resource_type": "Role",
        "applies_to": APPLIES_TO[role.scope_kind],
        "name": role.name,
        "description": None,
        "custom": False,
        "permissions": permissions_of(role.role),
        "custom_role_id": None,
    }


def permissions_of(role: Role) -> dict[str, bool]:
    """Give the permission keys of a role that concern what this server has."""
    held = ROLES[role].permissions
    keys = {f"{name}_read": wanted in held for wanted, names in _READS.items() for name in names}
    keys |= {f"{name}_write": wanted in held for wanted, names in _WRITES.items() for name in names}
    return keys | {"locks_unlock": ROLES[role].passes}
