from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from rekey.domain.ids import ScheduleId
from rekey.domain.schedule import MINUTES_PER_WEEK, Schedule, Weekday, WeeklyWindow, minutes_of_week

BERLIN = ZoneInfo("Europe/Berlin")
EVERY_DAY = frozenset(Weekday)
MONDAY = date(2026, 6, 8)
TUESDAY = date(2026, 6, 9)
MONDAYS = frozenset({Weekday.MONDAY})
TUESDAYS = frozenset({Weekday.TUESDAY})


def hours(*windows: WeeklyWindow, but: set[date] | None = None) -> Schedule:
    return Schedule(id=ScheduleId("hours"), name="hours", windows=windows, exceptions=frozenset(but or ()))


def in_berlin(day: date, clock: time, fold: int = 0) -> datetime:
    return datetime.combine(day, clock, tzinfo=BERLIN).replace(fold=fold)


NIGHT = WeeklyWindow(MONDAYS, time(22), time(6))
DAY = WeeklyWindow(EVERY_DAY, time(9), time(17))


@pytest.mark.parametrize(
    ("day", "clock", "covered"),
    [
        (MONDAY, time(21, 59), False),
        (MONDAY, time(22), True),
        (TUESDAY, time(5, 59), True),
        (TUESDAY, time(6), False),
        (TUESDAY, time(22), False),
        (MONDAY, time(5, 59), False),
    ],
)
def test_window_may_cross_midnight_into_a_day_that_it_does_not_name(
    day: date, clock: time, covered: bool
) -> None:
    assert hours(NIGHT).covers(in_berlin(day, clock), BERLIN) is covered


def test_window_from_a_time_to_the_same_time_lasts_a_day() -> None:
    window = WeeklyWindow(MONDAYS, time(12), time(12))
    assert len(minutes_of_week((window,))) == 24 * 60


def test_exception_takes_away_the_whole_window_that_begins_on_it() -> None:
    excepted = hours(NIGHT, but={MONDAY})
    assert not excepted.covers(in_berlin(MONDAY, time(23)), BERLIN)
    assert not excepted.covers(in_berlin(TUESDAY, time(3)), BERLIN)


def test_exception_leaves_the_window_that_began_the_day_before() -> None:
    assert hours(NIGHT, but={TUESDAY}).covers(in_berlin(TUESDAY, time(3)), BERLIN)


def test_hour_that_the_clock_skips_is_never_covered() -> None:
    skipped = hours(WeeklyWindow(EVERY_DAY, time(2), time(3)))
    night = datetime(2026, 3, 29, tzinfo=UTC)
    assert not any(skipped.covers(night + timedelta(minutes=n), BERLIN) for n in range(180))


def test_hour_that_the_clock_shows_twice_is_covered_twice() -> None:
    doubled = hours(WeeklyWindow(EVERY_DAY, time(2), time(3)))
    shown = [in_berlin(date(2026, 10, 25), time(2, 30), fold) for fold in (0, 1)]
    assert [doubled.covers(instant, BERLIN) for instant in shown] == [True, True]


def test_schedule_without_windows_covers_nothing() -> None:
    assert not hours().covers(in_berlin(MONDAY, time(12)), BERLIN)


def test_naive_instant_raises_type_error() -> None:
    with pytest.raises(TypeError):
        hours(DAY).covers(datetime(2026, 6, 8, 12), BERLIN)  # noqa: DTZ001  # what must be refused


def test_instant_whose_wall_clock_leaves_the_calendar_is_not_covered() -> None:
    always = hours(WeeklyWindow(EVERY_DAY, time(0), time(0)))
    assert not always.covers(datetime.max.replace(tzinfo=UTC), BERLIN)


def test_window_needs_a_day() -> None:
    with pytest.raises(ValueError, match="day"):
        WeeklyWindow(frozenset(), time(9), time(17))


def test_window_keeps_to_full_minutes() -> None:
    with pytest.raises(ValueError, match="minute"):
        WeeklyWindow(EVERY_DAY, time(9), time(17, 0, 1))


def test_minutes_after_a_sunday_s_midnight_are_the_week_s_first() -> None:
    late = WeeklyWindow(frozenset({Weekday.SUNDAY}), time(23, 59), time(0, 1))
    assert minutes_of_week((late,)) == {MINUTES_PER_WEEK - 1, 0}


def test_schedule_lies_within_itself() -> None:
    schedule = hours(DAY, NIGHT, but={MONDAY})
    assert schedule.lies_within(schedule)


def test_schedule_of_fewer_hours_lies_within_one_of_more() -> None:
    shorter = hours(WeeklyWindow(MONDAYS, time(9), time(16)))
    assert (shorter.lies_within(hours(DAY)), hours(DAY).lies_within(shorter)) == (True, False)


def test_schedule_with_more_excepted_dates_lies_within_one_with_fewer() -> None:
    fewer, more = hours(DAY), hours(DAY, but={MONDAY})
    assert (more.lies_within(fewer), fewer.lies_within(more)) == (True, False)


def test_excepted_date_on_which_nothing_began_makes_no_schedule_wider() -> None:
    on_tuesdays = WeeklyWindow(TUESDAYS, time(9), time(17))
    assert hours(on_tuesdays).lies_within(hours(on_tuesdays, but={MONDAY}))


def test_same_hours_begun_on_the_next_day_do_not_lie_within_a_night_whose_start_is_excepted() -> None:
    small_hours = WeeklyWindow(TUESDAYS, time(0), time(6))
    assert hours(small_hours).lies_within(hours(NIGHT))
    assert not hours(small_hours, but={MONDAY}).lies_within(hours(NIGHT, but={MONDAY}))


def test_excepted_last_day_of_the_calendar_can_be_compared() -> None:
    assert hours(DAY, but={date.max}).lies_within(hours(DAY, but={date.max}))
