"""What every handler of this dialect uses: a call with its arguments, reads, acts and pages."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlencode

from rekey.dialects.seam.callers import SeamCaller
from rekey.dialects.seam.errors import InvalidInput, MismatchedPage
from rekey.dialects.seam.parameters import Arguments
from rekey.dialects.seam.translate_doors import UNSEEN
from rekey.dialects.seam.wire import Pagination
from rekey.domain.access import DoorRecord
from rekey.domain.client_session import ClientSession
from rekey.domain.estate import Door, Site, zone_named
from rekey.domain.operator import Actor
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Operation
from rekey.operations.authenticate import Caller
from rekey.operations.merge_people import resolve_person_id
from rekey.operations.use_door import Services
from rekey.ports.door_driver import Ability, DoorState
from rekey.ports.listing import Listing, Part
from rekey.ports.store import View
from rekey.webkit.message import Request
from rekey.webkit.paging import CursorFault, CursorRefused, CursorSealer
from rekey.webkit.settings import DialectSettings

In = TypeVar("In")
Out = TypeVar("Out")
T = TypeVar("T")

MAX_LIMIT = 10_000
_PERSON, _PEOPLE, _EVENTS = ("user_identity_id", "owner_user_identity_id"), "user_identity_ids", "/events/"
_NOBODY = "00000000-0000-0000-0000-000000000000"
OBSERVE_SECONDS = 2.0
_STRIDE = 500
_ID_PREFIX = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Which rows: at most `limit`, past the number `after`."""

    limit: int
    after: int


@dataclass(frozen=True, slots=True)
class Call:
    """One request with its arguments and its caller."""

    request: Request
    args: Arguments

    @property
    def actor(self) -> Actor:
        caller = self.request.caller
        if not isinstance(caller, Caller):
            raise TypeError("a handler ran without a caller")
        return caller.actor

    @property
    def caller(self) -> SeamCaller:
        caller = self.request.caller
        if not isinstance(caller, SeamCaller):
            raise TypeError("a handler ran without a caller")
        return caller

    @property
    def session(self) -> ClientSession | None:
        """The client session in hand; None for the other kinds of keys."""
        return self.caller.session

    @property
    def workspace_id(self) -> str:
        return self.actor.organization_id


class Kit:
    """The services, with the calls that handlers make of them."""

    def __init__(self, services: Services, settings: DialectSettings) -> None:
        self.services = services
        self.settings = settings
        # Bound to the server's own secret, so that cursors outlive a restart and cannot be made elsewhere.
        self._sealer = CursorSealer(services.core.secrets.fingerprint("seam page cursors").encode())

    @property
    def now(self) -> datetime:
        return self.services.core.clock.now()

    async def with_survivors(self, call: Call) -> Call:
        """Let the id of a record that was merged stand for the person that it became, in every route.

        The record of a user without a user identity is nobody's.
        Events keep the ids that they were told with, so what asks for them does too.
        """
        args = call.args
        one = {name: value for name in _PERSON if (value := args.text(name)) is not None}
        several = args.texts(_PEOPLE) or ()
        if call.request.path.startswith(_EVENTS) or not (one or several):
            return call

        async def look(view: View) -> dict[str, str]:
            ids = {*one.values(), *(id_.lower() for id_ in several)}
            return {id_: await _stands_for(view, id_) for id_ in ids}

        became = await self.services.core.store.read(call.actor.organization_id, look)
        changes: dict[str, object] = {name: became[id_] for name, id_ in one.items()}
        if several:
            changes[_PEOPLE] = list(dict.fromkeys(became[id_.lower()] for id_ in several))
        return replace(call, args=args.changed(changes))

    async def perform(self, call: Call, operation: Operation[In, Out], wanted: In) -> Out:
        return await self.services.core.perform(operation, call.actor, wanted)

    async def read(
        self,
        call: Call,
        permission: Permission,
        look: Callable[[View], Awaitable[T]],
        scope: Scope | None = None,
    ) -> T:
        return await self.services.core.read(call.actor, permission, scope, look)

    def page_of(self, call: Call, default: int) -> Page:
        """Read limit and page_cursor. Raises: MismatchedPage, InvalidInput."""
        limit = min(call.args.number("limit", default), MAX_LIMIT)
        cursor = call.args.text("page_cursor")
        if cursor is None:
            return Page(limit=limit, after=0)
        try:
            (after,) = self._sealer.open(cursor.rstrip("="), self._bound(call))
        except CursorRefused as refused:
            if refused.reason is CursorFault.OTHER_PARAMETERS:
                raise MismatchedPage("page_cursor belongs to a request with other parameters") from refused
            raise InvalidInput({"page_cursor": ["Invalid page cursor"]}) from refused
        return Page(limit=limit, after=int(after or 0))

    def pagination(self, call: Call, last: int | None) -> Pagination:
        """Tell where the next page begins: past the number `last`, or nowhere."""
        if last is None:
            return Pagination(has_next_page=False, next_page_cursor=None, next_page_url=None)
        cursor = _in_base64(self._sealer.seal([last], self._bound(call)))
        return Pagination(
            has_next_page=True, next_page_cursor=cursor, next_page_url=self._url_of(call, cursor)
        )

    def _bound(self, call: Call) -> dict[str, object]:
        """A cursor is of one organization and one route, whatever else it is bound to."""
        return {**call.args.bound(), " path": call.request.path, " workspace": call.workspace_id}

    def _url_of(self, call: Call, cursor: str) -> str:
        query: list[tuple[str, object]] = []
        for name, value in sorted({**call.args.bound(), "page_cursor": cursor}.items()):
            if isinstance(value, dict):
                query += [(f"{name}.{key}", member) for key, member in value.items()]
            elif isinstance(value, list):
                query += [(name, item) for item in value or [""]]
            else:
                query.append((name, str(value).lower() if isinstance(value, bool) else value))
        return f"{self.address_of(call.request)}{call.request.path}?{urlencode(query)}"

    def address_of(self, request: Request) -> str:
        """Give the address at which clients reach this dialect, without a slash at the end."""
        scope = request.scope
        public = self.settings.public_url or f"{scope.get('scheme', 'http')}://{request.header('host')}"
        return f"{public}{scope.get('root_path', '')}"

    def abilities_of(self, driver_name: str) -> frozenset[Ability]:
        driver = self.services.core.drivers.get(driver_name)
        return frozenset() if driver is None else driver.abilities

    async def observe(self, call: Call, doors: Sequence[tuple[Door, Site]]) -> list[DoorState]:
        """Ask every door what it is now, all at once; one that is slow to answer counts as not reachable."""
        return await asyncio.gather(*(self._observe(call, door, site) for door, site in doors))

    async def _observe(self, call: Call, door: Door, site: Site) -> DoorState:
        driver = self.services.core.drivers.get(door.driver)
        if driver is None:
            return UNSEEN
        record = DoorRecord(
            organization_id=call.actor.organization_id,
            door_id=door.id,
            name=door.name,
            site_id=site.id,
            zone=zone_named(site.time_zone),
            driver=door.driver,
            mode=door.mode,
            settings=door.settings,
        )
        try:
            return await asyncio.wait_for(driver.observe(record), OBSERVE_SECONDS)
        except TimeoutError:
            return UNSEEN


async def scan(
    fetch: Callable[[Part], Awaitable[Listing[T]]],
    number: Callable[[T], int],
    page: Page,
    keep: Callable[[T], bool] = lambda _row: True,
    *,
    made_before: tuple[datetime | None, Callable[[T], datetime]] | None = None,
) -> tuple[list[T], int | None]:
    """Give a page of the rows that are kept, and the number past which the next page begins, if any.

    Rows come by number, which is the order in which they were made: a page neither repeats nor skips one, and
    from the first row that was not `made_before` the instant on there is nothing more to read.
    """
    before, made_at = made_before or (None, None)
    kept: list[T] = []
    after = page.after
    while len(kept) <= page.limit:
        stride = Part(limit=max(_STRIDE, page.limit + 1), after=after)
        listed = await fetch(stride)
        kept += [row for row in listed.items if keep(row)]
        if len(listed.items) < stride.limit:
            break
        if before is not None and made_at is not None and made_at(listed.items[-1]) >= before:
            break
        after = number(listed.items[-1])
    rows = kept[: page.limit]
    return rows, number(rows[-1]) if len(kept) > page.limit else None


def _in_base64(cursor: str) -> str:
    """Write a cursor in the plain alphabet and padded, as the description of pages has it."""
    return cursor.replace("-", "+").replace("_", "/") + "=" * (-len(cursor) % 4)


def is_found(search: str | None, texts: Iterable[str | None], ids: Iterable[str]) -> bool:
    """Say whether a search fits: a part of any text in any letter case, or the beginning of an id."""
    if search is None:
        return True
    wanted = search.casefold()
    if any(wanted in text.casefold() for text in texts if text):
        return True
    return len(wanted) >= _ID_PREFIX and any(id_.startswith(wanted) for id_ in ids)


async def _stands_for(view: View, person_id: str) -> str:
    person = await view.people.get(await resolve_person_id(view, person_id))
    if person is None:
        return person_id
    return person.id if person.parted_by is None else _NOBODY
