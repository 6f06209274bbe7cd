"""A list of very many is brought forward in short acts, and what takes away does not wait behind what adds."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from rekey.domain.door_log import DoorEntry, EntryKind
from rekey.domain.grant import Holder
from rekey.domain.ids import Position
from rekey.operations.core import Core
from rekey.operations.end_grant import EndGrant, end_grant
from rekey.operations.serve_door_log import ListPart, Served, ServeDoorLog, serve_door_log
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio

LEASE = timedelta(minutes=15)
FEW = 3


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an act look at three holders, so that ten are very many."""
    monkeypatch.setattr("rekey.operations.serve_door_log.MOST_AT_ONCE", FEW)
    monkeypatch.setattr("rekey.operations.door_log_runner.MOST_AT_ONCE", FEW)


async def crowd(acme: Acme, size: int = 10) -> tuple[str, list[str], Holder]:
    """Give a door, people, and the team that they are all in; the team may not open the door yet."""
    door = await acme.door()
    people = sorted([await acme.person(f"P{number}") for number in range(size)])
    return door, people, Holder.team(await acme.team(*people))


async def log_of(acme: Acme, door: str) -> tuple[DoorEntry, ...]:
    found: tuple[DoorEntry, ...] = await acme.read(lambda view: view.door_logs.since(door, 0))
    return found


async def position(acme: Acme) -> Position:
    return Position(await acme.world.journal_size())


async def serve(acme: Acme, door: str, part: ListPart | None = None) -> Served:
    served = await acme.do(serve_door_log, ServeDoorLog(door_id=door, lease=LEASE, part=part))
    assert served is not None
    return served


async def terms_of_one(acme: Acme) -> str:
    """Give the terms of somebody who may open a door, as a list has them."""
    other, pia = await acme.door("other"), await acme.person("Pia")
    await acme.grant(pia, other)
    await serve(acme, other)
    return (await log_of(acme, other))[-1].terms


def meddle(monkeypatch: pytest.MonkeyPatch, after: int, act: Callable[[], Awaitable[Any]]) -> list[Served]:
    """Do an act right after a serving by that number, and give the servings as they come."""
    served: list[Served] = []
    perform = Core.perform

    async def spied(core: Core, operation: Any, actor: Any, wanted: Any, **how: Any) -> Any:
        result = await perform(core, operation, actor, wanted, **how)
        if isinstance(result, Served):
            served.append(result)
            if len(served) == after:
                await act()
        return result

    monkeypatch.setattr(Core, "perform", spied)
    return served


async def nothing() -> None:
    """Do no act in the middle."""


async def test_what_may_concern_very_many_is_not_looked_at_in_one_act(acme: Acme) -> None:
    door, _people, team = await crowd(acme)
    await acme.world.settle()
    before = await log_of(acme, door)
    await acme.grant(team, door)
    served = await serve(acme, door)
    assert (served.complete, served.lease_end) == (False, None)
    assert await log_of(acme, door) == before


async def test_more_named_people_than_one_act_looks_at_are_left_to_parts(acme: Acme) -> None:
    door, people, _team = await crowd(acme)
    await acme.world.settle()
    for person in people:
        await acme.grant(person, door)
    assert not (await serve(acme, door)).complete


async def test_a_list_of_many_comes_about_in_short_acts_of_which_only_the_last_gives_a_lease(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    door, people, team = await crowd(acme)
    await acme.world.settle()
    await acme.grant(team, door)
    served = meddle(monkeypatch, 0, nothing)
    assert await acme.world.services.logs.serve(acme.service, await acme.record(door))
    assert [one.lease_end is not None for one in served] == [False] * (len(served) - 1) + [True]
    grown = [after.sync.seq - before.sync.seq for before, after in pairwise(served)]
    assert sum(grown) == len(people)
    assert max(grown) <= FEW
    assert all(acme.simulated.present(door, person) for person in people)


async def test_a_part_moves_neither_the_lease_nor_what_the_log_says_to_include(acme: Acme) -> None:
    door, people, team = await crowd(acme)
    terms = await terms_of_one(acme)
    before = await serve(acme, door)
    await acme.grant(team, door)
    now = await position(acme)
    part = ListPart(seen=now, taken_at=now, terms={people[0]: terms}, last=False)
    served = await serve(acme, door, part)
    assert served.sync.seq == before.sync.seq + 1
    assert (served.sync.served_position, served.sync.lease_end) == (
        before.sync.served_position,
        before.sync.lease_end,
    )


async def test_the_last_part_gives_no_lease_when_a_group_was_changed_meanwhile(acme: Acme) -> None:
    door, _people, team = await crowd(acme)
    await acme.grant(team, door)
    now = await position(acme)
    await acme.grant(Holder.team(await acme.team(name="others")), door)
    served = await serve(acme, door, ListPart(seen=now, taken_at=now, terms={}, last=True))
    assert (served.complete, served.overtaken, served.lease_end) == (False, True, None)


async def test_somebody_revoked_since_the_part_was_read_is_not_listed_by_it(acme: Acme) -> None:
    door, people, team = await crowd(acme)
    terms = await terms_of_one(acme)
    await acme.grant(team, door)
    now = await position(acme)
    await acme.revoke(people[0], door)
    part = ListPart(seen=now, taken_at=now, terms=dict.fromkeys(people[:2], terms), last=False)
    await serve(acme, door, part)
    assert [entry.person_id for entry in await log_of(acme, door)][-1:] == [people[1]]
    assert people[0] not in {entry.person_id for entry in await log_of(acme, door)}


async def test_a_part_read_before_a_group_lost_the_door_lists_nobody(acme: Acme) -> None:
    door, people, _team = await crowd(acme)
    terms, now = await terms_of_one(acme), await position(acme)
    await acme.grant(Holder.team(await acme.team(name="others")), door)
    part = ListPart(seen=now, taken_at=now, terms=dict.fromkeys(people[:2], terms), last=False)
    assert (await serve(acme, door, part)).overtaken
    assert not {entry.person_id for entry in await log_of(acme, door)} & set(people)


async def test_deletes_stand_before_adds_in_an_act(acme: Acme) -> None:
    door, people, _team = await crowd(acme)
    await acme.grant(people[-1], door)
    await acme.world.settle()
    await acme.grant(people[0], door)
    await acme.revoke(people[-1], door)
    await serve(acme, door)
    assert [(entry.kind, entry.person_id) for entry in (await log_of(acme, door))[-2:]] == [
        (EntryKind.DEL, people[-1]),
        (EntryKind.PUT, people[0]),
    ]


async def test_a_revocation_in_the_middle_of_a_long_serving_is_proved_before_its_end(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    door, people, team = await crowd(acme, 12)
    await acme.grant(team, door)
    await acme.world.settle()
    more = [await acme.person(f"Q{number}") for number in range(30)]
    await acme.grant(Holder.team(await acme.team(*more, name="more")), door)
    open_after: list[bool] = []

    async def revoke() -> None:
        await acme.revoke(people[0], door)

    served = meddle(monkeypatch, 5, revoke)
    take = acme.simulated.deliver

    async def watched(record: Any, batch: Any) -> None:
        await take(record, batch)
        open_after.append(acme.simulated.present(door, people[0]))

    monkeypatch.setattr(acme.simulated, "deliver", watched)
    assert await acme.world.services.logs.serve(acme.service, await acme.record(door))
    gone = [entry for entry in await log_of(acme, door) if entry.kind is EntryKind.DEL]
    assert [entry.person_id for entry in gone] == [people[0]]
    assert gone[0].seq < served[-1].sync.seq
    assert open_after[0] is False
    assert len(open_after) > 1


async def test_a_group_that_loses_the_door_is_not_kept_waiting_behind_those_who_get_it(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    door, people, team = await crowd(acme)
    given = await acme.grant(team, door)
    await acme.world.settle()
    more = [await acme.person(f"Q{number}") for number in range(30)]
    await acme.grant(Holder.team(await acme.team(*more, name="more")), door)

    async def end() -> None:
        await acme.do(end_grant, EndGrant(grant_id=given.id))

    meddle(monkeypatch, 6, end)
    assert await acme.world.services.logs.serve(acme.service, await acme.record(door))
    log = await log_of(acme, door)
    last_gone = max(entry.seq for entry in log if entry.kind is EntryKind.DEL)
    last_come = max(entry.seq for entry in log if entry.kind is EntryKind.PUT)
    assert {entry.person_id for entry in log if entry.kind is EntryKind.DEL} == set(people)
    assert last_gone < last_come


async def test_who_was_looked_at_before_the_group_lost_the_door_is_looked_at_again(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    door, people, team = await crowd(acme)
    one, other = await acme.grant(team, door), await acme.grant(team, door)
    await acme.world.settle()
    await acme.do(end_grant, EndGrant(grant_id=one.id))

    async def end() -> None:
        await acme.do(end_grant, EndGrant(grant_id=other.id))

    meddle(monkeypatch, 3, end)
    assert await acme.world.services.logs.serve(acme.service, await acme.record(door))
    assert not any(acme.simulated.present(door, person) for person in people)


async def test_a_serving_that_was_cut_off_is_gone_on_with_and_doubles_nothing(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    door, people, team = await crowd(acme)
    await acme.grant(team, door)

    async def crash() -> None:
        raise RuntimeError("the server stops here")

    meddle(monkeypatch, 3, crash)
    with pytest.raises(RuntimeError, match="stops here"):
        await acme.world.services.logs.serve(acme.service, await acme.record(door))
    monkeypatch.undo()
    assert await acme.world.services.logs.serve(acme.service, await acme.record(door))
    put = [entry.person_id for entry in await log_of(acme, door) if entry.kind is EntryKind.PUT]
    assert sorted(put) == sorted({*put} | {*people})
