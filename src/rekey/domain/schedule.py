"""Weekly hours in the zone of a site.

A window is written in wall-clock time and may cross midnight. An instant is judged by what the wall
clock of the site shows at that instant, so a window of 02:00 to 03:00 is empty in the night in which
the clock skips that hour and counts twice in the night in which the clock shows it twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

from rekey.domain.ids import ScheduleId
from rekey.domain.validity import as_utc

MINUTES_PER_DAY = 24 * 60
MINUTES_PER_WEEK = 7 * MINUTES_PER_DAY
_ONE_DAY = timedelta(days=1)


class Weekday(IntEnum):
    """Days as Python's `date.weekday()` counts them."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


@dataclass(frozen=True, slots=True)
class WeeklyWindow:
    """Hours [start, end) on each of the days; an end at or before the start lies on the next day."""

    days: frozenset[Weekday]
    start: time
    end: time

    def __post_init__(self) -> None:
        if not self.days:
            raise ValueError("a weekly window needs at least one day")
        if any((edge.second, edge.microsecond) != (0, 0) for edge in (self.start, self.end)):
            raise ValueError("a weekly window starts and ends on a full minute")

    @property
    def crosses_midnight(self) -> bool:
        return self.end <= self.start

    def day_it_began(self, local: datetime) -> date | None:
        """Name the day on which the window that holds this local time began, or None if none holds it."""
        clock, today = local.time(), local.date()
        if not self.crosses_midnight:
            inside = self.start <= clock < self.end
            return today if inside and today.weekday() in self.days else None
        if clock >= self.start and today.weekday() in self.days:
            return today
        yesterday = today - _ONE_DAY
        return yesterday if clock < self.end and yesterday.weekday() in self.days else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A named set of weekly windows; a window that begins on an excepted date does not count."""

    id: ScheduleId
    name: str
    windows: tuple[WeeklyWindow, ...]
    exceptions: frozenset[date] = frozenset()

    def covers(self, instant: datetime, zone: ZoneInfo) -> bool:
        """Say whether the instant lies in a window by the wall clock of the zone.

        Takes: instant with a zone; a naive one raises TypeError. One whose wall clock would leave the
        calendar (year 1 or 9999) is covered by nothing.
        """
        try:
            return self._covers_wall_clock(as_utc(instant).astimezone(zone).replace(tzinfo=None))
        except OverflowError:
            return False

    def _covers_wall_clock(self, local: datetime) -> bool:
        began = (window.day_it_began(local) for window in self.windows)
        return any(day is not None and day not in self.exceptions for day in began)

    def lies_within(self, other: "Schedule") -> bool:
        """Say whether this schedule never allows what the other one refuses."""
        if not minutes_of_week(self.windows) <= minutes_of_week(other.windows):
            return False
        return not any(
            self._covers_wall_clock(local) and not other._covers_wall_clock(local)
            for local in self._edges_near_exceptions(other)
        )

    def _edges_near_exceptions(self, other: "Schedule") -> Iterator[datetime]:
        """Yield every wall-clock time at which either answer can change where the other's week is broken.

        A window that begins on an excepted date can reach into the next day, so both days count.
        """
        clocks = {time(0)}.union(*((window.start, window.end) for window in (*self.windows, *other.windows)))
        for excepted in other.exceptions:
            for clock in clocks:
                yield datetime.combine(excepted, clock)
                if excepted != date.max:
                    yield datetime.combine(excepted + _ONE_DAY, clock)


def minutes_of_week(windows: tuple[WeeklyWindow, ...]) -> frozenset[int]:
    """List the minutes of the week, Monday 00:00 being 0, that the windows cover."""
    minutes: set[int] = set()
    for window in windows:
        first = window.start.hour * 60 + window.start.minute
        last = window.end.hour * 60 + window.end.minute
        length = last - first + (MINUTES_PER_DAY if window.crosses_midnight else 0)
        for day in window.days:
            begin = day * MINUTES_PER_DAY + first
            minutes.update((begin + offset) % MINUTES_PER_WEEK for offset in range(length))
    return frozenset(minutes)
