import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekey.webkit.paging import (
    CursorFault,
    CursorRefused,
    CursorSealer,
    OffsetPage,
    PageLimits,
    PageRefused,
    offset_page,
)

LIMITS = PageLimits(default=10, maximum=250, farthest=20_000)
SEALER = CursorSealer(b"k" * 32)
BOUND = {"search": "a", "limit": 10}


def fault(cursor: str, sealer: CursorSealer = SEALER) -> CursorFault:
    with pytest.raises(CursorRefused) as caught:
        sealer.open(cursor, BOUND)
    return caught.value.reason


def test_a_page_has_defaults() -> None:
    assert offset_page(None, None, LIMITS) == OffsetPage(offset=0, limit=10)


def test_a_page_is_the_one_asked_for() -> None:
    assert offset_page("20", "40", LIMITS) == OffsetPage(offset=40, limit=20)


def test_a_limit_above_the_maximum_is_cut() -> None:
    assert offset_page("1000000000", None, LIMITS).limit == 250


@pytest.mark.parametrize("text", ["-1", "0", "", "a", "1.5", "+1", " 1", "\u0661", "9" * 5_000])
def test_a_limit_that_is_no_positive_number_is_refused(text: str) -> None:
    with pytest.raises(PageRefused, match="limit"):
        offset_page(text, None, LIMITS)


@pytest.mark.parametrize("text", ["-1", "20001", "x"])
def test_an_offset_outside_its_bounds_is_refused(text: str) -> None:
    with pytest.raises(PageRefused, match="offset"):
        offset_page(None, text, LIMITS)


def test_a_list_can_allow_pages_of_nothing() -> None:
    assert offset_page("0", None, LIMITS, least=0).limit == 0


def test_a_cursor_opens_to_the_position_it_was_sealed_for() -> None:
    cursor = SEALER.seal([1700000000, "id", None, True], BOUND)
    assert SEALER.open(cursor, BOUND) == [1700000000, "id", None, True]


def test_a_cursor_is_bound_to_the_values_and_not_to_their_order() -> None:
    cursor = SEALER.seal([1], BOUND)
    assert SEALER.open(cursor, {"limit": 10, "search": "a"}) == [1]


@pytest.mark.parametrize("bound", [{}, {"search": "b", "limit": 10}, {"search": "a", "limit": "10"}])
def test_a_cursor_of_other_parameters_is_refused(bound: dict[str, object]) -> None:
    assert fault(SEALER.seal([1], bound)) is CursorFault.OTHER_PARAMETERS


def test_a_cursor_of_another_server_is_refused() -> None:
    assert fault(CursorSealer(b"x" * 32).seal([1], BOUND)) is CursorFault.FORGED


@given(st.data())
def test_a_cursor_with_any_byte_changed_is_refused(data: st.DataObject) -> None:
    raw = bytearray(base64.urlsafe_b64decode(SEALER.seal(["abcd", 7], BOUND) + "=="))
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    assert fault(base64.urlsafe_b64encode(raw).decode()) is CursorFault.FORGED


@pytest.mark.parametrize("cursor", ["", "a", "!!!!", "\u00e9", "AAAA", "a" * 3_000, "a b", "a\n"])
def test_text_that_is_no_cursor_is_refused(cursor: str) -> None:
    assert fault(cursor) is CursorFault.MALFORMED


@given(st.text(max_size=100))
def test_no_text_is_taken_for_a_cursor(text: str) -> None:
    assert fault(text) in (CursorFault.MALFORMED, CursorFault.FORGED)
