"""PINs that somebody changes at the door itself, changes that wait for their door, and what a keypad asks."""

from typing import Any

import pytest

from rekey.domain.code_rules import CodeRule, CodeRules
from rekey.domain.door_code import CodeStage, DoorCode
from rekey.domain.errors import Invalid, NotFound
from rekey.domain.validity import Validity
from rekey.operations.add_codes import AddCodes, add_codes
from rekey.operations.edit_codes import EditCodes, EndCode, edit_codes, end_code
from rekey.operations.edit_sandbox import SimulateDoor, simulate_door
from rekey.operations.foreign_codes import AdoptCode, adopt_code
from rekey.operations.give_up_codes import GiveUpCodes, TakeUpCode, give_up_codes, take_up_code
from rekey.operations.keep_reserve import KeepReserve, keep_reserve
from rekey.operations.pins import DoorFacts
from rekey.ports.listing import WHOLE
from rekey.testing.frozen_clock import NOON
from tests.unit.operations.acme import Acme
from tests.unit.operations.at_doors import pin

pytestmark = pytest.mark.anyio

FIRST, SECOND = "4711", "8265"


def facts(door: str, rules: CodeRules | None = None) -> DoorFacts:
    return DoorFacts(door_id=door, lengths=(4,), rules=rules or CodeRules())


async def add(acme: Acme, door: str, *, digits: str | None = FIRST, lets_change: bool = False) -> DoorCode:
    wanted = AddCodes(doors=(facts(door),), digits=digits, lets_change=lets_change)
    (code,) = (await acme.do(add_codes, wanted)).codes
    await acme.world.settle()
    return await code_now(acme, code.id)


async def code_now(acme: Acme, code_id: str) -> DoorCode:
    found: DoorCode = await acme.read(lambda view: view.door_codes.get(code_id))
    return found


async def switch(acme: Acme, door: str, **switches: str) -> None:
    acme.simulated.configure(door, switches.items())
    await acme.do(simulate_door, SimulateDoor(door_id=door, switches={}))
    await acme.world.settle()


async def happened(acme: Acme, code: DoorCode) -> list[str]:
    noted: list[Any] = [row.detail["codes"] for row in await acme.rows() if row.action == "codes.noted"]
    return [line["what"] for lines in noted for line in lines if line["code"] == code.id]


async def edits(acme: Acme) -> list[Any]:
    return [row.detail["codes"] for row in await acme.rows() if row.action == "code.edited"]


async def test_a_code_that_was_changed_at_the_door_is_programmed_again(acme: Acme) -> None:
    front = await acme.door("front")
    code = await add(acme, front)
    await switch(acme, front, changed_codes=f"{FIRST}:{SECOND}")
    assert (acme.simulated.read(front, pin(FIRST)), acme.simulated.read(front, pin(SECOND))) == (True, False)
    assert await happened(acme, code) == ["set", "changed_at_door", "set"]


async def test_a_change_at_the_door_stands_where_it_may(acme: Acme) -> None:
    front = await acme.door("front")
    code = await add(acme, front, lets_change=True)
    await switch(acme, front, changed_codes=f"{FIRST}:{SECOND}")
    assert (acme.simulated.read(front, pin(FIRST)), acme.simulated.read(front, pin(SECOND))) == (False, True)
    now = await code_now(acme, code.id)
    assert now.changed_at_door is not None
    assert acme.world.core.secrets.unseal(now.altered_part).decode() == FIRST


async def test_a_change_at_the_door_to_the_pin_of_another_code_does_not_stand(acme: Acme) -> None:
    front = await acme.door("front")
    await add(acme, front, digits=SECOND)
    await add(acme, front, lets_change=True)
    await switch(acme, front, changed_codes=f"{FIRST}:{SECOND}")
    assert acme.simulated.read(front, pin(FIRST))


async def test_a_door_that_refuses_keeps_the_change_in_view_until_it_is_mended(acme: Acme) -> None:
    front = await acme.door("front")
    code = await add(acme, front)
    await switch(acme, front, changed_codes=f"{FIRST}:{SECOND}", refuses="true")
    now = await code_now(acme, code.id)
    assert (now.stage, now.changed_at_door is not None) == (CodeStage.SETTING, True)
    await switch(acme, front, refuses="false")
    assert (await code_now(acme, code.id)).changed_at_door is None
    assert (await happened(acme, code)).count("changed_at_door") == 1


async def test_a_code_that_ends_while_it_is_changed_at_the_door_opens_with_neither_pin(acme: Acme) -> None:
    front = await acme.door("front")
    code = await add(acme, front)
    acme.simulated.configure(front, [("changed_codes", f"{FIRST}:{SECOND}")])
    await acme.do(end_code, EndCode(code_id=code.id))
    await acme.world.settle()
    assert not any(acme.simulated.read(front, pin(digits)) for digits in (FIRST, SECOND))


async def test_changes_wait_for_the_door_with_what_was_before_the_first_of_them(acme: Acme) -> None:
    front = await acme.door("front")
    code = await add(acme, front)
    acme.simulated.configure(front, [("offline", "true")])
    await acme.do(edit_codes, EditCodes(code_ids=(code.id,), name="B", digits=SECOND, facts=(facts(front),)))
    await acme.do(edit_codes, EditCodes(code_ids=(code.id,), name="C"))
    await acme.world.settle()
    wish = (await code_now(acme, code.id)).wish
    assert wish is not None
    assert (wish.old_name, wish.old_window, wish.new_digits) == ("", None, True)
    sealed = await acme.read(lambda view: view.door_codes.former(code.id, wish.position - 1))
    assert acme.world.core.secrets.unseal(sealed).decode() == FIRST
    await switch(acme, front, offline="false")
    assert (await code_now(acme, code.id)).wish is None
    assert (await happened(acme, code))[-1] == "changed"


async def test_a_change_of_a_code_that_no_door_has_yet_waits_for_nothing(acme: Acme) -> None:
    front = await acme.door("front")
    window = Validity(start=NOON.replace(hour=20), end=NOON.replace(hour=22))
    wanted = AddCodes(doors=(facts(front),), digits=FIRST, validity=window, native=False)
    (code,) = (await acme.do(add_codes, wanted)).codes
    await acme.do(edit_codes, EditCodes(code_ids=(code.id,), name="B"))
    assert (await code_now(acme, code.id)).wish is None
    (line,) = [one for row in await edits(acme) for one in row]
    assert line["at_once"] is True


async def test_ending_a_code_again_gives_the_first_end(acme: Acme) -> None:
    front = await acme.door("front")
    code = await add(acme, front)
    acme.simulated.configure(front, [("offline", "true")])
    first = await acme.do(end_code, EndCode(code_id=code.id))
    again = await acme.do(end_code, EndCode(code_id=code.id))
    assert (again.row.id, again.revocation) == (first.row.id, first.revocation)
    await switch(acme, front, offline="false")
    with pytest.raises(NotFound):
        await acme.do(end_code, EndCode(code_id=code.id))


async def test_an_erased_hand_made_code_does_not_come_back_with_the_doors_settings(acme: Acme) -> None:
    front = await acme.door("front")
    await acme.do(simulate_door, SimulateDoor(door_id=front, switches={"foreign_codes": FIRST}))
    acme.simulated.configure(front, [("foreign_codes", FIRST)])
    await acme.world.settle()
    (foreign,) = (await acme.read(lambda view: view.door_codes.list(WHOLE, door_id=front))).items
    await acme.do(adopt_code, AdoptCode(code_id=foreign.id))
    await acme.world.settle()
    door = await acme.read(lambda view: view.doors.get(front))
    assert dict(door.driver_settings)["foreign_codes"] == ""


async def test_codes_that_are_given_up_stay_at_the_door_and_can_be_ended(acme: Acme) -> None:
    front = await acme.door("front")
    code = await add(acme, front)
    await acme.do(keep_reserve, KeepReserve(door=facts(front), wanted=True))
    given_up = await acme.do(give_up_codes, GiveUpCodes(door_id=front))
    assert [one.id for one in given_up] == [code.id]
    await acme.world.settle()
    assert acme.simulated.read(front, pin(FIRST))
    left = (await acme.read(lambda view: view.door_codes.list(WHOLE, door_id=front))).items
    assert [one.id for one in left] == [code.id]
    assert not (await acme.do(take_up_code, TakeUpCode(code_id=code.id))).given_up
    await acme.do(end_code, EndCode(code_id=code.id))
    await acme.world.settle()
    assert not acme.simulated.read(front, pin(FIRST))


async def test_a_code_that_was_not_given_up_cannot_be_taken_up(acme: Acme) -> None:
    code = await add(acme, await acme.door("front"))
    with pytest.raises(NotFound):
        await acme.do(take_up_code, TakeUpCode(code_id=code.id))


async def test_a_reserve_is_filled_and_ends(acme: Acme) -> None:
    front = await acme.door("front")
    assert await acme.do(keep_reserve, KeepReserve(door=facts(front), wanted=True)) == 3
    assert await acme.do(keep_reserve, KeepReserve(door=facts(front), wanted=True)) == 0
    assert await acme.do(keep_reserve, KeepReserve(door=facts(front), wanted=False)) == 3


async def test_a_door_without_a_keypad_has_no_reserve(acme: Acme) -> None:
    front = await acme.door("front")
    with pytest.raises(Invalid):
        await acme.do(keep_reserve, KeepReserve(door=DoorFacts(door_id=front), wanted=True))


@pytest.mark.parametrize(
    ("rule", "digits"),
    [
        (CodeRule.NO_ZEROS, "4701"),
        (CodeRule.CANNOT_SPECIFY_PIN_CODE, FIRST),
        (CodeRule.PIN_CODE_MATCHES_EXISTING_SET, FIRST),
        (CodeRule.NAME_LENGTH, FIRST),
    ],
)
async def test_what_a_keypad_asks_is_asked_before_anything_is_given(
    acme: Acme, rule: CodeRule, digits: str
) -> None:
    front = await acme.door("front")
    rules = CodeRules(rules=frozenset({rule}), presets=(SECOND,), longest_name=3)
    before = await acme.state()
    with pytest.raises(Invalid):
        await acme.do(add_codes, AddCodes(doors=(facts(front, rules),), digits=digits, name="Long"))
    assert await acme.state() == before


async def test_a_made_pin_keeps_what_the_keypad_asks(acme: Acme) -> None:
    front = await acme.door("front")
    rules = CodeRules(rules=frozenset({CodeRule.PIN_CODE_MATCHES_EXISTING_SET}), presets=(SECOND,))
    await acme.do(add_codes, AddCodes(doors=(facts(front, rules),)))
    await acme.world.settle()
    assert acme.simulated.read(front, pin(SECOND))


async def test_a_name_that_must_be_alone_is_refused_twice(acme: Acme) -> None:
    front = await acme.door("front")
    rules = CodeRules(rules=frozenset({CodeRule.NAME_MUST_BE_UNIQUE, CodeRule.START_DATE_IN_FUTURE}))
    await acme.do(add_codes, AddCodes(doors=(facts(front, rules),), name="A"))
    with pytest.raises(Invalid):
        await acme.do(add_codes, AddCodes(doors=(facts(front, rules),), name="A"))
    begun = Validity(start=NOON.replace(hour=1), end=NOON.replace(hour=22))
    with pytest.raises(Invalid):
        await acme.do(add_codes, AddCodes(doors=(facts(front, rules),), name="B", validity=begun))
