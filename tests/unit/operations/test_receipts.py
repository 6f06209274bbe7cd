"""What a receipt says of each door, and that only a read-back is proof."""

from datetime import timedelta

import pytest

from rekey.domain.revocation import DoorStatus
from rekey.drivers.simulated.driver import ABILITIES
from rekey.operations.list_exposure import list_exposure
from rekey.ports.door_driver import Ability
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio

LEASE = timedelta(minutes=15)


async def listed(acme: Acme) -> tuple[str, str]:
    """Give a door that holds Ada on its list."""
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    await acme.world.settle()
    assert acme.simulated.present(door, ada)
    return door, ada


async def test_what_is_granted_is_intended_and_then_confirmed_by_the_door(acme: Acme) -> None:
    door, ada = await listed(acme)
    sync = await acme.read(lambda view: view.door_logs.sync(door))
    entry = (await acme.read(lambda view: view.door_logs.intended(door)))[ada]
    assert sync.confirmed_seq == sync.seq == entry.seq
    assert entry.confirmed_at == acme.clock.now()


async def test_a_revocation_is_pending_until_the_door_was_served(acme: Acme) -> None:
    door, ada = await listed(acme)
    served = acme.clock.now()
    line = await acme.receipt_line(await acme.revoke(ada, door))
    assert (line.status, line.effective_by) == (DoorStatus.PENDING, served + LEASE)


async def test_it_is_confirmed_by_a_read_back_and_the_door_refuses(acme: Acme) -> None:
    door, ada = await listed(acme)
    revoked = await acme.revoke(ada, door)
    await acme.world.settle()
    line = await acme.receipt_line(revoked)
    assert (line.status, line.witness) == (DoorStatus.CONFIRMED, "read-back")
    assert line.effective_at == acme.clock.now()
    assert (await acme.receipt(revoked)).complete
    assert not acme.simulated.present(door, ada)


async def test_an_offline_door_is_exposed_up_to_the_end_of_its_lease(acme: Acme) -> None:
    door, ada = await listed(acme)
    lease_end = acme.clock.now() + LEASE
    acme.simulated.switches(door).offline = True
    acme.pass_time(minutes=5)
    revoked = await acme.revoke(ada, door)
    await acme.world.settle()
    line = await acme.receipt_line(revoked)
    assert (line.status, line.effective_by, line.detail) == (DoorStatus.EXPOSED, lease_end, "offline")
    assert acme.simulated.present(door, ada)


async def test_the_computed_instant_is_right_the_door_opens_until_it_and_not_after(acme: Acme) -> None:
    door, ada = await listed(acme)
    acme.simulated.switches(door).offline = True
    revoked = await acme.revoke(ada, door)
    await acme.world.settle()
    by = (await acme.receipt_line(revoked)).effective_by
    assert by is not None
    acme.clock.set(by - timedelta(microseconds=1))
    assert acme.simulated.present(door, ada)
    acme.clock.set(by)
    assert not acme.simulated.present(door, ada)
    line = await acme.receipt_line(revoked)
    assert (line.status, line.witness, line.effective_at) == (DoorStatus.CONFIRMED, "lease ended", by)


async def test_a_door_that_is_back_confirms(acme: Acme) -> None:
    door, ada = await listed(acme)
    acme.simulated.switches(door).offline = True
    revoked = await acme.revoke(ada, door)
    await acme.world.settle()
    acme.simulated.switches(door).offline = False
    acme.pass_time(minutes=1)
    await acme.world.settle()
    assert (await acme.receipt_line(revoked)).status is DoorStatus.CONFIRMED


async def test_a_door_that_lies_about_deletes_is_refuted(acme: Acme) -> None:
    door, ada = await listed(acme)
    acme.simulated.switches(door).lying_about_deletes = True
    revoked = await acme.revoke(ada, door)
    await acme.world.settle()
    receipt = await acme.receipt(revoked)
    assert [line.status for line in receipt.doors] == [DoorStatus.REFUTED]
    assert receipt.refuted
    assert not receipt.complete


async def test_a_door_that_stops_lying_confirms_in_the_end(acme: Acme) -> None:
    door, ada = await listed(acme)
    acme.simulated.switches(door).lying_about_deletes = True
    revoked = await acme.revoke(ada, door)
    await acme.world.settle()
    acme.simulated.switches(door).lying_about_deletes = False
    acme.pass_time(minutes=1)
    await acme.world.settle()
    assert (await acme.receipt_line(revoked)).status is DoorStatus.CONFIRMED
    assert not acme.simulated.present(door, ada)


def with_fewer_abilities(acme: Acme, missing: Ability, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acme.simulated, "_abilities", ABILITIES - {missing})


async def test_hardware_without_a_lease_has_no_bound(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    with_fewer_abilities(acme, Ability.HONOURS_LEASE, monkeypatch)
    door, ada = await listed(acme)
    acme.simulated.switches(door).offline = True
    revoked = await acme.revoke(ada, door)
    await acme.world.settle()
    acme.pass_time(days=365)
    line = await acme.receipt_line(revoked)
    assert (line.status, line.effective_by) == (DoorStatus.UNBOUNDED, None)


async def test_hardware_that_cannot_be_read_is_unverifiable(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_fewer_abilities(acme, Ability.READS_BACK, monkeypatch)
    door, ada = await listed(acme)
    revoked = await acme.revoke(ada, door)
    await acme.world.settle()
    assert (await acme.receipt_line(revoked)).status is DoorStatus.UNVERIFIABLE


async def test_a_door_that_keeps_no_list_is_confirmed_by_the_servers_own_decision(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_fewer_abilities(acme, Ability.KEEPS_LIST, monkeypatch)
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    line = await acme.receipt_line(await acme.revoke(ada, door))
    assert (line.status, line.witness) == (DoorStatus.CONFIRMED, "server decision")


async def test_a_person_who_was_granted_again_does_not_leave_the_receipt_open(acme: Acme) -> None:
    door, ada = await listed(acme)
    revoked = await acme.revoke(ada, door)
    await acme.grant(ada, door)
    await acme.world.settle()
    line = await acme.receipt_line(revoked)
    assert (line.status, line.witness) == (DoorStatus.CONFIRMED, "granted again since")


async def test_a_receipt_names_every_door_that_the_person_could_open_and_no_other(acme: Acme) -> None:
    doors = [await acme.door(name) for name in ("back", "front")]
    ada = await acme.person("Ada")
    away = await acme.world.add_door("away", site_id=(await acme.another_site()).id)
    await acme.grant(ada, acme.site)
    await acme.world.settle()
    receipt = await acme.receipt(await acme.revoke_everywhere(ada))
    assert [line.door_id for line in receipt.doors] == doors
    assert away not in doors


async def test_somebody_without_access_has_a_receipt_without_doors(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    receipt = await acme.receipt(await acme.revoke(ada, door))
    assert receipt.doors == ()
    assert receipt.complete


async def test_exposure_lists_what_is_not_proved_and_nothing_else(acme: Acme) -> None:
    door, ada = await listed(acme)
    revoked = await acme.revoke(ada, door)

    async def exposed() -> list[str]:
        found = await acme.read(lambda view: list_exposure(view, acme.core.drivers, acme.clock.now()))
        return [one.revocation.id for one in found]

    assert await exposed() == [revoked.revocation.id]
    await acme.world.settle()
    assert await exposed() == []
