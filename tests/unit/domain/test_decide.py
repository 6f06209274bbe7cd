"""The core rule, steps 1 to 3: what is known, what is blocked, which paths count."""

from datetime import datetime, time, timedelta

import pytest

from rekey.domain.access import Presented, decide
from rekey.domain.block import BlockCause, SubjectKind
from rekey.domain.credential import CredentialState
from rekey.domain.decision import Denied, DenyReason, Granted
from rekey.domain.grant import Holder
from rekey.domain.ids import OrganizationId, ScheduleId
from rekey.domain.role import ROLES, Role
from rekey.domain.schedule import Schedule, Weekday, WeeklyWindow
from rekey.domain.scope import Scope
from rekey.domain.validity import Validity
from tests.unit.domain.builders import (
    AT_DOOR,
    AT_GROUP,
    AT_ORGANIZATION,
    AT_SITE,
    DOOR,
    NOON,
    ORGANIZATION,
    PERSON,
    SITE,
    TEAM,
    ada,
    block,
    card,
    enrolment,
    front_door,
    grant,
    membership,
    team_grant,
)

HOUR = timedelta(hours=1)
PAST, FUTURE = Validity(None, NOON), Validity(NOON + HOUR)


def test_person_with_a_grant_at_the_door_may_open_it() -> None:
    decision = decide(ada(grant()), front_door(), NOON)
    assert isinstance(decision, Granted)
    assert decision.path.grant == grant()


def test_person_without_any_grant_may_not() -> None:
    assert decide(ada(), front_door(), NOON) == Denied(DenyReason.NO_GRANT)


def test_unknown_person_may_not() -> None:
    assert decide(None, front_door(), NOON) == Denied(DenyReason.PERSON_UNKNOWN)


def test_unknown_door_opens_to_nobody() -> None:
    assert decide(ada(grant()), None, NOON) == Denied(DenyReason.DOOR_UNKNOWN)


def test_door_of_another_organization_looks_unknown() -> None:
    foreign = front_door(organization_id=OrganizationId("other"))
    assert decide(ada(grant()), foreign, NOON) == Denied(DenyReason.DOOR_UNKNOWN)


def test_naive_instant_is_refused_and_never_guessed() -> None:
    with pytest.raises(TypeError, match="zone"):
        decide(ada(grant()), front_door(), datetime(2026, 6, 11, 12))  # noqa: DTZ001  # the point of the test


def test_unknown_credential_opens_nothing_whoever_holds_it() -> None:
    decision = decide(ada(grant()), front_door(), NOON, Presented(None))
    assert decision == Denied(DenyReason.CREDENTIAL_UNKNOWN)


@pytest.mark.parametrize("state", [CredentialState.SUSPENDED, CredentialState.ENDED])
def test_credential_that_is_not_active_opens_nothing(state: CredentialState) -> None:
    decision = decide(ada(grant()), front_door(), NOON, card(state=state))
    assert decision == Denied(DenyReason.CREDENTIAL_ENDED, "card")


@pytest.mark.parametrize(
    ("validity", "reason"),
    [(PAST, DenyReason.CREDENTIAL_EXPIRED), (FUTURE, DenyReason.CREDENTIAL_NOT_YET_VALID)],
)
def test_credential_outside_its_own_validity_opens_nothing(validity: Validity, reason: DenyReason) -> None:
    assert decide(ada(grant()), front_door(), NOON, card(validity=validity)) == Denied(reason, "card")


def test_active_credential_of_a_person_with_a_grant_opens() -> None:
    assert isinstance(decide(ada(grant()), front_door(), NOON, card()), Granted)


@pytest.mark.parametrize(
    ("kind", "subject"),
    [(SubjectKind.ORGANIZATION, ORGANIZATION), (SubjectKind.SITE, SITE), (SubjectKind.DOOR, DOOR)],
)
def test_block_around_the_door_beats_every_grant(kind: SubjectKind, subject: str) -> None:
    blocked = front_door(blocks=(block(kind, subject),))
    assert decide(ada(grant()), blocked, NOON) == Denied(DenyReason.BLOCKED, f"operator block on {subject}")


def test_block_on_the_person_beats_every_grant() -> None:
    suspended = ada(grant(), blocks=(block(SubjectKind.PERSON, PERSON),))
    assert decide(suspended, front_door(), NOON) == Denied(DenyReason.BLOCKED, "operator block on ada")


@pytest.mark.parametrize("cause", [cause for cause in BlockCause if cause is not BlockCause.LOCKDOWN])
def test_one_source_of_a_block_left_standing_is_enough(cause: BlockCause) -> None:
    suspended = ada(grant(), blocks=(block(SubjectKind.PERSON, PERSON, cause=cause),))
    assert decide(suspended, front_door(), NOON) == Denied(DenyReason.BLOCKED, f"{cause.value} block on ada")


def test_lockdown_has_a_reason_of_its_own() -> None:
    locked_down = front_door(blocks=(block(SubjectKind.SITE, SITE, cause=BlockCause.LOCKDOWN),))
    decision = decide(ada(grant()), locked_down, NOON)
    assert decision == Denied(DenyReason.LOCKED_DOWN, "lockdown block on berlin")


def test_block_is_told_before_a_lockdown_wherever_each_stands() -> None:
    locked_down = front_door(blocks=(block(SubjectKind.DOOR, DOOR, cause=BlockCause.LOCKDOWN),))
    suspended = ada(grant(), blocks=(block(SubjectKind.PERSON, PERSON),))
    assert decide(suspended, locked_down, NOON) == Denied(DenyReason.BLOCKED, "operator block on ada")


def test_block_stands_until_its_end_and_not_at_it() -> None:
    suspended = ada(grant(), blocks=(block(SubjectKind.PERSON, PERSON, until=NOON),))
    before = decide(suspended, front_door(), NOON - timedelta(microseconds=1))
    assert isinstance(before, Denied)
    assert isinstance(decide(suspended, front_door(), NOON), Granted)


def test_block_on_the_enrolment_at_the_door_s_site_counts() -> None:
    place = enrolment()
    blocked = ada(grant(), enrolments=(place,), blocks=(block(SubjectKind.ENROLMENT, place.id),))
    assert isinstance(decide(blocked, front_door(), NOON), Denied)


def test_block_on_the_enrolment_at_another_site_does_not_count() -> None:
    place = enrolment("hamburg")
    blocked = ada(grant(), enrolments=(place,), blocks=(block(SubjectKind.ENROLMENT, place.id),))
    assert isinstance(decide(blocked, front_door(), NOON), Granted)


def test_block_on_the_presented_credential_counts() -> None:
    blocked = ada(grant(), blocks=(block(SubjectKind.CREDENTIAL, "card"),))
    assert decide(blocked, front_door(), NOON, card()) == Denied(DenyReason.BLOCKED, "operator block on card")


def test_block_on_a_credential_that_was_not_presented_does_not_count() -> None:
    blocked = ada(grant(), blocks=(block(SubjectKind.CREDENTIAL, "other card"),))
    assert isinstance(decide(blocked, front_door(), NOON, card()), Granted)


def test_block_on_a_team_shuts_the_paths_through_it() -> None:
    blocked = ada(team_grant(), memberships=(membership(),), blocks=(block(SubjectKind.TEAM, TEAM),))
    assert decide(blocked, front_door(), NOON) == Denied(
        DenyReason.TEAM_BLOCKED, "operator block on cleaners"
    )


def test_block_on_a_team_leaves_the_person_s_own_grant() -> None:
    blocked = ada(
        team_grant(2), grant(1), memberships=(membership(2),), blocks=(block(SubjectKind.TEAM, TEAM),)
    )
    assert decide(blocked, front_door(), NOON) == decide(ada(grant(1)), front_door(), NOON)


def test_enrolment_outside_its_validity_shuts_its_site() -> None:
    left = ada(grant(), enrolments=(enrolment(validity=PAST),))
    decision = decide(left, front_door(), NOON)
    assert decision == Denied(DenyReason.ENROLMENT_INACTIVE, "enrolment at berlin")


def test_enrolment_outside_its_validity_leaves_other_sites() -> None:
    left = ada(grant(), enrolments=(enrolment("hamburg", PAST),))
    assert isinstance(decide(left, front_door(), NOON), Granted)


@pytest.mark.parametrize("scope", [AT_DOOR, AT_GROUP, AT_SITE, AT_ORGANIZATION], ids=lambda s: s.kind.value)
def test_grant_counts_at_every_scope_that_holds_the_door(scope: Scope) -> None:
    assert isinstance(decide(ada(grant(scope=scope)), front_door(), NOON), Granted)


@pytest.mark.parametrize(
    "scope",
    [Scope.door("back door"), Scope.door_group("exits"), Scope.site("hamburg"), Scope.organization("other")],
    ids=lambda s: s.kind.value,
)
def test_grant_elsewhere_is_no_grant_here(scope: Scope) -> None:
    assert decide(ada(grant(scope=scope)), front_door(), NOON) == Denied(DenyReason.NO_GRANT)


def test_grant_to_a_team_counts_for_its_members() -> None:
    member = ada(team_grant(), memberships=(membership(),))
    decision = decide(member, front_door(), NOON)
    assert isinstance(decision, Granted)
    assert decision.path.team_id == TEAM


def test_grant_to_a_team_is_nothing_to_others() -> None:
    outsider = ada(team_grant(), memberships=(membership(team="guards"),))
    assert decide(outsider, front_door(), NOON) == Denied(DenyReason.NO_GRANT)


def test_grant_to_another_person_does_not_count_though_a_team_has_that_id() -> None:
    member = ada(grant(holder=Holder.person(TEAM)), memberships=(membership(),))
    assert decide(member, front_door(), NOON) == Denied(DenyReason.NO_GRANT)


@pytest.mark.parametrize("role", Role)
def test_grant_opens_exactly_if_its_role_passes(role: Role) -> None:
    decision = decide(ada(grant(role=role)), front_door(), NOON)
    assert isinstance(decision, Granted) is ROLES[role].passes


def test_grant_that_is_over_has_expired() -> None:
    assert decide(ada(grant(validity=PAST)), front_door(), NOON) == Denied(DenyReason.GRANT_EXPIRED)


def test_grant_that_starts_later_is_not_yet_valid() -> None:
    later = ada(grant(validity=FUTURE))
    assert decide(later, front_door(), NOON) == Denied(DenyReason.GRANT_NOT_YET_VALID)


def test_hours_of_a_grant_are_read_by_the_clock_of_the_site() -> None:
    window = WeeklyWindow(frozenset(Weekday), time(14), time(15))
    hours = Schedule(id=ScheduleId("hours"), name="two to three", windows=(window,))
    holder = ada(grant(schedule=hours))
    # Noon in UTC is two o'clock in Berlin's summer.
    assert isinstance(decide(holder, front_door(), NOON), Granted)
    assert decide(holder, front_door(), NOON + HOUR) == Denied(DenyReason.OUTSIDE_SCHEDULE)


def test_reason_of_the_path_that_got_furthest_is_told() -> None:
    holder = ada(grant(1, validity=FUTURE), grant(2, validity=PAST))
    assert decide(holder, front_door(), NOON) == Denied(DenyReason.GRANT_NOT_YET_VALID)


def test_path_that_was_named_last_is_the_one_told() -> None:
    decision = decide(ada(grant(2), grant(7), grant(5)), front_door(), NOON)
    assert isinstance(decision, Granted)
    assert decision.path.named_at == 7


def test_link_that_stands_for_itself_opens_by_its_own_grant() -> None:
    link = Holder(grant().holder.kind.LINK, "link")
    decision = decide(ada(grant(holder=link), holder=link), front_door(), NOON)
    assert isinstance(decision, Granted)
