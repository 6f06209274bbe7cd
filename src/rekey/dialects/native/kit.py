"""What every handler of the native API uses: parsing, naming things, paging, replies."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import msgspec

from rekey.dialects.native.errors import Ambiguous, BadRequest, Unfit
from rekey.dialects.native.translate import show_person
from rekey.domain.errors import NotFound
from rekey.domain.journal import JsonValue
from rekey.domain.operator import Actor
from rekey.domain.people import Person
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.domain.validity import Validity, as_utc
from rekey.operations.act import Operation
from rekey.operations.authenticate import Caller
from rekey.operations.use_door import Services
from rekey.ports.listing import Listing, Part
from rekey.ports.store import View
from rekey.webkit.body import decode
from rekey.webkit.message import Reply, Request

B = TypeVar("B", bound=msgspec.Struct)
In = TypeVar("In")
Out = TypeVar("Out")
T = TypeVar("T")

DEFAULT_LIMIT = 50
MAX_LIMIT = 500
_CANDIDATES = 10
_MOST_DIGITS = 18
_ZONED = "must carry its zone, such as Z or +01:00"
_IN_CALENDAR = "must lie between the years 1 and 9999 in UTC"


def reply_json(value: object, status: int = 200) -> Reply:
    return Reply(status, msgspec.json.encode(value))


def body_of(request: Request, kind: type[B]) -> B:
    """Read the body. Raises: BodyRefused."""
    return decode(request.body or b"{}", kind)


def actor_of(request: Request) -> Actor:
    """Give who calls; the policy has recognised them before any handler runs."""
    caller = request.caller
    if not isinstance(caller, Caller):
        raise TypeError("a handler ran without a caller")
    return caller.actor


def instant_of(request: Request, name: str) -> datetime | None:
    """Read a time parameter. Raises: BadRequest for text that is not RFC 3339 with a zone."""
    text = request.query().one(name)
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as malformed:
        raise BadRequest(name, "must be an RFC 3339 time such as 2026-01-31T17:00:00Z") from malformed
    try:
        return as_utc(at)
    except TypeError as naive:
        raise BadRequest(name, _ZONED) from naive
    except ValueError as beyond:
        raise BadRequest(name, _IN_CALENDAR) from beyond


def instant_in(at: datetime | None, field: str) -> datetime | None:
    """Read a time of a body. Raises: Unfit for one without a zone, or outside the calendar in UTC."""
    try:
        return None if at is None else as_utc(at)
    except TypeError as naive:
        raise Unfit(field, _ZONED) from naive
    except ValueError as beyond:
        raise Unfit(field, _IN_CALENDAR) from beyond


def validity_in(start: datetime | None, end: datetime | None) -> Validity:
    """Read a span of a body. Raises: Unfit for one that ends before it starts, or has no zone."""
    try:
        return Validity(start, end)
    except ValueError as backwards:
        raise Unfit("end", "must be after the start") from backwards
    except TypeError as naive:
        raise Unfit("start", "and end must carry their zone, such as Z or +01:00") from naive


def part_of(request: Request) -> Part:
    """Read limit and after. Raises: QueryRefused."""
    query = request.query()
    limit = query.integer("limit", least=1, most=MAX_LIMIT)
    after = query.integer("after", least=0)
    return Part(limit=limit or DEFAULT_LIMIT, after=after or 0)


def reply_page(
    listing: Listing[T], part: Part, show: Callable[[T], JsonValue], number: Callable[[T], int]
) -> Reply:
    """Answer a part of a list; `next` goes into `after` for the following part, null at the end."""
    full = len(listing.items) == part.limit
    following = number(listing.items[-1]) if full else None
    return reply_json({"items": [show(item) for item in listing.items], "next": following})


def is_number(text: str) -> bool:
    """Say whether a name is a short one; the digits of other scripts and endless ones name nothing."""
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS


@dataclass(frozen=True, slots=True)
class Kit:
    """The services, with the calls that handlers make of them."""

    services: Services

    @property
    def now(self) -> datetime:
        return self.services.core.clock.now()

    async def perform(self, request: Request, operation: Operation[In, Out], wanted: In) -> Out:
        return await self.services.core.perform(operation, actor_of(request), wanted)

    async def read(
        self,
        request: Request,
        permission: Permission,
        look: Callable[[View], Awaitable[T]],
        scope: Scope | None = None,
    ) -> T:
        return await self.services.core.read(actor_of(request), permission, scope, look)

    async def name(self, request: Request, kind: str, named: str | int) -> str:
        """Give the id of a thing that is named by id or number. Raises: NotFound."""
        text = str(named)
        if not is_number(text):
            return text
        organization_id = actor_of(request).organization_id

        async def look(view: View) -> object:
            repositories = {
                "site": view.sites,
                "door": view.doors,
                "door_group": view.door_groups,
                "person": view.people,
                "team": view.teams,
                "grant": view.grants,
                "link": view.links,
                "credential": view.credentials,
            }
            return await repositories[kind].by_number(int(text))  # type: ignore[attr-defined]  # all of them have it

        found = await self.services.core.store.read(organization_id, look)
        if found is None:
            raise NotFound(kind, text)
        return str(found.id)  # type: ignore[attr-defined]  # so has everything it gives

    async def person(self, request: Request, named: str | int) -> str:
        """Give the id of a person named by id, number or e-mail address, to read also by a unique part of the name.

        What changes something takes no part of a name: a slip of the hand must not remove somebody else.
        Raises: NotFound, Ambiguous.
        """
        text = str(named).strip()
        organization_id = actor_of(request).organization_id

        async def look(view: View) -> Sequence[Person]:
            return await find_people(view, text, parts=request.method == "GET")

        found = await self.services.core.store.read(organization_id, look)
        if not found:
            raise NotFound("person", text)
        if len(found) > 1:
            raise Ambiguous([show_person(person) for person in found[:_CANDIDATES]])
        return found[0].id


async def find_people(view: View, text: str, *, parts: bool = True) -> Sequence[Person]:
    """Find people by id, number or e-mail address; if none fits, with `parts` by a part of what is known."""
    exact = await view.people.get(text) or await view.people.by_email(text.lower())
    if exact is None and is_number(text):
        exact = await view.people.by_number(int(text))
    if exact is not None:
        return (exact,)
    if not parts:
        return ()
    return (await view.people.list(Part(limit=MAX_LIMIT), query=text)).items
