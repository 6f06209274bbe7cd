"""What a driver promises about the span in which its doors may act alone."""

from datetime import timedelta

from rekey.domain.errors import DoorRefused
from rekey.ports.door_driver import Ability, Batch
from rekey.testing.driver_bench import DriverBench, ScriptedLog, bench_id
from rekey.testing.driver_check import Chapter, hold, refuses

LEASES = Chapter()
_ANNA, _BEN = bench_id(11), bench_id(12)
_LEASE = timedelta(minutes=15)
_MOMENT = timedelta(seconds=1)
_LEASED = (Ability.KEEPS_LIST, Ability.HONOURS_LEASE)


@LEASES.promise(*_LEASED)
async def a_door_that_was_never_given_a_lease_opens_to_nobody(bench: DriverBench) -> None:
    await bench.driver.deliver(bench.door, ScriptedLog(bench.door).put(_ANNA).batch())
    hold(not bench.present(_ANNA), "the door opened without a lease")


@LEASES.promise(*_LEASED)
async def the_door_opens_until_its_lease_ends_and_not_after(bench: DriverBench) -> None:
    lease_end = bench.now() + _LEASE
    await bench.driver.deliver(bench.door, ScriptedLog(bench.door).put(_ANNA).batch(lease_end))
    bench.cut_off()
    bench.advance(_LEASE - _MOMENT)
    hold(bench.present(_ANNA), "the door refused within its lease")
    bench.advance(_MOMENT)
    hold(not bench.present(_ANNA), "the door opened after its lease had ended")


@LEASES.promise(*_LEASED)
async def a_renewal_without_entries_prolongs_the_lease(bench: DriverBench) -> None:
    log = ScriptedLog(bench.door).put(_ANNA)
    await bench.driver.deliver(bench.door, log.batch(bench.now() + _LEASE))
    bench.advance(_LEASE - _MOMENT)
    await bench.driver.deliver(bench.door, log.batch(bench.now() + _LEASE, after=1))
    bench.advance(2 * _MOMENT)
    hold(bench.present(_ANNA), "the door did not take the new lease")


@LEASES.promise(*_LEASED)
async def a_batch_without_a_lease_leaves_the_lease_as_it_is(bench: DriverBench) -> None:
    log = ScriptedLog(bench.door).put(_ANNA)
    await bench.driver.deliver(bench.door, log.batch(bench.now() + _LEASE))
    await bench.driver.deliver(bench.door, log.put(_BEN).batch(after=1))
    hold(bench.present(_ANNA), "an unleased batch took the lease away")
    bench.advance(_LEASE)
    hold(not bench.present(_ANNA), "an unleased batch prolonged the lease")


@LEASES.promise(*_LEASED)
async def a_refused_batch_renews_no_lease(bench: DriverBench) -> None:
    log = ScriptedLog(bench.door).put(_ANNA)
    head = log.head
    await bench.driver.deliver(bench.door, log.put(_BEN).batch(bench.now() + _LEASE))
    later = bench.now() + 4 * _LEASE
    older = Batch(entries=(), seq=1, head=head, lease_end=later)
    forked = Batch(entries=(), seq=2, head=head, lease_end=later)
    ahead = Batch(entries=(), seq=3, head=log.head, lease_end=later)
    for stale in (older, forked, ahead):
        await refuses(bench.driver.deliver(bench.door, stale), DoorRefused)
    bench.advance(_LEASE)
    hold(not bench.present(_ANNA), "a batch that does not end at the door's position renewed its lease")


@LEASES.promise(*_LEASED)
async def a_door_that_was_reset_has_no_lease(bench: DriverBench) -> None:
    log = ScriptedLog(bench.door).put(_ANNA)
    await bench.driver.deliver(bench.door, log.batch(bench.now() + _LEASE))
    bench.reset()
    await bench.driver.deliver(bench.door, log.batch())
    hold(not bench.present(_ANNA), "the lease outlived the reset")
