"""Codes that locks work out by themselves: given once, never changed, exposed until their windows end."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from rekey.domain.credential import Credential, CredentialKind
from rekey.domain.decision import Denied
from rekey.domain.door_code import CodeStage, DoorCode
from rekey.domain.errors import Conflict, Invalid, NotAllowed, Unsupported
from rekey.domain.revocation import DoorStatus
from rekey.domain.validity import Validity
from rekey.operations.add_computed_code import AddComputedCode, add_computed_code
from rekey.operations.edit_codes import EditCodes, EndCode, edit_codes, end_code
from rekey.operations.edit_credential import EditCredential, edit_credential
from rekey.operations.end_credential import EndCredential, end_credential
from rekey.operations.imprints import pin_imprint, reveal_code
from rekey.operations.issue_credential import IssueCredential, issue_credential
from rekey.operations.leftovers_after import leftovers_after
from rekey.operations.list_exposure import list_exposure
from rekey.operations.pins import DoorFacts
from rekey.operations.present_credential import PresentCredential, present_credential
from rekey.operations.show_credential_receipt import list_credential_exposure
from rekey.testing.frozen_clock import NOON
from tests.unit.operations.acme import Acme
from tests.unit.operations.at_doors import pin

pytestmark = pytest.mark.anyio

HOURS = Validity(start=NOON, end=NOON + timedelta(hours=4))


def facts(acme: Acme, door: str) -> DoorFacts:
    return DoorFacts(door_id=door, computer=acme.simulated)


async def given(acme: Acme, door: str, **terms: Any) -> DoorCode:
    """Give a code that stands for itself, and let what follows from it be noted."""
    plain: dict[str, Any] = {"door": facts(acme, door), "validity": HOURS}
    wanted = AddComputedCode(**plain | terms)
    (code,) = (await acme.do(add_computed_code, wanted)).codes
    await acme.world.settle()
    return code


async def held_by(acme: Acme, person: str, door: str) -> tuple[Credential, str]:
    """Let a person have a code of the lock, and give its digits with it."""
    digits = acme.simulated.compute_code(door, HOURS, once=False, turn=0) or ""
    kept = pin_imprint(acme.core.secrets, digits)
    wanted = IssueCredential(
        person_id=person,
        kind=CredentialKind.PIN,
        fingerprint=kept.fingerprint,
        sealed_part=kept.sealed_part,
        door_ids=frozenset({door}),
        computed=True,
        validity=HOURS,
    )
    return await acme.do(issue_credential, wanted), digits


async def digits_of(acme: Acme, code: DoorCode) -> str:
    credential = await acme.read(lambda view: view.credentials.get(code.id))
    return reveal_code(acme.core.secrets, credential) or ""


async def asks(acme: Acme, door: str, digits: str) -> bool:
    """Type digits at a keypad that asks the server."""
    wanted = PresentCredential(
        door_id=door, kind=CredentialKind.PIN, fingerprint=acme.core.secrets.fingerprint(digits)
    )
    return not isinstance((await acme.do(present_credential, wanted)).decision, Denied)


async def test_a_computed_code_is_set_with_its_making_and_no_door_is_told(acme: Acme) -> None:
    front = await acme.door(offline="true")
    code = await given(acme, front)
    stored = await acme.read(lambda view: view.door_codes.get(code.id))
    assert stored.stage is CodeStage.SET
    told = await acme.read(lambda view: view.door_logs.since(front, 0))
    assert [entry for entry in told if code.id in entry.terms] == []
    digits = await digits_of(acme, code)
    assert acme.simulated.read(front, pin(digits))
    assert await asks(acme, front, digits)


async def test_a_computed_code_is_refused_by_whom_and_where_it_may_not_be_given(acme: Acme) -> None:
    front = await acme.door()
    stranger = await acme.account(await acme.person("Ada"))
    with pytest.raises(NotAllowed):
        await acme.do(
            add_computed_code, AddComputedCode(door=facts(acme, front), validity=HOURS), by=stranger
        )
    for door, window, error in (
        (DoorFacts(door_id=front, lengths=(4,)), HOURS, Unsupported),
        (facts(acme, front), Validity(), Invalid),
        (facts(acme, front), Validity(start=NOON - timedelta(hours=2), end=NOON), Invalid),
    ):
        with pytest.raises(error):
            await acme.do(add_computed_code, AddComputedCode(door=door, validity=window))


async def test_a_computed_code_is_neither_changed_nor_deleted(acme: Acme) -> None:
    front = await acme.door()
    code = await given(acme, front)
    credential = await acme.read(lambda view: view.credentials.get(code.id))
    longer = EditCredential.of(credential)
    with pytest.raises(Unsupported):
        await acme.do(edit_codes, EditCodes(code_ids=(code.id,), name="Other"))
    with pytest.raises(Unsupported):
        await acme.do(end_code, EndCode(code_id=code.id))
    with pytest.raises(Unsupported):
        await acme.do(edit_credential, replace(longer, max_uses=3))
    renamed = await acme.do(edit_credential, replace(longer, label="Guest"))
    assert renamed.label == "Guest"


async def test_digits_that_somebody_had_are_not_given_again_in_their_window(acme: Acme) -> None:
    front = await acme.door()
    first = await given(acme, front)
    digits = {await digits_of(acme, first)}
    await acme.do(end_credential, EndCredential(credential_id=first.id))
    digits |= {await digits_of(acme, await given(acme, front)) for _turn in range(2)}
    assert len(digits) == 3
    with pytest.raises(Conflict):
        await given(acme, front)


async def test_an_ended_computed_code_is_exposed_until_its_window_ends(acme: Acme) -> None:
    front = await acme.door()
    code = await given(acme, front)
    digits = await digits_of(acme, code)
    await acme.do(end_credential, EndCredential(credential_id=code.id))
    await acme.world.settle()
    assert not await asks(acme, front, digits)
    assert acme.simulated.read(front, pin(digits))
    (line,) = await credential_exposure(acme)
    assert (line.door.status, line.door.effective_by) == (DoorStatus.EXPOSED, HOURS.end)
    acme.clock.advance(timedelta(hours=4))
    assert not acme.simulated.read(front, pin(digits))
    assert await credential_exposure(acme) == ()


async def credential_exposure(acme: Acme) -> tuple[Any, ...]:
    found: tuple[Any, ...] = await acme.read(
        lambda view: list_credential_exposure(view, acme.core.drivers, acme.clock.now())
    )
    return found


async def test_the_receipt_of_a_leaver_names_the_lock_until_the_window_ends(acme: Acme) -> None:
    front, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, front)
    code, digits = await held_by(acme, ada, front)
    await acme.world.settle()
    revoked = await acme.revoke_everywhere(ada)
    await acme.world.settle()
    assert not await asks(acme, front, digits)
    assert acme.simulated.read(front, pin(digits))
    (line,) = (await acme.receipt(revoked)).doors
    assert (line.status, line.effective_at, line.effective_by) == (DoorStatus.EXPOSED, None, HOURS.end)
    (listed,) = await acme.read(lambda view: list_exposure(view, acme.core.drivers, acme.clock.now()))
    assert listed.revocation.id == revoked.revocation.id
    left = await acme.read(lambda view: leftovers_after(view, revoked.revocation.id, acme.clock.now()))
    assert [one.id for one in left.known_codes] == [code.id]
    acme.clock.advance(timedelta(hours=4))
    (line,) = (await acme.receipt(revoked)).doors
    assert (line.status, line.effective_at) == (DoorStatus.CONFIRMED, HOURS.end)
    assert line.witness == "end of the code's window"
    left = await acme.read(lambda view: leftovers_after(view, revoked.revocation.id, acme.clock.now()))
    assert left.known_codes == ()


async def test_a_revocation_at_another_door_says_nothing_of_the_lock(acme: Acme) -> None:
    front, back, ada = await acme.door(), await acme.door("back"), await acme.person("Ada")
    await acme.grant(ada, front)
    await acme.grant(ada, back)
    _code, digits = await held_by(acme, ada, front)
    await acme.world.settle()
    revoked = await acme.revoke(ada, back)
    await acme.world.settle()
    (line,) = (await acme.receipt(revoked)).doors
    assert (line.door_id, line.status) == (back, DoorStatus.CONFIRMED)
    assert await asks(acme, front, digits)


async def test_a_code_that_was_given_after_a_revocation_is_no_exposure_of_it(acme: Acme) -> None:
    front, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, front)
    revoked = await acme.revoke(ada, front)
    acme.clock.advance(timedelta(minutes=1))
    await acme.grant(ada, front)
    await held_by(acme, ada, front)
    await acme.world.settle()
    (line,) = (await acme.receipt(revoked)).doors
    assert line.status is DoorStatus.CONFIRMED
