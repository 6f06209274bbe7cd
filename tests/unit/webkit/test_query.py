import contextlib
import urllib.parse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekey.webkit.query import Query, QueryFault, QueryLimits, QueryRefused, parse_query


def parsed(raw: bytes) -> Query:
    return parse_query(raw, QueryLimits())


def fault(raw: bytes, limits: QueryLimits | None = None) -> QueryFault:
    with pytest.raises(QueryRefused) as caught:
        parse_query(raw, limits or QueryLimits())
    return caught.value.reason


def test_pairs_keep_their_order() -> None:
    assert parsed(b"b=1&a=2&b=3").pairs == (("b", "1"), ("a", "2"), ("b", "3"))


def test_an_empty_query_has_no_pairs() -> None:
    assert parsed(b"").pairs == ()


def test_empty_parts_are_skipped_and_a_bare_name_has_an_empty_value() -> None:
    assert parsed(b"&a&&b=&").pairs == (("a", ""), ("b", ""))


def test_plus_is_a_space_and_an_encoded_plus_is_a_plus() -> None:
    assert parsed(b"a=x+y%2Bz").one("a") == "x y+z"


def test_only_the_first_equals_sign_separates() -> None:
    assert parsed(b"a=b=c").one("a") == "b=c"


def test_names_are_decoded_as_well() -> None:
    assert parsed(b"ids%5B%5D=1").names() == {"ids[]"}


@pytest.mark.parametrize("raw", [b"a=%", b"a=%4", b"a=%zz", b"%g0=1"])
def test_a_broken_escape_is_refused(raw: bytes) -> None:
    assert fault(raw) is QueryFault.BAD_ESCAPE


@pytest.mark.parametrize("raw", [b"a=%ff", b"a=%c0%af", b"a=\xff", b"a=%ed%a0%80"])
def test_text_that_is_not_utf8_is_refused(raw: bytes) -> None:
    assert fault(raw) is QueryFault.NOT_UTF8


@pytest.mark.parametrize("raw", [b"a=%00", b"a=%1b", b"%7f=1"])
def test_control_characters_are_refused(raw: bytes) -> None:
    assert fault(raw) is QueryFault.CONTROL_CHARACTER


def test_a_query_above_the_length_is_refused() -> None:
    assert fault(b"a" * 11, QueryLimits(length=10)) is QueryFault.TOO_LONG


def test_more_pairs_than_the_limit_are_refused() -> None:
    assert fault(b"a&b&c", QueryLimits(pairs=2)) is QueryFault.TOO_MANY


def test_a_repeated_scalar_is_refused() -> None:
    with pytest.raises(QueryRefused, match="repeated: a"):
        parsed(b"a=1&a=2").one("a")


def test_an_absent_parameter_is_none() -> None:
    query = parsed(b"b=1")
    assert query.one("a") is None
    assert query.many("a") is None
    assert query.boolean("a") is None
    assert query.integer("a") is None


@pytest.mark.parametrize("raw", [b"k=a&k=b", b"k[]=a&k[]=b", b"k%5B%5D=a&k[]=b", b"k=a,b", b"k=a%2Cb"])
def test_a_list_is_read_in_each_spelling(raw: bytes) -> None:
    assert parsed(raw).many("k") == ("a", "b")


def test_a_list_of_one_empty_value_is_empty() -> None:
    assert parsed(b"k=").many("k") == ()


def test_commas_can_be_part_of_the_values() -> None:
    assert parsed(b"k=a,b").many("k", comma=False) == ("a,b",)


def test_brackets_can_be_left_out() -> None:
    assert parsed(b"k[]=a").many("k", brackets=False) is None


@pytest.mark.parametrize(("text", "value"), [("true", True), ("false", False)])
def test_a_boolean_is_true_or_false(text: str, value: bool) -> None:
    assert parsed(f"a={text}".encode()).boolean("a") is value


@pytest.mark.parametrize(("text", "value"), [("1", True), ("0", False)])
def test_a_lenient_boolean_is_also_a_digit(text: str, value: bool) -> None:
    assert parsed(f"a={text}".encode()).boolean("a", lenient=True) is value


@pytest.mark.parametrize("text", ["1", "True", "", "yes"])
def test_another_word_is_no_boolean(text: str) -> None:
    with pytest.raises(QueryRefused, match="not_boolean: a"):
        parsed(f"a={text}".encode()).boolean("a")


def test_an_integer_is_decimal() -> None:
    assert parsed(b"a=-12").integer("a") == -12


@pytest.mark.parametrize("text", ["", "+1", "1.0", "1e3", "0x1", "1_000", "%D9%A1", "9" * 19])
def test_another_spelling_is_no_integer(text: str) -> None:
    with pytest.raises(QueryRefused, match="not_integer: a"):
        parsed(f"a={text}".encode()).integer("a")


@pytest.mark.parametrize("text", ["0", "11"])
def test_an_integer_outside_its_bounds_is_refused(text: str) -> None:
    with pytest.raises(QueryRefused, match="out_of_range: a"):
        parsed(f"a={text}".encode()).integer("a", least=1, most=10)


def test_parameters_can_be_set_aside() -> None:
    assert parsed(b"_strict=true&a=1").without("_strict").pairs == (("a", "1"),)


plain_text = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=20)


@given(st.lists(st.tuples(plain_text.filter(bool), plain_text), max_size=20))
def test_what_the_standard_encoder_writes_is_read_back(pairs: list[tuple[str, str]]) -> None:
    assert parsed(urllib.parse.urlencode(pairs).encode()).pairs == tuple(pairs)


@given(st.binary(max_size=100))
def test_any_bytes_are_pairs_or_a_refusal(raw: bytes) -> None:
    with contextlib.suppress(QueryRefused):
        assert len(parsed(raw).pairs) <= 100
