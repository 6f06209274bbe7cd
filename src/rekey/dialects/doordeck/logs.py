"""The audit of a lock and of a user, read from the journal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from rekey.dialects.doordeck.audit import AT_DOORS, BEYOND_DOORS, LOCK, AuditEvent, events_of
from rekey.dialects.doordeck.audit_devices import DEVICE_ACTIONS, device_events
from rekey.dialects.doordeck.audit_shapes import show_event_v1, show_event_v2
from rekey.dialects.doordeck.errors import BadRequest
from rekey.dialects.doordeck.kit import DOOR, PERSON, Kit, id_of, reply_json, signed_in_of, version_of
from rekey.domain.access import DoorRecord
from rekey.domain.people import Person
from rekey.domain.role import Permission
from rekey.operations.find import find_door_record, find_person
from rekey.operations.held_doors import held_doors
from rekey.ports.repositories.journal import JournalFilter, StoredRow
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

_VERSIONS = (1, 2)
_DEFAULT_SPAN = timedelta(days=7)
_PAGE = 1000
_MOST_ROWS = 100_000
_LAST_SECOND = 253_402_300_799


@dataclass(frozen=True, slots=True)
class Found:
    """Events, the newest first, with the people whom they name."""

    events: list[AuditEvent]
    people: dict[str, Person]


class Logs:
    """Handlers of `/device/{id}/log` and `/user/{id}/log`, newest first."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def of_lock(self, request: Request) -> Reply:
        version, door_id = version_of(request, _VERSIONS), id_of(request, DOOR)
        span = self._span(request)

        async def look(view: View) -> Found:
            door = await find_door_record(view, door_id)
            rows = await _every(view, replace(span, door_id=door_id, actions=AT_DOORS | DEVICE_ACTIONS))
            beyond = await _every(view, replace(span, actions=BEYOND_DOORS))
            # A row that names the door was found by it already.
            beyond = [stored for stored in beyond if stored.row.door_id != door_id]
            events = await _events(view, [*rows, *beyond], [door])
            now = self._kit.now if span.before is None else min(self._kit.now, span.before)
            made = device_events((stored.row for stored in reversed(rows)), door_id, now)
            return await _found(view, [*events, *made])

        found = await self._kit.read_door(request, Permission.JOURNAL_READ, door_id, look)
        if version == 1:
            return reply_json([show_event_v1(event) for event in found.events])
        return reply_json([show_event_v2(event, found.people) for event in found.events])

    async def of_person(self, request: Request) -> Reply:
        """Give what a user did at the locks that the caller administers, and what was done for the user there."""
        me, person_id = signed_in_of(request).person_id, id_of(request, PERSON)
        span = self._span(request)

        async def look(view: View) -> Found:
            await find_person(view, person_id)
            held = await held_doors(view, me, self._kit.now)
            doors = [one.door for one in held if one.administers]
            operator = await view.operators.of_person(person_id)
            rows = {
                stored.row.position: stored
                for matching in (
                    replace(span, person_id=person_id, actions=AT_DOORS),
                    replace(span, actions=BEYOND_DOORS),
                )
                for stored in await _every(view, matching)
            }
            if operator is not None:
                done = await _every(view, replace(span, operator_id=operator.id, actions=AT_DOORS))
                rows |= {stored.row.position: stored for stored in done}
            events = await _events(view, list(rows.values()), doors)
            return await _found(
                view, [event for event in events if person_id in {event.issuer_id, event.subject_id}]
            )

        found = await self._kit.look(request, look)
        return reply_json([show_event_v2(event, found.people) for event in found.events])

    def _span(self, request: Request) -> JournalFilter:
        """Read the span; without a start it is the last seven days up to the end."""
        query = request.query()
        start = query.integer("start", least=0, most=_LAST_SECOND)
        end = query.integer("end", least=0, most=_LAST_SECOND)
        before = None if end is None else datetime.fromtimestamp(end, UTC)
        since = (
            (before or self._kit.now) - _DEFAULT_SPAN if start is None else datetime.fromtimestamp(start, UTC)
        )
        if before is not None and before < since:
            raise BadRequest("end must not lie before start")
        return JournalFilter(since=since, before=before)


async def _every(view: View, matching: JournalFilter) -> list[StoredRow]:
    """Give every row, page by page, the newest first. Raises: BadRequest for more than one answer can hold."""
    found: list[StoredRow] = []
    after = 0
    while True:
        page = await view.journal.rows(after=after, limit=_PAGE, matching=matching, newest_first=True)
        found.extend(page)
        if len(page) < _PAGE:
            return found
        if len(found) >= _MOST_ROWS:
            raise BadRequest("There are too many events between start and end: ask for a shorter time")
        after = page[-1].row.position


async def _events(view: View, rows: Iterable[StoredRow], doors: Sequence[DoorRecord]) -> list[AuditEvent]:
    issuers: dict[str | None, str | None] = {None: None}
    by_id: dict[str, DoorRecord] = {door.door_id: door for door in doors}
    found: list[AuditEvent] = []
    for stored in rows:
        row = stored.row
        if row.operator_id not in issuers:
            operator = await view.operators.get(row.operator_id or "")
            issuers[row.operator_id] = None if operator is None else operator.person_id
        named = by_id.get(row.door_id or "")
        concerned = doors if row.action in BEYOND_DOORS else () if named is None else (named,)
        for door in concerned:
            found.extend(events_of(row, door, issuer_id=issuers[row.operator_id]))
    return found


def _order(event: AuditEvent) -> tuple[datetime, int, bool]:
    """By time; what a row tells beside its own event, such as locking after no time at all, comes after it."""
    return event.at, event.row.position, event.type == LOCK


async def _found(view: View, events: Iterable[AuditEvent]) -> Found:
    """Put the events in order, and add the people whom they name, also those removed since."""
    ordered = sorted(events, key=_order, reverse=True)
    named = {person_id for event in ordered for person_id in (event.issuer_id, event.subject_id) if person_id}
    found = [await view.people.last_known(person_id) for person_id in sorted(named)]
    return Found(ordered, {person.id: person for person in found if person is not None})
