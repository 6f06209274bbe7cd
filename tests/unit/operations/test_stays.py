"""Stays: the first use of a later one takes the doors from the guests before, for good, and from nobody else."""

from datetime import timedelta
from typing import Any

import pytest

from rekey.domain.block import BlockCause, Subject, SubjectKind
from rekey.domain.bundle import Bundle, MediumKind
from rekey.domain.credential import CredentialKind, CredentialState
from rekey.domain.decision import Denied, DenyReason, Granted
from rekey.domain.errors import Conflict, Invalid
from rekey.domain.journal import Outcome
from rekey.domain.scope import Scope
from rekey.domain.validity import Validity
from rekey.operations.bundle_media import WantedMedium
from rekey.operations.edit_bundle import EditBundle, edit_bundle
from rekey.operations.end_bundle import EndBundle, end_bundle
from rekey.operations.give_bundle import BundleGiven, GiveBundle, give_bundle
from rekey.operations.imprints import reveal_code
from rekey.operations.merge_people import MergePeople, merge_people
from rekey.operations.open_door import OpenDoor, open_door
from rekey.operations.pins import DoorFacts
from rekey.operations.place_block import PlaceBlock, place_block
from rekey.operations.present_credential import Presentation, PresentCredential, present_credential
from rekey.operations.take_door_out_of_group import TakeDoorOutOfGroup, take_door_out_of_group
from rekey.ports.door_driver import Ability
from rekey.ports.listing import WHOLE
from rekey.testing.frozen_clock import NOON
from tests.unit.operations.acme import Acme
from tests.unit.operations.at_doors import pin

pytestmark = pytest.mark.anyio

CODE, CLOUD = WantedMedium(kind=MediumKind.CODE), WantedMedium(kind=MediumKind.CLOUD_KEY)
WEEK = Validity(start=NOON, end=NOON + timedelta(days=7))


async def stay(acme: Acme, person: str, key: str | None, *doors: str, **terms: Any) -> BundleGiven:
    """Give a person doors for a stay, by a PIN, and let the doors follow."""
    plain: dict[str, Any] = {
        "person_id": person,
        "stay_key": key,
        "validity": WEEK,
        "door_ids": doors,
        "media": (CODE,),
        "facts": tuple(DoorFacts(door_id=door, lengths=(4,)) for door in doors),
    }
    made = await acme.do(give_bundle, GiveBundle(**plain | terms))
    await acme.world.settle()
    return made


async def digits_of(acme: Acme, made: BundleGiven, door: str) -> str:
    code = next(one for one in made.codes if one.door_id == door)
    credential = await acme.read(lambda view: view.credentials.get(code.id))
    return reveal_code(acme.core.secrets, credential) or ""


async def type_pin(acme: Acme, door: str, digits: str) -> Presentation:
    """Type digits at a keypad that asks the server."""
    wanted = PresentCredential(
        door_id=door, kind=CredentialKind.PIN, fingerprint=acme.core.secrets.fingerprint(digits)
    )
    shown = await acme.do(present_credential, wanted)
    await acme.world.settle()
    return shown


async def lost(acme: Acme, *bundles: Bundle) -> set[tuple[str, str]]:
    found = await acme.read(lambda view: view.takeovers.of([one.id for one in bundles]))
    return {(one.bundle_id, one.door_id) for one in found}


async def two_guests(acme: Acme, *doors: str) -> tuple[BundleGiven, BundleGiven]:
    """Ada has a stay at the doors, and Bob the one after it."""
    ada = await stay(acme, await acme.person("Ada"), "r1", *doors)
    return ada, await stay(acme, await acme.person("Bob"), "r2", *doors)


async def test_a_stay_takes_nothing_before_it_is_used(acme: Acme) -> None:
    front = await acme.door()
    ada, bob = await two_guests(acme, front)
    assert isinstance((await type_pin(acme, front, await digits_of(acme, ada, front))).decision, Granted)
    assert await acme.may(bob.bundle.person_id, front)
    assert await acme.may(ada.bundle.person_id, front)


async def test_the_first_use_of_a_stay_shuts_out_the_guests_before_it(acme: Acme) -> None:
    front = await acme.door()
    ada, bob = await two_guests(acme, front)
    old, new = await digits_of(acme, ada, front), await digits_of(acme, bob, front)
    assert isinstance((await type_pin(acme, front, new)).decision, Granted)
    assert not await acme.may(ada.bundle.person_id, front)
    assert isinstance((await type_pin(acme, front, old)).decision, Denied)
    assert isinstance((await type_pin(acme, front, new)).decision, Granted)
    assert (acme.simulated.read(front, pin(old)), acme.simulated.read(front, pin(new))) == (False, True)


async def test_who_was_shut_out_by_a_stay_is_told_that_it_was_taken_over(acme: Acme) -> None:
    front = await acme.door()
    ada, bob = await two_guests(acme, front)
    await type_pin(acme, front, await digits_of(acme, bob, front))
    decision = await acme.decide(ada.bundle.person_id, front)
    assert decision == Denied(DenyReason.TAKEN_OVER, ada.bundle.id)


async def test_an_old_code_never_wins_a_door_back(acme: Acme) -> None:
    front = await acme.door()
    ada, bob = await two_guests(acme, front)
    old = await digits_of(acme, ada, front)
    await type_pin(acme, front, await digits_of(acme, bob, front))
    for _again in range(2):
        await type_pin(acme, front, old)
    await acme.do(
        edit_bundle,
        EditBundle(bundle_id=ada.bundle.id, validity=Validity(start=NOON, end=NOON + timedelta(days=30))),
    )
    assert not await acme.may(ada.bundle.person_id, front)
    assert await acme.may(bob.bundle.person_id, front)


async def test_only_the_door_that_was_used_is_taken_over(acme: Acme) -> None:
    front, back = await acme.door("front"), await acme.door("back")
    ada, bob = await two_guests(acme, front, back)
    await type_pin(acme, front, await digits_of(acme, bob, front))
    assert not await acme.may(ada.bundle.person_id, front)
    assert await acme.may(ada.bundle.person_id, back)


async def test_more_guests_of_a_stay_share_its_doors(acme: Acme) -> None:
    front = await acme.door()
    _ada, bob = await two_guests(acme, front)
    eve = await stay(acme, await acme.person("Eve"), "r2", front)
    await type_pin(acme, front, await digits_of(acme, bob, front))
    assert isinstance((await type_pin(acme, front, await digits_of(acme, eve, front))).decision, Granted)
    assert await acme.may(bob.bundle.person_id, front)


async def test_every_guest_of_an_earlier_stay_loses_the_door(acme: Acme) -> None:
    front = await acme.door()
    ada, bob = await two_guests(acme, front)
    eve = await stay(acme, await acme.person("Eve"), "r1", front)
    await type_pin(acme, front, await digits_of(acme, bob, front))
    assert await lost(acme, ada.bundle, eve.bundle) == {(ada.bundle.id, front), (eve.bundle.id, front)}
    assert not await acme.may(eve.bundle.person_id, front)


async def test_staff_keep_their_way_in(acme: Acme) -> None:
    front, staff = await acme.door(), await acme.person("Staff")
    await acme.grant(staff, Scope.door(front))
    cleaner = await stay(acme, await acme.person("Cleaner"), None, front)
    _ada, bob = await two_guests(acme, front)
    await type_pin(acme, front, await digits_of(acme, bob, front))
    assert await acme.may(staff, front)
    assert await acme.may(cleaner.bundle.person_id, front)


async def test_a_guest_who_is_staff_too_loses_the_guests_code_alone(acme: Acme) -> None:
    front = await acme.door()
    ada, bob = await two_guests(acme, front)
    old = await digits_of(acme, ada, front)
    await acme.grant(ada.bundle.person_id, Scope.door(front))
    await type_pin(acme, front, await digits_of(acme, bob, front))
    assert await acme.may(ada.bundle.person_id, front)
    assert isinstance((await type_pin(acme, front, old)).decision, Denied)
    assert not acme.simulated.read(front, pin(old))


async def test_what_staff_open_takes_nothing_over(acme: Acme) -> None:
    front, staff = await acme.door(), await acme.person("Staff")
    await acme.grant(staff, Scope.door(front))
    ada, bob = await two_guests(acme, front)
    await acme.do(open_door, OpenDoor(door_id=front, person_id=staff))
    assert await lost(acme, ada.bundle, bob.bundle) == set()


async def test_a_guest_who_opens_by_the_app_takes_over_as_well(acme: Acme) -> None:
    front = await acme.door()
    ada, bob = await two_guests(acme, front)
    await acme.do(open_door, OpenDoor(door_id=front, person_id=bob.bundle.person_id))
    assert not await acme.may(ada.bundle.person_id, front)


async def test_a_revoked_guest_takes_nothing_over(acme: Acme) -> None:
    front = await acme.door()
    ada, bob = await two_guests(acme, front)
    new = await digits_of(acme, bob, front)
    await acme.revoke(bob.bundle.person_id, Scope.door(front))
    assert isinstance((await type_pin(acme, front, new)).decision, Denied)
    assert await acme.may(ada.bundle.person_id, front)


async def test_a_revoked_guest_who_is_let_in_as_staff_takes_nothing_over(acme: Acme) -> None:
    front = await acme.door()
    ada, bob = await two_guests(acme, front)
    new = await digits_of(acme, bob, front)
    await acme.revoke(bob.bundle.person_id, Scope.door(front))
    await acme.grant(bob.bundle.person_id, Scope.door(front))
    assert isinstance((await type_pin(acme, front, new)).decision, Granted)
    assert await acme.may(ada.bundle.person_id, front)


async def test_a_blocked_guest_takes_nothing_over(acme: Acme) -> None:
    front = await acme.door()
    ada, bob = await two_guests(acme, front)
    subject = Subject(SubjectKind.PERSON, bob.bundle.person_id)
    await acme.do(place_block, PlaceBlock(subject=subject, cause=BlockCause.OPERATOR))
    await type_pin(acme, front, await digits_of(acme, bob, front))
    assert await acme.may(ada.bundle.person_id, front)


async def test_an_earlier_guest_who_never_came_cannot_shut_out_the_later_one(acme: Acme) -> None:
    front = await acme.door()
    ada, bob = await two_guests(acme, front)
    await type_pin(acme, front, await digits_of(acme, ada, front))
    assert await lost(acme, bob.bundle) == set()
    assert await acme.may(bob.bundle.person_id, front)


async def test_guests_who_are_still_to_come_keep_their_doors(acme: Acme) -> None:
    front = await acme.door()
    booked = Validity(start=NOON + timedelta(days=30), end=NOON + timedelta(days=37))
    eve = await stay(acme, await acme.person("Eve"), "r0", front, validity=booked)
    ada, bob = await two_guests(acme, front)
    await type_pin(acme, front, await digits_of(acme, bob, front))
    assert await lost(acme, ada.bundle, eve.bundle) == {(ada.bundle.id, front)}
    acme.pass_time(days=31)
    assert await acme.may(eve.bundle.person_id, front)


async def test_a_guest_who_joins_a_stay_cannot_have_what_it_has_lost(acme: Acme) -> None:
    front, back = await acme.door("front"), await acme.door("back")
    _ada, bob = await two_guests(acme, front, back)
    await type_pin(acme, front, await digits_of(acme, bob, front))
    eve = await acme.person("Eve")
    with pytest.raises(Conflict, match="doors"):
        await stay(acme, eve, "r1", front)
    joined = await stay(acme, eve, "r1", back)
    assert await lost(acme, joined.bundle) == {(joined.bundle.id, front)}
    assert await acme.may(eve, back)


async def test_a_space_that_gains_a_lost_door_gives_it_back_to_nobody(acme: Acme) -> None:
    front, back = await acme.door("front"), await acme.door("back")
    suite = await acme.door_group(front, back)
    facts = tuple(DoorFacts(door_id=door, lengths=(4,)) for door in (front, back))
    ada = await stay(acme, await acme.person("Ada"), "r1", door_group_ids=(suite.id,), facts=facts)
    bob = await stay(acme, await acme.person("Bob"), "r2", front)
    await type_pin(acme, front, await digits_of(acme, bob, front))
    await acme.do(take_door_out_of_group, TakeDoorOutOfGroup(door_group_id=suite.id, door_id=front))
    await acme.join(front, suite)
    assert not await acme.may(ada.bundle.person_id, front)
    assert await acme.may(ada.bundle.person_id, back)
    codes = await acme.read(
        lambda view: view.door_codes.list(WHOLE, medium_ids=[ada.media[0].id], door_id=front)
    )
    held = [await acme.read(lambda view, id_=code.id: view.credentials.get(id_)) for code in codes.items]
    assert all(one.state is CredentialState.ENDED for one in held)


async def test_once_all_of_a_stay_has_ended_its_key_begins_a_new_one(acme: Acme) -> None:
    front = await acme.door()
    ada, bob = await two_guests(acme, front)
    await type_pin(acme, front, await digits_of(acme, bob, front))
    await acme.do(end_bundle, EndBundle(bundle_id=ada.bundle.id))
    acme.pass_time(minutes=1)
    again = await stay(acme, ada.bundle.person_id, "r1", front)
    assert await acme.may(ada.bundle.person_id, front)
    await type_pin(acme, front, await digits_of(acme, again, front))
    assert not await acme.may(bob.bundle.person_id, front)


async def test_a_key_that_opens_several_doors_loses_one_and_ends_with_its_last(acme: Acme) -> None:
    front, back = await acme.door("front"), await acme.door("back")
    ada = await stay(acme, await acme.person("Ada"), "r1", front, back, media=(CLOUD,))
    bob = await stay(acme, await acme.person("Bob"), "r2", front, back)
    key_id = ada.media[0].credential_id
    await type_pin(acme, front, await digits_of(acme, bob, front))
    held = await acme.read(lambda view: view.credentials.get(key_id))
    assert (held.state, held.door_ids) == (CredentialState.ACTIVE, {back})
    await type_pin(acme, back, await digits_of(acme, bob, back))
    assert (await acme.read(lambda view: view.credentials.get(key_id))).state is CredentialState.ENDED


async def test_the_row_of_the_first_use_tells_who_lost_the_door(acme: Acme) -> None:
    front = await acme.door()
    ada, bob = await two_guests(acme, front)
    row = (await type_pin(acme, front, await digits_of(acme, bob, front))).row
    lines = row.detail["taken_over"]
    assert isinstance(lines, list)
    told = [(line["bundle"], line["person"]) for line in lines if isinstance(line, dict)]
    assert row.outcome is Outcome.GRANTED
    assert told == [(ada.bundle.id, ada.bundle.person_id)]
    again = (await type_pin(acme, front, await digits_of(acme, bob, front))).row
    assert "taken_over" not in again.detail


async def test_the_past_knows_of_no_takeover_that_was_still_to_come(acme: Acme) -> None:
    front = await acme.door()
    ada, bob = await two_guests(acme, front)
    before = acme.clock.now()
    acme.pass_time(minutes=1)
    await type_pin(acme, front, await digits_of(acme, bob, front))
    assert isinstance(await acme.decide(ada.bundle.person_id, front, past=before), Granted)


async def test_what_a_guest_lost_stays_lost_when_records_are_merged(acme: Acme) -> None:
    front = await acme.door()
    ada, bob = await two_guests(acme, front)
    await type_pin(acme, front, await digits_of(acme, bob, front))
    other = await acme.person("Ada too")
    await acme.do(merge_people, MergePeople(survivor_id=other, merged_ids=(ada.bundle.person_id,)))
    moved = await acme.read(lambda view: view.bundles.get(ada.bundle.id))
    assert moved.person_id == other
    assert not await acme.may(other, front)


async def test_a_stay_keeps_to_its_doors_and_days(acme: Acme) -> None:
    ada, front, back = await acme.person("Ada"), await acme.door("front"), await acme.door("back")
    await stay(acme, ada, "r1", front)
    for doors in ((back,), (front, back)):
        with pytest.raises(Conflict, match="doors"):
            await stay(acme, ada, "r1", *doors)
    later = Validity(start=NOON + timedelta(days=8), end=NOON + timedelta(days=9))
    with pytest.raises(Conflict, match="window"):
        await stay(acme, ada, "r1", front, validity=later)


async def test_an_edit_keeps_to_the_doors_and_days_of_the_stay(acme: Acme) -> None:
    ada, front, back = await acme.person("Ada"), await acme.door("front"), await acme.door("back")
    made = await stay(acme, ada, "r1", front)
    await stay(acme, await acme.person("Eve"), "r1", front)
    later = Validity(start=NOON + timedelta(days=8), end=NOON + timedelta(days=9))
    changes: tuple[dict[str, Any], ...] = ({"door_ids": (front, back)}, {"validity": later})
    for change in changes:
        before = await acme.state()
        with pytest.raises(Conflict):
            await acme.do(edit_bundle, EditBundle(bundle_id=made.bundle.id, **change))
        assert await acme.state() == before


async def test_a_stay_needs_a_door_at_which_a_credential_can_be_presented(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, front = await acme.person("Ada"), await acme.door()
    monkeypatch.setattr(acme.simulated, "_abilities", frozenset({Ability.OPEN, Ability.SET_MODE}))
    with pytest.raises(Invalid, match="stay"):
        await stay(acme, ada, "r1", front)
