"""The audit of a lock and of a user, read from the journal."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from rekey.dialects.doordeck.audit import TILE_SET, AuditEvent, events_of, show_event_v1, show_event_v2
from rekey.dialects.doordeck.errors import BadRequest
from rekey.dialects.doordeck.kit import DOOR, PERSON, Kit, id_of, reply_json, signed_in_of, version_of
from rekey.domain.people import Person
from rekey.domain.role import Permission
from rekey.operations.find import find_person
from rekey.operations.held_doors import held_doors
from rekey.ports.repositories.journal import JournalFilter, StoredRow
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

_VERSIONS = (1, 2)
_DEFAULT_SPAN = timedelta(days=7)
_MOST_ROWS = 1000
_LAST_SECOND = 253_402_300_799


class Logs:
    """Handlers of `/device/{id}/log` and `/user/{id}/log`, newest first."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def of_lock(self, request: Request) -> Reply:
        version, door_id = version_of(request, _VERSIONS), id_of(request, DOOR)
        since, before = self._span(request)
        matching = JournalFilter(door_id=door_id, since=since, before=before)

        async def look(view: View) -> tuple[list[AuditEvent], dict[str, Person]]:
            events = await _events(view, matching)
            return events, await _people(view, events)

        events, people = await self._kit.read_door(request, Permission.JOURNAL_READ, door_id, look)
        if version == 1:
            return reply_json([show_event_v1(event) for event in events])
        return reply_json([show_event_v2(event, people) for event in events])

    async def of_person(self, request: Request) -> Reply:
        """Give what a user did at the locks that the caller administers, and what was done for the user there."""
        me, person_id = signed_in_of(request).person_id, id_of(request, PERSON)
        since, before = self._span(request)

        async def look(view: View) -> tuple[list[AuditEvent], dict[str, Person]]:
            await find_person(view, person_id)
            held = await held_doors(view, me, self._kit.now)
            events = []
            for door_id in (one.door.door_id for one in held if one.administers):
                events += await _events(view, JournalFilter(door_id=door_id, since=since, before=before))
            concerned = [event for event in events if person_id in {event.issuer_id, event.subject_id}]
            concerned.sort(key=lambda event: event.row.position, reverse=True)
            return concerned, await _people(view, concerned)

        events, people = await self._kit.look(request, look)
        return reply_json([show_event_v2(event, people) for event in events])

    def _span(self, request: Request) -> tuple[datetime, datetime | None]:
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
        return since, before


async def _events(view: View, matching: JournalFilter) -> list[AuditEvent]:
    listed = await view.journal.rows(limit=_MOST_ROWS, matching=matching, newest_first=True)
    rows = sorted((*listed, *await _shared_tiles(view, matching)), key=_position, reverse=True)
    issuers: dict[str | None, str | None] = {None: None}
    found: list[AuditEvent] = []
    for stored in rows:
        operator_id = stored.row.operator_id
        if operator_id is not None and operator_id not in issuers:
            operator = await view.operators.get(operator_id)
            issuers[operator_id] = None if operator is None else operator.person_id
        found.extend(events_of(stored.row, issuer_id=issuers[operator_id], door_id=matching.door_id))
    return found


async def _shared_tiles(view: View, matching: JournalFilter) -> list[StoredRow]:
    """Give what was done to tiles of several locks: such a row names the site, and its locks in the detail."""
    door = None if matching.door_id is None else await view.doors.get(matching.door_id)
    if door is None:
        return []
    of_site = replace(matching, door_id=None, site_id=door.site_id, action=TILE_SET)
    rows = await view.journal.rows(limit=_MOST_ROWS, matching=of_site, newest_first=True)
    shared = [stored for stored in rows if stored.row.door_id is None]
    return [replace(stored, row=replace(stored.row, door_id=door.id)) for stored in shared]


def _position(stored: StoredRow) -> int:
    return stored.row.position


async def _people(view: View, events: Iterable[AuditEvent]) -> dict[str, Person]:
    """Give the people whom the events name, also those removed since."""
    named = {person_id for event in events for person_id in (event.issuer_id, event.subject_id) if person_id}
    found = [await view.people.last_known(person_id) for person_id in sorted(named)]
    return {person.id: person for person in found if person is not None}
