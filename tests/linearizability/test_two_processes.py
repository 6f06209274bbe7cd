"""On PostgreSQL: two server processes on one database. The planted faults come first."""

import itertools
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from tests.linearizability.checker import Call
from tests.linearizability.harness import MOST_CALLS, Pair, Round, Subject, broken, first_states
from tests.linearizability.worker import Job
from tests.support.world import World, open_world

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[2]
PROCESSES = 2
SIZE = Round(callers=2, calls=3)
SECONDS = 8.0
SOAK_SECONDS = 300.0
MOST_ROUNDS = 100


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Workers:
    """The running server processes."""

    def __init__(self, processes: Sequence["subprocess.Popen[bytes]"]) -> None:
        self._processes = processes

    def play(self, seed: int) -> list[list[Call]]:
        """Have all of them play a round at the same time, and lay their histories together."""
        for number, process in enumerate(self._processes):
            assert process.stdin is not None
            process.stdin.write(f"{seed * PROCESSES + number}\n".encode())
            process.stdin.flush()
        told = [self._read(process) for process in self._processes]
        return [list(itertools.chain(*parts)) for parts in zip(*told, strict=True)]

    def _read(self, process: "subprocess.Popen[bytes]") -> list[list[Call]]:
        assert process.stdout is not None
        return msgspec.json.decode(process.stdout.readline(), type=list[list[Call]])


@contextmanager
def running(job: Job) -> Iterator[Workers]:
    command = [sys.executable, "-m", "tests.linearizability.worker", msgspec.json.encode(job).decode()]
    processes = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
        for _ in range(PROCESSES)
    ]
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == b'"ready"\n'
        yield Workers(processes)
    finally:
        for process in processes:
            process.communicate(timeout=30)


async def job_of(world: World, tmp_path: Path, database: str, *, fault: str = "") -> Job:
    doors = [await world.add_door(name) for name in ("front", "back")]
    people = [await world.add_person(f"person {number}") for number in range(3)]
    return Job(
        data=str(tmp_path / "rekey"),
        database=database,
        organization_id=world.organization_id,
        pairs=[Pair(person, door) for person, door in itertools.product(people, doors)],
        size=SIZE,
        fault=fault,
    )


@pytest.mark.parametrize("fault", ["StaleCache", "LateFill", "EarlyAnswer"])
async def test_a_planted_fault_is_caught(tmp_path: Path, postgres_url: str, fault: str) -> None:
    async with open_world(tmp_path, database=postgres_url) as world:
        job = await job_of(world, tmp_path, postgres_url, fault=fault)
        truth = Subject(world.core, world.actor)
        with running(job) as workers:
            for seed in range(MOST_ROUNDS):
                states = await first_states(truth, job.pairs)
                if broken(workers.play(seed), states):
                    return
    pytest.fail(f"{MOST_ROUNDS} rounds did not catch the planted fault")


async def explained(tmp_path: Path, database: str, seconds: float) -> None:
    async with open_world(tmp_path, database=database) as world:
        job = await job_of(world, tmp_path, database)
        subject = Subject(world.core, world.actor)
        answers: set[bool | None] = set()
        until = time.monotonic() + seconds
        with running(job) as workers:
            for seed in itertools.count():
                if time.monotonic() > until:
                    break
                states = await first_states(subject, job.pairs)
                histories = workers.play(seed)
                assert broken(histories, states) == []
                answers |= {call.allowed for history in histories for call in history}
        assert answers == {True, False, None}


async def test_every_history_of_two_servers_is_explained(tmp_path: Path, postgres_url: str) -> None:
    await explained(tmp_path, postgres_url, SECONDS)


@pytest.mark.soak
async def test_every_history_of_a_long_run_is_explained(tmp_path: Path, postgres_url: str) -> None:
    await explained(tmp_path, postgres_url, SOAK_SECONDS)


def test_a_round_is_short_enough_for_the_checker() -> None:
    assert PROCESSES * SIZE.callers * SIZE.calls <= MOST_CALLS
