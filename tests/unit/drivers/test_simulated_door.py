"""What a simulated door does alone, and what each of its switches breaks."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rekey.domain.access import DoorRecord
from rekey.domain.block import Block, BlockCause, Subject, SubjectKind
from rekey.domain.canonical import canonical_json
from rekey.domain.door_order import OrderKind
from rekey.domain.errors import DoorOffline, DoorTimedOut
from rekey.domain.estate import DoorSettings
from rekey.domain.ids import BlockId, DoorId, OperatorId, PersonId, Position
from rekey.drivers.simulated import SimulatedDriver
from rekey.drivers.simulated.errors import (
    AbilityMissing,
    DoorLockedDown,
    HardwareRefuses,
    OrderTooLate,
)
from rekey.ports.door_driver import Ability
from rekey.testing.driver_bench import ScriptedLog, bench_door, bench_id, bench_order
from rekey.testing.frozen_clock import FrozenClock
from tests.conformance.simulated_bench import SimulatedBench
from tests.unit.drivers.hands import ANNA, BEN, HOUR, deliver, order, people


@pytest.fixture
def bench() -> SimulatedBench:
    return SimulatedBench()


def locked_down(door: DoorRecord, until: datetime | None = None) -> DoorRecord:
    block = Block(
        id=BlockId("block"),
        subject=Subject(SubjectKind.SITE, door.site_id),
        cause=BlockCause.LOCKDOWN,
        until=until,
        placed_at=Position(1),
        created_at=datetime(2026, 6, 1, tzinfo=UTC),
    )
    return replace(door, blocks=(block,))


def test_a_door_that_nobody_has_spoken_to_opens_to_nobody(bench: SimulatedBench) -> None:
    assert not bench.present(ANNA)


def test_an_opening_names_its_time_and_the_person_at_the_door(bench: SimulatedBench) -> None:
    deliver(bench, ScriptedLog(bench.door).put(ANNA))
    bench.present(ANNA)
    (opening,) = bench.driver.openings(bench.door.door_id)
    assert (opening.at, opening.person_id, opening.order_id) == (bench.now(), ANNA, None)


def test_an_opening_by_order_names_the_order_and_who_is_behind_it(bench: SimulatedBench) -> None:
    asked = replace(
        bench_order(bench.door, OrderKind.OPEN, now=bench.now()),
        person_id=PersonId(ANNA),
        operator_id=OperatorId("operator"),
    )
    asyncio.run(bench.driver.carry_out(bench.door, asked))
    (opening,) = bench.driver.openings(bench.door.door_id)
    assert (opening.person_id, opening.operator_id, opening.order_id) == (ANNA, "operator", asked.id)


def test_a_refused_person_leaves_no_opening(bench: SimulatedBench) -> None:
    deliver(bench, ScriptedLog(bench.door).put(ANNA))
    bench.present(BEN)
    assert bench.openings() == 0


def test_two_doors_of_one_driver_know_nothing_of_each_other(bench: SimulatedBench) -> None:
    other = replace(bench.door, door_id=DoorId(bench_id(99)))
    deliver(bench, ScriptedLog(bench.door).put(ANNA))
    deliver(bench, ScriptedLog(other).put(BEN), door=other)
    assert [bench.driver.present(other.door_id, person) for person in (ANNA, BEN)] == [False, True]


def test_a_locked_down_door_refuses_people_and_orders_to_open(bench: SimulatedBench) -> None:
    deliver(bench, ScriptedLog(bench.door).put(ANNA))
    bench.door = locked_down(bench.door)
    for kind in (OrderKind.OPEN, OrderKind.UNLOCK):
        with pytest.raises(DoorLockedDown):
            order(bench, kind)
    assert not bench.present(ANNA)


def test_a_locked_down_door_can_still_be_locked(bench: SimulatedBench) -> None:
    order(bench, OrderKind.UNLOCK)
    bench.door = locked_down(bench.door)
    order(bench, OrderKind.SECURE, serial=2)
    assert asyncio.run(bench.driver.observe(bench.door)).locked


def test_a_lockdown_refuses_also_where_passage_was_free(bench: SimulatedBench) -> None:
    order(bench, OrderKind.UNLOCK)
    log = ScriptedLog(bench.door)
    deliver(bench, log, door=locked_down(bench.door, bench.now() + HOUR))
    refused = bench.present(ANNA)
    bench.advance(HOUR)
    assert (refused, bench.present(ANNA)) == (False, True)


def test_an_unlocked_door_lets_everybody_pass_without_its_relay(bench: SimulatedBench) -> None:
    order(bench, OrderKind.UNLOCK)
    assert (bench.present(BEN), bench.openings()) == (True, 0)


def test_a_door_is_observed_unlocked_for_its_open_seconds(bench: SimulatedBench) -> None:
    bench.door = replace(bench.door, settings=DoorSettings(open_seconds=7))
    order(bench)
    seen = []
    for seconds in (0, 6, 1):
        bench.advance(timedelta(seconds=seconds))
        seen.append(asyncio.run(bench.driver.observe(bench.door)).locked)
    assert seen == [False, False, True]


def test_a_door_that_is_secured_while_it_is_released_is_locked_at_once(bench: SimulatedBench) -> None:
    bench.door = replace(bench.door, settings=DoorSettings(open_seconds=7))
    order(bench)
    order(bench, OrderKind.SECURE, serial=2)
    assert asyncio.run(bench.driver.observe(bench.door)).locked


def test_weekly_hours_are_judged_by_the_wall_clock_of_the_site(bench: SimulatedBench) -> None:
    nine_to_ten = {"days": [0], "start": 9 * 60, "end": 10 * 60}
    path = {"start": None, "end": None, "schedule": {"windows": [nine_to_ten], "exceptions": []}}
    terms = canonical_json({"paths": [path]}).decode()
    berlin = ZoneInfo("Europe/Berlin")
    bench.clock.set(datetime(2026, 6, 1, 9, 30, tzinfo=berlin))
    deliver(bench, ScriptedLog(bench.door).put(ANNA, terms))
    assert bench.present(ANNA)


def test_unreadable_terms_open_nothing(bench: SimulatedBench) -> None:
    deliver(bench, ScriptedLog(bench.door).put(ANNA, "always"))
    assert not bench.present(ANNA)


def test_a_door_remembers_the_last_64_orders(bench: SimulatedBench) -> None:
    for serial in (*range(1, 66), 2):
        order(bench, serial=serial)
    assert bench.openings() == 65


def test_offline_means_that_nothing_arrives_and_the_door_goes_on_alone(bench: SimulatedBench) -> None:
    deliver(bench, ScriptedLog(bench.door).put(ANNA))
    bench.switches.offline = True
    with pytest.raises(DoorOffline):
        order(bench)
    assert (bench.openings(), bench.present(ANNA)) == (0, True)


def test_a_door_out_of_reach_is_observed_with_the_time_it_was_last_seen(bench: SimulatedBench) -> None:
    order(bench)
    last = bench.now()
    bench.cut_off()
    bench.advance(HOUR)
    state = asyncio.run(bench.driver.observe(bench.door))
    assert (state.online, state.locked, state.seen_at) == (False, None, last)


def test_a_slow_door_takes_its_seconds(bench: SimulatedBench) -> None:
    bench.switches.slow = 3
    begun = bench.now()
    order(bench)
    assert bench.now() - begun == timedelta(seconds=3)


def test_a_slow_order_that_arrives_after_its_expiry_moves_nothing(bench: SimulatedBench) -> None:
    bench.switches.slow = 10
    with pytest.raises(OrderTooLate):
        order(bench)
    assert bench.openings() == 0


def test_a_slow_door_that_is_cut_off_meanwhile_gets_nothing() -> None:
    clock, door = FrozenClock(), bench_door()

    async def cut_off(_seconds: float) -> None:
        driver.switches(door.door_id).offline = True

    driver = SimulatedDriver(clock, pause=cut_off)
    driver.configure(door.door_id, [("slow", "1")])
    with pytest.raises(DoorOffline):
        asyncio.run(driver.carry_out(door, bench_order(door, OrderKind.OPEN, now=clock.now())))
    assert driver.openings(door.door_id) == ()


def test_a_door_that_drops_its_replies_has_done_it_and_times_out(bench: SimulatedBench) -> None:
    bench.switches.drops_replies = True
    with pytest.raises(DoorTimedOut):
        order(bench)
    assert bench.openings() == 1


def test_a_door_that_refuses_takes_neither_orders_nor_lists(bench: SimulatedBench) -> None:
    bench.switches.refuses = True
    with pytest.raises(HardwareRefuses):
        order(bench)
    with pytest.raises(HardwareRefuses):
        deliver(bench, ScriptedLog(bench.door).put(ANNA))
    assert (people(bench), bench.openings()) == (set(), 0)


def test_a_door_that_forgets_loses_list_lease_and_mode_once(bench: SimulatedBench) -> None:
    deliver(bench, ScriptedLog(bench.door).put(ANNA))
    order(bench, OrderKind.UNLOCK)
    bench.switches.forgets = True
    assert not bench.present(ANNA)
    assert (people(bench), bench.switches.forgets) == (set(), False)


def test_a_wrong_clock_opens_by_its_own_time_but_stretches_no_lease(bench: SimulatedBench) -> None:
    deliver(bench, ScriptedLog(bench.door).put(ANNA))
    bench.switches.wrong_clock = -10 * 3600
    bench.advance(HOUR)
    assert not bench.present(ANNA)


def test_a_door_without_leases_opens_for_ever() -> None:
    bench = SimulatedBench(abilities=frozenset({Ability.KEEPS_LIST}))
    deliver(bench, ScriptedLog(bench.door).put(ANNA))
    bench.advance(1000 * HOUR)
    assert bench.present(ANNA)


def test_an_ability_that_is_missing_is_refused_before_the_door_is_reached() -> None:
    bench = SimulatedBench((("offline", "true"),), abilities=frozenset())
    with pytest.raises(AbilityMissing):
        order(bench)
