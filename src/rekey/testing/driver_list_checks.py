"""What a driver promises about the list of people that its doors keep."""

from datetime import timedelta

from rekey.domain.canonical import canonical_json
from rekey.domain.errors import DoorOffline, DoorRefused
from rekey.ports.door_driver import Ability, Batch
from rekey.testing.driver_bench import ALWAYS_TERMS, DriverBench, ScriptedLog, bench_id
from rekey.testing.driver_check import Chapter, hold, refuses

LISTS = Chapter()
_ANNA, _BEN, _CARL = (bench_id(serial) for serial in (11, 12, 13))
_LISTED = (Ability.KEEPS_LIST, Ability.READS_BACK)
_LEASE = timedelta(hours=1)


async def _deliver(bench: DriverBench, log: ScriptedLog, *, after: int = 0) -> None:
    await bench.driver.deliver(bench.door, log.batch(bench.now() + _LEASE, after=after))


async def _holds(bench: DriverBench, *people: str) -> None:
    held = set((await bench.driver.read_back(bench.door)).people)
    hold(held == set(people), f"the door holds {len(held)} people: {sorted(held)}")


@LISTS.promise(*_LISTED)
async def delivered_people_are_read_back_with_their_terms_and_the_position(bench: DriverBench) -> None:
    log = ScriptedLog(bench.door).put(_ANNA).put(_BEN, '{"paths":[]}')
    await _deliver(bench, log)
    seen = await bench.driver.read_back(bench.door)
    hold(seen.people == {_ANNA: ALWAYS_TERMS, _BEN: '{"paths":[]}'}, f"read back: {seen.people}")
    hold(seen.seq == 2, f"the door reports position {seen.seq} after two entries")
    hold(seen.at.tzinfo is not None and seen.at <= bench.now(), f"read back at {seen.at}")


@LISTS.promise(*_LISTED)
async def a_second_batch_goes_on_where_the_first_one_ended(bench: DriverBench) -> None:
    log = ScriptedLog(bench.door).put(_ANNA)
    await _deliver(bench, log)
    await _deliver(bench, log.put(_BEN), after=1)
    await _holds(bench, _ANNA, _BEN)


@LISTS.promise(*_LISTED)
async def new_terms_take_the_place_of_the_old_ones(bench: DriverBench) -> None:
    await _deliver(bench, ScriptedLog(bench.door).put(_ANNA).put(_ANNA, '{"paths":[]}'))
    seen = await bench.driver.read_back(bench.door)
    hold(seen.people == {_ANNA: '{"paths":[]}'}, f"read back: {seen.people}")


@LISTS.promise(*_LISTED)
async def a_deleted_person_is_gone_from_the_read_back(bench: DriverBench) -> None:
    log = ScriptedLog(bench.door).put(_ANNA).put(_BEN)
    await _deliver(bench, log)
    await _deliver(bench, log.delete(_ANNA), after=2)
    await _holds(bench, _BEN)


@LISTS.promise(Ability.KEEPS_LIST)
async def a_listed_person_opens_the_door_alone_and_out_of_reach(bench: DriverBench) -> None:
    await _deliver(bench, ScriptedLog(bench.door).put(_ANNA))
    bench.cut_off()
    hold(bench.present(_ANNA), "a person on the list was refused")
    hold(not bench.present(_BEN), "a person who is not on the list opened the door")


@LISTS.promise(Ability.KEEPS_LIST)
async def a_deleted_person_no_longer_opens_the_door(bench: DriverBench) -> None:
    log = ScriptedLog(bench.door).put(_ANNA)
    await _deliver(bench, log)
    hold(bench.present(_ANNA), "a person on the list was refused")
    await _deliver(bench, log.delete(_ANNA), after=1)
    hold(not bench.present(_ANNA), "a deleted person opened the door")


@LISTS.promise(Ability.KEEPS_LIST)
async def terms_open_from_their_start_to_their_end_by_the_true_time(bench: DriverBench) -> None:
    starts = bench.now() + timedelta(minutes=10)
    edges = [int(edge.timestamp()) * 10**6 for edge in (starts, starts + timedelta(minutes=10))]
    path = {"start": edges[0], "end": edges[1], "schedule": None}
    terms = canonical_json({"paths": [path]}).decode()
    await _deliver(bench, ScriptedLog(bench.door).put(_ANNA, terms))
    seen = [bench.present(_ANNA)]
    for _ in range(2):
        bench.advance(timedelta(minutes=11))
        seen.append(bench.present(_ANNA))
    hold(seen == [False, True, False], f"before, within, after its span the door opened: {seen}")


@LISTS.promise(*_LISTED)
async def a_person_put_and_deleted_in_one_batch_is_out(bench: DriverBench) -> None:
    log = ScriptedLog(bench.door).put(_ANNA).delete(_ANNA).delete(_BEN).put(_BEN)
    await _deliver(bench, log)
    await _holds(bench, _BEN)


@LISTS.promise(*_LISTED)
async def deletes_go_before_adds_on_a_full_list(bench: DriverBench) -> None:
    bench.limit_list(2)
    log = ScriptedLog(bench.door).put(_ANNA).put(_BEN)
    await _deliver(bench, log)
    await _deliver(bench, log.put(_CARL).delete(_ANNA), after=2)
    await _holds(bench, _BEN, _CARL)


@LISTS.promise(*_LISTED)
async def a_full_list_is_an_error_and_still_takes_people_away(bench: DriverBench) -> None:
    bench.limit_list(1)
    log = ScriptedLog(bench.door).put(_ANNA)
    await _deliver(bench, log)
    log.put(_BEN).put(_CARL).delete(_ANNA)
    await refuses(bench.driver.deliver(bench.door, log.batch(bench.now() + _LEASE, after=1)), DoorRefused)
    seen = await bench.driver.read_back(bench.door)
    hold(_ANNA not in seen.people, "a full list kept a person who was deleted in the same batch")
    hold(seen.seq < 4, "the door reports a position whose entries it does not hold")


@LISTS.promise(*_LISTED)
async def a_gap_in_the_log_is_refused_and_changes_nothing(bench: DriverBench) -> None:
    log = ScriptedLog(bench.door).put(_ANNA)
    await _deliver(bench, log)
    log.put(_BEN).put(_CARL)
    await refuses(bench.driver.deliver(bench.door, log.batch(bench.now() + _LEASE, after=2)), DoorRefused)
    await _holds(bench, _ANNA)


@LISTS.promise(*_LISTED)
async def a_fork_of_the_log_is_refused_and_changes_nothing(bench: DriverBench) -> None:
    await _deliver(bench, ScriptedLog(bench.door).put(_ANNA))
    other = ScriptedLog(bench.door).put(_BEN).put(_CARL)
    await refuses(bench.driver.deliver(bench.door, other.batch(bench.now() + _LEASE, after=1)), DoorRefused)
    await _holds(bench, _ANNA)


@LISTS.promise(*_LISTED)
async def an_entry_that_its_head_does_not_cover_is_refused(bench: DriverBench) -> None:
    honest, forged = ScriptedLog(bench.door).put(_ANNA), ScriptedLog(bench.door).put(_BEN)
    batch = Batch(entries=forged.entries, seq=1, head=honest.head, lease_end=bench.now() + _LEASE)
    await refuses(bench.driver.deliver(bench.door, batch), DoorRefused)
    await _holds(bench)


@LISTS.promise(*_LISTED)
async def an_older_batch_never_brings_a_person_back(bench: DriverBench) -> None:
    log = ScriptedLog(bench.door).put(_ANNA)
    old = log.batch(bench.now() + _LEASE)
    await _deliver(bench, log.delete(_ANNA))
    await refuses(bench.driver.deliver(bench.door, old), DoorRefused)
    await _holds(bench)


@LISTS.promise(*_LISTED)
async def the_same_batch_again_is_no_error_and_changes_nothing(bench: DriverBench) -> None:
    log = ScriptedLog(bench.door).put(_ANNA).put(_BEN).delete(_ANNA)
    await _deliver(bench, log)
    await _deliver(bench, log)
    await _holds(bench, _BEN)


@LISTS.promise(*_LISTED)
async def a_list_sent_out_of_reach_raises_door_offline_and_changes_nothing(bench: DriverBench) -> None:
    log = ScriptedLog(bench.door).put(_ANNA)
    await _deliver(bench, log)
    bench.cut_off()
    batch = log.put(_BEN).batch(bench.now() + _LEASE, after=1)
    await refuses(bench.driver.deliver(bench.door, batch), DoorOffline)
    await refuses(bench.driver.read_back(bench.door), DoorOffline)
    bench.reconnect()
    await _holds(bench, _ANNA)


@LISTS.promise(*_LISTED)
async def a_door_that_was_reset_reads_back_empty_and_takes_the_whole_log_again(bench: DriverBench) -> None:
    log = ScriptedLog(bench.door).put(_ANNA).put(_BEN).delete(_BEN)
    await _deliver(bench, log)
    bench.reset()
    seen = await bench.driver.read_back(bench.door)
    hold((seen.people, seen.seq) == ({}, 0), f"after a reset the door reports {seen.people} at {seen.seq}")
    await _deliver(bench, log)
    await _holds(bench, _ANNA)


@LISTS.promise(lacks=frozenset({Ability.KEEPS_LIST}))
async def a_list_is_refused_without_the_ability(bench: DriverBench) -> None:
    batch = ScriptedLog(bench.door).put(_ANNA).batch(bench.now() + _LEASE)
    await refuses(bench.driver.deliver(bench.door, batch), DoorRefused)


@LISTS.promise(lacks=frozenset({Ability.READS_BACK}))
async def a_read_back_is_refused_without_the_ability(bench: DriverBench) -> None:
    await refuses(bench.driver.read_back(bench.door), DoorRefused)
