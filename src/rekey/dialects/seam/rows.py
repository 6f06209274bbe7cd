"""One line of the route table, and the parameters that many lines share."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from rekey.dialects.seam import wire
from rekey.dialects.seam.kit import Call
from rekey.dialects.seam.letters import LETTERS
from rekey.dialects.seam.parameters import Kind, Param, read_arguments
from rekey.dialects.seam.policy import READ
from rekey.webkit.message import Reply, Request
from rekey.webkit.route import Route

Handler = Callable[[Call], Awaitable[Reply]]
Settle = Callable[[Call], Awaitable[Call]]
Answer = tuple[tuple[str, type[wire.Wire]], ...]

GET, PUT, PATCH, DELETE = "GET", "PUT", "PATCH", "DELETE"


@dataclass(frozen=True, slots=True)
class Row:
    """One line: path, the verb beside POST if there is one, operation, handler, parameters, answer.

    `answer` names the keys of the response with their resources; `several` says that they hold lists.
    `beside` are further keys whose resources are described as plain objects, `also` a third verb, and
    `hidden` keeps a line out of the description.
    """

    path: str
    verb: str | None
    operation: str
    handler: Handler
    takes: tuple[Param, ...] = ()
    answer: Answer = ()
    several: bool = False
    paged: bool = False
    also: str | None = None
    hidden: bool = False

    @property
    def methods(self) -> tuple[str, ...]:
        return ("POST", *(verb for verb in (self.verb, self.also) if verb is not None))

    def route(self, settle: Settle | None = None) -> Route:
        """Make the route; `settle` may put other arguments in the place of those that were sent."""

        async def handle(request: Request) -> Reply:
            call = Call(request, read_arguments(request, self.takes))
            return await self.handler(call if settle is None else await settle(call))

        return Route(
            methods=self.methods,
            path=self.path,
            handler=handle,
            name=self.path,
            operation=self.operation,
            auth=LETTERS[self.path],
            summary=(self.handler.__doc__ or self.path).strip().splitlines()[0],
        )


def listing(path: str, handler: Handler, takes: tuple[Param, ...], answer: Answer) -> Row:
    """Make a read that answers a whole list at once."""
    return Row(path, GET, READ, handler, takes, answer, several=True)


def paged(path: str, handler: Handler, takes: tuple[Param, ...], answer: Answer) -> Row:
    """Make a read that answers a list page by page."""
    return Row(path, GET, READ, handler, takes, answer, several=True, paged=True)


def ident(name: str, *, required: bool = False, nullable: bool = False) -> Param:
    return Param(name, Kind.ID, required=required, nullable=nullable)


def text(name: str, *, required: bool = False, nullable: bool = False, filled: bool = False) -> Param:
    return Param(name, Kind.TEXT, required=required, nullable=nullable, filled=filled)


def texts(name: str, *, required: bool = False) -> Param:
    return Param(name, Kind.TEXTS, required=required)


def flag(name: str, *, required: bool = False) -> Param:
    return Param(name, Kind.BOOLEAN, required=required)


def mapping(name: str, *, nullable: bool = False) -> Param:
    return Param(name, Kind.OBJECT, nullable=nullable)


def objects(name: str, *, required: bool = False) -> Param:
    return Param(name, Kind.OBJECTS, required=required)


LIMIT = Param("limit", Kind.NUMBER, positive=True)
CURSOR = Param("page_cursor", Kind.TEXT, nullable=True)
SEARCH = text("search")
BEFORE = Param("created_before", Kind.TIME)
PAGE = (LIMIT, CURSOR)
DEVICE_FILTERS = (
    *PAGE,
    SEARCH,
    BEFORE,
    ident("connect_webview_id"),
    ident("connected_account_id"),
    texts("connected_account_ids"),
    mapping("custom_metadata_has"),
    text("customer_key"),
    texts("device_ids"),
    text("device_type"),
    texts("device_types"),
    text("manufacturer"),
    ident("space_id"),
    ident("unstable_location_id", nullable=True),
    text("user_identifier_key"),
    texts("include_if"),
    texts("exclude_if"),
)
PERSON = ident("user_identity_id", required=True)
DEVICE = ident("device_id", required=True)
ONE_DEVICE = (ident("device_id"), text("name"))
SYNC = flag("sync")
ATTEMPT: Answer = (("action_attempt", wire.ActionAttempt),)
