"""Kisi's role ids against the core's roles at scopes; total over what a role fits (a test walks it)."""

from collections.abc import Mapping
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

# What each key of the contract's permission table needs here. A thing that this server does not have keeps
# the permission that its kind would need, so that every key is always there.
_ORGANIZATION = (Permission.ORGANIZATION_READ, Permission.ORGANIZATION_WRITE)
_ESTATE = (Permission.ESTATE_READ, Permission.ESTATE_WRITE)
_PEOPLE = (Permission.PEOPLE_READ, Permission.PEOPLE_WRITE)
_GRANTS = (Permission.GRANTS_READ, Permission.GRANTS_WRITE)
_JOURNAL = (Permission.JOURNAL_READ, Permission.ORGANIZATION_WRITE)
_OPERATORS = (Permission.OPERATORS_WRITE, Permission.OPERATORS_WRITE)
_READ_AND_WRITE: Mapping[tuple[Permission, Permission], str] = {
    _GRANTS: "access_keys group_links role_assignments shares",
    _PEOPLE: (
        "apple_passes card_assignments cards csv_card_import csv_user_import guests scanned_card teams users"
    ),
    (Permission.PEOPLE_READ, Permission.GRANTS_WRITE): "team_memberships",
    _ESTATE: (
        "amenities bookings camera_snapshots cameras capacities elevator_stops elevators floors "
        "group_elevator_stops group_locks group_terminals group_zones groups hardware "
        "third_party_hf_uid_read_configurations intercom_assignment kiosk_shortcuts locks mobile_cache_policies "
        "places schedules terminals zones"
    ),
    _JOURNAL: "incident_policies incidents reports scheduled_report",
    _OPERATORS: "logins managed_devices",
    _ORGANIZATION: (
        "communication_policies custom_roles event_retention_policies integrations marketplace_app_shares "
        "marketplace_installations marketplace_shortcuts visualization_page_reporters visualization_page_shares"
    ),
}
_READ_ONLY: Mapping[Permission, str] = {
    Permission.JOURNAL_READ: "analytics camera_snapshot_sets events incident_occurrences",
    Permission.ESTATE_READ: "intercom_completed_call_stream place_dashboard",
    Permission.ORGANIZATION_READ: "dashboards subscriptions",
}
_WRITE_ONLY: Mapping[Permission, str] = {Permission.GRANTS_WRITE: "invites"}
_VERBS: Mapping[Permission, str] = {
    Permission.PEOPLE_WRITE: "cards_activate",
    Permission.DOORS_CONTROL: "elevator_stops_permit terminals_trigger zones_override zones_reset",
}
# What of all this a role can mean below the organization: there are no people, teams, cards or accounts of a place.
_AT_GROUP = (
    f"{_READ_AND_WRITE[_GRANTS]} invites groups group_elevator_stops group_locks group_terminals group_zones "
    "schedules elevator_stops_permit zones_override zones_reset users_read"
)
_MEANT: Mapping[ScopeKind, frozenset[str]] = {
    ScopeKind.DOOR_GROUP: frozenset(_AT_GROUP.split()),
    ScopeKind.SITE: frozenset(
        f"{_AT_GROUP} {_READ_AND_WRITE[_ESTATE]} place_dashboard terminals_trigger".split()
    ),
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
        "permissions": permissions_of(role.role, role.scope_kind),
        "custom_role_id": None,
    }


def permissions_of(role: Role, at: ScopeKind = ScopeKind.ORGANIZATION) -> dict[str, bool]:
    """Give every permission key of the contract, and whether the role has it when it is held there."""
    held = ROLES[role].permissions
    keys: dict[str, bool] = {}
    for (reads, writes), names in _READ_AND_WRITE.items():
        for name in names.split():
            keys |= {f"{name}_read": reads in held, f"{name}_write": writes in held}
    for table, suffix in ((_READ_ONLY, "_read"), (_WRITE_ONLY, "_write"), (_VERBS, "")):
        keys |= {name + suffix: wanted in held for wanted, names in table.items() for name in names.split()}
    kept = {key: has and _is_meant(key, at) for key, has in keys.items()}
    return dict(sorted((kept | {"locks_unlock": ROLES[role].passes}).items()))


def _is_meant(key: str, at: ScopeKind) -> bool:
    meant = _MEANT.get(at)
    return meant is None or key in meant or key.removesuffix("_read").removesuffix("_write") in meant
