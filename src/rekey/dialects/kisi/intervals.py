"""ISO 8601 intervals: `start/end`, `start/duration`, `duration/end`. Source: contract section 1, times."""

import calendar
import re
from datetime import UTC, datetime, timedelta

_DURATION = re.compile(
    r"P(?:(?P<years>\d{1,4})Y)?(?:(?P<months>\d{1,4})M)?(?:(?P<weeks>\d{1,5})W)?(?:(?P<days>\d{1,6})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,7})M)?(?:(?P<seconds>\d{1,9})S)?)?"
)


def read_interval(text: str) -> tuple[datetime, datetime]:
    """Read an interval; times without a zone are UTC.

    Raises: ValueError for another form, a duration alone, or an end that does not lie after its start.
    """
    first, separator, second = text.partition("/")
    if not separator or (first.startswith("P") and second.startswith("P")):
        raise ValueError("must be start/end, start/duration or duration/end")
    try:
        start, end = _ends(first, second)
    except OverflowError as beyond:
        raise ValueError("lies outside the calendar") from beyond
    if end <= start:
        raise ValueError("must end after it starts")
    return start, end


def _ends(first: str, second: str) -> tuple[datetime, datetime]:
    if first.startswith("P"):
        end = _instant(second)
        return _moved(end, first, -1), end
    start = _instant(first)
    return start, _moved(start, second, 1) if second.startswith("P") else _instant(second)


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo is not None else at.replace(tzinfo=UTC)).astimezone(UTC)


def _moved(at: datetime, duration: str, sign: int) -> datetime:
    found = _DURATION.fullmatch(duration)
    if found is None or duration in {"P", "PT"}:
        raise ValueError("has no duration such as P1D or PT8H")
    parts = {name: int(value or 0) * sign for name, value in found.groupdict().items()}
    month = at.year * 12 + at.month - 1 + parts.pop("years") * 12 + parts.pop("months")
    year, month = divmod(month, 12)
    if not 1 <= year <= 9999:
        raise ValueError("lies outside the calendar")
    day = min(at.day, calendar.monthrange(year, month + 1)[1])
    return at.replace(year=year, month=month + 1, day=day) + timedelta(**parts)
