"""When a report that is made again and again is due, and what it tells of."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rekey.domain.report import Period, Recurrence, days_between

BERLIN = ZoneInfo("Europe/Berlin")


def _from(first: datetime, period: Period, every: int = 1) -> Recurrence:
    return Recurrence(period=period, every=every, first=first, zone=BERLIN)


def test_the_time_of_day_stays_when_the_clock_is_changed() -> None:
    daily = _from(datetime(2026, 3, 28, 8, 0, tzinfo=BERLIN), Period.DAY)
    assert [daily.run(count).astimezone(UTC).hour for count in range(3)] == [7, 6, 6]


def test_a_month_that_is_too_short_gives_its_last_day_and_the_next_the_first_times_day() -> None:
    monthly = _from(datetime(2026, 1, 31, 8, 0, tzinfo=BERLIN), Period.MONTH)
    assert [monthly.run(count).astimezone(BERLIN).day for count in range(3)] == [31, 28, 31]


@pytest.mark.parametrize("period", list(Period))
@pytest.mark.parametrize("every", [1, 3])
def test_the_next_run_is_the_first_that_lies_after(period: Period, every: int) -> None:
    first = datetime(2024, 2, 29, 23, 30, tzinfo=UTC)
    recurrence = _from(first, period, every)
    for days in (-1, 0, 1, 45, 400, 3000):
        at = first + timedelta(days=days)
        due = recurrence.next_after(at)
        assert due > at
        runs = [recurrence.run(count) for count in range(3100)]
        assert due == next(run for run in runs if run > at)


def test_a_run_tells_of_the_days_before_it() -> None:
    weekly = _from(datetime(2026, 6, 1, 8, 0, tzinfo=BERLIN), Period.WEEK)
    assert weekly.covered(weekly.run(1)) == (date(2026, 6, 1), date(2026, 6, 7))


def test_days_are_those_of_the_zone() -> None:
    start, end = days_between(date(2026, 3, 29), date(2026, 3, 29), BERLIN)
    assert end - start == timedelta(hours=23)
