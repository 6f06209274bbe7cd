"""What a door asks of everybody, and a door group of those who come through it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from rekey.domain.access import DoorRecord, decide
from rekey.domain.calendar import Consequence, SingleEvent
from rekey.domain.circumstances import AT_READER, UNPROVED, Circumstances, Location, Means
from rekey.domain.conditions import DoorConditions, GroupConditions, UsageWindow, is_permitted, read_network
from rekey.domain.decision import Denied, DenyReason, Granted
from rekey.domain.door_terms import terms_allow, terms_of
from rekey.domain.estate import DoorSettings
from rekey.domain.role import Role
from rekey.domain.schedule import Weekday, WeeklyWindow
from rekey.domain.scope import Scope
from tests.unit.domain.builders import (
    AT_DOOR,
    AT_GROUP,
    AT_ORGANIZATION,
    AT_SITE,
    NOON,
    ada,
    front_door,
    grant,
    revocation,
)
from tests.unit.domain.test_calendar import rule, weekly

HOUR = timedelta(hours=1)
HERE = Location(51.5007, -0.1246)
NEARBY = Location(51.5010, -0.1246)
FAR_OFF = Location(51.5094, -0.1183)
PROVED = Circumstances(
    address="10.1.2.3", location=NEARBY, at_reader=True, primary_login=True, managed_login=True
)
NOW_ONLY = SingleEvent(NOON, NOON + HOUR)


def asking(**asked: Any) -> DoorRecord:
    return front_door(settings=DoorSettings(conditions=DoorConditions(**asked)), location=HERE)


def grouped(asked: Mapping[str, Any], **changes: Any) -> DoorRecord:
    conditions = {"entrances": GroupConditions(**asked)}
    return front_door(group_conditions=conditions, location=HERE, **changes)


def why_not(door: DoorRecord, given: Circumstances = UNPROVED, *grants: Any) -> DenyReason | None:
    decision = decide(ada(*(grants or (grant(),))), door, NOON, circumstances=given)
    return decision.reason if isinstance(decision, Denied) else None


DOOR_ASKS = [
    ({"permitted_addresses": ("10.0.0.0/8",)}, {"address": "192.0.2.1"}, DenyReason.ADDRESS_NOT_PERMITTED),
    ({"permitted_addresses": ("10.0.0.0/8",)}, {"address": None}, DenyReason.ADDRESS_NOT_PERMITTED),
    ({"geofence_radius": 300}, {"location": FAR_OFF}, DenyReason.TOO_FAR),
    ({"geofence_radius": 300}, {"location": None}, DenyReason.LOCATION_NOT_PROVED),
    ({"proximity": True}, {"at_reader": False}, DenyReason.PROXIMITY_NOT_PROVED),
]


@pytest.mark.parametrize(("asked", "lacking", "reason"), DOOR_ASKS)
def test_what_a_door_asks_must_be_proved(asked: Any, lacking: Any, reason: DenyReason) -> None:
    assert why_not(asking(**asked), PROVED) is None
    assert why_not(asking(**asked), replace(PROVED, **lacking)) is reason


@pytest.mark.parametrize(("asked", "lacking", "reason"), DOOR_ASKS)
def test_a_door_spares_not_even_the_owner(asked: Any, lacking: Any, reason: DenyReason) -> None:
    everywhere = grant(scope=AT_ORGANIZATION, role=Role.OWNER)
    assert why_not(asking(**asked), replace(PROVED, **lacking), everywhere) is reason


@pytest.mark.parametrize("asked", [asked for asked, _, _ in DOOR_ASKS])
def test_who_stands_at_the_reader_need_prove_nothing_but_the_hour(asked: Any) -> None:
    assert why_not(asking(**asked), AT_READER) is None


@pytest.mark.parametrize("asked", [{"geofence_radius": 1}, {"proximity": True}])
def test_a_link_need_not_prove_where_it_is(asked: Any) -> None:
    assert why_not(asking(**asked), Circumstances(means=Means.LINK)) is None
    assert why_not(grouped(asked), Circumstances(means=Means.LINK), grant(scope=AT_GROUP)) is None


def test_a_geofence_around_a_door_that_is_nowhere_lets_nobody_in() -> None:
    door = replace(asking(geofence_radius=300), location=None)
    assert why_not(door, PROVED) is DenyReason.DOOR_LOCATION_UNKNOWN


def test_the_denial_names_the_door_that_asked() -> None:
    decision = decide(ada(grant()), asking(proximity=True), NOON)
    assert decision == Denied(DenyReason.PROXIMITY_NOT_PROVED, AT_DOOR.id)


def test_a_usage_window_counts_by_its_own_zone() -> None:
    office = WeeklyWindow(frozenset(Weekday), NOON.time(), (NOON + HOUR).time())
    assert why_not(asking(usage_windows=(UsageWindow(office, "UTC"),))) is None
    assert (
        why_not(asking(usage_windows=(UsageWindow(office, "Asia/Tokyo"),))) is DenyReason.OUTSIDE_USAGE_HOURS
    )


def test_one_usage_window_that_holds_is_enough() -> None:
    office = WeeklyWindow(frozenset(Weekday), NOON.time(), (NOON + HOUR).time())
    windows = (UsageWindow(office, "Asia/Tokyo"), UsageWindow(office, "UTC"))
    assert why_not(asking(usage_windows=windows)) is None


def test_allowed_hours_bind_at_the_reader_too() -> None:
    door = asking(allowed_hours=True)
    assert why_not(door, AT_READER) is DenyReason.OUTSIDE_ALLOWED_HOURS
    open_now = replace(door, calendar=(rule(NOW_ONLY, subject=AT_DOOR),))
    assert why_not(open_now, AT_READER) is None


def test_a_calendar_asks_nothing_of_a_door_that_does_not_keep_it() -> None:
    later = SingleEvent(NOON + HOUR, NOON + 2 * HOUR)
    assert why_not(replace(asking(), calendar=(rule(later, subject=AT_DOOR),))) is None


def test_rules_of_another_consequence_allow_nothing() -> None:
    unlock = rule(NOW_ONLY, subject=AT_DOOR, consequence=Consequence.UNLOCK)
    door = replace(asking(allowed_hours=True), calendar=(unlock,))
    assert why_not(door) is DenyReason.OUTSIDE_ALLOWED_HOURS


GROUP_ASKS: list[tuple[dict[str, Any], dict[str, Any], DenyReason]] = [
    ({"app_allowed": False}, {"means": Means.APP}, DenyReason.APP_NOT_ALLOWED),
    ({"tap_only": True}, {"means": Means.APP}, DenyReason.TAP_REQUIRED),
    ({"primary_login": True}, {"primary_login": False}, DenyReason.NOT_PRIMARY_LOGIN),
    ({"managed_login": True}, {"managed_login": False}, DenyReason.NOT_MANAGED_LOGIN),
    ({"geofence_radius": 300}, {"location": FAR_OFF}, DenyReason.TOO_FAR),
    ({"proximity": True}, {"at_reader": False}, DenyReason.PROXIMITY_NOT_PROVED),
    ({"allowed_hours": True}, {}, DenyReason.OUTSIDE_ALLOWED_HOURS),
]


@pytest.mark.parametrize(("asked", "lacking", "reason"), GROUP_ASKS)
def test_what_a_group_asks_binds_the_path_through_it(asked: Any, lacking: Any, reason: DenyReason) -> None:
    decision = decide(
        ada(grant(scope=AT_GROUP)), grouped(asked), NOON, circumstances=replace(PROVED, **lacking)
    )
    assert decision == Denied(reason, "entrances")


@pytest.mark.parametrize(("asked", "lacking", "reason"), GROUP_ASKS)
def test_a_path_beside_the_group_is_not_bound_by_it(asked: Any, lacking: Any, reason: DenyReason) -> None:
    beside = grant(scope=AT_SITE, role=Role.ADMINISTRATOR)
    given = replace(PROVED, **lacking)
    assert why_not(grouped(asked), given, grant(scope=AT_GROUP), beside) is None
    assert why_not(grouped(asked), given, grant(scope=AT_GROUP)) is reason


@pytest.mark.parametrize("asked", [asked for asked, _, _ in GROUP_ASKS if "allowed_hours" not in asked])
def test_a_tap_at_the_reader_meets_what_a_group_asks(asked: Any) -> None:
    assert why_not(grouped(asked), AT_READER, grant(scope=AT_GROUP)) is None


def test_of_several_groups_one_that_lets_in_is_enough() -> None:
    conditions = {"entrances": GroupConditions(tap_only=True), "hall": GroupConditions()}
    door = front_door(group_ids=frozenset(conditions), group_conditions=conditions)
    through_hall = grant(scope=Scope.door_group("hall"))
    assert why_not(door, UNPROVED, grant(scope=AT_GROUP), through_hall) is None


def test_the_calendar_of_one_group_is_none_of_another() -> None:
    door = grouped({"allowed_hours": True}, calendar=(rule(NOW_ONLY, subject=Scope.door_group("hall")),))
    assert why_not(door, AT_READER, grant(scope=AT_GROUP)) is DenyReason.OUTSIDE_ALLOWED_HOURS


def test_a_condition_of_a_group_is_further_on_than_a_revocation() -> None:
    holder = ada(grant(1), grant(7, scope=AT_GROUP), revocations=(revocation(5),))
    decision = decide(holder, grouped({"tap_only": True}), NOON)
    assert decision == Denied(DenyReason.TAP_REQUIRED, "entrances")


@pytest.mark.parametrize(
    ("address", "permitted", "let_in"),
    [
        ("192.0.2.7", "192.0.2.7", True),
        ("::ffff:192.0.2.7", "192.0.2.0/24", True),
        ("192.0.2.7", "::ffff:192.0.2.0/120", True),
        ("2001:db8::1", "2001:DB8::/32", True),
        ("fe80::1%eth0", "fe80::/10", True),
        ("192.0.2.7", "2001:db8::/32", False),
        ("192.0.2.7", "nonsense", False),
        ("nonsense", "0.0.0.0/0", False),
        (None, "::/0", False),
    ],
)
def test_addresses_are_compared_as_addresses(address: str | None, permitted: str, let_in: bool) -> None:
    assert is_permitted(address, (permitted,)) is let_in


def test_a_network_with_the_bits_of_a_host_is_refused() -> None:
    with pytest.raises(ValueError, match="host bits"):
        read_network("10.0.0.1/8")


def test_the_distance_is_that_over_the_ground() -> None:
    berlin, paris = Location(52.52, 13.405), Location(48.8566, 2.3522)
    assert berlin.metres_to(paris) == pytest.approx(877_460, rel=0.001)
    assert berlin.metres_to(berlin) == 0


@pytest.mark.parametrize("place", [(91, 0), (0, -181), (float("nan"), 0), (0, float("inf"))])
def test_what_lies_off_the_earth_is_no_location(place: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="a location lies"):
        Location(*place)


def test_a_door_that_judges_alone_keeps_its_hours() -> None:
    door = replace(asking(allowed_hours=True), calendar=(rule(weekly("14:00", "15:00"), subject=AT_DOOR),))
    terms = terms_of(ada(grant()), door)
    assert terms is not None
    assert terms_allow(terms, NOON, door.zone) is isinstance(
        decide(ada(grant()), door, NOON, circumstances=AT_READER), Granted
    )
    assert terms_allow(terms, NOON + 6 * HOUR, door.zone) is False


def test_a_door_that_never_opens_is_told_of_nobody() -> None:
    assert terms_of(ada(grant()), asking(allowed_hours=True)) is None


def test_what_only_an_app_must_prove_is_not_in_a_doors_terms() -> None:
    plain = terms_of(ada(grant()), front_door())
    assert terms_of(ada(grant()), asking(proximity=True, permitted_addresses=("10.0.0.1",))) == plain
