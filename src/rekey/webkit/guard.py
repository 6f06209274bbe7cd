"""The gate in front of every HTTP app: one Host, one framing, bounded sizes, bounded time.

It refuses by itself what no dialect should have to think of. A dialect only says it in its own form, where the
path or the host tells which one is meant; else the answer is plain JSON.
WebSocket and lifespan scopes pass through untouched.
"""

import asyncio
import contextlib
import enum
import re
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Final

from rekey.webkit.asgi import (
    ASGIApp,
    BodyTooLarge,
    ClientGone,
    Message,
    Receive,
    Scope,
    Send,
    answer_plainly,
    read_body,
)
from rekey.webkit.faults import log_fault
from rekey.webkit.host import is_valid_host
from rekey.webkit.path import is_plain_path

REFUSAL_KEY: Final = "rekey.refusal"
"""Where the scope of a refused request carries its `Refusal`, for the app that words it."""

Deadline = Callable[[float], AbstractAsyncContextManager[object]]
"""Gives a context that raises TimeoutError in its body after so many seconds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GuardLimits:
    """What one request may cost before any handler has seen it.

    `roomy` are the paths at which whole files are taken in; few of these bodies at a time.
    """

    headers: int = 100
    header_bytes: int = 16_384
    target_bytes: int = 16_384
    body_bytes: int = 1_048_576
    body_seconds: float = 30.0
    roomy: re.Pattern[str] | None = None
    roomy_bytes: int = 33_554_432
    roomy_at_once: int = 4

    def body_limit(self, path: str) -> int:
        """Give how many bytes a body at this path may have."""
        is_roomy = self.roomy is not None and self.roomy.search(path) is not None
        return self.roomy_bytes if is_roomy else self.body_bytes


class Refusal(enum.Enum):
    """Every answer that the guard gives by itself: status, machine code, text."""

    HOST = (400, "bad_host", "Exactly one valid Host header is required.")
    FRAMING = (400, "bad_framing", "The length of the body is not stated in one clear way.")
    PATH = (404, "not_found", "There is nothing at this path.")
    METHOD = (405, "method_not_allowed", "This method is not served.")
    SLOW = (408, "body_timeout", "The body did not arrive in time.")
    BODY_SIZE = (413, "body_too_large", "The body is too large.")
    TARGET_SIZE = (414, "target_too_long", "The path and query are too long.")
    ENCODING = (415, "bad_content_encoding", "Send the body without a content encoding.")
    HEADER_SIZE = (431, "headers_too_large", "The headers are too many or too large.")
    FAULT = (500, "internal_error", "The server failed to answer this request.")

    @property
    def status(self) -> int:
        return self.value[0]

    @property
    def code(self) -> str:
        return self.value[1]

    @property
    def text(self) -> str:
        return self.value[2]


_TWICE = {
    b"host": Refusal.HOST,
    b"content-length": Refusal.FRAMING,
    b"transfer-encoding": Refusal.FRAMING,
    b"content-encoding": Refusal.ENCODING,
}
_LENGTH_DIGITS = 18


class Guard:
    """An ASGI app that lets only well-formed, bounded requests reach the inner one."""

    def __init__(
        self,
        app: ASGIApp,
        limits: GuardLimits,
        *,
        wording: ASGIApp | None = None,
        deadline: Deadline = asyncio.timeout,
    ) -> None:
        self._app = app
        self._limits = limits
        self._wording = wording or refuse_plainly
        self._deadline = deadline
        self._roomy = asyncio.Semaphore(limits.roomy_at_once)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal, has_body = inspect_head(scope, self._limits)
        if refusal is None and has_body:
            try:
                receive = await self._collect(receive, self._limits.body_limit(scope["path"]))
            except ClientGone:
                return
            except TimeoutError:
                refusal = Refusal.SLOW
            except BodyTooLarge:
                refusal = Refusal.BODY_SIZE
        if refusal is None:
            await self._run(self._app, scope, receive, send)
        else:
            worded = refuse_plainly if refusal is Refusal.HOST else self._wording
            await self._run(worded, {**scope, REFUSAL_KEY: refusal}, receive, send)

    async def _collect(self, receive: Receive, limit: int) -> Receive:
        """Take the body in before the app runs, so that a slow sender holds no handler."""
        room = self._roomy if limit > self._limits.body_bytes else contextlib.nullcontext()
        async with self._deadline(self._limits.body_seconds), room:
            body = await read_body(receive, limit)
        whole: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> Message:
            return whole.pop() if whole else await receive()

        return replay

    async def _run(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001
            # Nothing may reach the server: it would print the message with its secrets.
            log_fault("app_failed", error)
        if not started:
            await _refuse(send, Refusal.FAULT)


async def refuse_plainly(scope: Scope, _receive: Receive, send: Send) -> None:
    """Answer a request that was refused in the form that belongs to no dialect."""
    await _refuse(send, scope[REFUSAL_KEY])


async def _refuse(send: Send, refusal: Refusal) -> None:
    with contextlib.suppress(OSError):  # the client may be gone, which is no fault of ours
        await answer_plainly(send, status=refusal.status, code=refusal.code, text=refusal.text)


def inspect_head(scope: Scope, limits: GuardLimits) -> tuple[Refusal | None, bool]:
    """Judge the request line and the headers; say also whether a body follows."""
    headers: Sequence[tuple[bytes, bytes]] = scope["headers"]
    refusal, has_body = _inspect_headers(headers, limits, limits.body_limit(scope["path"]))
    return refusal or _inspect_target(scope, limits), has_body or _may_omit_length(scope)


def _may_omit_length(scope: Scope) -> bool:
    """From HTTP/2 on a body needs no length header."""
    return not scope.get("http_version", "1.1").startswith("1")


def _inspect_target(scope: Scope, limits: GuardLimits) -> Refusal | None:
    if scope["method"] in ("TRACE", "CONNECT"):
        return Refusal.METHOD
    raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
    if len(raw_path) + len(scope.get("query_string", b"")) > limits.target_bytes:
        return Refusal.TARGET_SIZE
    return None if is_plain_path(raw_path) else Refusal.PATH


def _inspect_headers(
    headers: Sequence[tuple[bytes, bytes]], limits: GuardLimits, body_limit: int
) -> tuple[Refusal | None, bool]:
    if len(headers) > limits.headers:
        return Refusal.HEADER_SIZE, False
    total = 4 * len(headers)
    judged: dict[bytes, bytes] = {}
    for name, value in headers:
        total += len(name) + len(value)
        if name in _TWICE:
            if name in judged:
                return _TWICE[name], False
            judged[name] = value
    if total > limits.header_bytes:
        return Refusal.HEADER_SIZE, False
    return _judge(judged, body_limit)


def _judge(judged: dict[bytes, bytes], body_limit: int) -> tuple[Refusal | None, bool]:
    if not is_valid_host(judged.get(b"host", b"")):
        return Refusal.HOST, False
    if len(judged) == 1:
        return None, False
    if judged.get(b"content-encoding", b"identity").lower() != b"identity":
        return Refusal.ENCODING, False
    coding, length = judged.get(b"transfer-encoding"), judged.get(b"content-length")
    if coding is not None:
        clear = length is None and coding.lower() == b"chunked"
        return (None, True) if clear else (Refusal.FRAMING, False)
    return _judge_length(length, body_limit)


def _judge_length(length: bytes | None, body_limit: int) -> tuple[Refusal | None, bool]:
    if length is None:
        return None, False
    if not length.isdigit() or len(length) > _LENGTH_DIGITS:
        return Refusal.FRAMING, False
    stated = int(length)
    return (Refusal.BODY_SIZE if stated > body_limit else None), stated > 0
