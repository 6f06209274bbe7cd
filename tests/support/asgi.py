"""An ASGI client in the same process: no sockets, and scopes bent as a test needs them."""

import asyncio
import urllib.parse
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from rekey.webkit.asgi import ASGIApp, Message, Scope

RawHeaders = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Response:
    """What the app sent. `status` is 0 if it sent nothing."""

    status: int
    raw_headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """Give the last value of a header."""
        found = {key.decode(): value.decode("latin-1") for key, value in self.raw_headers}
        return found.get(name.lower())

    def json(self) -> Any:
        """Decode the body as JSON."""
        return msgspec.json.decode(self.body)


class AsgiClient:
    """Calls an ASGI app. `host` is sent unless the headers name one."""

    def __init__(
        self, app: ASGIApp, *, host: str = "rekey.test", peer: tuple[str, int] = ("192.0.2.7", 4242)
    ) -> None:
        self._app = app
        self._host = host
        self._peer = peer

    def request(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | str = b"",
    ) -> Response:
        """Send one ordinary request, path and query percent-encoded, and give the answer."""
        return asyncio.run(self.send(method, path, headers, body))

    async def send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | str = b"",
    ) -> Response:
        """Do the same as `request` within a running event loop."""
        content = body.encode() if isinstance(body, str) else body
        given = {name.lower(): value for name, value in (headers or {}).items()}
        defaults = {"host": self._host}
        if content:
            defaults["content-length"] = str(len(content))
        raw = [(k.encode(), v.encode("latin-1")) for k, v in {**defaults, **given}.items()]
        return await call(self._app, self.scope(method, path.encode(), raw), [content])

    def scope(self, method: str, target: bytes, headers: RawHeaders, **changes: Any) -> Scope:
        """Make a scope as the server would from these bytes; `changes` replace its keys."""
        raw_path, _, query = target.partition(b"?")
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": urllib.parse.unquote(raw_path.decode("latin-1")),
            "raw_path": raw_path,
            "query_string": query,
            "root_path": "",
            "headers": list(headers),
            "client": self._peer,
            "server": ("127.0.0.1", 8080),
            **changes,
        }


async def call(
    app: ASGIApp, scope: Scope, chunks: Iterable[bytes] = (b"",), *, then: str = "disconnect"
) -> Response:
    """Call an app with a body in chunks.

    Takes `then`, what follows the last chunk: "disconnect" after a whole body, "vanish" for a
    client that leaves amid its body, "stall" for one that never sends the rest.
    """
    whole = then == "disconnect"
    parts = list(chunks)
    events: list[Message] = [
        {"type": "http.request", "body": part, "more_body": not whole or i < len(parts) - 1}
        for i, part in enumerate(parts)
    ]
    sent: list[Message] = []

    async def receive() -> Message:
        if events:
            return events.pop(0)
        if then == "stall":
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return _response(sent)


def _response(sent: list[Message]) -> Response:
    starts = [message for message in sent if message["type"] == "http.response.start"]
    if len(starts) > 1:
        raise AssertionError("the app started two replies")
    body = b"".join(m.get("body", b"") for m in sent if m["type"] == "http.response.body")
    if not starts:
        return Response(status=0, raw_headers=(), body=body)
    return Response(status=starts[0]["status"], raw_headers=tuple(starts[0]["headers"]), body=body)
