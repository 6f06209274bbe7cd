"""How a rule's timing is written down, for the store and for doors that judge alone."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, assert_never

from rekey.domain.calendar import AllDay, Holiday, Holidays, SingleEvent, Timing, Weekly
from rekey.domain.schedule import MINUTES_PER_DAY, Weekday, WeeklyWindow

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def write_timing(timing: Timing) -> dict[str, Any]:
    """Give the timing as a JSON object; equal timings give equal objects."""
    match timing:
        case Weekly():
            return {
                "kind": "weekly",
                "window": write_window(timing.window),
                "zone": timing.time_zone,
                "exceptions": sorted(day.isoformat() for day in timing.exceptions),
            }
        case SingleEvent():
            return {"kind": "single", "start": _micros(timing.start), "end": _micros(timing.end)}
        case AllDay():
            return {"kind": "all_day", "first": timing.first.isoformat(), "last": timing.last.isoformat()}
        case Holidays():
            return {
                "kind": "holidays",
                "region": timing.region,
                "observed": timing.observed,
                "ignored": sorted(timing.ignored),
                "days": [[holiday.day.isoformat(), holiday.name] for holiday in timing.days],
                "through": timing.through,
            }
        case _:
            assert_never(timing)


def write_for_door(timing: Timing) -> dict[str, Any]:
    """Give the timing as a door needs it: of holidays only the dates that count."""
    if isinstance(timing, Holidays):
        return {"kind": "days", "days": sorted(day.isoformat() for day in timing.dates())}
    return write_timing(timing)


def read_timing(written: Mapping[str, Any]) -> Timing:
    """Read what either of the above wrote. Raises: KeyError, TypeError, ValueError for anything else."""
    match written["kind"]:
        case "weekly":
            return Weekly(
                window=read_window(written["window"]),
                time_zone=written["zone"],
                exceptions=frozenset(map(date.fromisoformat, written["exceptions"])),
            )
        case "single":
            return SingleEvent(_instant(written["start"]), _instant(written["end"]))
        case "all_day":
            return AllDay(date.fromisoformat(written["first"]), date.fromisoformat(written["last"]))
        case "holidays":
            return Holidays(
                region=written["region"],
                observed=written["observed"],
                ignored=frozenset(written["ignored"]),
                days=tuple(Holiday(date.fromisoformat(day), name) for day, name in written["days"]),
                through=written["through"],
            )
        case "days":
            days = tuple(Holiday(date.fromisoformat(day), "") for day in written["days"])
            return Holidays(region="", observed=False, days=days, through=0)
        case unknown:
            raise ValueError(f"no timing is called {unknown!r}")


def write_window(window: WeeklyWindow) -> dict[str, Any]:
    """Give days and minutes of the day."""
    return {
        "days": sorted(map(int, window.days)),
        "start": window.start.hour * 60 + window.start.minute,
        "end": window.end.hour * 60 + window.end.minute,
    }


def read_window(written: Mapping[str, Any]) -> WeeklyWindow:
    """Read what `write_window` wrote. Raises: KeyError, TypeError, ValueError for anything else."""
    days = frozenset(Weekday(_integer(day)) for day in written["days"])
    return WeeklyWindow(days, _clock(written["start"]), _clock(written["end"]))


def _clock(minute: object) -> time:
    number = _integer(minute)
    if not 0 <= number < MINUTES_PER_DAY:
        raise ValueError("a day has no such minute")
    return time(number // 60, number % 60)


def _integer(value: object) -> int:
    if type(value) is not int:
        raise TypeError("a whole number is due here")
    return value


def _micros(instant: datetime) -> int:
    return (instant - _EPOCH) // _MICROSECOND


def _instant(count: object) -> datetime:
    return _EPOCH + timedelta(microseconds=_integer(count))
