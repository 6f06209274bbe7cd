"""Roles and what they allow; a role is held through a grant at a scope."""

from dataclasses import dataclass
from enum import StrEnum

from rekey.domain.scope import ScopeKind


class Permission(StrEnum):
    """What an operator may do, named `<noun>_<verb>`; append only, because keys store these names."""

    ORGANIZATION_READ = "organization_read"
    ORGANIZATION_WRITE = "organization_write"
    ESTATE_READ = "estate_read"
    ESTATE_WRITE = "estate_write"
    PEOPLE_READ = "people_read"
    PEOPLE_WRITE = "people_write"
    GRANTS_READ = "grants_read"
    GRANTS_WRITE = "grants_write"
    DOORS_OPEN = "doors_open"
    DOORS_CONTROL = "doors_control"
    OPERATORS_WRITE = "operators_write"
    JOURNAL_READ = "journal_read"


class Role(StrEnum):
    """Names of roles; which scopes each fits is in `ROLES`."""

    BASIC = "basic"
    MANAGER = "manager"
    OBSERVER = "observer"
    USER_MANAGER = "user_manager"
    ACCESS_MANAGER = "access_manager"
    ADMINISTRATOR = "administrator"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class RoleRule:
    """What a role means: whether it opens doors, what else it allows, where it fits, how high it ranks."""

    passes: bool
    permissions: frozenset[Permission]
    fits: frozenset[ScopeKind]
    rank: int


_READS = frozenset(
    {
        Permission.ORGANIZATION_READ,
        Permission.ESTATE_READ,
        Permission.PEOPLE_READ,
        Permission.GRANTS_READ,
        Permission.JOURNAL_READ,
    }
)
# People and what they carry, but neither doors nor rights, nor the journal that tells of both.
_MANAGES_PEOPLE = frozenset({Permission.ORGANIZATION_READ, Permission.PEOPLE_READ, Permission.PEOPLE_WRITE})
_MANAGES_GRANTS = _READS | {Permission.GRANTS_WRITE, Permission.PEOPLE_WRITE, Permission.DOORS_OPEN}
_ADMINISTERS = _MANAGES_GRANTS | {Permission.ESTATE_WRITE, Permission.DOORS_CONTROL}
_EVERY_SCOPE = frozenset(ScopeKind)
_WIDE = frozenset({ScopeKind.SITE, ScopeKind.ORGANIZATION})
_WHOLE = frozenset({ScopeKind.ORGANIZATION})

ROLES: dict[Role, RoleRule] = {
    Role.BASIC: RoleRule(True, frozenset({Permission.DOORS_OPEN}), _EVERY_SCOPE - _WHOLE, 0),
    Role.MANAGER: RoleRule(
        True,
        frozenset({Permission.DOORS_OPEN, Permission.GRANTS_READ, Permission.GRANTS_WRITE}),
        frozenset({ScopeKind.DOOR, ScopeKind.DOOR_GROUP}),
        1,
    ),
    Role.OBSERVER: RoleRule(False, _READS, _WIDE, 1),
    Role.USER_MANAGER: RoleRule(False, _MANAGES_PEOPLE, _WHOLE, 2),
    Role.ACCESS_MANAGER: RoleRule(True, _MANAGES_GRANTS, _WIDE, 3),
    Role.ADMINISTRATOR: RoleRule(
        True, _ADMINISTERS | {Permission.ORGANIZATION_WRITE, Permission.OPERATORS_WRITE}, _EVERY_SCOPE, 4
    ),
    Role.OWNER: RoleRule(True, frozenset(Permission), _WHOLE, 5),
}
EVERY_PERMISSION = frozenset(Permission)
