"""PINs at doors: one for each door, in their windows, ended alone, stood in for, and those made by hand."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rekey.domain.access import DoorRecord
from rekey.domain.credential import CredentialState
from rekey.domain.door_code import CodeStage, DoorCode, Lateness, Reserve
from rekey.domain.errors import AlreadyExists, Conflict, Invalid, NotAllowed, NotFound
from rekey.domain.ids import DoorId, SiteId
from rekey.domain.revocation import DoorStatus
from rekey.domain.validity import Validity
from rekey.operations.act import Operation
from rekey.operations.add_codes import AddCodes, add_codes
from rekey.operations.edit_codes import EditCodes, EndCode, PullCode, edit_codes, end_code, pull_code
from rekey.operations.foreign_codes import (
    AdoptCode,
    EraseCode,
    NoteForeign,
    adopt_code,
    erase_code,
    note_foreign,
)
from rekey.operations.note_codes import NoteCodes, told_foreign
from rekey.operations.pins import DoorFacts
from rekey.operations.propose_pin import ProposePin, propose_pin
from rekey.operations.show_credential_receipt import list_credential_exposure
from rekey.ports.door_driver import ReadBack
from rekey.ports.listing import WHOLE
from rekey.testing.frozen_clock import NOON
from tests.unit.operations.acme import Acme
from tests.unit.operations.at_doors import pin

pytestmark = pytest.mark.anyio


def facts(door: str, *lengths: int) -> DoorFacts:
    return DoorFacts(door_id=door, lengths=lengths or (4, 6))


async def add(acme: Acme, *doors: str, digits: str | None = "4711", **terms: object) -> tuple[DoorCode, ...]:
    """Add codes and let their doors follow."""
    wanted = AddCodes(doors=tuple(map(facts, doors)), digits=digits, **terms)  # type: ignore[arg-type]  # by name
    codes = (await acme.do(add_codes, wanted)).codes
    await acme.world.settle()
    return codes


async def code_now(acme: Acme, code_id: str) -> DoorCode:
    found: DoorCode = await acme.read(lambda view: view.door_codes.get(code_id))
    return found


def record(acme: Acme, door: str) -> DoorRecord:
    return DoorRecord(
        organization_id=acme.world.organization_id,
        door_id=DoorId(door),
        name="Front",
        site_id=SiteId(acme.world.site_id),
        zone=ZoneInfo("UTC"),
        driver="simulated",
    )


def opens(acme: Acme, door: str, digits: str = "4711") -> bool:
    return acme.simulated.read(door, pin(digits))


async def test_a_code_opens_its_door_and_no_other_and_its_row_has_no_digits(acme: Acme) -> None:
    front, back = await acme.door("front"), await acme.door("back")
    (code,) = await add(acme, front)
    assert (opens(acme, front), opens(acme, back)) == (True, False)
    assert (await code_now(acme, code.id)).stage is CodeStage.SET
    rows = [row for row in await acme.rows() if row.action == "code.added"]
    assert len(rows) == 1
    assert "4711" not in str(rows[0].detail)


async def test_a_code_that_is_taken_at_one_door_is_added_at_none(acme: Acme) -> None:
    front, back = await acme.door("front"), await acme.door("back")
    await add(acme, back)
    before = await acme.state()
    with pytest.raises(AlreadyExists):
        await add(acme, front, back)
    assert await acme.state() == before


async def test_where_doors_may_differ_only_the_one_that_refuses_has_a_code_of_its_own(acme: Acme) -> None:
    front, back = await acme.door("front"), await acme.door("back")
    await add(acme, back)
    codes = await add(acme, front, back, own_digits=True)
    assert opens(acme, front)
    held = [await acme.read(lambda view, id_=code.id: view.credentials.get(id_)) for code in codes]
    assert held[0].fingerprint != held[1].fingerprint


@pytest.mark.parametrize("digits", ["47", "47111", "47x1", "4711471147114"])
async def test_digits_that_the_keypad_cannot_take_are_refused(acme: Acme, digits: str) -> None:
    front = await acme.door()
    before = await acme.state()
    with pytest.raises(Invalid):
        await add(acme, front, digits=digits)
    assert await acme.state() == before


async def test_a_door_without_a_keypad_has_no_codes(acme: Acme) -> None:
    front = await acme.door()
    with pytest.raises(Invalid, match="keypad"):
        await acme.do(add_codes, AddCodes(doors=(DoorFacts(door_id=front),)))


async def test_whoever_may_not_grant_at_the_door_adds_edits_ends_and_pulls_no_code(acme: Acme) -> None:
    front = await acme.door()
    (code,) = await add(acme, front)
    mallory = await acme.account(await acme.person("Mallory", email="mallory@acme.test"))
    before = await acme.state()
    refused: tuple[tuple[Operation[Any, Any], object], ...] = (
        (add_codes, AddCodes(doors=(facts(front),), digits="4712")),
        (edit_codes, EditCodes(code_ids=(code.id,), name="mine")),
        (end_code, EndCode(code_id=code.id)),
        (pull_code, PullCode(code_id=code.id, facts=facts(front))),
    )
    for operation, wanted in refused:
        with pytest.raises(NotAllowed):
            await acme.do(operation, wanted, by=mallory)
    assert await acme.state() == before


async def test_a_code_ends_alone_and_its_door_must_prove_it(acme: Acme) -> None:
    front = await acme.door()
    code, other = *await add(acme, front), *await add(acme, front, digits="4712")
    acme.simulated.switches(front).offline = True
    await acme.do(end_code, EndCode(code_id=code.id))
    await acme.world.settle()
    assert (await code_now(acme, code.id)).stage is CodeStage.REMOVING
    drivers, now = acme.core.drivers, acme.clock.now()
    (line,) = await acme.read(lambda view: list_credential_exposure(view, drivers, now))
    assert (line.credential.id, line.door.status) == (code.id, DoorStatus.EXPOSED)
    acme.simulated.switches(front).offline = False
    acme.pass_time(minutes=1)
    await acme.world.settle()
    assert (opens(acme, front), opens(acme, front, "4712")) == (False, True)
    assert await code_now(acme, code.id) is None
    assert (await code_now(acme, other.id)).stage is CodeStage.SET
    with pytest.raises(NotFound):
        await acme.do(end_code, EndCode(code_id=code.id))


async def test_new_digits_count_and_the_old_ones_open_no_more(acme: Acme) -> None:
    front = await acme.door()
    (code,) = await add(acme, front)
    await acme.do(edit_codes, EditCodes(code_ids=(code.id,), digits="4712", facts=(facts(front),)))
    await acme.world.settle()
    assert (opens(acme, front), opens(acme, front, "4712")) == (False, True)


@pytest.mark.parametrize(("native", "ahead"), [(True, timedelta(hours=72)), (False, timedelta(minutes=60))])
async def test_a_code_is_programmed_so_long_before_its_window_and_not_earlier(
    acme: Acme, native: bool, ahead: timedelta
) -> None:
    front = await acme.door()
    start = NOON + timedelta(hours=100)
    window = Validity(start=start, end=start + timedelta(hours=1))
    (code,) = await add(acme, front, validity=window, native=native)
    acme.clock.advance(timedelta(hours=100) - ahead - timedelta(seconds=1))
    await acme.world.settle()
    assert (await acme.read(lambda view: view.credentials.get(code.id))).state is CredentialState.INACTIVE
    acme.pass_time(seconds=1)
    await acme.world.settle()
    assert (await acme.read(lambda view: view.credentials.get(code.id))).state is CredentialState.ACTIVE
    assert (await code_now(acme, code.id)).stage is CodeStage.SCHEDULED
    assert not opens(acme, front)


async def test_a_code_ends_with_its_window_and_one_row_tells_it(acme: Acme) -> None:
    front = await acme.door()
    window = Validity(start=NOON, end=NOON + timedelta(hours=1))
    (code,) = await add(acme, front, validity=window)
    assert opens(acme, front)
    acme.pass_time(hours=1)
    await acme.world.settle()
    assert not opens(acme, front)
    assert (await acme.read(lambda view: view.credentials.get(code.id))).ended_at is not None
    told = [row.detail["moved"] for row in await acme.rows() if row.detail.get("moved")]
    assert told == [[{"code": code.id, "door": front, "medium": None, "what": "over"}]]


async def test_a_door_that_is_away_is_late_after_a_minute_and_has_failed_after_twenty(acme: Acme) -> None:
    front = await acme.door()
    acme.simulated.switches(front).offline = True
    (code,) = await add(acme, front)
    found = []
    for minutes in (0, 1, 18, 1):
        acme.pass_time(minutes=minutes)
        await acme.world.settle()
        found.append((await code_now(acme, code.id)).lateness)
    assert found == [Lateness.IN_TIME, Lateness.LATE, Lateness.LATE, Lateness.FAILED]


async def test_a_code_from_the_reserve_stands_in_until_the_window_ends_and_is_the_same_again(
    acme: Acme,
) -> None:
    front = await acme.door()
    window = Validity(start=NOON, end=NOON + timedelta(hours=1))
    (code,) = await add(acme, front, validity=window, with_reserve=True)
    pulled = await acme.do(pull_code, PullCode(code_id=code.id, facts=facts(front)))
    again = await acme.do(pull_code, PullCode(code_id=code.id, facts=facts(front)))
    assert (pulled.id, pulled.reserve, pulled.stands_in_for) == (again.id, Reserve.PULLED, code.id)
    held = await acme.read(lambda view: view.credentials.get(pulled.id))
    assert held.validity.end == window.end
    waiting = (await acme.read(lambda view: view.door_codes.list(WHOLE, door_id=front))).items
    assert sum(one.reserve is Reserve.WAITING for one in waiting) == 3


async def test_nothing_stands_in_for_a_code_without_an_end_or_where_no_reserve_waits(acme: Acme) -> None:
    front = await acme.door()
    (open_end,) = await add(acme, front)
    with pytest.raises(Invalid):
        await acme.do(pull_code, PullCode(code_id=open_end.id, facts=facts(front)))
    window = Validity(start=NOON, end=NOON + timedelta(hours=1))
    (bound,) = await add(acme, front, digits="4712", validity=window)
    with pytest.raises(Conflict):
        await acme.do(pull_code, PullCode(code_id=bound.id, facts=facts(front)))


async def test_a_code_made_by_hand_is_noted_taken_over_under_its_id_and_ended_then(acme: Acme) -> None:
    front = await acme.door(foreign_codes="8888")
    foreign = (await acme.read(lambda view: view.door_codes.list(WHOLE, door_id=front))).items
    assert [one.foreign for one in foreign] == [True]
    adopted = await acme.do(adopt_code, AdoptCode(code_id=foreign[0].id))
    assert (adopted.id, adopted.foreign) == (foreign[0].id, False)
    await acme.world.settle()
    assert opens(acme, front, "8888")
    await acme.do(end_code, EndCode(code_id=adopted.id))
    await acme.world.settle()
    assert not opens(acme, front, "8888")


async def test_a_code_made_by_hand_is_erased_from_its_door(acme: Acme) -> None:
    front = await acme.door()
    acme.simulated.switches(front).foreign_codes = ("8888",)
    foreign = await acme.do(note_foreign, NoteForeign(door_id=front, digits="8888"))
    await acme.do(erase_code, EraseCode(code_id=foreign.id))
    await acme.world.settle()
    assert not opens(acme, front, "8888")
    assert await code_now(acme, foreign.id) is None


async def test_a_reading_says_nothing_of_a_code_that_was_noted_after_it(acme: Acme) -> None:
    front = await acme.door()
    foreign = await acme.do(note_foreign, NoteForeign(door_id=front, digits="8888"))
    for seconds, lost in ((-1, []), (1, [foreign])):
        read = ReadBack(people={}, seq=0, at=acme.world.clock.now() + timedelta(seconds=seconds))
        wanted = NoteCodes(door=record(acme, front), driver=None, shown=read)
        assert told_foreign(acme.world.core.secrets, wanted, [foreign]) == (lost, [])


async def test_a_code_that_was_read_at_its_door_before_it_was_noted_is_one_code_and_gets_its_name(
    acme: Acme,
) -> None:
    front = await acme.door()
    read = await acme.do(note_foreign, NoteForeign(door_id=front, digits="8888"))
    named = await acme.do(note_foreign, NoteForeign(door_id=front, digits="8888", name="By hand"))
    assert (named.id, named.name) == (read.id, "By hand")


async def test_a_pin_of_ours_is_not_noted_as_a_foreign_one(acme: Acme) -> None:
    front = await acme.door()
    await add(acme, front)
    with pytest.raises(AlreadyExists):
        await acme.do(note_foreign, NoteForeign(door_id=front, digits="4711"))


async def test_a_proposed_pin_is_free_and_nothing_of_it_is_kept(acme: Acme) -> None:
    front = await acme.door()
    before = await acme.state()
    digits = await acme.do(propose_pin, ProposePin(door=facts(front)))
    assert (len(digits), digits.isdigit(), opens(acme, front, digits)) == (4, True, False)
    assert await acme.state() == before
