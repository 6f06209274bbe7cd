"""What schedules come to within an interval: spans, exceptions, and which of them touch each day.

Source: contract 7.1, `/calendar/summary`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rekey.dialects.kisi.errors import BadQuery
from rekey.dialects.kisi.intervals import read_interval
from rekey.dialects.kisi.kit import Kit, refuse_beyond
from rekey.dialects.kisi.lists import choice_of, number_of, plain
from rekey.dialects.kisi.schedule_shapes import GROUP, LOCK, STOP, Scheduled
from rekey.dialects.kisi.scheduled import is_in_reach, scheduled_numbered, scope_of
from rekey.dialects.kisi.schedules import CONSEQUENCES, WORDS
from rekey.dialects.kisi.shapes import Shape, instant
from rekey.domain.calendar import CalendarRule, spans
from rekey.domain.role import Permission
from rekey.domain.validity import Validity
from rekey.operations.held_powers import Powers
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

LONGEST = timedelta(days=92)
_SUBJECTS = {"lock_id": LOCK, "group_id": GROUP, "elevator_stop_id": STOP}


class CalendarSummaries:
    """Handler of the summary."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def get(self, request: Request) -> Reply:
        """Sum up the schedules of one lock, group or stop. Raises: BadQuery, NotFound."""
        around, (kind, number) = _around(request), _subject(request)
        word = choice_of(request, "consequence", *WORDS)
        consequence = CONSEQUENCES.get((kind, word or ""))
        if consequence is None:
            raise BadQuery(f"consequence is required, and must be one that a {kind} can have")

        async def look(view: View, powers: Powers) -> Shape:
            scheduled = await scheduled_numbered(view, kind, number)
            refuse_beyond(is_in_reach(scheduled, powers))
            rules = await view.calendar.of(scope_of(scheduled), consequence)
            return summarize([rule for rule in rules if rule.enabled], scheduled, around)

        return plain(await self._kit.read_within(request, Permission.ESTATE_READ, look))


def summarize(rules: list[CalendarRule], scheduled: Scheduled, around: Validity) -> Shape:
    """Sum up rules that count: what is left of them, what overrides, and by day the schedules that touch it."""
    taken = [replace(rule, override=False) for rule in rules if rule.override]
    return {
        "events": [_span(each) for each in spans(rules, around, scheduled.zone)],
        "exceptions": [_span(each) for each in spans(taken, around, scheduled.zone)],
        "schedules_by_day": [*_by_day(rules, scheduled.zone, around)],
    }


def _by_day(rules: Iterable[CalendarRule], zone: ZoneInfo, around: Validity) -> Iterator[Shape]:
    """Yield the days, by the clock of the place, on which a schedule holds for some time."""
    held = {rule.number: spans((replace(rule, override=False),), around, zone) for rule in rules}
    for day in _days(around, zone):
        begins, ends = _midnight(day, zone), _midnight(day + timedelta(days=1), zone)
        touching = [
            number for number, each in held.items() if any(_overlaps(span, begins, ends) for span in each)
        ]
        if touching:
            yield {"date": day.isoformat(), "schedule_ids": touching}


def _days(around: Validity, zone: ZoneInfo) -> Iterator[date]:
    if around.start is None or around.end is None:
        return
    day, last = around.start.astimezone(zone).date(), around.end.astimezone(zone).date()
    while day <= last:
        yield day
        day += timedelta(days=1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0), zone).astimezone(UTC)


def _overlaps(span: Validity, begins: datetime, ends: datetime) -> bool:
    return (span.start is None or span.start < ends) and (span.end is None or span.end > begins)


def _span(span: Validity) -> Shape:
    return {"starts_at": instant(span.start), "ends_at": instant(span.end)}


def _around(request: Request) -> Validity:
    given = request.query().one("around")
    if given is None:
        raise BadQuery("around is required")
    try:
        start, end = read_interval(given)
    except ValueError as malformed:
        raise BadQuery(f"around {malformed}") from malformed
    if end - start > LONGEST:
        raise BadQuery(f"around must span at most {LONGEST.days} days")
    if not 1900 <= start.year <= end.year <= 9000:
        raise BadQuery("around lies outside the calendar")
    return Validity(start, end)


def _subject(request: Request) -> tuple[str, int]:
    given = [(kind, number_of(request, name)) for name, kind in _SUBJECTS.items()]
    named = [(kind, number) for kind, number in given if number is not None]
    if len(named) != 1:
        raise BadQuery(f"name exactly one of {', '.join(_SUBJECTS)}")
    return named[0]
