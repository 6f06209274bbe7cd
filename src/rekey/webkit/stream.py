"""Replies that are sent in chunks as they come, until they end or the client leaves."""

import asyncio
from collections.abc import AsyncIterator

from rekey.webkit.asgi import Receive, Send
from rekey.webkit.faults import log_fault


async def send_stream(stream: AsyncIterator[bytes], *, receive: Receive, send: Send) -> None:
    """Send every chunk; stop, and close the stream, as soon as the client has left.

    A fault in the stream cuts the reply short and is logged: its status is already sent.
    """
    pump = asyncio.ensure_future(_pump(stream, send))
    watch = asyncio.ensure_future(_until_gone(receive))
    try:
        await asyncio.wait({pump, watch}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await _end(watch)
        await _end(pump)


async def _pump(stream: AsyncIterator[bytes], send: Send) -> None:
    try:
        async for chunk in stream:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    finally:
        close = getattr(stream, "aclose", None)
        if close is not None:
            await close()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


async def _end(task: "asyncio.Future[None]") -> None:
    task.cancel()
    await asyncio.wait({task})
    if not task.cancelled():
        error = task.exception()
        if error is not None:
            log_fault("stream_failed", error)
