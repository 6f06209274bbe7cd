"""An edit that widens a grant names the person anew; one that narrows it does not."""

from datetime import time, timedelta

import pytest

from rekey.domain.grant import Grant
from rekey.domain.ids import ScheduleId
from rekey.domain.role import Role
from rekey.domain.schedule import Schedule, Weekday, WeeklyWindow
from rekey.domain.validity import ALWAYS, Validity
from tests.unit.domain.builders import NOON, grant

HOUR = timedelta(hours=1)
ONE_HOUR = Validity(NOON, NOON + HOUR)


def hours(start: int, end: int) -> Schedule:
    window = WeeklyWindow(frozenset(Weekday), time(start), time(end))
    return Schedule(id=ScheduleId(f"{start} to {end}"), name="hours", windows=(window,))


def is_widened(
    old: Grant, *, role: Role = Role.BASIC, validity: Validity = ALWAYS, schedule: Schedule | None = None
) -> bool:
    return old.is_widened_by(role=role, validity=validity, schedule=schedule)


def test_same_terms_widen_nothing() -> None:
    old = grant(validity=ONE_HOUR, schedule=hours(9, 17))
    assert not is_widened(old, validity=ONE_HOUR, schedule=hours(9, 17))


@pytest.mark.parametrize(
    "validity",
    [
        Validity(NOON - HOUR, NOON + HOUR),
        Validity(NOON, NOON + 2 * HOUR),
        Validity(NOON + HOUR, NOON + 2 * HOUR),
        Validity(NOON),
        ALWAYS,
    ],
)
def test_any_new_instant_of_validity_widens(validity: Validity) -> None:
    assert is_widened(grant(validity=ONE_HOUR), validity=validity)


def test_shorter_validity_narrows() -> None:
    assert not is_widened(grant(validity=ONE_HOUR), validity=Validity(NOON, NOON + HOUR / 2))


def test_taking_the_hours_off_widens() -> None:
    assert is_widened(grant(schedule=hours(9, 17)))


def test_putting_hours_on_narrows() -> None:
    assert not is_widened(grant(), schedule=hours(9, 17))


@pytest.mark.parametrize(("start", "end", "wider"), [(8, 17, True), (9, 18, True), (10, 16, False)])
def test_hours_widen_exactly_if_they_hold_a_new_minute(start: int, end: int, wider: bool) -> None:
    assert is_widened(grant(schedule=hours(9, 17)), schedule=hours(start, end)) is wider


def test_role_that_opens_doors_widens_one_that_does_not() -> None:
    assert is_widened(grant(role=Role.OBSERVER), role=Role.BASIC)


@pytest.mark.parametrize(
    ("old", "new"),
    [(Role.BASIC, Role.MANAGER), (Role.BASIC, Role.OBSERVER), (Role.ADMINISTRATOR, Role.OWNER)],
)
def test_promotion_widens(old: Role, new: Role) -> None:
    assert is_widened(grant(role=old), role=new)


def test_demotion_narrows() -> None:
    assert not is_widened(grant(role=Role.ADMINISTRATOR), role=Role.BASIC)


def test_demotion_with_a_longer_validity_widens() -> None:
    assert is_widened(grant(role=Role.ADMINISTRATOR, validity=ONE_HOUR), role=Role.BASIC)
