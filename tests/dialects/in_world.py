"""Running a test inside a world of its own."""

import asyncio
import functools
import inspect
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from tests.support.asgi import Response
from tests.support.world import PrefixClient, World, open_world


class Api:
    """A client of one dialect that sends and expects JSON; `world` is the server behind it."""

    def __init__(self, world: World, client: PrefixClient) -> None:
        self.world = world
        self._client = client

    async def call(self, method: str, path: str, body: object = None, **headers: str) -> Response:
        """Call with a JSON body, bytes as they are, or none."""
        content: bytes | str = b""
        if isinstance(body, bytes):
            content = body
        elif body is not None:
            content = json.dumps(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self._client.send(method, path, {"content-type": "application/json", **named}, content)

    async def done(self, method: str, path: str, body: object = None) -> Any:
        """Call, insist on success, and give the JSON of the answer (None for 204)."""
        answer = await self.call(method, path, body)
        assert 200 <= answer.status < 300, (method, path, answer.status, answer.body)
        return answer.json() if answer.body else None


def in_world(
    open_api: Callable[[World], Api],
) -> Callable[[Callable[[Api], Awaitable[None]]], Callable[[Path], None]]:
    """Make a test of a coroutine function that takes an Api; each gets a new server and store."""

    def wrap(test: Callable[[Api], Awaitable[None]]) -> Callable[[Path], None]:
        async def run(tmp_path: Path) -> None:
            async with open_world(tmp_path) as world:
                await test(open_api(world))

        @functools.wraps(test)
        def wrapped(tmp_path: Path) -> None:
            asyncio.run(run(tmp_path))

        wrapped.__signature__ = inspect.signature(run)  # type: ignore[attr-defined]  # pytest reads it for fixtures
        return wrapped

    return wrap
