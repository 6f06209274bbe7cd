"""What every driver promises about orders and about what it observes."""

from contextlib import suppress
from datetime import timedelta

from rekey.domain.door_order import OrderKind
from rekey.domain.errors import DoorOffline, DoorRefused, DoorTimedOut
from rekey.ports.door_driver import Ability
from rekey.testing.driver_bench import DriverBench, bench_order
from rekey.testing.driver_check import Chapter, hold, refuses

ORDERS = Chapter()


@ORDERS.promise(Ability.OPEN)
async def an_order_to_open_moves_the_door_once(bench: DriverBench) -> None:
    before = bench.openings()
    await bench.driver.carry_out(bench.door, bench_order(bench.door, OrderKind.OPEN, now=bench.now()))
    hold(bench.openings() == before + 1, f"the barrier was released {bench.openings() - before} times")


@ORDERS.promise(Ability.OPEN)
async def the_same_order_again_moves_nothing_more(bench: DriverBench) -> None:
    order = bench_order(bench.door, OrderKind.OPEN, now=bench.now())
    await bench.driver.carry_out(bench.door, order)
    moved = bench.openings()
    # A driver may refuse the repetition or give its answer again; only a second movement is wrong.
    with suppress(DoorRefused):
        await bench.driver.carry_out(bench.door, order)
    hold(bench.openings() == moved, "an order that had run ran again")


@ORDERS.promise(Ability.OPEN)
async def two_orders_move_the_door_twice(bench: DriverBench) -> None:
    before = bench.openings()
    for serial in (1, 2):
        order = bench_order(bench.door, OrderKind.OPEN, now=bench.now(), serial=serial)
        await bench.driver.carry_out(bench.door, order)
    hold(bench.openings() == before + 2, f"two orders released it {bench.openings() - before} times")


@ORDERS.promise(Ability.OPEN)
async def an_order_that_has_expired_moves_nothing(bench: DriverBench) -> None:
    late = bench_order(bench.door, OrderKind.OPEN, now=bench.now(), lasts=timedelta(seconds=-1))
    before = bench.openings()
    await refuses(bench.driver.carry_out(bench.door, late), DoorRefused)
    hold(bench.openings() == before, "an order ran after its expiry")


@ORDERS.promise(Ability.OPEN)
async def a_confirmation_carries_its_time_and_its_witness(bench: DriverBench) -> None:
    order = bench_order(bench.door, OrderKind.OPEN, now=bench.now())
    sent = bench.now()
    word = await bench.driver.carry_out(bench.door, order)
    hold(word.at.tzinfo is not None, "the confirmation's time has no zone")
    hold(sent <= word.at <= bench.now(), f"the door answered at {word.at}, outside of the call")
    hold(bool(word.witness), "the confirmation names no witness")


@ORDERS.promise(Ability.OPEN)
async def an_order_out_of_reach_raises_door_offline_and_moves_nothing(bench: DriverBench) -> None:
    before = bench.openings()
    bench.cut_off()
    order = bench_order(bench.door, OrderKind.OPEN, now=bench.now())
    await refuses(bench.driver.carry_out(bench.door, order), DoorOffline)
    bench.reconnect()
    hold(bench.openings() == before, "the order was kept and ran when the door came back")


@ORDERS.promise(Ability.SET_MODE)
async def a_change_of_mode_shows_in_what_is_observed(bench: DriverBench) -> None:
    for serial, (kind, locked) in enumerate(((OrderKind.UNLOCK, False), (OrderKind.SECURE, True)), start=1):
        order = bench_order(bench.door, kind, now=bench.now(), serial=serial)
        await bench.driver.carry_out(bench.door, order)
        seen = (await bench.driver.observe(bench.door)).locked
        hold(seen in (locked, None), f"after {kind.value} the door is observed with locked={seen}")


@ORDERS.promise(lacks=frozenset({Ability.OPEN}))
async def an_order_to_open_is_refused_without_the_ability(bench: DriverBench) -> None:
    order = bench_order(bench.door, OrderKind.OPEN, now=bench.now())
    await refuses(bench.driver.carry_out(bench.door, order), DoorRefused)
    hold(bench.openings() == 0, "the door opened, so the driver has an ability that it does not list")


@ORDERS.promise(lacks=frozenset({Ability.SET_MODE}))
async def a_change_of_mode_is_refused_without_the_ability(bench: DriverBench) -> None:
    for serial, kind in enumerate((OrderKind.UNLOCK, OrderKind.SECURE), start=1):
        order = bench_order(bench.door, kind, now=bench.now(), serial=serial)
        await refuses(bench.driver.carry_out(bench.door, order), DoorRefused)


@ORDERS.promise()
async def a_door_in_reach_is_observed_online(bench: DriverBench) -> None:
    state = await bench.driver.observe(bench.door)
    hold(state.online, "a door in reach is observed offline")
    hold(state.seen_at is None or state.seen_at.tzinfo is not None, "the time of the look has no zone")


@ORDERS.promise()
async def a_door_out_of_reach_is_a_state_and_not_an_error(bench: DriverBench) -> None:
    bench.cut_off()
    try:
        state = await bench.driver.observe(bench.door)
    except (DoorOffline, DoorTimedOut) as error:
        hold(False, f"observing raised {error!r}")
    else:
        hold(not state.online, "a door out of reach is observed online")
