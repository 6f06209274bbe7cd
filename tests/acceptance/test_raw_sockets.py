"""Requests that no HTTP library would send, byte for byte, against a served program."""

import socket
import time
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import httpx
import pytest

from tests.support.process import RekeyProcess

HOST = b"Host: rekey.test\r\n"
ALIVE = b'{"alive":true}'
SMUGGLED = b"GET /healthz HTTP/1.1\r\nHost: smuggled\r\n\r\n"
POST = b"POST /healthz HTTP/1.1\r\n" + HOST
_SECONDS = 8.0
_PROMPT = 2.0


def dial(server: RekeyProcess) -> socket.socket:
    address = urlsplit(server.url)
    return socket.create_connection((address.hostname or "", address.port or 0), timeout=_SECONDS)


def exchange(server: RekeyProcess, *pieces: bytes) -> bytes:
    """Send the pieces and give all that comes until the server closes; TimeoutError if it never does."""
    with closing(dial(server)) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        heard = b""
        try:
            for piece in pieces:
                line.sendall(piece)
            while part := line.recv(65_536):
                heard += part
        except (ConnectionResetError, BrokenPipeError):
            return heard
        return heard


def statuses(heard: bytes) -> list[int]:
    return [int(part[:3]) for part in heard.split(b"HTTP/1.1 ")[1:]]


@pytest.fixture
def honest(server: RekeyProcess) -> Iterator[None]:
    """Prove at the end of the test that a client beside it is answered in time."""
    yield
    began = time.monotonic()
    assert httpx.get(f"{server.url}/healthz", timeout=_PROMPT).content == ALIVE
    assert time.monotonic() - began < _PROMPT


FRAMINGS = {
    "both": b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "both, the other way round": b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
    "two lengths": b"Content-Length: 0\r\nContent-Length: 40\r\n\r\n",
    "the same length twice": b"Content-Length: 0\r\nContent-Length: 0\r\n\r\n",
    "a signed length": b"Content-Length: +5\r\n\r\nhello",
    "a list of lengths": b"Content-Length: 5, 5\r\n\r\nhello",
    "a folded coding": b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
    "two codings": b"Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n",
    "a bad chunk end": b"Transfer-Encoding: chunked\r\n\r\n1\r\nxY0\r\n\r\n",
    "a bare line feed": b"X: y\nContent-Length: 0\r\n\r\n",
    "a space before the colon": b"Content-Length : 0\r\n\r\n",
    "a body with an upgrade": b"Connection: upgrade\r\nUpgrade: h2c\r\nContent-Length: 44\r\n\r\n",
}


@pytest.mark.parametrize("framing", FRAMINGS.values(), ids=FRAMINGS)
@pytest.mark.usefixtures("honest")
def test_an_unclear_end_of_a_body_is_refused_and_no_second_request_is_heard(
    server: RekeyProcess, framing: bytes
) -> None:
    heard = exchange(server, POST + framing + SMUGGLED)
    assert (statuses(heard), ALIVE in heard) in (([400], False), ([], False))


HEADS = {
    "no Host": b"GET /healthz HTTP/1.1\r\n\r\n",
    "two Hosts": b"GET /healthz HTTP/1.1\r\n" + HOST + HOST + b"\r\n",
    "an absolute target": b"GET http://evil/healthz HTTP/1.1\r\n" + HOST + b"\r\n",
    "an authority as target": b"CONNECT evil:443 HTTP/1.1\r\n" + HOST + b"\r\n",
    "a fragment": b"GET /healthz#x HTTP/1.1\r\n" + HOST + b"\r\n",
    "TLS": b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03\r\n\r\n",
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
@pytest.mark.usefixtures("honest")
def test_a_head_without_one_clear_host_and_path_is_refused(server: RekeyProcess, head: bytes) -> None:
    heard = exchange(server, head)
    assert (statuses(heard), ALIVE in heard) == ([400], False)


@pytest.mark.parametrize("end", [b"\r\n\r\n", b""], ids=["whole", "unfinished"])
@pytest.mark.usefixtures("honest")
def test_a_header_of_128_kb_is_refused(server: RekeyProcess, end: bytes) -> None:
    heard = exchange(server, b"GET /healthz HTTP/1.1\r\n" + HOST + b"X: " + b"x" * 131_072 + end)
    assert statuses(heard) in ([431], [])
    assert ALIVE not in heard


def test_a_header_over_the_limit_is_refused_before_its_end(server: RekeyProcess) -> None:
    heard = exchange(server, b"GET /healthz HTTP/1.1\r\n" + HOST + b"X: " + b"x" * 17_000)
    assert statuses(heard) == [431]


def test_half_headers_and_slow_bodies_hold_up_nobody_else(server: RekeyProcess) -> None:
    lines = [dial(server) for _ in range(100)]
    try:
        for at, line in enumerate(lines):
            slow = POST + b"Content-Length: 9\r\n\r\nx" if at % 2 else b"GET /healthz HTTP/1.1\r\nHo"
            line.sendall(slow)
        began = time.monotonic()
        assert httpx.get(f"{server.url}/healthz", timeout=_PROMPT).content == ALIVE
        assert time.monotonic() - began < _PROMPT
    finally:
        for line in lines:
            line.close()


@pytest.mark.usefixtures("honest")
def test_a_body_longer_than_stated_is_never_taken_for_a_request(server: RekeyProcess) -> None:
    heard = exchange(server, POST + b"Content-Length: 1\r\n\r\n" + b"x\x00" + SMUGGLED)
    assert statuses(heard) in ([200], [404], [405], [400])


def test_a_body_shorter_than_stated_is_never_acted_on(server: RekeyProcess) -> None:
    with closing(dial(server)) as line:
        line.sendall(POST + b"Content-Length: 50\r\n\r\nx")
        line.shutdown(socket.SHUT_WR)
        assert line.recv(65_536) == b""


BODIES = {
    "compressed": (415, b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\x1f\x8b"),
    "said to be 20 MB": (413, b"Content-Length: 20000000\r\n\r\n"),
    "20 MB in chunks": (413, b"Transfer-Encoding: chunked\r\n\r\n200000\r\n" + b"x" * 0x200000 + b"\r\n"),
}


@pytest.mark.parametrize(("status", "body"), BODIES.values(), ids=BODIES)
@pytest.mark.usefixtures("honest")
def test_a_body_that_costs_too_much_is_refused(server: RekeyProcess, status: int, body: bytes) -> None:
    heard = exchange(server, POST + body)
    assert statuses(heard) in ([status], [])


def test_an_upgrade_is_answered_as_plain_http(server: RekeyProcess) -> None:
    upgrade = b"Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n"
    heard = exchange(server, b"GET /healthz HTTP/1.1\r\n" + HOST + upgrade + SMUGGLED)
    assert (statuses(heard), heard.count(ALIVE)) == ([200], 1)


def test_two_honest_requests_on_one_connection_are_both_answered(server: RekeyProcess) -> None:
    get = b"GET /healthz HTTP/1.1\r\n" + HOST
    heard = exchange(server, get + b"\r\n" + get + b"Connection: close\r\n\r\n")
    assert (statuses(heard), heard.count(ALIVE)) == ([200, 200], 2)
