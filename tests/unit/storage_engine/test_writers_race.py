"""Two server processes on one PostgreSQL, played by two writers."""

import asyncio

import asyncpg
import pytest

from rekey.storage.migrate import upgrade
from tests.unit.storage_engine.schema import SCHEMA
from tests.unit.storage_engine.world import HEAD, ids, opened, running, writing

pytestmark = pytest.mark.anyio


async def cut_all(url: str) -> None:
    """End every other session of this database, as a restarted server does."""
    raw = await asyncpg.connect(url)
    await raw.fetch(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await raw.close()


async def test_two_writers_give_every_act_a_position_of_its_own(postgres_url: str) -> None:
    await upgrade(postgres_url, SCHEMA)
    async with (
        opened(postgres_url) as one,
        opened(postgres_url) as other,
        running(one) as first,
        running(other) as second,
    ):
        acts = [
            writer.submit(organization, writing(f"{organization}-{number}-{i}"))
            for i in range(40)
            for number, writer in enumerate((first, second))
            for organization in ("a", "b")
        ]
        positions = await asyncio.gather(*acts)
        assert sorted(positions) == sorted([*range(1, 81)] * 2)
        assert await one.ask(HEAD, id="a") == [(80,)]
        assert len(await ids(other)) == 160


async def test_a_connection_cut_by_the_server_is_replaced(postgres_url: str) -> None:
    await upgrade(postgres_url, SCHEMA)
    async with opened(postgres_url) as database, running(database) as writer:
        await writer.submit("a", writing("n1"))
        await cut_all(postgres_url)
        answers = [
            await asyncio.gather(writer.submit("a", writing(f"m{i}")), return_exceptions=True)
            for i in range(2)
        ]
        assert [isinstance(answer[0], int) for answer in answers] == [False, True]
        assert await ids(database) == ["m1", "n1"]
