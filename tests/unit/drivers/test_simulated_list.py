"""How a simulated door follows its log, and what a full or lying list does."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from rekey.domain.errors import DoorTimedOut
from rekey.domain.ids import DoorId
from rekey.drivers.simulated.errors import (
    ListFull,
    LogFork,
    LogGap,
    LogRollback,
)
from rekey.testing.driver_bench import ALWAYS_TERMS, ScriptedLog, bench_id
from tests.conformance.simulated_bench import SimulatedBench
from tests.unit.drivers.hands import ANNA, BEN, CARL, HOUR, deliver, people


@pytest.fixture
def bench() -> SimulatedBench:
    return SimulatedBench()


def test_the_log_of_another_door_is_a_fork(bench: SimulatedBench) -> None:
    other = replace(bench.door, door_id=DoorId(bench_id(99)))
    with pytest.raises(LogFork):
        deliver(bench, ScriptedLog(other).put(ANNA))


def test_a_gap_a_fork_and_a_rollback_are_told_apart(bench: SimulatedBench) -> None:
    log = ScriptedLog(bench.door).put(ANNA).put(BEN)
    deliver(bench, log)
    with pytest.raises(LogRollback):
        deliver(bench, ScriptedLog(bench.door).put(ANNA))
    with pytest.raises(LogFork):
        deliver(bench, ScriptedLog(bench.door).put(BEN).put(ANNA))
    with pytest.raises(LogGap):
        deliver(bench, log.put(CARL).put(CARL), after=3)


def test_lines_that_the_door_holds_may_come_again_with_new_ones(bench: SimulatedBench) -> None:
    log = ScriptedLog(bench.door).put(ANNA)
    deliver(bench, log)
    deliver(bench, log.put(BEN))
    assert people(bench) == {ANNA, BEN}


def test_lines_that_come_again_but_altered_are_a_fork(bench: SimulatedBench) -> None:
    log = ScriptedLog(bench.door).put(ANNA)
    deliver(bench, log)
    log.entries[0] = replace(log.entries[0], terms='{"paths":[]}')
    with pytest.raises(LogFork):
        deliver(bench, log)


def test_another_line_where_the_door_has_one_is_a_fork(bench: SimulatedBench) -> None:
    deliver(bench, ScriptedLog(bench.door).put(ANNA))
    with pytest.raises(LogFork):
        deliver(bench, ScriptedLog(bench.door).put(BEN).put(CARL))


def test_a_line_whose_own_head_is_wrong_is_a_fork(bench: SimulatedBench) -> None:
    log = ScriptedLog(bench.door).put(ANNA).put(BEN)
    log.entries[0] = replace(log.entries[0], head=bytes(32))
    with pytest.raises(LogFork):
        deliver(bench, log)


def test_a_batch_that_repeats_a_part_and_stops_short_is_a_gap(bench: SimulatedBench) -> None:
    log = ScriptedLog(bench.door).put(ANNA)
    part = log.batch(bench.now() + HOUR)
    deliver(bench, log.put(BEN))
    with pytest.raises(LogGap):
        asyncio.run(bench.driver.deliver(bench.door, replace(part, seq=2, head=log.head)))


def test_a_delete_that_the_door_lied_about_is_done_when_it_comes_again(bench: SimulatedBench) -> None:
    log = ScriptedLog(bench.door).put(ANNA)
    deliver(bench, log)
    log.delete(ANNA)
    bench.switches.lying_about_deletes = True
    deliver(bench, log, after=1)
    kept = people(bench)
    bench.switches.lying_about_deletes = False
    deliver(bench, log, after=1)
    assert (kept, people(bench)) == ({ANNA}, set())


def test_a_renewal_that_arrives_late_shortens_no_lease(bench: SimulatedBench) -> None:
    log = ScriptedLog(bench.door).put(ANNA)
    earlier = log.batch(bench.now() + HOUR / 2)
    deliver(bench, log)
    asyncio.run(bench.driver.deliver(bench.door, earlier))
    bench.advance(HOUR * 0.75)
    assert bench.present(ANNA)


def test_a_full_list_says_who_did_not_fit_and_takes_the_others(bench: SimulatedBench) -> None:
    bench.limit_list(2)
    with pytest.raises(ListFull) as full:
        deliver(bench, ScriptedLog(bench.door).put(ANNA).put(BEN).put(CARL))
    assert (full.value.left_out, people(bench)) == ((CARL,), {ANNA, BEN})


def test_a_full_list_still_narrows_those_who_are_on_it(bench: SimulatedBench) -> None:
    bench.limit_list(1)
    log = ScriptedLog(bench.door).put(ANNA)
    deliver(bench, log)
    with pytest.raises(ListFull):
        deliver(bench, log.put(BEN).put(ANNA, '{"paths":[]}'), after=1)
    assert not bench.present(ANNA)


def test_a_full_list_does_not_shut_out_those_who_are_on_it(bench: SimulatedBench) -> None:
    bench.limit_list(1)
    log = ScriptedLog(bench.door).put(ANNA)
    deliver(bench, log)
    bench.advance(HOUR - timedelta(minutes=1))
    with pytest.raises(ListFull):
        deliver(bench, log.put(BEN), after=1)
    bench.advance(HOUR - timedelta(minutes=1))
    assert bench.present(ANNA)


def test_a_full_list_takes_the_same_lines_again_once_there_is_room(bench: SimulatedBench) -> None:
    bench.limit_list(1)
    log = ScriptedLog(bench.door).put(ANNA).put(BEN)
    with pytest.raises(ListFull):
        deliver(bench, log)
    bench.limit_list(2)
    deliver(bench, log)
    assert people(bench) == {ANNA, BEN}


def test_a_batch_whose_reply_was_lost_can_be_sent_again(bench: SimulatedBench) -> None:
    log = ScriptedLog(bench.door).put(ANNA).put(BEN).delete(ANNA)
    bench.switches.drops_replies = True
    with pytest.raises(DoorTimedOut):
        deliver(bench, log)
    bench.switches.drops_replies = False
    deliver(bench, log)
    assert people(bench) == {BEN}


def test_a_door_that_lies_about_deletes_reports_the_position_and_keeps_the_person(
    bench: SimulatedBench,
) -> None:
    bench.switches.lying_about_deletes = True
    deliver(bench, ScriptedLog(bench.door).put(ANNA))
    deliver(bench, ScriptedLog(bench.door).put(ANNA).delete(ANNA))
    seen = asyncio.run(bench.driver.read_back(bench.door))
    assert (seen.seq, seen.people, bench.present(ANNA)) == (2, {ANNA: ALWAYS_TERMS}, True)


def test_a_line_that_is_missing_within_a_batch_is_a_gap(bench: SimulatedBench) -> None:
    log = ScriptedLog(bench.door).put(ANNA).put(BEN).put(CARL)
    del log.entries[1]
    with pytest.raises(LogGap):
        asyncio.run(bench.driver.deliver(bench.door, replace(log.batch(), seq=3)))


def test_a_line_before_the_first_is_a_gap(bench: SimulatedBench) -> None:
    log = ScriptedLog(bench.door).put(ANNA)
    log.entries[0] = replace(log.entries[0], seq=0)
    with pytest.raises(LogGap):
        deliver(bench, log)
