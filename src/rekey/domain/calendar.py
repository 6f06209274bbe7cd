"""Calendars: rules that say when a door or a door group is free, usable, or waits for the first to arrive.

A rule is judged by the wall clock of its zone at the instant, as a schedule is: hours that the clock skips
are empty, hours that it shows twice count twice. Spans and edges follow from that judgement, so that the
worker that keeps the hours and the rule that decides can never disagree.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias
from zoneinfo import ZoneInfo

from rekey.domain.ids import CalendarRuleId, Number
from rekey.domain.schedule import WeeklyWindow
from rekey.domain.scope import Scope
from rekey.domain.validity import Validity, as_utc

LOOK_AHEAD = timedelta(days=8)
_ONE_DAY = timedelta(days=1)
_ONE_SECOND = timedelta(seconds=1)


class Consequence(StrEnum):
    """What a rule's spans are for."""

    UNLOCK = "unlock"
    ALLOW = "allow"
    FIRST_TO_ARRIVE = "first_to_arrive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """A window of every week, in the site's zone unless it has one of its own.

    A window that begins on an excepted date does not count.
    """

    window: WeeklyWindow
    time_zone: str | None = None
    exceptions: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class SingleEvent:
    """One span [start, end), kept in UTC. Raises: ValueError if it does not end after it starts."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        for name in ("start", "end"):
            object.__setattr__(self, name, as_utc(getattr(self, name)))
        if self.end <= self.start:
            raise ValueError("an event must end after it starts")


@dataclass(frozen=True, slots=True)
class AllDay:
    """Whole days from the first to the last, both included, by the wall clock of the site."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("an event must not end before it starts")


@dataclass(frozen=True, slots=True)
class Holiday:
    """One day off work and what it is called."""

    day: date
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Holidays:
    """The holidays of a region, whole days by the wall clock of the site.

    `days` are those of the years up to `through`, as the calendar of the region had them when it was last
    asked; `ignored` names days (by name or as YYYY-MM-DD) that do not count.
    """

    region: str
    observed: bool
    ignored: frozenset[str] = frozenset()
    days: tuple[Holiday, ...] = ()
    through: int

    def dates(self) -> frozenset[date]:
        """Give the dates that count."""
        return _dates_of(self)


Timing: TypeAlias = Weekly | SingleEvent | AllDay | Holidays


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarRule:
    """One rule for a door or a door group.

    The spans of a rule with `override` are taken from those of the others of the same consequence.
    """

    id: CalendarRuleId
    number: Number
    subject: Scope
    consequence: Consequence
    timing: Timing
    name: str = ""
    enabled: bool = True
    override: bool = False
    created_at: datetime
    updated_at: datetime


def covers(rules: Iterable[CalendarRule], instant: datetime, zone: ZoneInfo) -> bool:
    """Say whether the instant lies in a span of the rules, all of one consequence, and in none that overrides.

    Takes: instant with a zone (a naive one raises TypeError); zone of the site.
    """
    standing = [rule for rule in rules if rule.enabled]
    return timings_cover(
        [rule.timing for rule in standing if not rule.override],
        [rule.timing for rule in standing if rule.override],
        instant,
        zone,
    )


def timings_cover(
    counting: Iterable[Timing], taken_away: Iterable[Timing], instant: datetime, zone: ZoneInfo
) -> bool:
    """Say whether one of the first, and none of the second, holds at the instant."""
    instant = as_utc(instant)
    if not any(holds(timing, instant, zone) for timing in counting):
        return False
    return not any(holds(timing, instant, zone) for timing in taken_away)


def holds(timing: Timing, instant: datetime, zone: ZoneInfo) -> bool:
    """Say whether the timing holds at the instant; one beyond the calendar of the zone is held by nothing."""
    if isinstance(timing, SingleEvent):
        return timing.start <= instant < timing.end
    own = zone if not isinstance(timing, Weekly) or timing.time_zone is None else _zone(timing.time_zone)
    try:
        local = instant.astimezone(own).replace(tzinfo=None)
    except OverflowError:
        return False
    match timing:
        case Weekly(window=window, exceptions=exceptions):
            began = window.day_it_began(local)
            return began is not None and began not in exceptions
        case AllDay(first=first, last=last):
            return first <= local.date() <= last
        case Holidays():
            return local.date() in timing.dates()


def spans(rules: Iterable[CalendarRule], between: Validity, zone: ZoneInfo) -> tuple[Validity, ...]:
    """List the spans of the rules, cut to the given one, in order; those that touch are one.

    Takes: between with a start and an end.
    Raises: ValueError for an open end, since weekly hours have none.
    """
    if between.start is None or between.end is None:
        raise ValueError("the spans of a calendar are asked for between two instants")
    rules = tuple(rules)
    edges = _edges(rules, between.start, between.end, zone)
    found: list[Validity] = []
    for start, end in pairwise(edges):
        if not covers(rules, start, zone):
            continue
        if found and found[-1].end == start:
            found[-1] = Validity(found[-1].start, end)
        else:
            found.append(Validity(start, end))
    return tuple(found)


def next_change(
    rules: Iterable[CalendarRule], after: datetime, zone: ZoneInfo, *, within: timedelta = LOOK_AHEAD
) -> datetime | None:
    """Give the next instant at which `covers` answers otherwise; None if that is further off than `within`."""
    rules, after = tuple(rules), as_utc(after)
    now = covers(rules, after, zone)
    for edge in _edges(rules, after, after + within, zone)[1:]:
        if covers(rules, edge, zone) is not now:
            return edge
    return None


def _edges(rules: Iterable[CalendarRule], start: datetime, end: datetime, zone: ZoneInfo) -> list[datetime]:
    """List every instant of [start, end], in order, at which a rule can begin or cease to hold."""
    found = {start, end}
    zones: dict[str, ZoneInfo] = {}
    for rule in rules:
        timing = rule.timing
        if isinstance(timing, SingleEvent):
            found.update((timing.start, timing.end))
            continue
        named = isinstance(timing, Weekly) and timing.time_zone is not None
        own = _zone(str(timing.time_zone)) if isinstance(timing, Weekly) and named else zone
        zones[own.key or ""] = own
        clocks = (timing.window.start, timing.window.end) if isinstance(timing, Weekly) else (time(0),)
        found.update(_wall_clock_instants(clocks, start, end, own))
    for own in zones.values():
        found.update(_clock_changes(start, end, own))
    return sorted(edge for edge in found if start <= edge <= end)


def _wall_clock_instants(
    clocks: Iterable[time], start: datetime, end: datetime, zone: ZoneInfo
) -> Iterator[datetime]:
    """Yield the instants of these times on each day from the one before the start to the one after the end."""
    clocks = tuple(clocks)
    day = start.date() - _ONE_DAY
    while day <= end.date() + _ONE_DAY:
        for clock in clocks:
            for fold in (0, 1):
                yield datetime.combine(day, clock, zone).replace(fold=fold).astimezone(UTC)
        day += _ONE_DAY


def _clock_changes(start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Yield the instants, to the second, at which the zone's clock is set to another offset."""
    here = start
    while here < end:
        there = min(here + _ONE_DAY, end)
        if _offset(here, zone) != _offset(there, zone):
            yield _change_between(here, there, zone)
        here = there


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    old = _offset(before, zone)
    low, high = before.replace(microsecond=0), after
    while high - low > _ONE_SECOND:
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if _offset(middle, zone) == old:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def _offset(instant: datetime, zone: ZoneInfo) -> timedelta | None:
    return instant.astimezone(zone).utcoffset()


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@lru_cache(maxsize=256)
def _dates_of(holidays: Holidays) -> frozenset[date]:
    return frozenset(
        holiday.day
        for holiday in holidays.days
        if holiday.name not in holidays.ignored and holiday.day.isoformat() not in holidays.ignored
    )
