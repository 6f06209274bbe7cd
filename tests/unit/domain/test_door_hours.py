"""What a door's hours want of it at an instant."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rekey.domain.calendar import AllDay, Consequence, SingleEvent, Weekly
from rekey.domain.door_hours import DoorHours, HoursPlan, HoursRules, plan_hours
from rekey.domain.ids import DoorId
from rekey.domain.schedule import Weekday, WeeklyWindow
from tests.unit.domain.test_calendar import rule

ZONE = ZoneInfo("UTC")
HOUR = timedelta(hours=1)
NINE = datetime(2026, 6, 11, 9, tzinfo=UTC)
FIVE = datetime(2026, 6, 11, 17, tzinfo=UTC)
OFFICE = Weekly(window=WeeklyWindow(frozenset(Weekday), time(9), time(17)))
EARLY = Weekly(window=WeeklyWindow(frozenset(Weekday), time(8), time(10)))
IDLE = DoorHours(door_id=DoorId("front"))


def rules(first_to_arrive: Any = None, **unlock: Any) -> HoursRules:
    waiting = (
        () if first_to_arrive is None else (rule(first_to_arrive, consequence=Consequence.FIRST_TO_ARRIVE),)
    )
    return HoursRules(
        unlock=(rule(OFFICE, consequence=Consequence.UNLOCK, **unlock),), first_to_arrive=waiting, zone=ZONE
    )


def plan(
    now: datetime, hours: DoorHours = IDLE, wanted: HoursRules | None = None, *, shut: bool = False
) -> HoursPlan:
    return plan_hours(hours, wanted or rules(), now, shut=shut)


def test_a_door_is_free_inside_its_hours_and_asks_again_at_their_edges() -> None:
    before, within = plan(NINE - HOUR), plan(NINE)
    assert (before.free, before.ask_again) == (False, NINE)
    assert (within.free, within.free_until, within.ask_again) == (True, FIVE, FIVE)
    assert plan(FIVE).free is False


def test_a_door_that_is_shut_is_never_free() -> None:
    assert plan(NINE, shut=True).free is False


def test_a_door_that_somebody_locked_stays_locked_until_its_hours_are_over() -> None:
    paused = replace(IDLE, paused_until=FIVE)
    assert plan(NINE + HOUR, paused).free is False
    assert plan(NINE + 24 * HOUR, paused).free is True


def test_an_unlock_that_waits_for_the_first_to_arrive_begins_with_the_arrival() -> None:
    wanted = rules(EARLY)
    waiting = plan(NINE, wanted=wanted)
    assert (waiting.free, waiting.arrival_until, waiting.arrived) == (False, NINE + HOUR, False)
    arrived = plan(NINE, replace(IDLE, arrived_at=NINE - HOUR / 2), wanted)
    assert (arrived.free, arrived.arrived) == (True, True)


def test_an_arrival_before_the_span_that_waits_for_it_is_none() -> None:
    assert plan(NINE, replace(IDLE, arrived_at=NINE - 2 * HOUR), rules(EARLY)).free is False


def test_yesterdays_arrival_opens_nothing_today_even_if_waiting_never_ends() -> None:
    always = AllDay(date(2026, 6, 1), date(2026, 6, 30))
    hours = replace(IDLE, arrived_at=NINE - 24 * HOUR)
    assert plan(NINE - 23 * HOUR, hours, rules(always)).free is True
    assert plan(NINE, hours, rules(always)).free is False


def test_when_waiting_is_over_the_unlock_begins_without_anybody() -> None:
    assert plan(NINE + HOUR, wanted=rules(EARLY)).free is True


def test_an_unlock_armed_by_hand_waits_for_an_arrival_after_that() -> None:
    armed = replace(IDLE, armed_at=NINE + HOUR, armed_until=FIVE, arrived_at=NINE)
    assert plan(NINE + 2 * HOUR, armed).free is False
    assert plan(NINE + 2 * HOUR, replace(armed, arrived_at=NINE + 2 * HOUR)).free is True


def test_arming_lasts_until_the_span_that_it_was_for_is_over() -> None:
    armed = replace(IDLE, armed_at=NINE + HOUR, armed_until=FIVE)
    assert plan(NINE + 24 * HOUR, armed).free is True


def test_a_calendar_that_asks_for_an_arrival_and_a_hand_that_does_both_count() -> None:
    hours = replace(IDLE, armed_at=NINE, armed_until=FIVE, arrived_at=NINE - HOUR / 2)
    both = plan(NINE + HOUR / 2, hours, rules(EARLY))
    assert (both.free, both.arrival_until, both.arrived) == (False, FIVE, False)


def test_hours_far_ahead_are_looked_at_within_a_week() -> None:
    later = SingleEvent(NINE + 60 * 24 * HOUR, NINE + 61 * 24 * HOUR)
    far = HoursRules(unlock=(rule(later, consequence=Consequence.UNLOCK),), first_to_arrive=(), zone=ZONE)
    assert plan(NINE, wanted=far).ask_again == NINE + timedelta(days=7)
