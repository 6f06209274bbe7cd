"""What one person may do at one door, written so that the door can judge every later instant by itself.

The server folds grants, teams, enrolments, blocks and revocations into a few spans of time with their
weekly hours; a door needs no names, no grants and no history to decide as the server would.
"""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rekey.domain.access import DoorRecord, HolderRecord, bearing_blocks, standing_paths
from rekey.domain.block import SubjectKind
from rekey.domain.canonical import canonical_json
from rekey.domain.decision import Path
from rekey.domain.hour_terms import hours_allow, write_hours
from rekey.domain.ids import ScheduleId
from rekey.domain.schedule import MINUTES_PER_DAY, Schedule, Weekday, WeeklyWindow
from rekey.domain.validity import require_zone

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_NAMELESS = ScheduleId("")

# A span is [start, end) in microseconds since 1970 UTC; None means without bound.
_Span = tuple[int | None, int | None]


def terms_of(holder: HolderRecord, door: DoorRecord) -> str | None:
    """Give the holder's terms at the door as canonical JSON, or None when no instant could ever open it.

    `{"paths": [{"start": us | null, "end": us | null, "schedule": {...} | null}]}`: one path opens when
    the instant lies in [start, end), microseconds since 1970 UTC, and in the weekly hours by the wall
    clock of the door's site. A path also says what the door or its group asks of the time, if they do
    (`write_hours`). Equal rights give equal text, in whatever order the records list them.
    """
    if holder.organization_id != door.organization_id:
        return None
    outer = _span_around(holder, door)
    if outer is None:
        return None
    written = {
        text for path in standing_paths(holder, door) if (text := _write_path(path, holder, door, outer))
    }
    if not written:
        return None
    return '{"paths":[' + ",".join(sorted(written)) + "]}"


def terms_allow(terms: str, instant: datetime, zone: ZoneInfo) -> bool:
    """Say whether terms that `terms_of` wrote open the door at the instant.

    Takes: instant with a zone (a naive one raises TypeError); zone of the door's site.
    Raises: ValueError for text that is not terms, so that a door never opens on a guess.
    """
    at = _microseconds(require_zone(instant))
    try:
        return any(_path_allows(path, at, instant, zone) for path in json.loads(terms)["paths"])
    except (KeyError, TypeError, ValueError) as unreadable:
        raise ValueError("these are not the terms of a door") from unreadable


def _span_around(holder: HolderRecord, door: DoorRecord) -> _Span | None:
    """Give the span that every path must keep to: after the blocks end, inside each enrolment at the site."""
    spans: list[_Span] = []
    if holder.link is not None:
        if holder.link.uses_left == 0:
            return None
        spans.append(span_of(holder.link.validity.start, holder.link.validity.end))
    for block in bearing_blocks(holder, door):
        if block.until is None:
            return None
        spans.append((_microseconds(block.until), None))
    inside = [enrolled.validity for enrolled in holder.enrolments if enrolled.site_id == door.site_id]
    spans.extend(span_of(validity.start, validity.end) for validity in inside)
    return _intersect(spans)


def _write_path(path: Path, holder: HolderRecord, door: DoorRecord, outer: _Span) -> str | None:
    validity, schedule = path.grant.validity, path.grant.schedule
    spans = [outer, span_of(validity.start, validity.end)]
    for block in holder.blocks:
        if block.subject.kind is SubjectKind.TEAM and block.subject.id == path.team_id:
            if block.until is None:
                return None
            spans.append((_microseconds(block.until), None))
    start, end = _intersect(spans)
    if (start is not None and end is not None and end <= start) or (schedule and not schedule.windows):
        return None
    hours = write_hours(path, door)
    if hours is None:
        return None
    written = None if schedule is None else _write_schedule(schedule)
    return canonical_json({"start": start, "end": end, "schedule": written, **hours}).decode()


def _path_allows(path: dict[str, Any], at: int, instant: datetime, zone: ZoneInfo) -> bool:
    start, end, schedule = path["start"], path["end"], path["schedule"]
    if start is not None and at < _integer(start):
        return False
    if end is not None and at >= _integer(end):
        return False
    if schedule is not None and not _read_schedule(schedule).covers(instant, zone):
        return False
    return hours_allow(path, instant, zone)


def _write_schedule(schedule: Schedule) -> dict[str, object]:
    windows = {(tuple(sorted(map(int, w.days))), _minute(w.start), _minute(w.end)) for w in schedule.windows}
    return {
        "windows": [{"days": list(days), "start": start, "end": end} for days, start, end in sorted(windows)],
        "exceptions": sorted(day.isoformat() for day in schedule.exceptions),
    }


def _read_schedule(written: object) -> Schedule:
    if not isinstance(written, dict):
        raise TypeError("a schedule is an object")
    windows = tuple(
        WeeklyWindow(frozenset(Weekday(day) for day in w["days"]), _clock(w["start"]), _clock(w["end"]))
        for w in written["windows"]
    )
    exceptions = frozenset(date.fromisoformat(day) for day in written["exceptions"])
    return Schedule(id=_NAMELESS, name="", windows=windows, exceptions=exceptions)


def _intersect(spans: Iterable[_Span]) -> _Span:
    edges = list(spans)
    starts = [start for start, _ in edges if start is not None]
    ends = [end for _, end in edges if end is not None]
    return max(starts, default=None), min(ends, default=None)


def in_span(start: int | None, end: int | None, instant: datetime) -> bool:
    """Say whether the instant lies in [start, end), both in microseconds since 1970 UTC."""
    at = _microseconds(require_zone(instant))
    return not ((start is not None and at < start) or (end is not None and at >= end))


def span_of(start: datetime | None, end: datetime | None) -> _Span:
    """Give the span in microseconds since 1970 UTC."""
    return (
        None if start is None else _microseconds(start),
        None if end is None else _microseconds(end),
    )


def _microseconds(instant: datetime) -> int:
    # Through UTC: two local times of one zone would be subtracted as wall clocks, blind to the fold.
    return (instant.astimezone(UTC) - _EPOCH) // _MICROSECOND


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _clock(minute: object) -> time:
    number = _integer(minute)
    if not 0 <= number < MINUTES_PER_DAY:
        raise ValueError("a day has no such minute")
    return time(number // 60, number % 60)


def _integer(value: object) -> int:
    if type(value) is not int:
        raise TypeError("a whole number is due here")
    return value
