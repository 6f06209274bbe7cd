"""Connections on a false loop and transport: what is written, when it closes, no time passing."""

from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from rekey.app.connections import ConnectionCount
from rekey.app.protocol import BoundedProtocol, WireLimits, bounded_protocol
from rekey.webkit.asgi import Message, Receive, Scope, Send

GET = b"GET /a HTTP/1.1\r\nHost: rekey.test\r\n\r\n"
CHUNKED = b"POST /a HTTP/1.1\r\nHost: rekey.test\r\nTransfer-Encoding: chunked\r\n\r\n"
LIMITS = WireLimits(head_seconds=10, header_bytes=200, target_bytes=100, raw_body_bytes=300, pipelined=3)


class Timer:
    def __init__(self, seconds: float, callback: Callable[[], None]) -> None:
        self.seconds = seconds
        self.callback = callback
        self.live = True

    def cancel(self) -> None:
        self.live = False


class Task:
    def add_done_callback(self, _: object) -> None:
        """It is run by hand, so that nothing waits for it."""


class Loop:
    """Keeps timers and tasks until a test runs them."""

    def __init__(self) -> None:
        self.timers: list[Timer] = []
        self.waiting: list[Coroutine[Any, Any, None]] = []

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        self.timers.append(Timer(seconds, callback))
        return self.timers[-1]

    def create_task(self, coroutine: Coroutine[Any, Any, None]) -> Task:
        self.waiting.append(coroutine)
        return Task()


class Transport:
    def __init__(self, address: str) -> None:
        self.address = address
        self.sent = b""
        self.closed = False

    def get_extra_info(self, name: str) -> tuple[str, int] | None:
        return (self.address, 4711) if name == "peername" else None

    def write(self, data: bytes) -> None:
        self.sent += data

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        """A test sends what it likes."""

    def resume_reading(self) -> None:
        """As pause_reading."""


class Connection:
    """One client's connection to an app that answers every request with its path."""

    def __init__(self, kind: type[BoundedProtocol], address: str = "192.0.2.1") -> None:
        self.scopes: list[Scope] = []
        self.loop = Loop()
        self.transport = Transport(address)
        config = uvicorn.Config(
            self._app, http=kind, ws="none", lifespan="off", log_config=None, interface="asgi3"
        )
        self.protocol = kind(config, ServerState(), {}, self.loop)  # type: ignore[arg-type]  # a false loop
        self.protocol.connection_made(self.transport)  # type: ignore[arg-type]  # a false transport

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scopes.append(scope)
        body: bytes = scope["path"].encode()
        start: Message = {"type": "http.response.start", "status": 200}
        await send({**start, "headers": [(b"content-length", str(len(body)).encode())]})
        await send({"type": "http.response.body", "body": body})

    def send(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.protocol.data_received(piece)

    def answer(self) -> None:
        """Let the app answer what has started, and what that starts."""
        while self.loop.waiting:
            with pytest.raises(StopIteration):
                self.loop.waiting.pop(0).send(None)

    def pass_deadline(self) -> None:
        for timer in self.loop.timers:
            if timer.live:
                timer.live = False
                timer.callback()

    @property
    def deadlines(self) -> list[float]:
        """Those of heads; uvicorn's own for an idle connection is 5 s."""
        return [timer.seconds for timer in self.loop.timers if timer.live and timer.seconds != 5]

    @property
    def statuses(self) -> list[int]:
        parts = self.transport.sent.split(b"HTTP/1.1 ")[1:]
        return [int(part[:3]) for part in parts]


@pytest.fixture
def connection() -> Iterator[Connection]:
    one = Connection(bounded_protocol(limits=LIMITS))
    yield one
    for left in one.loop.waiting:
        left.close()


def refused(connection: Connection, status: int) -> bool:
    """Say whether the client got this status alone and the connection is closed."""
    connection.answer()
    return connection.statuses == [status] and connection.transport.closed and not connection.scopes


def test_an_honest_request_is_answered_and_the_connection_stays(connection: Connection) -> None:
    connection.send(GET)
    connection.answer()
    assert (connection.statuses, connection.transport.closed) == ([200], False)


def test_a_request_in_single_bytes_is_answered(connection: Connection) -> None:
    connection.send(*(GET[at : at + 1] for at in range(len(GET))))
    connection.answer()
    assert connection.statuses == [200]


@pytest.mark.parametrize("target", [b"http://evil/k", b"HTTPS://evil/k", b"/k#part"])
def test_a_target_that_names_more_than_path_and_query_is_refused(
    connection: Connection, target: bytes
) -> None:
    connection.send(GET.replace(b"/a", target))
    assert refused(connection, 400)


def test_a_target_that_names_an_authority_is_refused(connection: Connection) -> None:
    connection.send(b"CONNECT evil:443 HTTP/1.1\r\nHost: rekey.test\r\n\r\n")
    assert refused(connection, 400)


@pytest.mark.parametrize("version", [b"0.9", b"2.0"])
def test_another_version_of_the_protocol_is_refused(connection: Connection, version: bytes) -> None:
    connection.send(GET.replace(b"1.1\r", version + b"\r"))
    assert refused(connection, 505)


def test_trailers_never_join_the_headers(connection: Connection) -> None:
    connection.send(CHUNKED, b"1\r\nx\r\n0\r\nHost: evil\r\nAuthorization: stolen\r\n\r\n")
    connection.answer()
    names = [name for name, _ in connection.scopes[0]["headers"]]
    assert (connection.statuses, names) == ([200], [b"host", b"transfer-encoding"])


def test_a_silent_connection_closes_without_a_word_at_its_deadline(connection: Connection) -> None:
    assert connection.deadlines == [10]
    connection.pass_deadline()
    assert (connection.transport.sent, connection.transport.closed) == (b"", True)


def test_a_head_that_trickles_is_refused_at_its_deadline(connection: Connection) -> None:
    connection.send(GET[:10], GET[10:20])
    assert connection.deadlines == [10]
    connection.pass_deadline()
    assert refused(connection, 408)


def test_a_second_head_has_a_deadline_too(connection: Connection) -> None:
    connection.send(GET)
    connection.answer()
    assert connection.deadlines == []
    connection.send(GET[:10])
    assert connection.deadlines == [10]


def test_empty_lines_do_not_keep_an_idle_connection_alive(connection: Connection) -> None:
    connection.send(GET)
    connection.answer()
    connection.send(b"\r\n", b"\r\n")
    assert connection.deadlines == [10]
    connection.pass_deadline()
    assert (connection.statuses, connection.transport.closed) == ([200], True)


def test_a_whole_head_ends_the_deadline_though_the_body_is_missing(connection: Connection) -> None:
    connection.send(CHUNKED)
    assert connection.deadlines == []


def test_a_closed_connection_has_no_deadline(connection: Connection) -> None:
    connection.protocol.connection_lost(None)
    assert connection.deadlines == []


def test_an_endless_header_is_refused_while_it_arrives(connection: Connection) -> None:
    connection.send(GET[:-2] + b"X: ", *[b"x" * 50] * 6)
    assert refused(connection, 431)


def test_an_endless_target_is_refused_while_it_arrives(connection: Connection) -> None:
    connection.send(b"GET /", *[b"x" * 50] * 3)
    assert refused(connection, 414)


def test_endless_empty_lines_are_refused(connection: Connection) -> None:
    connection.send(*[b"\r\n" * 50] * 4)
    assert refused(connection, 431)


def test_an_endless_trailer_is_refused_while_it_arrives(connection: Connection) -> None:
    connection.send(CHUNKED, b"0\r\nX: ", *[b"x" * 50] * 7)
    assert refused_unheard(connection, 413)


def test_a_body_before_a_head_does_not_count_against_the_head(connection: Connection) -> None:
    post = b"POST /a HTTP/1.1\r\nHost: rekey.test\r\nContent-Length: 250\r\n\r\n"
    connection.send(post, b"x" * 250 + GET[:10], GET[10:])
    connection.answer()
    assert connection.statuses == [200, 200]


def test_a_broken_chunk_gets_one_refusal_and_no_answer_of_the_app(connection: Connection) -> None:
    connection.send(CHUNKED + b"1\r\nxY" + GET)
    assert refused_unheard(connection, 400)


def refused_unheard(connection: Connection, status: int) -> bool:
    """As `refused`, for a request whose head the app was given: what it says is not sent."""
    connection.answer()
    return connection.statuses == [status] and connection.transport.closed


def test_a_refusal_never_overtakes_the_answer_to_an_earlier_request(connection: Connection) -> None:
    connection.send(GET + b"nonsense\r\n\r\n")
    assert (connection.statuses, connection.transport.closed) == ([], False)
    connection.answer()
    assert (connection.statuses, connection.transport.closed) == ([200], True)


def test_a_late_head_lets_the_earlier_answer_out(connection: Connection) -> None:
    connection.send(GET + GET[:10])
    connection.pass_deadline()
    connection.answer()
    assert (connection.statuses, connection.transport.closed) == ([200], True)


def test_requests_sent_ahead_are_answered_in_order(connection: Connection) -> None:
    connection.send(GET + GET.replace(b"/a", b"/b"))
    connection.answer()
    assert [scope["path"] for scope in connection.scopes] == ["/a", "/b"]


def test_too_many_requests_sent_ahead_end_the_connection_after_the_first(connection: Connection) -> None:
    connection.send(GET * 9)
    connection.answer()
    assert (connection.statuses, connection.transport.closed) == ([200], True)


def test_an_upgrade_is_answered_plainly_and_nothing_after_it_is_heard(connection: Connection) -> None:
    upgrade = GET[:-2] + b"Connection: upgrade\r\nUpgrade: websocket\r\n\r\n"
    connection.send(upgrade + GET, GET)
    connection.answer()
    assert (connection.statuses, connection.transport.closed) == ([200], True)


def test_an_upgrade_with_a_body_is_refused_as_the_body_would_pass_for_a_request(
    connection: Connection,
) -> None:
    upgrade = CHUNKED[:-2] + b"Connection: upgrade\r\nUpgrade: h2c\r\n\r\n"
    connection.send(upgrade, GET)
    assert refused(connection, 400)


def opened(kind: type[BoundedProtocol], *addresses: str) -> list[list[int]]:
    return [Connection(kind, address).statuses for address in addresses]


def limited(per_client: int, total: int, *proxies: str) -> type[BoundedProtocol]:
    return bounded_protocol(count=ConnectionCount(per_client=per_client, total=total, proxies=proxies))


def test_a_client_with_too_many_connections_is_refused_and_others_are_not() -> None:
    found = opened(limited(1, 9), "192.0.2.1", "192.0.2.1", "192.0.2.2", "::ffff:192.0.2.2")
    assert found == [[], [503], [], [503]]


def test_a_network_of_one_ipv6_host_is_one_client() -> None:
    found = opened(limited(1, 9), "2001:db8::1", "2001:db8::2", "2001:db8:0:1::1")
    assert found == [[], [503], []]


def test_loopback_and_trusted_proxies_speak_for_many_clients() -> None:
    kind = limited(1, 9, "10.0.0.0/8")
    assert opened(kind, "127.0.0.1", "127.0.0.1", "::1", "::1", "10.1.2.3", "10.1.2.3") == [[]] * 6


def test_the_total_holds_for_everybody() -> None:
    assert opened(limited(9, 2), "127.0.0.1", "192.0.2.1", "192.0.2.2") == [[], [], [503]]


def test_a_closed_connection_makes_room_and_a_refused_one_never_took_any() -> None:
    kind = limited(1, 9)
    first, second = Connection(kind), Connection(kind)
    second.protocol.connection_lost(None)
    third = Connection(kind)
    first.protocol.connection_lost(None)
    assert (third.statuses, Connection(kind).statuses) == ([503], [])
