"""Sending: to the address that was checked, without following anybody, within bounds."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import pytest

from rekey.webkit.outgoing import Answer, Outgoing
from rekey.webkit.outgoing_address import OutgoingRefused, OutgoingRules

pytestmark = pytest.mark.anyio
HERE = OutgoingRules(networks=("127.0.0.0/8",))
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Receiver:
    """Answers every request with the same bytes and remembers what it was sent."""

    def __init__(self, answer: bytes, *, hangs: bool = False) -> None:
        self.requests: list[bytes] = []
        self._answer = answer
        self._hangs = hangs

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        self.requests.append(head + await reader.readexactly(length))
        writer.write(self._answer)
        if self._hangs:
            await reader.read()
        writer.close()


@asynccontextmanager
async def listening(receiver: Receiver) -> AsyncIterator[int]:
    server = await asyncio.start_server(receiver.talk, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def post(receiver: Receiver, outgoing: Outgoing, host: str = "hooks.lan") -> Answer:
    async with listening(receiver) as port:
        return await outgoing.post(f"http://{host}:{port}/hook?a=b", b'{"x":1}', {"x-mark": "yes"})


async def here(_host: str, _port: int) -> Sequence[str]:
    return ["127.0.0.1"]


async def test_a_body_is_posted_to_the_address_that_was_checked_under_its_name() -> None:
    receiver = Receiver(b"HTTP/1.1 204 No Content\r\n\r\n")
    assert await post(receiver, Outgoing(HERE, resolver=here)) == Answer(True, "2xx")
    (request,) = receiver.requests
    assert request.startswith(b"POST /hook?a=b HTTP/1.1\r\n")
    assert b"host: hooks.lan:" in request.lower()
    assert b"x-mark: yes" in request
    assert request.endswith(b'{"x":1}')


async def test_a_name_is_resolved_once() -> None:
    asked: list[str] = []

    async def rebinding(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    receiver = Receiver(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
    assert (await post(receiver, Outgoing(HERE, resolver=rebinding))).delivered
    assert asked == ["hooks.lan"]


async def test_a_name_that_turns_private_after_it_was_accepted_is_not_connected_to() -> None:
    async def private(_host: str, _port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    outgoing = Outgoing(OutgoingRules(), resolver=private)
    outgoing.check("https://hooks.example/")
    answer = await outgoing.post("https://hooks.example/", b"{}", {})
    assert answer == Answer(False, "refused: must not lie in a private or special network")


async def test_a_redirect_is_a_failure_that_nobody_follows() -> None:
    other = Receiver(b"HTTP/1.1 200 OK\r\n\r\n")
    async with listening(other) as port:
        answer = f"HTTP/1.1 307 There\r\nlocation: http://127.0.0.1:{port}/\r\ncontent-length: 0\r\n\r\n"
        assert await post(Receiver(answer.encode()), Outgoing(HERE, resolver=here)) == Answer(False, "3xx")
    assert other.requests == []


@pytest.mark.parametrize("status", [400, 410, 500, 503])
async def test_only_the_kind_of_a_status_is_told(status: int) -> None:
    receiver = Receiver(f"HTTP/1.1 {status} No\r\ncontent-length: 6\r\n\r\nsecret".encode())
    answer = await post(receiver, Outgoing(HERE, resolver=here))
    assert answer == Answer(False, f"{status // 100}xx")


async def test_a_body_without_end_is_not_read() -> None:
    receiver = Receiver(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n" + b"x" * 65_536, hangs=True)
    assert (await post(receiver, Outgoing(HERE, resolver=here, seconds=5))).delivered


async def test_a_receiver_that_never_answers_is_given_up() -> None:
    receiver = Receiver(b"", hangs=True)
    answer = await post(receiver, Outgoing(HERE, resolver=here, seconds=0.05))
    assert answer == Answer(False, "no answer in time")


async def test_what_is_no_http_is_no_delivery() -> None:
    answer = await post(Receiver(b"220 mail ready\r\n\r\n"), Outgoing(HERE, resolver=here))
    assert answer == Answer(False, "no connection")


async def test_nobody_at_home_is_no_delivery() -> None:
    async with listening(Receiver(b"")) as port:
        url = f"http://hooks.lan:{port}/"
    assert await Outgoing(HERE, resolver=here).post(url, b"{}", {}) == Answer(False, "no connection")


async def test_a_name_that_is_unknown_is_no_delivery() -> None:
    async def unknown(_host: str, _port: int) -> Sequence[str]:
        raise OSError("unknown")

    answer = await Outgoing(HERE, resolver=unknown).post("http://hooks.lan/", b"{}", {})
    assert answer == Answer(False, "no connection")


async def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    receiver = Receiver(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
    assert (await post(receiver, Outgoing(HERE, resolver=here))).delivered


def test_an_address_can_be_checked_without_sending() -> None:
    with pytest.raises(OutgoingRefused):
        Outgoing(OutgoingRules()).check("http://127.0.0.1/")
