"""Event sets: a question to the journal, answered page by page. Source: contract section 7.2."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import merge
from operator import attrgetter
from typing import Final

from rekey.dialects.kisi.attributes import Attributes, unwrap
from rekey.dialects.kisi.errors import BadQuery
from rekey.dialects.kisi.event_feed import events_of
from rekey.dialects.kisi.event_map import EVENTS, actions_of
from rekey.dialects.kisi.event_past import Past
from rekey.dialects.kisi.event_types import ACTIONS_OF, EVENT_TYPES
from rekey.dialects.kisi.intervals import read_interval
from rekey.dialects.kisi.kit import Kit, path_number
from rekey.dialects.kisi.lists import part_of, plain
from rekey.dialects.kisi.shapes import Shape, instant
from rekey.domain.document import Document, DocumentBody, DocumentKind
from rekey.domain.errors import NotFound
from rekey.domain.role import Permission
from rekey.operations.feeds import row_of_event
from rekey.operations.keep_journal_query import KEPT_FOR, KeepJournalQuery, keep_journal_query
from rekey.ports.repositories.journal import JournalFilter, StoredRow
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request
from rekey.webkit.paging import CursorRefused, CursorSealer, PageLimits

WIDEST: Final = timedelta(days=90)
_PAGES: Final = PageLimits(default=50, maximum=250, farthest=20_000)
_STRIDE: Final = 500
_NUMBERS: Final = ("event_actor_id", "event_authenticated_by_id", "event_object_id")
_WORDS: Final = ("event_actor_type", "event_authenticated_by_type", "event_object_type")
_LISTS: Final = ("event_type", "event_sequence", "event_uuid")
# The members of an event that each filter speaks of.
_MEMBERS: Final[Mapping[str, str]] = {
    "event_actor_id": "actor_id",
    "event_actor_type": "actor_type",
    "event_authenticated_by_id": "authenticated_by_id",
    "event_authenticated_by_type": "authenticated_by_type",
    "event_object_id": "object_id",
    "event_object_type": "object_type",
    "event_place_id": "place_id",
    "event_success": "success",
}
_OF_MANY_DOORS: Final = "door.orders_expired"

Fits = Callable[[Shape], bool]


@dataclass(frozen=True, slots=True)
class Sought:
    """Which rows may become events of a set, in several questions whose answers are put in order."""

    rows: tuple[JournalFilter, ...]
    fits: Fits
    newest: int


class EventSets:
    """Handlers of event sets, and of the words that events use."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        # Bound to the server's own secret, so that cursors outlive a restart and cannot be made elsewhere.
        self._sealer = CursorSealer(kit.services.core.secrets.fingerprint("event set cursors").encode())

    async def create(self, request: Request) -> Reply:
        """Keep the question and answer with its first page: there is nothing to wait for here."""
        body = _question(unwrap(request, "event_set"), self._kit.now())
        query = await self._kit.perform(request, keep_journal_query, KeepJournalQuery(body=body))
        return await self._page(request, query, limit=_PAGES.default, cursor=None)

    async def get(self, request: Request) -> Reply:
        """Give a page, the newest events first."""
        number, limit = path_number(request, "event_set"), max(1, part_of(request, _PAGES).limit)
        cursor = request.query().one("cursor") or None
        query = await self._kit.look(
            request, lambda view: view.documents.by_number(DocumentKind.JOURNAL_QUERY, number)
        )
        if query is None or query.created_at + KEPT_FOR <= self._kit.now():
            raise NotFound("event_set", str(number))
        return await self._page(request, query, limit=limit, cursor=cursor)

    async def list_types(self, request: Request) -> Reply:
        await self._kit.read(request, Permission.JOURNAL_READ, _only_ask)
        return plain(list(EVENT_TYPES))

    async def list_meta(self, request: Request) -> Reply:
        await self._kit.read(request, Permission.JOURNAL_READ, _only_ask)
        return plain({name: list(actions) for name, actions in ACTIONS_OF.items()})

    async def _page(self, request: Request, query: Document, *, limit: int, cursor: str | None) -> Reply:
        below, passed = self._place(query, cursor)

        async def look(view: View) -> tuple[list[Shape], list[int] | None]:
            sought = await _sought(view, query)
            events: list[Shape] = []
            last = [below, passed]
            async for position, place, shape in _scan(view, sought, below=below, passed=passed):
                if len(events) == limit:
                    return events, last
                events.append(shape)
                last = [position, place + 1]
            return events, None

        events, following = await self._kit.read(request, Permission.JOURNAL_READ, look)
        sealed = None if following is None else self._sealer.seal([*following], {"set": query.id})
        return plain(_show(query, events, sealed))

    def _place(self, query: Document, cursor: str | None) -> tuple[int, int]:
        """Say where to go on: in the row at a position, past so many of its events. Raises: BadQuery."""
        if cursor is None:
            return 0, 0
        try:
            below, passed = self._sealer.open(cursor, {"set": query.id})
        except (CursorRefused, ValueError) as refused:
            raise BadQuery("cursor belongs to another event set") from refused
        return int(below or 0), int(passed or 0)


async def _only_ask(_view: View) -> None:
    """Look at nothing, where only the permission is asked for."""


async def _scan(
    view: View, sought: Sought, *, below: int, passed: int
) -> AsyncIterator[tuple[int, int, Shape]]:
    """Give the events that fit, the newest first: position, place in the row's events, and the event.

    Takes: below, the position to go on at (0 for the newest), and how many events of that row were given.
    """
    after, stride = (sought.newest if below == 0 else below) + 1, 50
    skip = passed
    while True:
        rows = await _rows(view, sought, before=after, limit=stride)
        past = await Past.of(view, [stored.row for stored in rows])
        for stored in rows:
            for place, (shape, _site) in enumerate(await events_of(past, stored.row)):
                if not (stored.row.position == below and place < skip) and sought.fits(shape):
                    yield stored.row.position, place, shape
        if len(rows) < stride:
            return
        after, stride = rows[-1].row.position, _STRIDE


async def _rows(view: View, sought: Sought, *, before: int, limit: int) -> list[StoredRow]:
    answers = [
        await view.journal.rows(after=before, limit=limit, matching=matching, newest_first=True)
        for matching in sought.rows
    ]
    ordered = merge(*answers, key=attrgetter("row.position"), reverse=True)
    return list({stored.row.position: stored for stored in ordered}.values())[:limit]


async def _sought(view: View, query: Document) -> Sought:
    body = query.body
    types = _texts(body, "event_type")
    base = JournalFilter(
        actions=actions_of(frozenset(types)) if types else frozenset(EVENTS),
        since=datetime.fromisoformat(str(body["from"])),
        before=datetime.fromisoformat(str(body["to"])),
    )
    position = body["position"]
    newest = position if isinstance(position, int) else 0
    return Sought(tuple([one async for one in _narrowed(view, body, base)]), _fits(body), newest)


async def _narrowed(view: View, body: DocumentBody, base: JournalFilter) -> AsyncIterator[JournalFilter]:
    """Ask for fewer rows where a filter names one door or one person; what is given is still tested."""
    uuids = _texts(body, "event_uuid")
    if not uuids:
        yield _with(base, actions=None, has_parts=True)
    if uuids:
        for uuid in uuids:
            found = await row_of_event(view, uuid.lower())
            if found is not None:
                yield _with(
                    base, actions=None, since=found[0].at, before=found[0].at + timedelta(microseconds=1)
                )
        return
    door = None
    if body.get("event_object_type") == "Lock" and isinstance(number := body.get("event_object_id"), int):
        door = await view.doors.by_number(number)
    if door is not None:
        yield _with(base, door_id=door.id)
        yield _with(base, actions=(base.actions or frozenset()) & {_OF_MANY_DOORS})
        return
    person = None
    if body.get("event_actor_type") == "User" and isinstance(number := body.get("event_actor_id"), int):
        person = await view.people.by_number(number)
    operator = None if person is None else await view.operators.of_person(person.id)
    if person is not None and operator is not None:
        yield _with(base, person_id=person.id)
        yield _with(base, operator_id=operator.id)
        yield _with(base, actions=(base.actions or frozenset()) & {_OF_MANY_DOORS})
        return
    yield base


def _with(base: JournalFilter, **changes: object) -> JournalFilter:
    return replace(base, **changes)  # type: ignore[arg-type]  # each name is a field of the filter


def _fits(body: DocumentBody) -> Fits:
    """Give the test of one event; all filters must hold."""
    wanted = {member: body[name] for name, member in _MEMBERS.items() if body.get(name) is not None}
    types, uuids = _texts(body, "event_type"), _texts(body, "event_uuid")
    sequences = _texts(body, "event_sequence")

    def fits(shape: Shape) -> bool:
        return (
            all(shape[member] == value for member, value in wanted.items())
            and (not types or shape["type"] in types)
            and (not uuids or shape["uuid"] in uuids)
            and (not sequences or str(shape["sequence"]) in sequences)
        )

    return fits


def _question(wanted: Attributes, now: datetime) -> DocumentBody:
    """Read the filters; the interval is the last 90 days unless it is given. Raises: Unprocessable."""
    body: DocumentBody = {}
    for name in _NUMBERS:
        body[name] = wanted.number(name)
    for name in _WORDS:
        body[name] = wanted.text(name)
    for name in _LISTS:
        body[name] = [*(wanted.texts(name) or ())]
    unknown = [name for name in _texts(body, "event_type") if name not in EVENT_TYPES]
    if unknown:
        wanted.refuse("event_type", f"is not one of GET /events/types: {', '.join(unknown[:5])}")
    body["event_success"] = wanted.flag("event_success")
    if wanted.has("event_place_id") and wanted.has("place_id"):
        wanted.refuse("place_id", "names the place a second time: send only one")
    body["event_place_id"] = wanted.number("event_place_id") or wanted.number("place_id")
    start, end = _interval(wanted, now)
    wanted.check()
    shown = wanted.text("interval") or f"{instant(start)}/{instant(end)}"
    return {**body, "interval": shown, "from": start.isoformat(), "to": end.isoformat()}


def _interval(wanted: Attributes, now: datetime) -> tuple[datetime, datetime]:
    text = wanted.text("interval")
    if text is None:
        # What happened at this very instant belongs to it.
        return now - WIDEST, now + timedelta(microseconds=1)
    try:
        start, end = read_interval(text)
    except ValueError as malformed:
        wanted.refuse("interval", str(malformed))
        return now, now
    if end - start > WIDEST:
        wanted.refuse("interval", "must be at most 90 days wide")
    return start, end


def _texts(body: DocumentBody, name: str) -> tuple[str, ...]:
    values = body.get(name)
    return tuple(str(value) for value in values) if isinstance(values, list) else ()


def _show(query: Document, events: list[Shape], cursor: str | None) -> Shape:
    body = query.body
    echoed = {
        name: ",".join(_texts(body, name)) or None if name in _LISTS else body.get(name)
        for name in (*_NUMBERS, *_WORDS, *_LISTS, "event_success", "event_place_id")
    }
    return {
        "id": query.number,
        "created_at": instant(query.created_at),
        "status": "finished",
        "interval": body["interval"],
        **echoed,
        "events": events,
        "cursor": cursor,
        "place_id": body.get("event_place_id"),
    }
