"""The ASGI types that webkit speaks, and the two acts that every layer of it needs."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import msgspec

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]


class BodyTooLarge(Exception):
    """The body passed the limit while it was being received."""


class ClientGone(Exception):
    """The client left before its body was complete: nobody is there to be answered."""


async def read_body(receive: Receive, limit: int) -> bytes:
    """Receive the whole body, at most `limit` bytes of it.

    Raises: BodyTooLarge as soon as the limit is passed, ClientGone.
    """
    message = await receive()
    if message["type"] != "http.request":
        raise ClientGone
    body: bytes = message.get("body", b"")
    if not message.get("more_body", False):
        if len(body) > limit:
            raise BodyTooLarge
        return body
    return await _read_rest(receive, bytearray(body), limit)


async def _read_rest(receive: Receive, body: bytearray, limit: int) -> bytes:
    more = True
    while more:
        if len(body) > limit:
            raise BodyTooLarge
        message = await receive()
        if message["type"] != "http.request":
            raise ClientGone
        body += message.get("body", b"")
        more = message.get("more_body", False)
    if len(body) > limit:
        raise BodyTooLarge
    return bytes(body)


async def answer_plainly(send: Send, *, status: int, code: str, text: str) -> None:
    """Send a small JSON error and ask the server to close the connection.

    It is for requests that no dialect sees, so its form belongs to none of them.
    """
    body = msgspec.json.encode({"error": text, "code": code})
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
