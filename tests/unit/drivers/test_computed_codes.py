"""The codes that a simulated lock works out: whole hours, no second holder, nothing that it was not paired for."""

from datetime import datetime, timedelta

import pytest

from rekey.domain.credential import CredentialKind
from rekey.domain.errors import DoorRefused, Invalid
from rekey.domain.validity import Validity
from rekey.drivers.simulated import SimulatedDriver
from rekey.drivers.simulated.computed import TURNS, LockSecret, fit, span_numbered
from rekey.ports.door_driver import Reading
from rekey.testing.frozen_clock import NOON, FrozenClock

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LOCK = LockSecret(b"what lock and server share")


def window(start: datetime, length: timedelta, rounding: timedelta = HOUR) -> Validity:
    asked = Validity(start=start, end=start + length)
    return fit(asked, once=False, rounding=rounding, now=NOON)


def code(span: Validity, lock: LockSecret = LOCK, turn: int = 0) -> str:
    digits = lock.digits(span, once=False, turn=turn)
    assert digits is not None
    return digits


def test_a_window_grows_to_whole_hours_and_never_shrinks() -> None:
    assert window(NOON + timedelta(minutes=20), timedelta(minutes=50)) == Validity(
        start=NOON, end=NOON + 2 * HOUR
    )


def test_beyond_28_days_a_window_is_of_whole_days() -> None:
    with pytest.raises(Invalid, match="whole days"):
        window(NOON, 28 * DAY + HOUR)
    assert window(NOON, 28 * DAY + HOUR, rounding=DAY).end == NOON + 29 * DAY
    assert window(NOON, 30 * DAY).end == NOON + 30 * DAY


@pytest.mark.parametrize(
    "asked",
    [
        Validity(),
        Validity(start=NOON),
        Validity(end=NOON + HOUR),
        Validity(start=NOON, end=NOON + 368 * DAY),
        Validity(start=NOON + 368 * DAY, end=NOON + 369 * DAY),
    ],
)
def test_a_window_without_end_too_long_or_too_far_ahead_is_refused(asked: Validity) -> None:
    with pytest.raises(Invalid):
        fit(asked, once=False, rounding=DAY, now=NOON)


def test_a_code_for_one_use_needs_no_window_and_counts_for_a_day() -> None:
    for asked in (Validity(), Validity(start=NOON)):
        assert fit(asked, once=True, rounding=HOUR, now=NOON) == Validity(start=NOON, end=NOON + DAY)


@pytest.mark.parametrize("length", [HOUR, 28 * DAY, 29 * DAY, 367 * DAY])
def test_a_lock_takes_a_code_from_the_first_to_the_last_instant_of_its_window(length: timedelta) -> None:
    span = window(NOON, length)
    moments = [NOON - timedelta(seconds=1), NOON, NOON + length - timedelta(seconds=1), NOON + length]
    taken = [LOCK.recognize(code(span), moment) is not None for moment in moments]
    assert taken == [False, True, True, False]


def test_a_lock_has_few_codes_for_one_window_and_all_differ() -> None:
    span = window(NOON, HOUR)
    assert len({code(span, turn=turn) for turn in range(TURNS)}) == TURNS
    assert LOCK.digits(span, once=False, turn=TURNS) is None


def test_another_lock_takes_no_code_of_this_one() -> None:
    digits = code(window(NOON, DAY))
    assert LockSecret(b"another").recognize(digits, NOON) is None


def test_digits_that_are_no_code_are_refused() -> None:
    digits = code(window(NOON, DAY))
    for wrong in ("", digits[:-1], digits + "0", "x" * 12, f"{(int(digits) + 1) % 10**12:012}"):
        assert LOCK.recognize(wrong, NOON) is None


def test_numbers_that_stand_for_no_span_are_refused() -> None:
    assert [number for number in (0, 673, 1_028, 1_368, 4_999, 5_000) if span_numbered(number)] == []


def test_a_lock_that_is_paired_again_gives_the_same_codes() -> None:
    clock, made = FrozenClock(), []
    for _restart in range(2):
        driver = SimulatedDriver(clock)
        driver.pair(lambda text: f"this server's {text}")
        made.append(driver.compute_code("front", window(NOON, HOUR), once=False, turn=0))
    assert made[0] == made[1]


def test_a_lock_without_the_switch_works_out_nothing_and_takes_nothing() -> None:
    driver = SimulatedDriver(FrozenClock())
    span = driver.code_window("front", Validity(start=NOON, end=NOON + HOUR), once=False, rounding=HOUR)
    digits = driver.compute_code("front", span, once=False, turn=0) or ""
    driver.configure("front", (("computes_codes", "false"),))
    assert not driver.computes_codes("front")
    assert not driver.read("front", Reading(kind=CredentialKind.PIN, text=digits))
    with pytest.raises(DoorRefused):
        driver.compute_code("front", span, once=False, turn=0)
