"""What holds for the writer thread of the embedded store alone."""

import asyncio
from pathlib import Path

import pytest

from rekey.storage.by_hand import ActWaited, run_by_hand
from rekey.storage.migrate import upgrade
from tests.unit.storage_engine.schema import SCHEMA
from tests.unit.storage_engine.world import Unit, ids, opened, running, writing

pytestmark = pytest.mark.anyio


async def test_an_act_that_waits_on_the_event_loop_sinks_alone(tmp_path: Path) -> None:
    async def waiting(unit: Unit) -> None:
        await unit.write("lost")
        await asyncio.sleep(0)

    path = tmp_path / "rekey.db"
    await upgrade(path, SCHEMA)
    async with opened(path) as database:
        async with running(database) as writer:
            with pytest.raises(ActWaited):
                await writer.submit("a", waiting)
            assert await writer.submit("a", writing("n")) == 1
        assert await ids(database) == ["n"]


def test_a_coroutine_that_goes_on_waiting_is_given_up() -> None:
    async def stubborn() -> None:
        while True:
            try:
                await asyncio.sleep(0)
            except ActWaited:
                continue

    with pytest.raises(ActWaited, match="keeps waiting"):
        run_by_hand(stubborn())


def test_a_coroutine_that_never_waits_gives_its_result() -> None:
    async def ready() -> int:
        return 7

    assert run_by_hand(ready()) == 7
