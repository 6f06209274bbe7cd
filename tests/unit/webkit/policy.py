"""A dialect of few words, for tests of the app that any dialect is built on."""

from collections.abc import Iterable

import msgspec

from rekey.webkit.app import AppOptions, build_app
from rekey.webkit.guard import Refusal
from rekey.webkit.message import Reply, Request
from rekey.webkit.route import Handler, Route
from tests.support.asgi import AsgiClient


class KnownError(Exception):
    """An error that the dialect maps."""


class Unauthenticated(KnownError):
    """No caller."""


class PlainPolicy:
    """Asks routes with `auth="key"` for a key; names every error in one word."""

    async def authenticate(self, request: Request) -> object:
        if request.route is None or not request.route.auth:
            return None
        key = request.header("authorization")
        if key is None:
            raise Unauthenticated
        return key

    async def on_error(self, request: Request, error: Exception) -> Reply | None:
        if isinstance(error, Unauthenticated):
            return Reply(401, b'"who"')
        return Reply(409, b'"known"') if isinstance(error, KnownError) else None

    def server_fault(self, request: Request) -> Reply:
        return Reply(500, b'"fault"')

    def refused_at_gate(self, request: Request, refusal: Refusal) -> Reply:
        return Reply(refusal.status, b'"gate"')

    async def not_found(self, request: Request) -> Reply:
        return Reply(404, b'"nothing"')

    async def method_not_allowed(self, request: Request, allowed: tuple[str, ...]) -> Reply:
        return Reply(405, None, (("allow", ", ".join(allowed)),))

    def finish(self, request: Request, reply: Reply) -> Reply:
        return reply.with_headers(("request-id", request.id))


def replying(reply: Reply) -> Handler:
    """Give a handler that always gives this reply."""

    async def handler(request: Request) -> Reply:
        return reply

    return handler


def raising(error: Exception) -> Handler:
    """Give a handler that always raises this error."""

    async def handler(request: Request) -> Reply:
        raise error

    return handler


async def show(request: Request) -> Reply:
    """Answer the route's name, the parameters, the body and the caller."""
    name = request.route.name if request.route is not None else None
    facts = [name, dict(request.params), request.body.decode(), request.caller]
    return Reply(200, msgspec.json.encode(facts))


def route(spec: str, handler: Handler = show, *, auth: str = "") -> Route:
    """Make a route from "GET,HEAD /path"; its name is the whole text."""
    methods, path = spec.split(" ")
    return Route(
        methods=tuple(methods.split(",")),
        path=path,
        handler=handler,
        name=spec,
        operation="none",
        auth=auth,
    )


def client(
    routes: Iterable[Route],
    *,
    policy: PlainPolicy | None = None,
    trailing_slash: bool = False,
    body_bytes: int = 100,
) -> AsgiClient:
    """Give a client of the app of these routes; its request ids are all "id-1"."""
    options = AppOptions(trailing_slash=trailing_slash, body_bytes=body_bytes, new_id=lambda: "id-1")
    return AsgiClient(build_app(routes, dialect=policy or PlainPolicy(), options=options))
