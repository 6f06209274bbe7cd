"""Codes and cards at doors that decide alone: set, proved, taken away, and exposed until that is proved."""

from datetime import timedelta

import pytest

from rekey.domain.credential import Credential
from rekey.domain.revocation import DoorStatus
from rekey.domain.validity import Validity
from rekey.operations.assign_credential import UnassignCredential, unassign_credential
from rekey.operations.credential_at_door import CredentialAtDoor, PlaceStatus, credential_at_door
from rekey.operations.end_credential import EndCredential, end_credential
from rekey.operations.imprints import second_imprint
from rekey.operations.show_credential_receipt import list_credential_exposure
from rekey.operations.suspend_credential import SuspendCredential, suspend_credential
from rekey.ports.store import View
from tests.unit.operations.acme import Acme
from tests.unit.operations.at_doors import UID, a_card, a_link, a_pin, card, pin

pytestmark = pytest.mark.anyio


async def place(acme: Acme, credential: Credential, door: str) -> CredentialAtDoor:
    record = await acme.record(door)

    async def look(view: View) -> CredentialAtDoor:
        newest = await view.credentials.get(credential.id)
        assert newest is not None
        driver = acme.core.drivers[record.driver]
        return await credential_at_door(view, newest, record, driver=driver, now=acme.clock.now())

    found: CredentialAtDoor = await acme.read(look)
    return found


async def settle(acme: Acme) -> None:
    """Let a minute pass, so that what is to be tried again is due, and do it."""
    acme.pass_time(minutes=1)
    await acme.world.settle()


async def a_set_pin(acme: Acme) -> tuple[str, Credential]:
    """Give a door and a code that the door has proved to know."""
    front, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, front)
    issued = await a_pin(acme, ada)
    await acme.world.settle()
    return front, issued


async def test_a_code_is_setting_until_the_door_shows_it_and_then_set(acme: Acme) -> None:
    front, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, front)
    issued = await a_pin(acme, ada)
    assert (await place(acme, issued, front)).status is PlaceStatus.SETTING
    await acme.world.settle()
    found = await place(acme, issued, front)
    assert (found.status, found.confirmed_at) == (PlaceStatus.SET, acme.clock.now())
    assert acme.simulated.read(front, pin("2468"))


async def test_a_code_whose_holder_may_not_open_the_door_is_not_set_there(acme: Acme) -> None:
    front = await acme.door()
    issued = await a_pin(acme, await acme.person("Ada"))
    await acme.world.settle()
    assert (await place(acme, issued, front)).status is PlaceStatus.UNSET


async def test_an_ended_code_is_gone_once_the_door_proves_it(acme: Acme) -> None:
    front, issued = await a_set_pin(acme)
    await acme.do(end_credential, EndCredential(credential_id=issued.id))
    assert (await place(acme, issued, front)).status is PlaceStatus.REMOVING
    await acme.world.settle()
    assert (await place(acme, issued, front)).status is PlaceStatus.GONE
    assert not acme.simulated.read(front, pin("2468"))


async def test_an_ended_code_at_a_door_out_of_reach_is_exposed_until_its_lease_ends(acme: Acme) -> None:
    front, issued = await a_set_pin(acme)
    acme.simulated.configure(front, [("offline", "true")])
    await acme.do(end_credential, EndCredential(credential_id=issued.id))
    await acme.world.settle()
    found = await place(acme, issued, front)
    assert (found.status, found.problem) == (PlaceStatus.REMOVING, "offline")
    assert found.exposed_until is not None
    assert acme.simulated.read(front, pin("2468"))
    exposed = await acme.read(
        lambda view: list_credential_exposure(view, acme.core.drivers, acme.clock.now())
    )
    assert [(one.credential.id, one.door.status) for one in exposed] == [(issued.id, DoorStatus.EXPOSED)]
    acme.clock.advance(found.exposed_until - acme.clock.now())
    assert not acme.simulated.read(front, pin("2468"))
    assert (await place(acme, issued, front)).status is PlaceStatus.GONE


async def test_a_door_that_keeps_an_ended_code_is_refuted(acme: Acme) -> None:
    front, issued = await a_set_pin(acme)
    acme.simulated.configure(front, [("lying_about_deletes", "true")])
    await acme.do(end_credential, EndCredential(credential_id=issued.id))
    await acme.world.settle()
    found = await place(acme, issued, front)
    assert (found.status, found.refuted) == (PlaceStatus.REMOVING, True)
    assert acme.simulated.read(front, pin("2468"))


async def test_a_suspended_code_leaves_the_door_and_comes_back(acme: Acme) -> None:
    front, issued = await a_set_pin(acme)
    seen = []
    for suspended in (True, False):
        await acme.do(suspend_credential, SuspendCredential(credential_id=issued.id, suspended=suspended))
        await acme.world.settle()
        seen.append(acme.simulated.read(front, pin("2468")))
    assert seen == [False, True]


async def test_a_card_that_changes_hands_is_removed_from_its_old_holder(acme: Acme) -> None:
    front, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, front)
    held = await a_card(acme, ada)
    await acme.world.settle()
    acme.simulated.configure(front, [("offline", "true")])
    await acme.do(unassign_credential, UnassignCredential(credential_id=held.id))
    await acme.world.settle()
    assert (await place(acme, held, front)).status is PlaceStatus.REMOVING
    acme.simulated.configure(front, [("offline", "false")])
    await settle(acme)
    assert (await place(acme, held, front)).status in {PlaceStatus.GONE, PlaceStatus.UNSET}
    assert not acme.simulated.read(front, card())


async def test_a_door_alone_asks_for_the_second_factor(acme: Acme) -> None:
    front, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, front)
    kept = second_imprint(acme.core.secrets, "4711")
    await a_card(acme, ada, second_fingerprint=kept.fingerprint, second_sealed_part=kept.sealed_part)
    await acme.world.settle()
    assert [acme.simulated.read(front, card(UID, second)) for second in ("", "0000", "4711")] == [
        False,
        False,
        True,
    ]


async def test_a_code_for_one_use_is_told_to_one_door_only(acme: Acme) -> None:
    front, back = await acme.door("front"), await acme.door("back")
    await a_link(acme, front, code="1357", max_uses=1)
    await a_link(acme, front, back, code="8642", max_uses=1)
    await acme.world.settle()
    assert [acme.simulated.read(front, pin("1357")) for _ in range(2)] == [True, False]
    assert [acme.simulated.read(door, pin("8642")) for door in (front, back)] == [False, False]


async def test_a_keypad_without_room_says_so_and_the_code_is_not_set(acme: Acme) -> None:
    front, ada = await acme.door(max_codes="0"), await acme.person("Ada")
    await acme.grant(ada, front)
    issued = await a_pin(acme, ada)
    await acme.world.settle()
    found = await place(acme, issued, front)
    assert (found.status, "refused" in found.problem) == (PlaceStatus.SETTING, True)
    acme.simulated.configure(front, [("max_codes", "")])
    await settle(acme)
    assert (await place(acme, issued, front)).status is PlaceStatus.SET


async def test_a_code_of_somebody_who_is_revoked_leaves_with_the_person(acme: Acme) -> None:
    front, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, front)
    await a_pin(acme, ada)
    await acme.world.settle()
    revoked = await acme.revoke(ada, front)
    await acme.world.settle()
    assert (await acme.receipt(revoked)).complete
    assert not acme.simulated.read(front, pin("2468"))


async def test_a_code_that_somebody_programmed_by_hand_is_read_back_as_nobodys(acme: Acme) -> None:
    front = await acme.door(foreign_codes="7777")
    record = await acme.record(front)
    assert (await acme.simulated.read_back(record)).foreign == ("7777",)
    assert acme.simulated.read(front, pin("7777"))
    await acme.simulated.erase(record, "7777")
    assert not acme.simulated.read(front, pin("7777"))


async def test_no_list_holds_a_code_in_clear_text(acme: Acme) -> None:
    front, issued = await a_set_pin(acme)
    entries = await acme.read(lambda view: view.door_logs.since(front, 0))
    assert any(issued.id in entry.terms for entry in entries)
    assert not any("2468" in entry.terms for entry in entries)


async def test_a_code_is_set_from_its_start_on_even_if_the_door_is_out_of_reach(acme: Acme) -> None:
    front, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, front)
    now = acme.clock.now()
    await a_pin(acme, ada, validity=Validity(now + timedelta(minutes=5), now + timedelta(minutes=10)))
    await acme.world.settle()
    acme.simulated.configure(front, [("offline", "true")])
    seen = [acme.simulated.read(front, pin("2468"))]
    for _ in range(2):
        acme.pass_time(minutes=6)
        seen.append(acme.simulated.read(front, pin("2468")))
    assert seen == [False, True, False]
