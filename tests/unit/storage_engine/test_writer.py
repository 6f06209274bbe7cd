"""What the writer promises its callers, on both engines."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from rekey.storage.engine.connection import Connection, Database
from rekey.storage.engine.errors import StorageBusy, StorageUnavailable, UniqueConflict
from tests.unit.storage_engine.world import (
    BY_ID,
    HEAD,
    INSERT,
    Batch,
    Hooks,
    Unit,
    ids,
    note,
    running,
    writing,
)

pytestmark = pytest.mark.anyio


async def test_an_act_answers_with_its_result_after_the_commit(database: Database) -> None:
    async with running(database) as writer:
        assert await writer.submit("a", writing("n")) == 1
        assert await ids(database) == ["n"]


async def test_acts_of_one_organization_count_up(database: Database) -> None:
    async with running(database) as writer:
        assert await asyncio.gather(*(writer.submit("a", writing(f"n{i}")) for i in range(20))) == [
            *range(1, 21)
        ]
        assert await database.ask(HEAD, id="a") == [(20,)]


async def test_waiting_acts_share_a_transaction_with_the_heads_in_order(database: Database) -> None:
    hooks = Hooks()
    async with running(database, hooks=hooks) as writer:
        names = ["b", "a"] * 50
        await asyncio.gather(*(writer.submit(name, writing(f"n{i}")) for i, name in enumerate(names)))
    assert len(hooks.opened) < len(names)
    assert ["a", "b"] in hooks.opened


async def test_no_batch_is_larger_than_256_acts(database: Database) -> None:
    sizes: list[int] = []

    class Counting(Hooks):
        async def open_batch(self, connection: Connection, organization_ids: Any) -> Batch:
            sizes.append(0)
            return await super().open_batch(connection, organization_ids)

        def begin(self, batch: Batch, organization_id: str) -> Unit:
            sizes[-1] += 1
            return super().begin(batch, organization_id)

    async with running(database, hooks=Counting()) as writer:
        await asyncio.gather(*(writer.submit("a", writing(f"n{i}")) for i in range(700)))
    assert sum(sizes) == 700
    assert max(sizes) <= 256


async def test_an_act_that_raises_sinks_alone(database: Database) -> None:
    async def failing(unit: Unit) -> None:
        await unit.write("lost")
        raise LookupError("no such door")

    async with running(database) as writer:
        acts: list[Callable[[Unit], Any]] = [writing("n1"), failing, writing("n2")]
        answers = await asyncio.gather(*(writer.submit("a", act) for act in acts), return_exceptions=True)
        assert [answers[0], answers[2]] == [1, 2]
        assert isinstance(answers[1], LookupError)
        assert await ids(database) == ["n1", "n2"]
        assert await database.ask(HEAD, id="a") == [(2,)]


async def test_an_act_of_an_unknown_organization_sinks_alone(database: Database) -> None:
    async with running(database) as writer:
        acts = [writer.submit(name, writing(f"n-{name}")) for name in ("a", "nobody", "b")]
        answers = await asyncio.gather(*acts, return_exceptions=True)
    assert isinstance(answers[1], LookupError)
    assert await ids(database) == ["n-a", "n-b"]


async def test_a_taken_value_sinks_one_act_and_leaves_the_connection_well(database: Database) -> None:
    async with running(database) as writer:
        acts = [writer.submit("a", writing(name)) for name in ("n", "n", "m")]
        answers = await asyncio.gather(*acts, return_exceptions=True)
        assert isinstance(answers[1], UniqueConflict)
        assert await ids(database) == ["m", "n"]
        assert writer.available


async def test_an_act_that_hides_a_failed_statement_does_not_count_as_done(database: Database) -> None:
    async def careless(unit: Unit) -> str:
        await unit.write("half")
        try:
            await unit.connection.execute(INSERT, **note("half"))
        except UniqueConflict:
            return "fine"
        return "impossible"

    async with running(database) as writer:
        acts: list[Callable[[Unit], Any]] = [careless, writing("n")]
        answers = await asyncio.gather(*(writer.submit("a", act) for act in acts), return_exceptions=True)
    assert isinstance(answers[0], Exception)
    assert await ids(database) == ["n"]


async def test_what_follows_the_commit_runs_before_any_reply_of_the_batch(database: Database) -> None:
    told: list[str] = []

    def noting(name: str) -> Callable[[Unit], Any]:
        async def act(unit: Unit) -> None:
            await unit.write(name)
            unit.after_commit.append(lambda: told.append(f"dropped {name}"))

        return act

    async def call(name: str) -> None:
        await writer.submit("a", noting(name))
        told.append(f"answered {name}")

    async with running(database) as writer:
        await asyncio.gather(call("n"), call("m"))
    assert told.index("dropped n") < told.index("answered n")
    assert told.index("dropped m") < told.index("answered m")


async def test_a_failed_act_has_no_consequences(database: Database) -> None:
    told: list[str] = []

    async def failing(unit: Unit) -> None:
        unit.after_commit.append(lambda: told.append("ran"))
        raise LookupError("refused")

    async with running(database) as writer:
        with pytest.raises(LookupError):
            await writer.submit("a", failing)
    assert told == []


async def test_a_callback_that_fails_is_reported_and_keeps_no_reply_back(database: Database) -> None:
    reported: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context["message"]))

    def fail() -> None:
        raise KeyError("worker")

    async def act(unit: Unit) -> str:
        unit.after_commit.append(fail)
        return "done"

    async with running(database) as writer:
        assert await writer.submit("a", act) == "done"
    assert reported == ["a callback after the commit failed"]


async def test_callbacks_run_on_the_event_loop(database: Database) -> None:
    loops: list[asyncio.AbstractEventLoop] = []

    async def act(unit: Unit) -> None:
        unit.after_commit.append(lambda: loops.append(asyncio.get_running_loop()))

    async with running(database) as writer:
        await writer.submit("a", act)
    assert loops == [asyncio.get_running_loop()]


async def test_a_caller_that_goes_away_does_not_cancel_its_act(database: Database) -> None:
    async with running(database) as writer:
        caller = asyncio.ensure_future(writer.submit("a", writing("n")))
        await asyncio.sleep(0)
        caller.cancel()
        await asyncio.wait([caller])
        assert caller.cancelled()
    assert await ids(database) == ["n"]


async def test_a_full_queue_refuses_at_once(database: Database) -> None:
    async with running(database, limit=3) as writer:
        answers = await asyncio.gather(
            *(writer.submit("a", writing(f"n{i}")) for i in range(50)), return_exceptions=True
        )
    refused = [answer for answer in answers if isinstance(answer, StorageBusy)]
    assert refused
    assert len(await ids(database)) == 50 - len(refused)


async def test_closing_runs_what_is_queued(database: Database) -> None:
    async with running(database) as writer:
        callers = [asyncio.ensure_future(writer.submit("a", writing(f"n{i}"))) for i in range(40)]
        await asyncio.sleep(0)
        await writer.close()
        assert sorted(await asyncio.gather(*callers)) == [*range(1, 41)]


async def test_a_closed_writer_takes_no_act(database: Database) -> None:
    async with running(database) as writer:
        await writer.close()
        assert not writer.available
        with pytest.raises(StorageUnavailable, match="closed"):
            await writer.submit("a", writing("n"))


async def test_an_act_reads_what_acts_before_it_wrote(database: Database) -> None:
    async def reading(unit: Unit) -> Any:
        return await unit.connection.fetch_one(BY_ID, id="n")

    async with running(database) as writer:
        _, row = await asyncio.gather(writer.submit("a", writing("n")), writer.submit("a", reading))
    assert row.id == "n"


async def test_an_act_that_waits_for_something_cancelled_sinks_alone(database: Database) -> None:
    async def waiting(unit: Unit) -> None:
        await unit.write("lost")
        raise asyncio.CancelledError

    async with running(database) as writer:
        with pytest.raises(RuntimeError, match="cancelled"):
            await writer.submit("a", waiting)
        await writer.submit("a", writing("n"))
    assert await ids(database) == ["n"]
