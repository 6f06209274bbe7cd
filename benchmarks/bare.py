"""Hello servers to compare with: `python -m benchmarks.bare raw|one|all PORT`, on the server's own uvicorn.

raw is an ASGI function; one and all go through our gate and web kit, with 1 and with 300 routes.
"""

import asyncio
import sys
from contextlib import closing

from rekey.app.serve import listen, loop_factory, serving
from rekey.webkit.app import build_app
from rekey.webkit.asgi import ASGIApp, Receive, Scope, Send
from rekey.webkit.guard import Guard, GuardLimits
from rekey.webkit.message import Reply, Request
from rekey.webkit.mount import Mount
from rekey.webkit.route import Route

_BODY = b'{"alive":true}'
_HEAD = [(b"content-type", b"application/json"), (b"content-length", str(len(_BODY)).encode())]
ROUTES = 300


async def raw(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer as little as ASGI allows."""
    await send({"type": "http.response.start", "status": 200, "headers": _HEAD})
    await send({"type": "http.response.body", "body": _BODY})


class _Open:
    """A policy that knows everybody and adds nothing."""

    async def authenticate(self, request: Request) -> object:
        return None

    async def on_error(self, request: Request, error: Exception) -> Reply | None:
        return None

    def server_fault(self, request: Request) -> Reply:
        return Reply(500)

    async def not_found(self, request: Request) -> Reply:
        return Reply(404)

    async def method_not_allowed(self, request: Request, allowed: tuple[str, ...]) -> Reply:
        return Reply(405)

    def finish(self, request: Request, reply: Reply) -> Reply:
        return reply.with_headers(("Request-Id", request.id))


async def _hello(request: Request) -> Reply:
    return Reply(200, _BODY)


def hello_app(routes: int) -> ASGIApp:
    """Build an app of so many routes, half of them with a parameter; the last is the one that is asked."""
    names = [f"/part{n}" if n % 2 else f"/part{n}/{{thing}}/verb" for n in range(routes - 1)]
    table = [
        Route(methods=("GET",), path=path, handler=_hello, name=path, operation="read")
        for path in (*names, "/hello/{thing}")
    ]
    app = build_app(table, dialect=_Open())
    return Guard(Mount(prefixes={"/api": app}, hosts={}, fallback=raw), GuardLimits())


async def _serve(app: ASGIApp, port: int) -> None:
    with closing(listen("127.0.0.1", port)) as listener:
        async with serving(app, listener) as (_, ended):
            await ended


if __name__ == "__main__":
    chosen = raw if sys.argv[1] == "raw" else hello_app({"one": 1, "all": ROUTES}[sys.argv[1]])
    with asyncio.Runner(loop_factory=loop_factory("auto")) as runner:
        runner.run(_serve(chosen, int(sys.argv[2])))
