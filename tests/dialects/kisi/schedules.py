"""What the tests of schedules share."""

import asyncio
import functools
import inspect
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from rekey.testing.frozen_clock import FrozenClock
from tests.dialects.in_world import Api
from tests.dialects.kisi.api import as_owner
from tests.support.world import open_world

OFFICE = {
    **dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), True),
    "starts_at_time": "09:00",
    "ends_at_time": "17:00",
}


def of(kind: str, thing: Any, consequence: str, **more: Any) -> dict[str, Any]:
    """Give the body of a schedule of a group, lock or stop."""
    inner = {"scheduleable_type": kind, "scheduleable_id": thing["id"], "consequence": consequence}
    return {"schedule": {**inner, **more}}


async def add_schedule(api: Api, kind: str, thing: Any, consequence: str, **more: Any) -> Any:
    return await api.done("POST", "/schedules", of(kind, thing, consequence, **more))


Timed = Callable[[Api, FrozenClock], Awaitable[None]]


def timed(test: Timed) -> Callable[[Path], None]:
    """Make a test of a coroutine function that takes an Api and the clock; it is noon on Monday, 1 June 2026."""

    async def run(tmp_path: Path) -> None:
        clock = FrozenClock()
        async with open_world(tmp_path, clock=clock) as world:
            await test(as_owner(world), clock)

    @functools.wraps(test)
    def wrapped(tmp_path: Path) -> None:
        asyncio.run(run(tmp_path))

    wrapped.__signature__ = inspect.signature(run)  # type: ignore[attr-defined]  # pytest reads it for fixtures
    return wrapped
