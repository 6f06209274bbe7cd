"""On SQLite: one process, many callers. The planted faults come first."""

import itertools
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.linearizability.checker import Call
from tests.linearizability.faults import EarlyAnswer, LateFill, StaleCache
from tests.linearizability.harness import MOST_CALLS, Pair, Round, Subject, broken, first_states, play
from tests.linearizability.switches import BlockSwitch, CardSwitch, DirectorySwitch
from tests.support.world import World, open_world

pytestmark = pytest.mark.anyio

PEOPLE = 4
SIZE = Round(callers=4, calls=3)
SECONDS = 6.0
SWITCH_SECONDS = 3.0
SOAK_SECONDS = 300.0
MOST_ROUNDS = 200


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def world(tmp_path: Path, anyio_backend: str) -> AsyncIterator[World]:
    async with open_world(tmp_path) as opened:
        yield opened


async def pairs_of(world: World) -> list[Pair]:
    """Give people at two doors, so that acts on one pair run beside those on its neighbours."""
    doors = [await world.add_door(name) for name in ("front", "back")]
    people = [await world.add_person(f"person {number}") for number in range(PEOPLE)]
    return [Pair(person, door) for person, door in itertools.product(people, doors)]


@pytest.mark.parametrize("fault", [StaleCache, LateFill, EarlyAnswer])
async def test_a_planted_fault_is_caught(world: World, fault: type[Subject]) -> None:
    subject, pairs = fault(world.core, world.actor), await pairs_of(world)
    truth = Subject(world.core, world.actor)
    for seed in range(MOST_ROUNDS):
        states = await first_states(truth, pairs)
        if broken(await play(subject, pairs, SIZE, seed), states):
            return
    pytest.fail(f"{MOST_ROUNDS} rounds did not catch the planted fault")


async def switched(world: World, switch: type[BlockSwitch]) -> tuple[Subject, list[Pair]]:
    """Give one door a person, each of whom may open it while the switch is on."""
    subject, door = switch(world.core, world.actor), await world.add_door("front")
    pairs = [Pair(await world.add_person(f"person {number}"), door) for number in range(2 * PEOPLE)]
    for pair in pairs:
        await subject.prepare(pair)
    return subject, pairs


async def explained(subject: Subject, pairs: list[Pair], seconds: float) -> None:
    seen: list[Call] = []
    until = time.monotonic() + seconds
    for seed in itertools.count():
        if time.monotonic() > until:
            break
        states = await first_states(subject, pairs)
        histories = await play(subject, pairs, SIZE, seed)
        assert broken(histories, states) == []
        seen.extend(call for history in histories for call in history)
    answers = {call.allowed for call in seen if call.kind == "decide"}
    assert answers == {True, False}


async def test_every_history_of_the_real_server_is_explained(world: World) -> None:
    await explained(Subject(world.core, world.actor), await pairs_of(world), SECONDS)


@pytest.mark.parametrize("switch", [BlockSwitch, DirectorySwitch, CardSwitch])
async def test_every_history_of_a_switch_is_explained(world: World, switch: type[BlockSwitch]) -> None:
    await explained(*await switched(world, switch), SWITCH_SECONDS)


@pytest.mark.soak
@pytest.mark.parametrize("switch", [BlockSwitch, DirectorySwitch, CardSwitch])
async def test_every_history_of_a_switch_in_a_long_run_is_explained(
    world: World, switch: type[BlockSwitch]
) -> None:
    await explained(*await switched(world, switch), SOAK_SECONDS)


@pytest.mark.soak
async def test_every_history_of_a_long_run_is_explained(world: World) -> None:
    await explained(Subject(world.core, world.actor), await pairs_of(world), SOAK_SECONDS)


def test_a_round_is_short_enough_for_the_checker() -> None:
    assert SIZE.callers * SIZE.calls <= MOST_CALLS
