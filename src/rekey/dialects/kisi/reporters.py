"""What reports tell of. The vendor lists its reporters nowhere, so this table is ours."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from heapq import merge
from operator import attrgetter
from typing import Final
from zoneinfo import ZoneInfo

from rekey.dialects.kisi.event_feed import events_of
from rekey.dialects.kisi.event_map import EVENTS, actions_of
from rekey.dialects.kisi.event_past import Past
from rekey.dialects.kisi.report_links import MAILED_FOR, ReportLinks
from rekey.dialects.kisi.shapes import Shape, instant, switches
from rekey.dialects.kisi.user_facts import UNLOCKED
from rekey.domain.block import SubjectKind
from rekey.domain.document import Document
from rekey.domain.estate import Door
from rekey.domain.journal import JournalRow
from rekey.domain.people import Person
from rekey.domain.report import ReportFormat, days_between
from rekey.operations.keep_report_schedule import emails_of
from rekey.operations.post import Letter
from rekey.operations.report_maker import Cells, Reading
from rekey.ports.clock import Clock
from rekey.ports.listing import Part
from rekey.ports.repositories.journal import JournalFilter
from rekey.ports.store import View

_STRIDE: Final = 500
_UNLOCK: Final = "lock.unlock"

Rows = Callable[[Document, Reading], AsyncIterator[Cells]]


@dataclass(frozen=True, slots=True)
class Reporter:
    """One kind of report; `note` says in a line what it shows."""

    name: str
    note: str
    columns: tuple[str, ...]
    rows: Rows


_EVENT_COLUMNS: Final = (
    "created_at",
    "type",
    "success",
    "actor_type",
    "actor_name",
    "actor_email",
    "object_type",
    "object_name",
    "place_id",
    "code",
    "message",
    "authorized_by_type",
    "authorized_by_id",
    "uuid",
)
_UNLOCK_COLUMNS: Final = tuple(name for name in _EVENT_COLUMNS if name not in {"type", "object_type"})
_USER_COLUMNS: Final = (
    "id",
    "name",
    "email",
    "access_enabled",
    "scim_access_enabled",
    "created_at",
    "updated_at",
)
_PRESENCE_COLUMNS: Final = (
    "date",
    "place",
    "name",
    "email",
    "first_unlock_at",
    "last_unlock_at",
    "last_lock",
)


async def _events(report: Document, reading: Reading) -> AsyncIterator[Cells]:
    async for shape in _shapes(report, reading, frozenset(EVENTS)):
        yield _cells(shape, _EVENT_COLUMNS)


async def _unlocks(report: Document, reading: Reading) -> AsyncIterator[Cells]:
    async for shape in _shapes(report, reading, actions_of(frozenset({_UNLOCK}))):
        if shape["type"] == _UNLOCK:
            yield _cells(shape, _UNLOCK_COLUMNS)


async def _users(_report: Document, reading: Reading) -> AsyncIterator[Cells]:
    """Give the users as they stand when the report is made."""
    after, now = 0, reading.core.clock.now()

    async def look(view: View) -> list[tuple[Person, tuple[bool, bool]]]:
        listed = await view.people.list(Part(limit=_STRIDE, after=after), guests=False)
        ids = [person.id for person in listed.items]
        standing = await view.blocks.standing_on(SubjectKind.PERSON, ids)
        return [(person, switches(standing.get(person.id, ()), now)) for person in listed.items]

    while people := await reading.look(look):
        for person, (enabled, by_directory) in people:
            yield (
                str(person.number),
                person.name,
                person.email or "",
                _text(enabled),
                _text(by_directory),
                _text(instant(person.created_at)),
                _text(instant(person.updated_at)),
            )
        after = people[-1][0].number


@dataclass(slots=True)
class _Seen:
    person: Person
    door: Door
    place: str
    first: datetime
    last: datetime


async def _presences(report: Document, reading: Reading) -> AsyncIterator[Cells]:
    """Give who came through a door of which place on which day; no more than one day is in memory."""
    zone = ZoneInfo(str(report.body["time_zone"]))
    day: date | None = None
    seen: dict[tuple[str, str], _Seen] = {}
    async for row in _journal(report, reading, frozenset({UNLOCKED})):
        today = row.at.astimezone(zone).date()
        if day is not None and today != day:
            for cells in _day(day, seen):
                yield cells
            seen = {}
        day = today
        await reading.look(lambda view, met=row, known=seen: _meet(view, met, known))  # type: ignore[misc]  # mypy can't infer a lambda with defaults
    if day is not None:
        for cells in _day(day, seen):
            yield cells


async def _meet(view: View, row: JournalRow, seen: dict[tuple[str, str], _Seen]) -> None:
    person = None if row.person_id is None else await view.people.last_known(row.person_id)
    door = None if row.door_id is None else await view.history.door(row.door_id, row.position)
    if person is None or door is None:
        return
    known = seen.get((door.site_id, person.id))
    if known is not None:
        known.last, known.door = row.at, door
        return
    site = await view.sites.get(door.site_id)
    seen[door.site_id, person.id] = _Seen(person, door, "" if site is None else site.name, row.at, row.at)


def _day(day: date, seen: Mapping[tuple[str, str], _Seen]) -> list[Cells]:
    return [
        (
            day.isoformat(),
            one.place,
            one.person.name,
            one.person.email or "",
            _text(instant(one.first)),
            _text(instant(one.last)),
            one.door.name,
        )
        for one in seen.values()
    ]


REPORTERS: Final[Mapping[int, Reporter]] = {
    1: Reporter("Event export", "Every event of these days.", _EVENT_COLUMNS, _events),
    2: Reporter("Users", "The users as they stood when this was made.", _USER_COLUMNS, _users),
    3: Reporter("Unlocks", "Who opened a door, or was refused.", _UNLOCK_COLUMNS, _unlocks),
    4: Reporter("Presence", "Who was where, by the doors that opened.", _PRESENCE_COLUMNS, _presences),
}


class KisiReports:
    """The reports of this API, for the worker that makes them."""

    def __init__(self, links: ReportLinks, clock: Clock) -> None:
        self._links = links
        self._clock = clock

    def columns(self, report: Document) -> Sequence[str]:
        return _reporter(report).columns

    def rows(self, report: Document, reading: Reading) -> AsyncIterator[Cells]:
        return _reporter(report).rows(report, reading)

    def note(self, report: Document) -> str:
        body = report.body
        return f"{_reporter(report).note} {body['start_date']} to {body['end_date']}, {body['time_zone']}."

    def letters(self, report: Document, organization_name: str) -> Sequence[tuple[str, Letter]]:
        emails = emails_of(report)
        if not emails:
            return ()
        until = self._clock.now() + MAILED_FOR
        organization_id, base = str(report.body.get("organization")), str(report.body.get("base"))
        csv, pdf = (
            base + self._links.path(organization_id, report.id, kind, until=until)
            for kind in (ReportFormat.CSV, ReportFormat.PDF)
        )
        letter = Letter(
            subject=f"Report: {report.body.get('name')}",
            text=(
                f"{organization_name} has a new report for you. {self.note(report)}\n\n"
                f"As CSV: {csv}\nAs PDF: {pdf}\n\nThe links work for three days."
            ),
        )
        return [(email, letter) for email in emails]


def _reporter(report: Document) -> Reporter:
    number = report.body.get("reporter_id")
    return REPORTERS[number if isinstance(number, int) else 0]


def _span(report: Document) -> tuple[datetime, datetime]:
    body = report.body
    first, last = date.fromisoformat(str(body["start_date"])), date.fromisoformat(str(body["end_date"]))
    return days_between(first, last, ZoneInfo(str(body["time_zone"])))


async def _shapes(report: Document, reading: Reading, actions: frozenset[str]) -> AsyncIterator[Shape]:
    """Give the events of the report's days, oldest first."""
    pending: list[JournalRow] = []
    async for row in _journal(report, reading, actions):
        pending.append(row)
        if len(pending) == _STRIDE:
            for shape in await _told(reading, pending):
                yield shape
            pending = []
    for shape in await _told(reading, pending):
        yield shape


async def _told(reading: Reading, rows: list[JournalRow]) -> list[Shape]:
    async def look(view: View) -> list[Shape]:
        past = await Past.of(view, rows)
        return [shape for row in rows for shape, _site in await events_of(past, row)]

    return await reading.look(look)


async def _journal(report: Document, reading: Reading, actions: frozenset[str]) -> AsyncIterator[JournalRow]:
    """Give the rows of the report's days up to the position at which it was asked for, oldest first."""
    since, before = _span(report)
    newest = report.body.get("position")
    last = newest if isinstance(newest, int) else 0
    asked = (
        JournalFilter(actions=actions, since=since, before=before),
        JournalFilter(has_parts=True, since=since, before=before),
    )
    after = 0

    async def look(view: View) -> list[JournalRow]:
        answers = [await view.journal.rows(after=after, limit=_STRIDE, matching=one) for one in asked]
        ordered = merge(*answers, key=attrgetter("row.position"))
        return list({stored.row.position: stored.row for stored in ordered}.values())[:_STRIDE]

    while rows := await reading.look(look):
        for row in rows:
            if row.position > last:
                return
            yield row
        after = rows[-1].position


def _cells(shape: Shape, columns: tuple[str, ...]) -> Cells:
    return tuple(_text(shape[name]) for name in columns)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def newest_days(today: date) -> tuple[date, date]:
    """Give the days that a report tells of where nobody says: the last thirty."""
    return today - timedelta(days=29), today
