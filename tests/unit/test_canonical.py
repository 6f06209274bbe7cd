"""One value, one spelling."""

import json
from collections import OrderedDict
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekey.domain.canonical import canonical_json

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


class Colour(StrEnum):
    RED = "red"


def test_keys_are_sorted_at_every_depth_and_nothing_is_spaced() -> None:
    assert (
        canonical_json({"b": [1, {"d": None, "c": True}], "a": "x"})
        == b'{"a":"x","b":[1,{"c":true,"d":null}]}'
    )


def test_text_stays_utf8_and_only_what_json_must_escape_is_escaped() -> None:
    assert (
        canonical_json('\u00e9\u2713\U0001f511"\\\n\x00/')
        == '"\u00e9\u2713\U0001f511\\"\\\\\\n\\u0000/"'.encode()
    )


def test_keys_sort_by_code_point() -> None:
    assert canonical_json({"\U00010000": 1, "\uffff": 2, "Z": 3, "a": 4}) == (
        '{"Z":3,"a":4,"\uffff":2,"\U00010000":1}'.encode()
    )


@given(VALUES)
def test_every_value_reads_back_equal(value: object) -> None:
    assert json.loads(canonical_json(value)) == value


@given(st.dictionaries(TEXT, VALUES, min_size=2))
def test_the_order_of_insertion_leaves_no_trace(value: dict[str, object]) -> None:
    assert canonical_json(dict(reversed(value.items()))) == canonical_json(value)


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        (1,),
        {1},
        b"x",
        {1: "x"},
        {None: 1},
        object(),
        Colour.RED,
        OrderedDict(a=1),
        {"deep": [{"x": 0.5}]},
    ],
)
def test_other_types_are_refused(value: object) -> None:
    with pytest.raises(TypeError, match="canonical JSON has no place"):
        canonical_json(value)


@pytest.mark.parametrize("value", ["\ud800", {"\udfff": 1}, ["a\udc00b"]])
def test_a_lone_surrogate_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="surrogates not allowed"):
        canonical_json(value)


def test_nesting_is_bounded_so_that_no_value_exhausts_the_stack() -> None:
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(ValueError, match="at most 64 levels"):
        canonical_json(endless)
