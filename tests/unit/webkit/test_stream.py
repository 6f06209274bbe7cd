import asyncio
from collections.abc import AsyncIterator

from structlog.testing import capture_logs

from rekey.webkit.asgi import Message
from rekey.webkit.message import Reply, Request
from rekey.webkit.stream import send_stream
from tests.unit.webkit.policy import client, route

GONE: Message = {"type": "http.disconnect"}


async def never() -> Message:
    await asyncio.Event().wait()
    return GONE


async def run(stream: AsyncIterator[bytes], *, leaves: bool) -> list[Message]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return GONE if leaves else await never()

    await send_stream(stream, receive=receive, send=send)
    return sent


async def two_chunks() -> AsyncIterator[bytes]:
    yield b"a"
    yield b"b"


def test_every_chunk_is_sent_and_then_the_end() -> None:
    sent = asyncio.run(run(two_chunks(), leaves=False))
    assert [(m["body"], m.get("more_body", False)) for m in sent] == [
        (b"a", True),
        (b"b", True),
        (b"", False),
    ]


def test_a_client_that_leaves_closes_the_stream() -> None:
    closed: list[bool] = []

    async def endless() -> AsyncIterator[bytes]:
        try:
            yield b"a"
            await asyncio.Event().wait()
        finally:
            closed.append(True)

    asyncio.run(run(endless(), leaves=True))
    assert closed == [True]


def test_a_fault_cuts_the_reply_short_and_is_logged_without_its_message() -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"a"
        raise RuntimeError("pin 1234")

    with capture_logs() as logs:
        sent = asyncio.run(run(broken(), leaves=False))
    assert [m["body"] for m in sent] == [b"a"]
    assert logs[0]["exception"] == "RuntimeError"
    assert "1234" not in str(logs)


def test_a_streamed_reply_states_its_type_and_no_length() -> None:
    async def handler(request: Request) -> Reply:
        return Reply(200, media_type="text/event-stream", stream=one_chunk())

    async def one_chunk() -> AsyncIterator[bytes]:
        yield b"data: 1\n\n"

    answer = client([route("GET /a", handler)]).request("GET", "/a")
    assert answer.header("content-type") == "text/event-stream"
    assert answer.header("content-length") is None
