"""Calendars: what counts when, by whose clock, and what is taken away."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rekey.domain.calendar import (
    AllDay,
    CalendarRule,
    Consequence,
    Holiday,
    Holidays,
    SingleEvent,
    Timing,
    Weekly,
    covers,
    next_change,
    spans,
)
from rekey.domain.calendar_text import read_timing, write_for_door, write_timing
from rekey.domain.ids import CalendarRuleId, Number
from rekey.domain.schedule import Weekday, WeeklyWindow
from rekey.domain.scope import Scope
from rekey.domain.validity import Validity

BERLIN = ZoneInfo("Europe/Berlin")
BIRTH = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
EVERY_DAY = frozenset(Weekday)


def rule(timing: Timing, **parts: Any) -> CalendarRule:
    plain: dict[str, Any] = {
        "id": CalendarRuleId("rule"),
        "number": Number(1),
        "subject": Scope.door("front"),
        "consequence": Consequence.ALLOW,
        "created_at": BIRTH,
        "updated_at": BIRTH,
    }
    return CalendarRule(timing=timing, **plain | parts)


def weekly(start: str, end: str, *days: Weekday, **parts: Any) -> Weekly:
    window = WeeklyWindow(frozenset(days) or EVERY_DAY, time.fromisoformat(start), time.fromisoformat(end))
    return Weekly(window=window, **parts)


def berlin(*parts: int, fold: int = 0) -> datetime:
    # In UTC, as Python holds an hour that is shown twice unequal to every time of another zone.
    return datetime(*parts, tzinfo=BERLIN, fold=fold).astimezone(UTC)  # type: ignore[arg-type, misc]  # year, month, day, ...


def shown(rules: tuple[CalendarRule, ...], start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    found = spans(rules, Validity(start, end), BERLIN)
    return [(span.start, span.end) for span in found if span.start and span.end]


def test_a_weekly_rule_counts_by_the_clock_of_the_site() -> None:
    rules = (rule(weekly("09:00", "17:00", Weekday.THURSDAY)),)
    assert covers(rules, berlin(2026, 6, 11, 9), BERLIN)
    assert not covers(rules, berlin(2026, 6, 11, 17), BERLIN)
    assert not covers(rules, berlin(2026, 6, 12, 9), BERLIN)


def test_a_weekly_rule_with_a_zone_of_its_own_counts_by_that() -> None:
    rules = (rule(weekly("09:00", "17:00", time_zone="America/New_York")),)
    assert not covers(rules, berlin(2026, 6, 11, 9), BERLIN)
    assert covers(rules, berlin(2026, 6, 11, 15), BERLIN)


def test_a_night_shift_belongs_to_the_day_on_which_it_began() -> None:
    rules = (rule(weekly("22:00", "06:00", Weekday.FRIDAY, exceptions=frozenset({date(2026, 6, 12)}))),)
    assert not covers(rules, berlin(2026, 6, 13, 5), BERLIN)
    assert covers(rules, berlin(2026, 6, 20, 5), BERLIN)


def test_an_event_counts_from_its_start_to_just_before_its_end() -> None:
    event = SingleEvent(berlin(2026, 6, 11, 9), berlin(2026, 6, 11, 10))
    rules = (rule(event),)
    edges = (
        event.start - timedelta(microseconds=1),
        event.start,
        event.end - timedelta(microseconds=1),
        event.end,
    )
    assert [covers(rules, edge, BERLIN) for edge in edges] == [False, True, True, False]


def test_all_day_means_the_day_as_the_site_has_it() -> None:
    rules = (rule(AllDay(date(2026, 6, 11), date(2026, 6, 12))),)
    assert shown(rules, berlin(2026, 6, 1), berlin(2026, 7, 1)) == [
        (berlin(2026, 6, 11), berlin(2026, 6, 13))
    ]


def test_a_day_on_which_clocks_change_is_as_long_as_it_is() -> None:
    rules = (rule(AllDay(date(2026, 3, 29), date(2026, 3, 29))),)
    ((start, end),) = shown(rules, berlin(2026, 3, 1), berlin(2026, 4, 30))
    assert end - start == timedelta(hours=23)


def test_hours_that_the_clock_skips_are_empty() -> None:
    rules = (rule(weekly("02:00", "03:00")),)
    assert shown(rules, berlin(2026, 3, 29), berlin(2026, 3, 30)) == []


def test_hours_that_the_clock_shows_twice_count_twice() -> None:
    rules = (rule(weekly("02:15", "02:30")),)
    assert shown(rules, berlin(2026, 10, 25), berlin(2026, 10, 26)) == [
        (berlin(2026, 10, 25, 2, 15), berlin(2026, 10, 25, 2, 30)),
        (berlin(2026, 10, 25, 2, 15, fold=1), berlin(2026, 10, 25, 2, 30, fold=1)),
    ]


def test_of_holidays_those_that_are_ignored_do_not_count() -> None:
    days = (Holiday(date(2026, 1, 1), "New Year"), Holiday(date(2026, 1, 6), "Epiphany"))
    more = (*days, Holiday(date(2026, 5, 1), "Labour Day"))
    ignored = frozenset({"Epiphany", "2026-05-01"})
    rules = (rule(Holidays(region="XX", observed=False, ignored=ignored, days=more, through=2026)),)
    counted = [covers(rules, berlin(2026, month, day, 12), BERLIN) for month, day in ((1, 1), (1, 6), (5, 1))]
    assert counted == [True, False, False]


def test_what_overrides_is_taken_away_and_counts_for_nothing_itself() -> None:
    off = rule(AllDay(date(2026, 6, 11), date(2026, 6, 11)), override=True)
    rules = (rule(weekly("09:00", "17:00")), off)
    assert not covers(rules, berlin(2026, 6, 11, 12), BERLIN)
    assert covers(rules, berlin(2026, 6, 12, 12), BERLIN)
    assert not covers((off,), berlin(2026, 6, 11, 12), BERLIN)


def test_a_disabled_rule_neither_counts_nor_takes_away() -> None:
    off = rule(AllDay(date(2026, 6, 11), date(2026, 6, 11)), override=True, enabled=False)
    assert covers((rule(weekly("09:00", "17:00")), off), berlin(2026, 6, 11, 12), BERLIN)
    assert not covers((rule(weekly("09:00", "17:00"), enabled=False),), berlin(2026, 6, 11, 12), BERLIN)


def test_spans_that_touch_are_one() -> None:
    rules = (rule(weekly("08:00", "12:00")), rule(weekly("12:00", "18:00")))
    assert shown(rules, berlin(2026, 6, 11), berlin(2026, 6, 12)) == [
        (berlin(2026, 6, 11, 8), berlin(2026, 6, 11, 18))
    ]


def test_the_next_change_is_the_edge_that_matters() -> None:
    rules = (rule(weekly("08:00", "12:00")), rule(weekly("12:00", "18:00")))
    assert next_change(rules, berlin(2026, 6, 11, 7), BERLIN) == berlin(2026, 6, 11, 8)
    assert next_change(rules, berlin(2026, 6, 11, 8), BERLIN) == berlin(2026, 6, 11, 18)


def test_without_rules_nothing_ever_changes() -> None:
    assert next_change((), berlin(2026, 6, 11), BERLIN) is None
    assert spans((), Validity(berlin(2026, 6, 11), berlin(2026, 6, 12)), BERLIN) == ()


def test_spans_need_an_end_to_look_up_to() -> None:
    with pytest.raises(ValueError, match="between two instants"):
        spans((), Validity(BIRTH, None), BERLIN)


@pytest.mark.parametrize(
    "backwards", [lambda: SingleEvent(BIRTH, BIRTH), lambda: AllDay(date(2026, 2, 2), date(2026, 2, 1))]
)
def test_what_ends_before_it_starts_is_refused(backwards: Any) -> None:
    with pytest.raises(ValueError, match="an event must"):
        backwards()


@pytest.mark.parametrize(
    "timing",
    [
        weekly(
            "22:00", "06:30", Weekday.MONDAY, time_zone="Asia/Tokyo", exceptions=frozenset({date(2026, 1, 1)})
        ),
        SingleEvent(BIRTH, BIRTH + HOUR),
        AllDay(date(2026, 1, 1), date(2026, 1, 2)),
        Holidays(
            region="XX",
            observed=True,
            ignored=frozenset({"A"}),
            days=(Holiday(date(2026, 1, 1), "A"), Holiday(date(2026, 1, 2), "B")),
            through=2027,
        ),
    ],
)
def test_a_timing_reads_back_as_it_was_written(timing: Timing) -> None:
    assert read_timing(write_timing(timing)) == timing


def test_a_door_is_told_of_holidays_only_the_days_that_count() -> None:
    days = (Holiday(date(2026, 1, 1), "A"), Holiday(date(2026, 1, 2), "B"))
    timing = Holidays(region="XX", observed=True, ignored=frozenset({"A"}), days=days, through=2026)
    assert write_for_door(timing) == {"kind": "days", "days": ["2026-01-02"]}


def test_what_is_no_timing_is_not_guessed_at() -> None:
    with pytest.raises(ValueError, match="no timing"):
        read_timing({"kind": "lunar"})
