"""Every test of this folder that takes `database` runs on SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from rekey.storage.engine.connection import Database
from rekey.storage.migrate import upgrade
from tests.unit.storage_engine.schema import SCHEMA
from tests.unit.storage_engine.world import opened


@pytest.fixture
def anyio_backend() -> str:
    """Run coroutine tests on asyncio, as the server does."""
    return "asyncio"


@pytest.fixture(params=["sqlite", "postgres"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the address of an empty store."""
    if request.param == "sqlite":
        return str(tmp_path / "rekey.db")
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
async def database(location: str) -> AsyncIterator[Database]:
    """Give an open store with the tables of `world`."""
    await upgrade(location, SCHEMA)
    async with opened(location) as database:
        yield database
