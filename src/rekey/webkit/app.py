"""One dialect as one Falcon app, built from its table of routes and its policy."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import falcon.asgi

from rekey.webkit.asgi import (
    BodyTooLarge,
    ClientGone,
    Receive,
    Scope,
    Send,
    answer_plainly,
    read_body,
)
from rekey.webkit.faults import log_fault
from rekey.webkit.guard import REFUSAL_KEY, Refusal
from rekey.webkit.message import Reply, Request, reply_body, reply_head
from rekey.webkit.request_id import new_request_id
from rekey.webkit.route import Endpoint, Route, RouteTable
from rekey.webkit.stream import send_stream

_LAST_RESORT = Reply(500, b'{"error":"internal error","code":"internal_error"}')


class DialectPolicy(Protocol):
    """What a dialect decides about every request, in its own form."""

    async def authenticate(self, request: Request) -> object:
        """Recognise the caller of a matched route; the result becomes `request.caller`.

        Raises: an error that `on_error` knows, where the route asks for a caller.
        """
        ...

    async def on_error(self, request: Request, error: Exception) -> Reply | None:
        """Answer an error of the core or the dialect; None for one that is not known.

        The request carries its route and caller as far as they were known when the error came.
        """
        ...

    def server_fault(self, request: Request) -> Reply:
        """Answer 500; the unknown error is already in the log under the request's id."""
        ...

    def refused_at_gate(self, request: Request, refusal: Refusal) -> Reply:
        """Say what the gate refused before any route was looked for; the body was not taken in."""
        ...

    async def not_found(self, request: Request) -> Reply:
        """Answer a path that no route has."""
        ...

    async def method_not_allowed(self, request: Request, allowed: tuple[str, ...]) -> Reply:
        """Answer a method that the path lacks; HEAD and OPTIONS come here as well."""
        ...

    def finish(self, request: Request, reply: Reply) -> Reply:
        """Give every reply its last shape, such as a request id header."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class AppOptions:
    """`trailing_slash`: accept one final slash on every path.

    `body_bytes` is the last bound; the gate in front has narrower ones by path.
    """

    trailing_slash: bool = False
    body_bytes: int = 33_554_432
    new_id: Callable[[], str] = new_request_id


_DEFAULTS = AppOptions()


def build_app(
    routes: Iterable[Route], *, dialect: DialectPolicy, options: AppOptions = _DEFAULTS
) -> "DialectApp":
    """Build the app of a dialect.

    Raises: ValueError for a table that contradicts itself (a path and method, or a name, twice).
    """
    return DialectApp(RouteTable(routes), dialect, options)


class DialectApp(falcon.asgi.App[falcon.asgi.Request, falcon.asgi.Response]):
    """A Falcon app whose HTTP requests go from Falcon's router straight to our handlers.

    Falcon's own request, response and error classes parse queries, cookies and media on
    their own terms; leaving them out saves about 4 us a request and keeps one parser.
    """

    def __init__(self, table: RouteTable, dialect: DialectPolicy, options: AppOptions) -> None:
        super().__init__()
        self._table = table
        self._dialect = dialect
        self._options = options

    @property
    def routes(self) -> tuple[Route, ...]:
        """Every row of the table."""
        return self._table.routes

    async def __call__(  # type: ignore[override]  # Falcon's own annotation names its aliases
        self, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if scope["type"] != "http":
            await super().__call__(dict(scope), receive, send)
            return
        try:
            body = await read_body(receive, self._options.body_bytes)
        except ClientGone:
            return
        except BodyTooLarge:
            await answer_plainly(send, status=413, code="body_too_large", text="The body is too large.")
            return
        request = Request(scope=scope, id=self._options.new_id(), body=body)
        reply, head = await self._reply(request)
        await _send(request, reply, head, receive=receive, send=send)

    async def say_refused(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Word what the gate refused, and ask the server to close the connection; no handler runs."""
        request = Request(scope=scope, id=self._options.new_id(), body=b"")
        reply = self._dialect.refused_at_gate(request, scope[REFUSAL_KEY])
        reply = self._dialect.finish(request, reply).with_headers(("connection", "close"))
        await _send(request, reply, reply_head(reply), receive=receive, send=send)

    async def _reply(self, request: Request) -> tuple[Reply, list[tuple[bytes, bytes]]]:
        """Never raises: a policy that fails itself ends in a bare 500."""
        try:
            reply = self._dialect.finish(request, await self._answer(request))
            return reply, reply_head(reply)
        except Exception as error:  # noqa: BLE001  # the last line of defence
            log_fault("policy_failed", error, request_id=request.id)
            return _LAST_RESORT, reply_head(_LAST_RESORT)

    async def _answer(self, request: Request) -> Reply:
        """Find the route and let it answer; an error is told with all that was known of the request by then."""
        known = request
        try:
            found = self._table.find(self._routed_path(request))
            if found is None:
                return await self._dialect.not_found(request)
            point, values = found
            endpoint = point.by_method.get(request.method)
            if endpoint is None:
                return await self._dialect.method_not_allowed(request, point.allowed)
            known = _matched(request, endpoint, values)
            known = known.admitted(await self._dialect.authenticate(known))
            return await endpoint.route.handler(known)
        except Exception as error:  # noqa: BLE001  # the policy tells known from unknown
            return await self._refused(known, error)

    async def _refused(self, known: Request, error: Exception) -> Reply:
        """Answer an error; where even recording it failed, that failure is what the caller must hear."""
        try:
            reply = await self._dialect.on_error(known, error)
        except Exception as worse:  # noqa: BLE001  # such as a store that can't be written
            error, reply = worse, await self._dialect.on_error(known, worse)
        if reply is not None:
            return reply
        route = None if known.route is None else known.route.name
        log_fault("request_failed", error, request_id=known.id, route=route)
        return self._dialect.server_fault(known)

    def _routed_path(self, request: Request) -> str:
        path = request.path
        if self._options.trailing_slash and len(path) > 1 and path.endswith("/"):
            return path[:-1]
        return path


def _matched(request: Request, endpoint: Endpoint, values: Any) -> Request:
    return Request(
        scope=request.scope,
        id=request.id,
        body=request.body,
        route=endpoint.route,
        params={name: values[key] for name, key in endpoint.names},
    )


async def _send(
    request: Request,
    reply: Reply,
    head: list[tuple[bytes, bytes]],
    *,
    receive: Receive,
    send: Send,
) -> None:
    await send({"type": "http.response.start", "status": reply.status, "headers": head})
    if reply.stream is not None and request.method != "HEAD":
        await send_stream(reply.stream, receive=receive, send=send)
        return
    await send({"type": "http.response.body", "body": reply_body(reply, request.method)})
