"""The log of a door follows from the acts, is chained, and never carries a lease past an act it lacks."""

from datetime import timedelta
from itertools import pairwise

import pytest

from rekey.domain.door_log import DoorEntry, EntryKind, chain
from rekey.domain.scope import Scope
from rekey.operations.confirm_door_log import ConfirmDoorLog, confirm_door_log
from rekey.operations.end_door_group import EndDoorGroup, end_door_group
from rekey.operations.serve_door_log import ServeDoorLog, serve_door_log
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio

LEASE = timedelta(minutes=15)


async def entries(acme: Acme, door: str) -> tuple[DoorEntry, ...]:
    found: tuple[DoorEntry, ...] = await acme.read(lambda view: view.door_logs.since(door, 0))
    return found


async def test_a_grant_is_a_put_and_its_end_a_delete(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    await acme.world.settle()
    await acme.revoke(ada, door)
    await acme.world.settle()
    mine = [entry.kind for entry in await entries(acme, door) if entry.person_id == ada]
    assert mine == [EntryKind.PUT, EntryKind.DEL]


async def test_entries_are_dense_and_each_head_chains_the_one_before(acme: Acme) -> None:
    door = await acme.door()
    for name in ("Ada", "Ben", "Cleo"):
        await acme.grant(await acme.person(name), door)
        await acme.world.settle()
    log = await entries(acme, door)
    assert [entry.seq for entry in log] == list(range(1, len(log) + 1))
    for before, entry in pairwise(log):
        linked = chain(
            before.head, seq=entry.seq, kind=entry.kind, person_id=entry.person_id, terms=entry.terms
        )
        assert entry.head == linked


async def test_what_changes_nothing_for_a_door_adds_no_entry_to_it(acme: Acme) -> None:
    front, back, ada = await acme.door("front"), await acme.door("back"), await acme.person("Ada")
    await acme.grant(ada, front)
    await acme.world.settle()
    before = await entries(acme, back)
    await acme.grant(ada, front)
    await acme.world.settle()
    assert await entries(acme, back) == before


async def test_bringing_a_log_forward_uses_no_position_and_no_journal_row(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    before = await acme.world.journal_size()
    await acme.world.settle()
    assert await acme.world.journal_size() == before


async def test_a_lease_comes_only_with_a_head_that_includes_every_act(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    await acme.world.settle()
    revoked = await acme.revoke(ada, door)
    served = await acme.do(serve_door_log, ServeDoorLog(door_id=door, lease=LEASE))
    assert served is not None
    assert served.lease_end == acme.clock.now() + LEASE
    assert served.sync.served_position >= revoked.revocation.position
    newest = (await entries(acme, door))[-1]
    assert (newest.seq, newest.person_id, newest.kind) == (served.sync.seq, ada, EntryKind.DEL)


async def test_what_a_door_has_not_proved_is_sent_again(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    acme.simulated.switches(door).disconnected = True
    await acme.world.settle()
    acme.simulated.switches(door).disconnected = False
    assert await acme.world.services.logs.serve(acme.service, await acme.record(door))
    assert acme.simulated.present(door, ada)


@pytest.mark.parametrize(
    "doubt", [{"refuted": frozenset({"x"})}, {"missing": frozenset({"x"})}, {"problem": "offline"}], ids=str
)
async def test_only_a_clean_read_back_confirms(acme: Acme, doubt: dict[str, object]) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    served = await acme.do(serve_door_log, ServeDoorLog(door_id=door, lease=LEASE))
    assert served is not None
    found = ConfirmDoorLog(
        door_id=door,
        seq=served.sync.seq,
        position=served.sync.served_position,
        at=acme.clock.now(),
        **doubt,  # type: ignore[arg-type]  # each is one field of ConfirmDoorLog
    )
    assert (await acme.do(confirm_door_log, found)).confirmed_seq < served.sync.seq


async def test_ending_a_group_writes_one_change_whatever_the_number_of_its_doors(acme: Acme) -> None:
    doors = [await acme.door(f"door {number}") for number in range(5)]
    ada = await acme.person("Ada")
    group = await acme.door_group(*doors)
    await acme.grant(ada, group)
    await acme.world.settle()
    before = await acme.world.journal_size()
    await acme.do(end_door_group, EndDoorGroup(door_group_id=group.id))
    changes = await acme.read(lambda view: view.changes.since(before))
    assert len(changes) == 1
    await acme.world.settle()
    assert [acme.simulated.present(door, ada) for door in doors] == [False] * 5


async def test_a_door_that_has_gone_is_not_served(acme: Acme) -> None:
    assert await acme.do(serve_door_log, ServeDoorLog(door_id=Scope.door("nowhere").id)) is None
