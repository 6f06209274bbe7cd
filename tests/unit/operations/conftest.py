from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from rekey.testing.frozen_clock import FrozenClock
from tests.support.world import open_world
from tests.unit.operations.acme import Acme


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def acme(tmp_path: Path, anyio_backend: str) -> AsyncIterator[Acme]:
    """Give a new organization on a new SQLite store, whose clock stands at noon."""
    clock = FrozenClock()
    async with open_world(tmp_path, clock=clock) as world:
        yield Acme(world, clock)
