"""`lies_within` says of two schedules what a look at every minute of three weeks says."""

from datetime import date, datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.property.naive import within_hours
from tests.property.records import schedule_of
from tests.property.rows import ScheduleRow, WindowRow

MONDAY = date(2026, 6, 8)
HOURS = (0, 6 * 60, 12 * 60, 22 * 60)
# Weeks before and after the excepted dates show the rhythm; hours are enough, as every edge is a full one.
EVERY_HOUR = [datetime(2026, 6, 1) + timedelta(hours=n) for n in range(21 * 24)]  # noqa: DTZ001  # a wall clock

windows = st.builds(
    WindowRow,
    days=st.sets(st.integers(0, 6), min_size=1, max_size=7).map(lambda days: tuple(sorted(days))),
    start=st.sampled_from(HOURS),
    end=st.sampled_from(HOURS),
)
exceptions = st.sets(st.sampled_from([MONDAY, MONDAY + timedelta(days=1)]), max_size=2).map(tuple)
schedules = st.builds(ScheduleRow, windows=st.lists(windows, max_size=3).map(tuple), exceptions=exceptions)


def never_allows_more(narrow: ScheduleRow, wide: ScheduleRow) -> bool:
    return all(within_hours(wide, hour) for hour in EVERY_HOUR if within_hours(narrow, hour))


@given(narrow=schedules, wide=schedules)
@settings(max_examples=150, deadline=None)
def test_schedule_lies_within_another_exactly_if_no_hour_tells_otherwise(
    narrow: ScheduleRow, wide: ScheduleRow
) -> None:
    assert schedule_of(narrow).lies_within(schedule_of(wide)) is never_allows_more(narrow, wide)


@given(wide=schedules, rng=st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_schedule_with_windows_taken_away_and_dates_excepted_lies_within_the_old_one(
    wide: ScheduleRow, rng: Random
) -> None:
    kept = tuple(window for window in wide.windows if rng.random() < 0.5)
    narrow = ScheduleRow(kept, (*wide.exceptions, MONDAY + timedelta(days=rng.randrange(5))))
    assert schedule_of(narrow).lies_within(schedule_of(wide))
