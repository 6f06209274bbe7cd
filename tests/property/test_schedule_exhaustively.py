"""Weekly hours at every minute around every clock change, against a table of minutes on the wall.

The table is made without arithmetic on instants: it walks each window from its start, minute by minute,
and writes down what the wall clock would show.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from tests.property.naive import CLOCKS, wall_clock
from tests.property.records import schedule_of
from tests.property.rows import ScheduleRow, WindowRow
from tests.property.worlds import EVERY_DAY, TURNING_POINTS, WINDOW_EDGES

MINUTE = timedelta(minutes=1)
TICK = timedelta(microseconds=1)
DAY = timedelta(days=1)
SUNDAY = (6,)
SCHEDULES = {
    "the hour that is skipped or doubled": (WindowRow(EVERY_DAY, 120, 180),),
    "half of it": (WindowRow(EVERY_DAY, 90, 120), WindowRow(EVERY_DAY, 150, 165)),
    "ends inside the skipped hour": (WindowRow(EVERY_DAY, 60, 150),),
    "starts inside the skipped hour": (WindowRow(EVERY_DAY, 150, 300),),
    "crosses midnight into the change": (WindowRow(EVERY_DAY, 22 * 60, 150),),
    "crosses midnight on saturday only": (WindowRow((5,), 23 * 60, 180),),
    "begins on the sunday of the change": (WindowRow(SUNDAY, 150, 90),),
    "the whole day": (WindowRow(EVERY_DAY, 0, 0),),
    "a day from noon to noon": (WindowRow(SUNDAY, 720, 720),),
    "nothing": (),
}


def minutes_shown(schedule: ScheduleRow, around: date) -> set[datetime]:
    """Write down every minute that a wall clock shows while a window is open, near the date."""
    shown: set[datetime] = set()
    for began in (around + DAY * n for n in range(-4, 5)):
        if began not in schedule.exceptions:
            for window in schedule.windows:
                shown.update(_walk(window, began))
    return shown


def _walk(window: WindowRow, began: date) -> Iterator[datetime]:
    if began.weekday() not in window.days:
        return
    minute = datetime.combine(began, time(*divmod(window.start, 60)))
    while True:
        yield minute
        minute += MINUTE
        if minute.hour * 60 + minute.minute == window.end:
            return


def minutes_around(point: datetime) -> Iterator[datetime]:
    instant = point - 36 * 60 * MINUTE
    while instant < point + 36 * 60 * MINUTE:
        yield instant
        instant += MINUTE


@pytest.mark.parametrize("zone", CLOCKS)
@pytest.mark.parametrize("windows", SCHEDULES.values(), ids=SCHEDULES.keys())
def test_hours_are_judged_by_the_wall_clock_at_every_minute_around_a_clock_change(
    windows: tuple[WindowRow, ...], zone: str
) -> None:
    for point in TURNING_POINTS:
        row = ScheduleRow(windows, (wall_clock(point, zone).date() + DAY,))
        schedule, open_minutes = schedule_of(row), minutes_shown(row, point.date())
        for instant in minutes_around(point):
            expected = wall_clock(instant, zone) in open_minutes
            assert schedule.covers(instant, ZoneInfo(zone)) is expected, f"{instant} in {zone}"


@pytest.mark.parametrize(("start", "end"), list(product(WINDOW_EDGES, WINDOW_EDGES)))
def test_window_opens_with_its_first_microsecond_and_ends_before_its_last_minute_is_over(
    start: int, end: int
) -> None:
    schedule = schedule_of(ScheduleRow((WindowRow((3,), start, end),), ()))
    zone = ZoneInfo("Asia/Kathmandu")
    midnight = datetime(2026, 6, 11, tzinfo=zone)
    opens = midnight + start * MINUTE
    closes = midnight + end * MINUTE + (DAY if end <= start else timedelta())
    answers = [schedule.covers(at, zone) for at in (opens - TICK, opens, closes - TICK, closes)]
    assert answers == [False, True, True, False]


@pytest.mark.parametrize("zone", CLOCKS)
def test_clock_changes_known_to_the_naive_rule_are_those_of_the_tz_database(zone: str) -> None:
    for instant in minutes_of_a_year():
        assert instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall_clock(instant, zone)


def minutes_of_a_year() -> Iterator[datetime]:
    instant = datetime(2026, 1, 1, tzinfo=UTC)
    while instant < datetime(2027, 1, 1, tzinfo=UTC):
        yield instant
        instant += 30 * MINUTE


@pytest.mark.parametrize("zone", CLOCKS)
def test_instant_gives_one_answer_in_whatever_zone_it_is_spelled(zone: str) -> None:
    schedule = schedule_of(ScheduleRow((WindowRow(EVERY_DAY, 120, 150),), ()))
    for point in TURNING_POINTS:
        for instant in (point + n * 15 * MINUTE for n in range(-12, 13)):
            answers = {schedule.covers(instant.astimezone(ZoneInfo(z)), ZoneInfo(zone)) for z in CLOCKS}
            assert answers == {schedule.covers(instant, ZoneInfo(zone))}
