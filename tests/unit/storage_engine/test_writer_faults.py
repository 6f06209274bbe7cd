"""The store fails at each call in turn: nobody is told yes who was not, and the writer lives on."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from rekey.storage.engine.connection import Database
from rekey.storage.engine.errors import SerializationLost, StorageUnavailable
from rekey.storage.engine.statement import Statement
from tests.unit.storage_engine.faults import Faults, FaultySource
from tests.unit.storage_engine.world import HEAD, HEADS, NOTES, Batch, Hooks, Unit, ids, running, writing

pytestmark = pytest.mark.anyio

EMPTY = Statement(sa.delete(NOTES))
REWIND = Statement(sa.update(HEADS).values(position=0))


class HandClock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def refused(unit: Unit) -> None:
    await unit.write("refused")
    raise LookupError("no such door")


def acts() -> list[Callable[[Unit], Any]]:
    return [writing("n1"), refused, writing("n2")]


async def play(database: Database, faults: Faults) -> None:
    """Run three acts under the faults, and check what each caller was told against the store."""
    clock = HandClock()
    async with running(FaultySource(database, faults), clock=clock) as writer:
        answers = await asyncio.gather(*(writer.submit("a", act) for act in acts()), return_exceptions=True)
        told = [f"n{i}" for i, answer in ((1, answers[0]), (2, answers[2])) if isinstance(answer, int)]
        assert isinstance(answers[1], LookupError | StorageUnavailable)
        assert all(isinstance(a, int | LookupError | StorageUnavailable) for a in answers)
        assert await ids(database) == told
        assert await database.ask(HEAD, id="a") == [(len(told),)]
        faults.at = 0
        clock.now += 10.0
        assert await writer.submit("a", writing("after")) == len(told) + 1
        assert writer.available


@pytest.mark.parametrize("forever", [False, True], ids=["once", "for ever"])
async def test_a_failure_at_any_call_leaves_all_or_nothing(database: Database, forever: bool) -> None:
    undisturbed = Faults()
    await play(database, undisturbed)
    await clean(database)
    for k in range(1, undisturbed.calls + 1):
        await play(database, Faults(at=k, forever=forever))
        await clean(database)


async def clean(database: Database) -> None:
    """Empty the store again."""
    connection = await database.connect()
    await connection.begin()
    await connection.execute(EMPTY)
    await connection.execute(REWIND)
    await connection.commit()
    await connection.close()


async def test_a_failed_commit_refuses_every_act_of_the_batch(database: Database) -> None:
    class FailingAtCommit(Faults):
        def strike(self, name: str) -> None:
            if name == "commit" and not self.calls:
                self.calls += 1
                raise StorageUnavailable("the disk is full")

    faults = FailingAtCommit()
    async with running(FaultySource(database, faults)) as writer:
        with pytest.raises(StorageUnavailable, match="not made durable"):
            await writer.submit("a", writing("n1"))
        assert await ids(database) == []
        assert await writer.submit("a", writing("n1")) == 1


async def test_a_lost_race_is_run_again_from_the_start(database: Database) -> None:
    runs: list[str] = []

    async def counted(unit: Unit) -> int:
        runs.append("run")
        return await unit.write("n")

    commit = 6  # begin, heads, savepoint, write, release, heads
    faults = Faults(at=commit + 1, kind=SerializationLost)
    async with running(FaultySource(database, faults)) as writer:
        assert await writer.submit("a", counted) == 1
    assert runs == ["run", "run"]
    assert faults.names[commit] == "commit"


async def test_a_race_that_is_always_lost_ends_as_unavailable(database: Database) -> None:
    faults = Faults(at=1, forever=True, kind=SerializationLost)
    async with running(FaultySource(database, faults)) as writer:
        with pytest.raises(StorageUnavailable):
            await writer.submit("a", writing("n"))
    assert faults.names == ["begin"] * 5


async def test_while_the_store_is_away_acts_are_refused_without_trying(database: Database) -> None:
    clock, faults = HandClock(), Faults(at=1, forever=True)
    async with running(FaultySource(database, faults), clock=clock) as writer:
        for _ in range(3):
            with pytest.raises(StorageUnavailable):
                await writer.submit("a", writing("n"))
        tried = faults.calls
        with pytest.raises(StorageUnavailable, match="out of reach"):
            await writer.submit("a", writing("n"))
        assert faults.calls == tried
        assert not writer.available


async def test_a_defect_of_the_hooks_is_reported_and_refuses_the_batch(database: Database) -> None:
    reported: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context["message"]))

    class Broken(Hooks):
        broken = True

        async def close_batch(self, batch: Batch) -> None:
            if self.broken:
                raise KeyError("head")
            await super().close_batch(batch)

    hooks = Broken()
    async with running(database, hooks=hooks) as writer:
        with pytest.raises(StorageUnavailable):
            await writer.submit("a", writing("n"))
        hooks.broken = False
        assert await writer.submit("a", writing("n")) == 1
    assert reported == ["a batch failed"]
