"""Reading when a schedule holds. Source: contract 7.1, the table of kinds; the first kind that is named counts.

Times of day are those of the place. A rule that another API wrote in a zone of its own is shown, and changed,
by the place's clock as it goes just now.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from rekey.dialects.kisi.attributes import Attributes
from rekey.domain.calendar import AllDay, Holidays, SingleEvent, Timing, Weekly
from rekey.domain.estate import zone_named
from rekey.domain.schedule import Weekday, WeeklyWindow

_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_MIDNIGHT = time(0)
_DAY_MINUTES = 24 * 60
_DAYS = {day.name.lower(): day for day in Weekday}
_HOLIDAY = ("region", "observed", "ignored_holidays")
_SINGLE = ("starts_at", "ends_at")
_ALL_DAY = ("starts_at_date", "ends_at_date")
_RECURRING = (*_DAYS, "starts_at_time", "ends_at_time")


@dataclass(frozen=True, slots=True)
class HolidaysWanted:
    """Holidays whose days have yet to be looked up."""

    region: str
    observed: bool
    ignored: frozenset[str]


Wanted = Timing | HolidaysWanted


def read_timing(
    schedule: Attributes, zone: ZoneInfo, now: datetime, standing: Timing | None = None
) -> Wanted | None:
    """Read when a schedule holds; what is not sent stays as it stands, and None changes nothing at all."""
    if _sends(schedule, _HOLIDAY):
        return _holidays(schedule, standing if isinstance(standing, Holidays) else None)
    if _sends(schedule, _SINGLE):
        return _single(schedule, standing if isinstance(standing, SingleEvent) else None)
    if _sends(schedule, _ALL_DAY):
        return _all_day(schedule, standing if isinstance(standing, AllDay) else None)
    if standing is not None and not _sends(schedule, _RECURRING):
        return None
    before = in_zone(standing, zone, now) if isinstance(standing, Weekly) else None
    return _recurring(schedule, before)


def in_zone(weekly: Weekly, zone: ZoneInfo, now: datetime) -> Weekly:
    """Give weekly hours by the clock of another zone, as far apart as both are at this instant."""
    if weekly.time_zone is None:
        return weekly
    away = _offset(now, zone) - _offset(now, zone_named(weekly.time_zone))
    begins, start = divmod(_minutes(weekly.window.start) + away, _DAY_MINUTES)
    days = frozenset(Weekday((day + begins) % 7) for day in weekly.window.days)
    end = (_minutes(weekly.window.end) + away) % _DAY_MINUTES
    moved = timedelta(days=begins)
    return Weekly(
        window=WeeklyWindow(days, _clock(start), _clock(end)),
        exceptions=frozenset(day + moved for day in weekly.exceptions),
    )


def _sends(schedule: Attributes, names: tuple[str, ...]) -> bool:
    return any(schedule.gives(name) for name in names)


def _holidays(schedule: Attributes, standing: Holidays | None) -> HolidaysWanted:
    region, observed = schedule.text("region"), schedule.flag("observed")
    if standing is not None:
        region = region or standing.region
        observed = standing.observed if observed is None else observed
    if region is None:
        schedule.refuse("region", "can't be blank")
    if observed is None:
        schedule.refuse("observed", "can't be blank")
    ignored = _ignored(schedule)
    if ignored is None:
        ignored = frozenset() if standing is None else standing.ignored
    return HolidaysWanted(region_code(region or ""), observed is True, ignored)


def region_code(region: str) -> str:
    """Spell a region as the calendars here do: DE-BY, also where de_by is sent."""
    return region.upper().replace("_", "-")


def _ignored(schedule: Attributes) -> frozenset[str] | None:
    """Read holidays by name or date, also as the objects in which they are listed."""
    if not schedule.gives("ignored_holidays"):
        return None
    return frozenset(schedule.names("ignored_holidays", "date"))


def _single(schedule: Attributes, standing: SingleEvent | None) -> Wanted | None:
    start, end = schedule.instant("starts_at"), schedule.instant("ends_at")
    if standing is not None:
        start, end = start or standing.start, end or standing.end
    if start is None or end is None:
        _missing(schedule, _SINGLE)
        return None
    try:
        return SingleEvent(start, end)
    except ValueError:
        schedule.refuse("ends_at", "must be after starts_at")
    except OverflowError:
        schedule.refuse("starts_at", "is invalid")
    return None


def _all_day(schedule: Attributes, standing: AllDay | None) -> Wanted | None:
    first, last = schedule.day("starts_at_date"), schedule.day("ends_at_date")
    if standing is not None:
        first, last = first or standing.first, last or standing.last
    if first is None or last is None:
        _missing(schedule, _ALL_DAY)
        return None
    try:
        return AllDay(first, last)
    except ValueError:
        schedule.refuse("ends_at_date", "must not be before starts_at_date")
    return None


def _recurring(schedule: Attributes, standing: Weekly | None) -> Wanted | None:
    days = _weekdays(schedule, standing)
    if not days:
        schedule.refuse("monday", "or another day must be chosen")
    start, end = _time(schedule, "starts_at_time"), _time(schedule, "ends_at_time")
    is_new = start is not None or end is not None
    if standing is not None:
        start = standing.window.start if start is None else start
        end = standing.window.end if end is None else end
    if start is None or end is None:
        _missing(schedule, ("starts_at_time", "ends_at_time"))
        return None
    if is_new and end <= start and end != _MIDNIGHT:
        schedule.refuse("ends_at_time", "must be after starts_at_time")
    if not days:
        return None
    window = WeeklyWindow(days, start, end)
    return Weekly(window=window) if standing is None else replace(standing, window=window)


def _weekdays(schedule: Attributes, standing: Weekly | None) -> frozenset[Weekday]:
    chosen = set() if standing is None else {*standing.window.days}
    for name, day in _DAYS.items():
        flag = schedule.flag(name)
        if flag is not None:
            chosen = chosen | {day} if flag else chosen - {day}
    return frozenset(chosen)


def _time(schedule: Attributes, name: str) -> time | None:
    """Read hh:mm; 24:00 is the midnight that ends the day."""
    text = schedule.text(name)
    if text is None:
        return None
    if text == "24:00":
        return _MIDNIGHT
    if _CLOCK.fullmatch(text) is None:
        schedule.refuse(name, "must be hh:mm")
        return None
    return time.fromisoformat(text)


def _missing(schedule: Attributes, names: tuple[str, ...]) -> None:
    for name in names:
        if not schedule.gives(name):
            schedule.refuse(name, "can't be blank")


def _offset(now: datetime, zone: ZoneInfo) -> int:
    """Give how many minutes the zone is ahead of UTC."""
    ahead = now.astimezone(zone).utcoffset() or timedelta()
    return int(ahead.total_seconds()) // 60


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _clock(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)
