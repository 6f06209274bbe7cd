"""What doors tell by themselves: whether they are in contact, and when they lock again after an opening."""

from datetime import timedelta

import pytest

from rekey.domain.door_contact import Relocking, Trouble
from rekey.domain.estate import DoorMode
from rekey.domain.ids import DoorId
from rekey.domain.journal import JournalRow
from rekey.operations.edit_sandbox import SimulateDoor, simulate_door
from rekey.operations.note_contact import NoteContact, note_contact
from rekey.operations.note_relocking import NoteRelocking, note_relocking
from rekey.operations.open_door import OpenDoor, open_door
from rekey.operations.set_door_mode import SetDoorMode
from rekey.operations.use_door import set_mode_and_wait
from rekey.testing.frozen_clock import NOON
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio


async def rows(acme: Acme, action: str) -> list[JournalRow]:
    return [row for row in await acme.rows() if row.action == action]


async def open_once(acme: Acme, door: str) -> None:
    opening = await acme.do(open_door, OpenDoor(door_id=door))
    assert opening.order is not None
    await acme.world.services.orders.finish(acme.service, opening.door, opening.order)


async def test_a_door_that_locks_again_by_itself_is_told_once(acme: Acme) -> None:
    front = await acme.door("front")
    await open_once(acme, front)
    await acme.world.settle()
    assert await rows(acme, "door.relocked") == []
    acme.pass_time(seconds=6)
    await acme.world.settle()
    await acme.world.settle()
    (told,) = await rows(acme, "door.relocked")
    assert told.door_id == front


async def test_an_opening_that_is_prolonged_locks_again_once(acme: Acme) -> None:
    front = await acme.door("front")
    await open_once(acme, front)
    acme.pass_time(seconds=3)
    await open_once(acme, front)
    acme.pass_time(seconds=30)
    await acme.world.settle()
    assert len(await rows(acme, "door.relocked")) == 1


async def test_a_door_that_was_locked_or_set_free_meanwhile_tells_nothing(acme: Acme) -> None:
    front = await acme.door("front")
    for mode in (DoorMode.LOCKED, DoorMode.UNLOCKED):
        await open_once(acme, front)
        await set_mode_and_wait(acme.world.services, acme.service, SetDoorMode(door_id=front, mode=mode))
        acme.pass_time(seconds=30)
        await acme.world.settle()
    assert await rows(acme, "door.relocked") == []


async def test_a_door_out_of_contact_tells_when_it_is_back(acme: Acme) -> None:
    front = await acme.door("front")
    await open_once(acme, front)
    acme.simulated.configure(front, [("offline", "true")])
    acme.pass_time(seconds=60)
    await acme.world.settle()
    assert await rows(acme, "door.relocked") == []
    acme.simulated.configure(front, [("offline", "false")])
    await acme.world.settle()
    (told,) = await rows(acme, "door.relocked")
    assert told.detail["at"] == (NOON + timedelta(seconds=5)).isoformat()


async def test_what_a_door_has_told_once_is_not_noted_again(acme: Acme) -> None:
    front = await acme.door("front")
    told = NoteRelocking(relocking=Relocking(door_id=DoorId(front), at=NOON))
    assert [await acme.do(note_relocking, told) for _turn in range(2)] == [True, False]
    assert not await acme.do(
        note_relocking, NoteRelocking(relocking=Relocking(door_id=DoorId("gone"), at=NOON))
    )


async def test_contact_is_noted_when_it_changes_with_since_when(acme: Acme) -> None:
    front = await acme.door("front")
    for switches in ({"offline": "true"}, {"offline": "true"}, {"removed": "true"}, {}):
        off = {"offline": "false", "removed": "false"}
        acme.simulated.configure(front, {**off, **switches}.items())
        await acme.do(simulate_door, SimulateDoor(door_id=front, switches={}))
        await acme.world.settle()
        acme.pass_time(seconds=60)
    noted = [
        (row.detail["former_trouble"], row.detail["trouble"])
        for row in await rows(acme, "door.contact_noted")
    ]
    assert noted == [(None, "unreachable"), ("unreachable", "removed"), ("removed", None)]
    contact = await acme.read(lambda view: view.door_contacts.get(front))
    assert (contact.trouble, contact.since) == (None, NOON + timedelta(seconds=180))


async def test_contact_that_is_no_news_leaves_no_row(acme: Acme) -> None:
    front = await acme.door("front")
    door = await acme.read(lambda view: view.access.door(front))
    wanted = NoteContact(door=door, trouble=Trouble.DISCONNECTED)
    assert [await acme.do(note_contact, wanted) for _turn in range(2)] == [True, False]
    assert len(await rows(acme, "door.contact_noted")) == 1
