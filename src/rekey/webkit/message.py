"""What a handler takes and gives: a read-only request, and a reply as a value."""

import re
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from rekey.webkit.query import Query, QueryLimits, parse_query

if TYPE_CHECKING:
    from rekey.webkit.route import Route

CLIENT_KEY = "rekey.client"
"""Scope key: the address of the client, where a trusted proxy stands between."""
_DEFAULT_QUERY_LIMITS = QueryLimits()
_BODILESS = frozenset({204, 304})
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One HTTP request. Nothing of it is parsed before it is asked for."""

    scope: Mapping[str, Any]
    id: str
    body: bytes = b""
    route: "Route | None" = None
    params: Mapping[str, str] = msgspec.field(default_factory=dict)
    caller: Any = None

    @property
    def method(self) -> str:
        return self.scope["method"]  # type: ignore[no-any-return]  # ASGI scopes are untyped

    @property
    def path(self) -> str:
        """The decoded path below the mount."""
        return self.scope["path"]  # type: ignore[no-any-return]  # ASGI scopes are untyped

    @property
    def client(self) -> str | None:
        """The address of the client; that of the peer unless a trusted proxy names another."""
        if CLIENT_KEY in self.scope:
            return self.scope[CLIENT_KEY]  # type: ignore[no-any-return]  # untyped scope
        peer = self.scope.get("client")
        return None if peer is None else peer[0]

    def header(self, name: str) -> str | None:
        """Give a header's value; repeated ones joined by a comma, as RFC 9110 5.3 reads them."""
        wanted = name.lower().encode("latin-1")
        values = [value for key, value in self.scope["headers"] if key == wanted]
        if not values:
            return None
        return b", ".join(values).decode("latin-1")

    def headers(self, name: str) -> tuple[str, ...]:
        """Give each value of a header that may stand several times."""
        wanted = name.lower().encode("latin-1")
        return tuple(value.decode("latin-1") for key, value in self.scope["headers"] if key == wanted)

    def query(self, limits: QueryLimits = _DEFAULT_QUERY_LIMITS) -> Query:
        """Parse the query string. Raises: QueryRefused."""
        return parse_query(self.scope.get("query_string", b""), limits)

    def admitted(self, caller: object) -> "Request":
        """Give the same request with the caller that the dialect has recognised."""
        return msgspec.structs.replace(self, caller=caller)


class Reply(msgspec.Struct, frozen=True):
    """One HTTP reply. With status 204 or 304 neither body nor media type is sent.

    `stream` replaces `body` by chunks sent as they come; it is closed when the client leaves.
    """

    status: int
    body: bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()
    media_type: str | None = "application/json"
    stream: AsyncIterator[bytes] | None = None

    def with_headers(self, *extra: tuple[str, str]) -> "Reply":
        """Give the reply with more headers."""
        return msgspec.structs.replace(self, headers=(*self.headers, *extra))


def reply_head(reply: Reply) -> list[tuple[bytes, bytes]]:
    """Encode the headers of a reply.

    Raises: ValueError for a control character (a header can't be injected), UnicodeEncodeError
    for text outside latin-1.
    """
    head: list[tuple[bytes, bytes]] = []
    if reply.status not in _BODILESS:
        if reply.media_type is not None and (reply.body or reply.stream is not None):
            head.append((b"content-type", _field(reply.media_type)))
        if reply.stream is None:
            head.append((b"content-length", str(len(reply.body or b"")).encode()))
    for name, value in reply.headers:
        head.append((_field(name).lower(), _field(value)))
    return head


def reply_body(reply: Reply, method: str) -> bytes:
    """Give the bytes to send: none for HEAD and for statuses that have no body."""
    if method == "HEAD" or reply.status in _BODILESS:
        return b""
    return reply.body or b""


def _field(text: str) -> bytes:
    if _CONTROL.search(text) is not None:
        raise ValueError("a header may not contain control characters")
    return text.encode("latin-1")
