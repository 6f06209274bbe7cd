"""The published fakes: a clock that stands still, and a door that answers by script."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest

from rekey.domain.access import DoorRecord
from rekey.domain.door_order import DoorOrder, OrderKind
from rekey.domain.errors import DoorTimedOut
from rekey.testing.driver_bench import bench_door, bench_order
from rekey.testing.frozen_clock import NOON, FrozenClock
from rekey.testing.scripted_door import ScriptedDoor


def test_a_frozen_clock_stands_still() -> None:
    clock = FrozenClock()
    assert clock.now() == clock.now() == NOON


def test_a_frozen_clock_is_moved_by_hand_in_both_directions() -> None:
    clock = FrozenClock()
    clock.advance(timedelta(hours=2))
    clock.advance(timedelta(hours=-3))
    assert clock.now() == NOON - timedelta(hours=1)


def test_a_frozen_clock_gives_utc_whatever_zone_it_was_set_in() -> None:
    clock = FrozenClock()
    clock.set(datetime(2026, 1, 1, 3, tzinfo=timezone(timedelta(hours=2))))
    assert (clock.now(), clock.now().tzinfo) == (datetime(2026, 1, 1, 1, tzinfo=UTC), UTC)


def test_a_frozen_clock_takes_no_naive_time() -> None:
    with pytest.raises(TypeError):
        FrozenClock(NOON.replace(tzinfo=None))


def test_sleeping_on_a_frozen_clock_passes_the_time_at_once() -> None:
    clock = FrozenClock()
    asyncio.run(clock.sleep(3600))
    assert clock.now() == NOON + timedelta(hours=1)


def test_a_scripted_door_answers_as_its_script_says_and_then_says_yes() -> None:
    clock, door = FrozenClock(), bench_door()
    driver = ScriptedDoor(clock, [None, DoorTimedOut("no answer")])
    orders = [bench_order(door, OrderKind.OPEN, now=clock.now(), serial=serial) for serial in (1, 2, 3)]
    answers = [asyncio.run(answer(driver, door, each)) for each in orders]
    assert answers == ["script", "no answer", "script"]
    assert driver.carried_out == [orders[0], orders[2]]


async def answer(driver: ScriptedDoor, door: DoorRecord, order: DoorOrder) -> str:
    try:
        return (await driver.carry_out(door, order)).witness
    except DoorTimedOut as late:
        return str(late)
