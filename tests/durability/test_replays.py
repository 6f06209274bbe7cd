"""A signed operation that comes many times at once runs once, on both engines and over two servers."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from rekey.app.bootstrap import open_server
from rekey.domain.errors import Replayed
from rekey.operations.core import Core
from rekey.operations.open_door import OpenDoor, open_door
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.journal import SeenOperation
from tests.support.world import World, open_world

pytestmark = pytest.mark.anyio

REPLAYS = 8


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["sqlite", "postgres"])
async def world(request: pytest.FixtureRequest, tmp_path: Path, anyio_backend: str) -> AsyncIterator[World]:
    database = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    async with open_world(tmp_path, database=database) as opened:
        yield opened


async def replay(world: World, cores: list[Core], token_id: str, door: str) -> Counter[str]:
    """Send the same operation to each of the cores at once and count the answers."""
    until = world.clock.now() + timedelta(minutes=1)
    once = SeenOperation(issuer="ada", token_id=token_id, digest="d", expires_at=until)

    async def send(core: Core) -> str:
        try:
            await core.perform(open_door, world.actor, OpenDoor(door_id=door), once=once)
        except Replayed:
            return "replayed"
        return "ran"

    return Counter(await asyncio.gather(*(send(core) for core in cores)))


async def orders_at(world: World, door: str) -> int:
    listed = await world.core.store.read(
        world.organization_id, lambda view: view.orders.list(WHOLE, door_id=door)
    )
    return len(listed.items)


async def test_of_eight_replays_one_runs(world: World) -> None:
    door = await world.add_door("front")
    for token in range(5):
        answers = await replay(world, [world.core] * REPLAYS, f"t{token}", door)
        assert answers == {"ran": 1, "replayed": REPLAYS - 1}
    assert await orders_at(world, door) == 5


async def test_two_servers_on_one_database_run_it_once_together(tmp_path: Path, postgres_url: str) -> None:
    async with open_world(tmp_path, database=postgres_url) as world:
        door = await world.add_door("front")
        second = await open_server(world.server.settings)
        try:
            cores = [world.core, second.core] * (REPLAYS // 2)
            for token in range(5):
                answers = await replay(world, cores, f"t{token}", door)
                assert answers == {"ran": 1, "replayed": REPLAYS - 1}
            assert await orders_at(world, door) == 5
        finally:
            await second.close()
