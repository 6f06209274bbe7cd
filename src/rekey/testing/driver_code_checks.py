"""What a driver promises about the codes and cards that its doors know."""

from datetime import timedelta

from rekey.domain.canonical import canonical_json
from rekey.domain.credential import CredentialKind
from rekey.domain.errors import DoorRefused, Invalid
from rekey.domain.validity import ALWAYS, Validity
from rekey.ports.door_driver import Ability, ComputesCodes, Keypad, Reading
from rekey.testing.driver_bench import DriverBench, ScriptedLog, bench_id
from rekey.testing.driver_check import Chapter, hold, refuses

CODES = Chapter()
_ANNA, _BEN = bench_id(11), bench_id(12)
_CODE, _CARD = bench_id(21), bench_id(22)
_LEASE = timedelta(hours=1)
_TYPED = (Ability.KEEPS_LIST, Ability.KEYPAD)
_SWIPED = (Ability.KEEPS_LIST, Ability.READER)
_DIGITS, _OTHER_DIGITS = "204863", "918273"
_PATH = {"start": None, "end": None, "schedule": None}


def _pin(id_: str = _CODE, **terms: object) -> dict[str, object]:
    plain = {"start": None, "end": None, "uses": None, "second": ""}
    return {"id": id_, "kind": CredentialKind.PIN.value, "fingerprint": "pin"} | plain | terms


def _card(**terms: object) -> dict[str, object]:
    return _pin(_CARD) | {"kind": CredentialKind.CARD.value, "fingerprint": "card"} | terms


def _terms(*credentials: dict[str, object], **more: object) -> str:
    return canonical_json({"credentials": [*credentials], "paths": [_PATH]} | more).decode()


_READINGS = {"pin": _DIGITS, "card": "a card", "second": "4711"}


async def _deliver(bench: DriverBench, log: ScriptedLog, *, after: int = 0) -> None:
    batch = log.batch(bench.now() + _LEASE, after=after, readings=_READINGS)
    await bench.driver.deliver(bench.door, batch)


def _types(bench: DriverBench, digits: str = _DIGITS) -> bool:
    return bench.read(Reading(kind=CredentialKind.PIN, text=digits))


def _swipes(bench: DriverBench, text: str = "a card", second: str = "") -> bool:
    return bench.read(Reading(kind=CredentialKind.CARD, text=text, second=second))


@CODES.promise(*_TYPED)
async def a_listed_code_opens_the_door_alone_and_out_of_reach(bench: DriverBench) -> None:
    await _deliver(bench, ScriptedLog(bench.door).put(_ANNA, _terms(_pin())))
    bench.cut_off()
    hold(_types(bench), "a code on the list was refused")
    hold(not _types(bench, _OTHER_DIGITS), "a code that nobody gave opened the door")


@CODES.promise(*_TYPED)
async def a_code_that_was_taken_from_its_holder_no_longer_opens(bench: DriverBench) -> None:
    log = ScriptedLog(bench.door).put(_ANNA, _terms(_pin()))
    await _deliver(bench, log)
    await _deliver(bench, log.put(_ANNA), after=1)
    hold(not _types(bench), "a code that its holder has no more opened the door")


@CODES.promise(*_TYPED)
async def a_code_of_a_deleted_person_no_longer_opens(bench: DriverBench) -> None:
    log = ScriptedLog(bench.door).put(_ANNA, _terms(_pin()))
    await _deliver(bench, log)
    await _deliver(bench, log.delete(_ANNA), after=1)
    hold(not _types(bench), "the code of a deleted person opened the door")


@CODES.promise(*_TYPED)
async def a_code_opens_within_its_own_span(bench: DriverBench) -> None:
    start = int((bench.now() + timedelta(minutes=10)).timestamp()) * 10**6
    ten_minutes = 10 * 60 * 10**6
    pin = _pin(start=start, end=start + ten_minutes)
    await _deliver(bench, ScriptedLog(bench.door).put(_ANNA, _terms(pin)))
    seen = [_types(bench)]
    for _ in range(2):
        bench.advance(timedelta(minutes=11))
        seen.append(_types(bench))
    hold(seen == [False, True, False], f"before, within, after its span the code opened: {seen}")


@CODES.promise(*_TYPED)
async def a_code_for_one_use_opens_once(bench: DriverBench) -> None:
    log = ScriptedLog(bench.door).put(_ANNA, _terms(_pin(uses=1)))
    await _deliver(bench, log)
    seen = [_types(bench), _types(bench)]
    await _deliver(bench, log)
    hold([*seen, _types(bench)] == [True, False, False], "a code for one use opened more than once")


@CODES.promise(*_TYPED)
async def a_link_for_two_uses_opens_twice_whatever_its_codes(bench: DriverBench) -> None:
    terms = _terms(_pin(), _pin(_CARD, fingerprint="second"), uses=2)
    await _deliver(bench, ScriptedLog(bench.door).put(_ANNA, terms))
    seen = [_types(bench), _types(bench, "4711"), _types(bench)]
    hold(seen == [True, True, False], f"a link for two uses opened: {seen}")


@CODES.promise(*_TYPED, Ability.HONOURS_LEASE)
async def no_code_opens_after_the_lease_has_ended(bench: DriverBench) -> None:
    await _deliver(bench, ScriptedLog(bench.door).put(_ANNA, _terms(_pin())))
    bench.cut_off()
    bench.advance(_LEASE)
    hold(not _types(bench), "a code opened after the lease had ended")


@CODES.promise(*_TYPED, Ability.READS_BACK)
async def delivered_codes_are_read_back_and_removed_ones_are_not(bench: DriverBench) -> None:
    log = ScriptedLog(bench.door).put(_ANNA, _terms(_pin()))
    await _deliver(bench, log)
    hold((await bench.driver.read_back(bench.door)).credentials == {_CODE}, "a code is not read back")
    await _deliver(bench, log.put(_ANNA), after=1)
    seen = (await bench.driver.read_back(bench.door)).credentials
    hold(not seen, "a code that was taken away is still read back")


@CODES.promise(*_TYPED, Ability.READS_BACK)
async def a_code_of_an_unknown_reading_is_refused_and_not_read_back(bench: DriverBench) -> None:
    log = ScriptedLog(bench.door).put(_ANNA, _terms(_pin(fingerprint="never told")))
    await refuses(bench.driver.deliver(bench.door, log.batch(bench.now() + _LEASE)), DoorRefused)
    shown = await bench.driver.read_back(bench.door)
    hold(not shown.credentials, "the door reports a code that it was never told")


@CODES.promise(*_TYPED, Ability.READS_BACK)
async def a_code_that_the_keypad_cannot_hold_is_refused(bench: DriverBench) -> None:
    keypad: object = bench.driver
    if not isinstance(keypad, Keypad):
        hold(False, "a driver with a keypad does not say what its keypads hold")
        return
    longest = "1" * (max(keypad.limits(bench.door.door_id).lengths) + 1)
    log = ScriptedLog(bench.door).put(_ANNA, _terms(_pin()))
    batch = log.batch(bench.now() + _LEASE, readings={"pin": longest})
    await refuses(bench.driver.deliver(bench.door, batch), DoorRefused)
    hold(
        not (await bench.driver.read_back(bench.door)).credentials, "the door reports a code that is too long"
    )


@CODES.promise(*_TYPED, Ability.COMPUTES_CODES)
async def a_computed_code_opens_in_its_window_without_a_word_to_the_door(bench: DriverBench) -> None:
    computer = _computer(bench)
    start = bench.now()
    asked = Validity(start=start, end=start + timedelta(hours=2))
    window = computer.code_window(bench.door.door_id, asked, once=False, rounding=_LEASE)
    hold(asked.lies_within(window), f"the window {window} does not cover what was asked for")
    digits = computer.compute_code(bench.door.door_id, window, once=False, turn=0) or ""
    other = computer.compute_code(bench.door.door_id, window, once=False, turn=1)
    hold(digits != other, "the second turn gives the same code again")
    bench.cut_off()
    seen = [_types(bench, digits), _types(bench, digits)]
    hold(all(seen), f"a computed code did not open in its window: {seen}")
    bench.advance((window.end or start) - bench.now())
    hold(not _types(bench, digits), "a computed code opened after its window")


@CODES.promise(*_TYPED, Ability.COMPUTES_CODES)
async def a_computed_code_for_one_use_opens_once(bench: DriverBench) -> None:
    computer = _computer(bench)
    window = computer.code_window(bench.door.door_id, Validity(start=bench.now()), once=True, rounding=_LEASE)
    digits = computer.compute_code(bench.door.door_id, window, once=True, turn=0) or ""
    seen = [_types(bench, digits), _types(bench, digits)]
    hold(seen == [True, False], f"a computed code for one use opened: {seen}")


@CODES.promise(*_TYPED, Ability.COMPUTES_CODES)
async def a_computed_code_without_an_end_is_refused(bench: DriverBench) -> None:
    try:
        _computer(bench).code_window(bench.door.door_id, ALWAYS, once=False, rounding=_LEASE)
    except Invalid:
        return
    hold(False, "the lock would take a code for ever")


def _computer(bench: DriverBench) -> ComputesCodes:
    driver: object = bench.driver
    hold(isinstance(driver, ComputesCodes), "a driver whose locks compute codes does not say how")
    assert isinstance(driver, ComputesCodes)
    return driver


@CODES.promise(*_SWIPED)
async def a_listed_card_opens_the_door_alone_and_out_of_reach(bench: DriverBench) -> None:
    await _deliver(bench, ScriptedLog(bench.door).put(_BEN, _terms(_card())))
    bench.cut_off()
    hold(_swipes(bench), "a card on the list was refused")
    hold(not _swipes(bench, "another card"), "a card that nobody has opened the door")


@CODES.promise(*_SWIPED)
async def a_card_with_a_second_factor_opens_with_it_only(bench: DriverBench) -> None:
    await _deliver(bench, ScriptedLog(bench.door).put(_BEN, _terms(_card(second="second"))))
    seen = [_swipes(bench), _swipes(bench, second="0000"), _swipes(bench, second="4711")]
    hold(seen == [False, False, True], f"without, with a wrong and with the right PIN it opened: {seen}")
