from itertools import pairwise

import pytest

from rekey.domain.role import EVERY_PERMISSION, ROLES, Permission, Role
from rekey.domain.scope import Scope, ScopeKind
from tests.unit.domain.builders import front_door

MAKERS = {
    ScopeKind.DOOR: Scope.door,
    ScopeKind.DOOR_GROUP: Scope.door_group,
    ScopeKind.SITE: Scope.site,
    ScopeKind.ORGANIZATION: Scope.organization,
}
LADDERS = [
    (Role.BASIC, Role.MANAGER, Role.ADMINISTRATOR),
    (Role.OBSERVER, Role.ACCESS_MANAGER, Role.ADMINISTRATOR, Role.OWNER),
    (Role.USER_MANAGER, Role.ACCESS_MANAGER),
]


def test_every_role_has_its_rule() -> None:
    assert set(ROLES) == set(Role)


@pytest.mark.parametrize("role", Role)
def test_role_fits_some_scope(role: Role) -> None:
    assert ROLES[role].fits


@pytest.mark.parametrize("kind", ScopeKind)
def test_roles_that_meet_at_a_scope_differ_in_rank(kind: ScopeKind) -> None:
    ranks = [rule.rank for rule in ROLES.values() if kind in rule.fits]
    assert len(ranks) == len(set(ranks))


@pytest.mark.parametrize("ladder", LADDERS)
def test_higher_role_of_a_ladder_may_all_that_a_lower_one_may(ladder: tuple[Role, ...]) -> None:
    for lower, higher in pairwise(ROLES[role] for role in ladder):
        assert lower.rank < higher.rank
        assert lower.permissions <= higher.permissions


@pytest.mark.parametrize("role", Role)
def test_role_passes_doors_exactly_if_it_may_open_them(role: Role) -> None:
    assert ROLES[role].passes is (Permission.DOORS_OPEN in ROLES[role].permissions)


def test_owner_may_everything_and_ranks_above_all_others() -> None:
    assert ROLES[Role.OWNER].permissions == EVERY_PERMISSION
    assert max(Role, key=lambda role: ROLES[role].rank) is Role.OWNER


def test_permission_names_are_a_noun_and_a_verb() -> None:
    assert all(permission.value.count("_") == 1 for permission in Permission)


@pytest.mark.parametrize("kind", ScopeKind)
def test_every_kind_of_scope_has_its_maker(kind: ScopeKind) -> None:
    assert MAKERS[kind]("some id") == Scope(kind, "some id")


@pytest.mark.parametrize("kind", ScopeKind)
def test_scope_of_one_kind_never_covers_by_the_id_of_another(kind: ScopeKind) -> None:
    door = front_door()
    ids = {
        ScopeKind.DOOR: door.door_id,
        ScopeKind.DOOR_GROUP: "entrances",
        ScopeKind.SITE: door.site_id,
        ScopeKind.ORGANIZATION: door.organization_id,
    }
    covered = {other for other, id_ in ids.items() if door.is_covered_by(Scope(kind, id_))}
    assert covered == {kind}


def test_a_user_manager_reads_neither_doors_nor_rights_nor_the_journal() -> None:
    hidden = {Permission.ESTATE_READ, Permission.GRANTS_READ, Permission.JOURNAL_READ}
    assert not hidden & ROLES[Role.USER_MANAGER].permissions
