"""The core rule, steps 4 and 5: a revocation holds until an act that names the person outranks it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from rekey.domain.access import HolderRecord, decide
from rekey.domain.decision import Denied, DenyReason, Granted
from rekey.domain.role import Role
from rekey.domain.scope import Scope
from rekey.domain.validity import Validity
from tests.unit.domain.builders import (
    AT_DOOR,
    AT_GROUP,
    AT_ORGANIZATION,
    AT_SITE,
    NOON,
    ada,
    front_door,
    grant,
    membership,
    revocation,
    team_grant,
)

EVERY_SCOPE = [AT_DOOR, AT_GROUP, AT_SITE, AT_ORGANIZATION]
REVOKED = Denied(DenyReason.REVOKED, "revocation 5")


def opens(holder: HolderRecord) -> bool:
    return isinstance(decide(holder, front_door(), NOON), Granted)


@pytest.mark.parametrize("revoked_at", EVERY_SCOPE, ids=lambda s: s.kind.value)
@pytest.mark.parametrize("granted_at", EVERY_SCOPE, ids=lambda s: s.kind.value)
def test_revocation_silences_older_grants_of_every_width(granted_at: Scope, revoked_at: Scope) -> None:
    holder = ada(grant(4, scope=granted_at), revocations=(revocation(5, revoked_at),))
    assert decide(holder, front_door(), NOON) == REVOKED


def test_revocation_elsewhere_leaves_this_door() -> None:
    assert opens(ada(grant(4, scope=AT_SITE), revocations=(revocation(5, Scope.door("back door")),)))


def test_new_grant_to_the_person_opens_again() -> None:
    assert opens(ada(grant(4), grant(6), revocations=(revocation(5),)))


def test_grant_at_the_revocation_s_own_position_is_not_newer() -> None:
    assert decide(ada(grant(5), revocations=(revocation(5),)), front_door(), NOON) == REVOKED


def test_path_must_be_newer_than_every_revocation() -> None:
    assert not opens(ada(grant(6), revocations=(revocation(5), revocation(7, AT_SITE))))


def test_revocation_silences_the_path_through_a_team() -> None:
    holder = ada(team_grant(4), memberships=(membership(3),), revocations=(revocation(5),))
    assert decide(holder, front_door(), NOON) == REVOKED


def test_new_grant_to_a_team_does_not_bring_the_person_back() -> None:
    holder = ada(team_grant(6), memberships=(membership(3),), revocations=(revocation(5),))
    assert decide(holder, front_door(), NOON) == REVOKED


def test_new_membership_names_the_person_and_opens_again() -> None:
    assert opens(ada(team_grant(4), memberships=(membership(6),), revocations=(revocation(5),)))


def test_door_that_joins_a_group_does_not_bring_the_person_back() -> None:
    holder = ada(grant(4, scope=AT_GROUP), revocations=(revocation(5),))
    outside = decide(holder, front_door(group_ids=frozenset()), NOON)
    assert (outside, decide(holder, front_door(), NOON)) == (Denied(DenyReason.NO_GRANT), REVOKED)


def test_revocation_of_a_group_silences_doors_that_join_it_later() -> None:
    assert not opens(ada(grant(4), revocations=(revocation(5, AT_GROUP),)))


def test_grant_that_starts_later_stays_silenced_when_its_time_comes() -> None:
    tomorrow = NOON + timedelta(days=1)
    holder = ada(grant(4, validity=Validity(tomorrow)), revocations=(revocation(5),))
    assert decide(holder, front_door(), tomorrow + timedelta(seconds=1)) == REVOKED


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.OWNER])
def test_high_role_is_silenced_like_any_other(role: Role) -> None:
    assert not opens(ada(grant(4, scope=AT_ORGANIZATION, role=role), revocations=(revocation(5),)))


def test_grant_by_an_automation_never_outranks_an_operator_s_revocation() -> None:
    assert (
        decide(ada(grant(6, by_automation=True), revocations=(revocation(5),)), front_door(), NOON) == REVOKED
    )


def test_membership_by_an_automation_never_outranks_an_operator_s_revocation() -> None:
    joined = membership(6, by_automation=True)
    assert not opens(ada(team_grant(4), memberships=(joined,), revocations=(revocation(5),)))


def test_who_made_the_team_s_grant_does_not_matter_to_the_membership() -> None:
    holder = ada(
        team_grant(4, by_automation=True), memberships=(membership(6),), revocations=(revocation(5),)
    )
    assert opens(holder)


def test_automation_outranks_an_automation_s_older_revocation() -> None:
    holder = ada(grant(6, by_automation=True), revocations=(revocation(5, by_automation=True),))
    assert opens(holder)


def test_operator_outranks_an_automation_s_older_revocation() -> None:
    assert opens(ada(grant(6), revocations=(revocation(5, by_automation=True),)))


def test_adding_any_older_path_after_a_revocation_changes_nothing() -> None:
    silenced = ada(revocations=(revocation(5),), memberships=(membership(3),))
    for scope in EVERY_SCOPE:
        silenced = replace(
            silenced, grants=(*silenced.grants, grant(4, scope=scope), team_grant(9, scope=scope))
        )
        assert decide(silenced, front_door(), NOON) == REVOKED
