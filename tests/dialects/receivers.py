"""A receiver that remembers what it was sent, and a server whose clock and receivers the test holds."""

import asyncio
import functools
import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rekey.testing.frozen_clock import FrozenClock
from rekey.webkit.outgoing import Answer
from tests.dialects.in_world import Api
from tests.support.world import World, open_world

URL = "https://hooks.example/in"


@dataclass
class Received:
    """What one post brought."""

    url: str
    body: bytes
    headers: Mapping[str, str]


@dataclass
class Receiver:
    """Answers every post alike; `fails` makes it answer 500."""

    posts: list[Received] = field(default_factory=list)
    fails: bool = False

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        self.posts.append(Received(url, body, headers))
        return Answer(False, "5xx") if self.fails else Answer(True, "2xx")


Test = Callable[[Api, Receiver, FrozenClock], Awaitable[None]]


def with_receiver(open_api: Callable[[World], Api], dialect: str) -> Callable[[Test], Callable[[Path], None]]:
    """Make a test of a coroutine function that takes an Api, a receiver and the clock."""

    def wrap(test: Test) -> Callable[[Path], None]:
        async def run(tmp_path: Path) -> None:
            receiver, clock = Receiver(), FrozenClock()
            async with open_world(tmp_path, clock=clock, sender=receiver, dialects=(dialect,)) as world:
                await test(open_api(world), receiver, clock)

        @functools.wraps(test)
        def wrapped(tmp_path: Path) -> None:
            asyncio.run(run(tmp_path))

        wrapped.__signature__ = inspect.signature(run)  # type: ignore[attr-defined]  # pytest reads it for fixtures
        return wrapped

    return wrap
