"""The connection itself: what has to be judged before there is a request, and so before any ASGI gate.

It builds on the inner parts of uvicorn's protocol (`_start_asgi_task`, `_unsupported_upgrade_warning`,
`send_400_response`); tests/acceptance/test_raw_sockets.py notices when an upgrade changes them.
"""

import asyncio
import enum
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import httptools
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from rekey.app.connections import PER_CLIENT, ConnectionCount, most_connections
from rekey.app.protocol_refusals import WireRefusal, render
from rekey.webkit.guard import GuardLimits

_GATE = GuardLimits()
_REQUEST_LINE = 64  # the longest method, the version, spaces and line ends


@dataclass(frozen=True, kw_only=True, slots=True)
class WireLimits:
    """What a connection may cost before its request is whole."""

    head_seconds: float = 10.0
    header_bytes: int = _GATE.header_bytes
    target_bytes: int = _GATE.target_bytes
    raw_body_bytes: int = max(8 * _GATE.body_bytes, _GATE.roomy_bytes * 9 // 8)
    """On the wire: a body in chunks of one byte takes six bytes for each."""
    pipelined: int = 64


class _Phase(enum.Enum):
    BETWEEN = enum.auto()
    HEAD = enum.auto()
    BODY = enum.auto()


_BETWEEN, _HEAD, _BODY = _Phase  # read for each request: a global is found sooner than a member


class _Trailers(list[tuple[bytes, bytes]]):
    """Drops what is put in.

    uvicorn would add trailer fields to the headers that the gate has already judged: a second Host,
    an Authorization. A recipient may discard them. Source: RFC 9110 section 6.5.1.
    """

    def append(self, field: tuple[bytes, bytes], /) -> None:
        del field


_TRAILERS = _Trailers()


class BoundedProtocol(HttpToolsProtocol):
    """An HTTP/1 connection whose head comes soon, small and in origin form, or is refused.

    A refusal never overtakes the answer to an earlier request, and nothing is answered after it.
    """

    limits: ClassVar[WireLimits]
    count: ClassVar[ConnectionCount]

    url = b""
    _phase: _Phase = _BETWEEN
    _arrived = 0  # bytes of the head or body under way
    _deaf = False  # what still arrives is ignored
    _admitted = False
    _refusal = WireRefusal.MALFORMED
    _timer: asyncio.TimerHandle | None = None
    _running: RequestResponseCycle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn
        super().connection_made(transport)
        self._admitted = self.count.admit(self._address)
        if self._admitted:
            self._expect_head()
        else:
            self._refuse(WireRefusal.FULL)

    def connection_lost(self, exc: Exception | None) -> None:
        self._disarm()
        if self._admitted:
            self._admitted = False
            self.count.release(self._address)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._deaf:
            return
        self._arrived += len(data)
        super().data_received(data)
        if self._phase is not _BETWEEN or self._arrived:
            self._bound()
        elif self._timer is not None:
            self._disarm()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._phase = _HEAD

    def on_headers_complete(self) -> None:
        refusal = self._judge_head()
        if refusal is not None:
            self._refusal = refusal
            # The parser stops at an error, and uvicorn then calls send_400_response.
            raise httptools.HttpParserError(refusal.name)
        super().on_headers_complete()
        self.headers = _TRAILERS
        self._phase = _BODY
        self._arrived = 0

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._phase = _BETWEEN
        self._arrived = 0

    def send_400_response(self, msg: str) -> None:
        self._refuse(self._refusal)

    @property
    def _address(self) -> str | None:
        return None if self.client is None else self.client[0]

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def _unsupported_upgrade_warning(self) -> None:
        """Answer as if no upgrade was asked for, and take nothing more: the parser lost its place."""
        self.cycle.keep_alive = False
        self._deaf = True

    def _judge_head(self) -> WireRefusal | None:
        url = self.url
        if url[:1] != b"/" and url != b"*":
            return WireRefusal.TARGET
        if b"#" in url:
            return WireRefusal.TARGET
        if self.parser.get_http_version() not in ("1.1", "1.0"):
            return WireRefusal.VERSION
        if len(self.pipeline) >= self.limits.pipelined:
            return WireRefusal.PIPELINE
        if self.parser.should_upgrade() and any(name in _FRAMING for name, _ in self.headers):
            # The parser takes the body for the other protocol; as a next request it would be smuggled.
            return WireRefusal.UPGRADE
        return None

    def _bound(self) -> None:
        """Judge a head or body that is not whole yet."""
        if self._deaf:
            return
        if self._phase is _BODY:
            self._disarm()  # the gate sets the time of a body
            if self._arrived > self.limits.raw_body_bytes:
                self._refuse(WireRefusal.BODY_SIZE)
            return
        if self._timer is None:
            self._expect_head()
        if len(self.url) > self.limits.target_bytes:
            self._refuse(WireRefusal.TARGET_SIZE)
        elif self._arrived > self.limits.header_bytes + len(self.url) + _REQUEST_LINE:
            self._refuse(WireRefusal.HEADER_SIZE)

    def _expect_head(self) -> None:
        self._timer = self.loop.call_later(self.limits.head_seconds, self._head_is_late)

    def _head_is_late(self) -> None:
        self._timer = None
        if self._phase is _HEAD:
            self._refuse(WireRefusal.SLOW)
        else:
            self.shutdown()  # at once, or after the answer under way

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _refuse(self, refusal: WireRefusal) -> None:
        self._deaf = True
        self._disarm()
        own = self.cycle if self._phase is _BODY else None
        running = self._running
        if running is not None and running is not own and not running.response_complete:
            running.keep_alive = False  # it closes the connection, and what is queued never starts
            return
        if own is not None:
            own.disconnected = True
            own.message_event.set()
        if own is None or not own.response_started:
            self.transport.write(render(refusal, self.server_state.default_headers))
        self.transport.close()


_FRAMING = frozenset({b"content-length", b"transfer-encoding"})


def bounded_protocol(
    *, proxies: Iterable[str] = (), limits: WireLimits | None = None, count: ConnectionCount | None = None
) -> type[BoundedProtocol]:
    """Give the protocol of one server, for `uvicorn.Config(http=...)`; its connections are counted together.

    Takes: networks of the trusted proxies, which are not held to the share of one client.
    """
    total = most_connections()
    wire = limits or WireLimits()
    counted = count or ConnectionCount(per_client=PER_CLIENT, total=total, proxies=proxies)

    class Bounded(BoundedProtocol):
        limits = wire
        count = counted

    return Bounded
