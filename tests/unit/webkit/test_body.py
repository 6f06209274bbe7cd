import contextlib
import enum
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekey.webkit.body import DEPTH, BodyFault, BodyRefused, decode, decode_tree


class Role(enum.Enum):
    USER = "USER"


class Member(msgspec.Struct):
    role: Role


class Share(msgspec.Struct):
    user: str
    start: int | None = None
    members: list[Member] = []
    note: str | msgspec.UnsetType = msgspec.UNSET


class Closed(msgspec.Struct, forbid_unknown_fields=True):
    user: str


def refusal(body: bytes, type_: type[Any] = Share) -> BodyRefused:
    with pytest.raises(BodyRefused) as caught:
        decode(body, type_)
    return caught.value


def test_a_body_becomes_a_value_of_its_wire_type() -> None:
    body = b'{"user": "a", "start": 1, "members": [{"role": "USER"}]}'
    assert decode(body, Share) == Share("a", 1, [Member(Role.USER)])


def test_unknown_members_are_ignored() -> None:
    assert decode(b'{"user": "a", "type": "x"}', Share) == Share("a")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", BodyFault.MALFORMED),
        (b" ", BodyFault.MALFORMED),
        (b"{", BodyFault.MALFORMED),
        (b"{'user': 1}", BodyFault.MALFORMED),
        (b'{"user": "a",}', BodyFault.MALFORMED),
        (b'{"user": "a"} x', BodyFault.MALFORMED),
        (b'{"user": "a\nb"}', BodyFault.MALFORMED),
        (b'{"start": 01}', BodyFault.MALFORMED),
        (b'{"start": +1}', BodyFault.MALFORMED),
        (b'{"start": NaN}', BodyFault.MALFORMED),
        (b'{"start": -Infinity}', BodyFault.MALFORMED),
        (b'\xef\xbb\xbf{"user": "a"}', BodyFault.BYTE_ORDER_MARK),
        ('{"user": "a"}'.encode("utf-16"), BodyFault.NOT_UTF8),
        (b'{"user": "\xff"}', BodyFault.NOT_UTF8),
        (b'{"x": "\xc0\xaf"}', BodyFault.NOT_UTF8),
        (b'{"user": "a", "user": "b"}', BodyFault.DUPLICATE_KEY),
        (b'{"user": "a", "u\\u0073er": "b"}', BodyFault.DUPLICATE_KEY),
        (b'{"user": "a", "x": [{"y": 1, "y": 1}]}', BodyFault.DUPLICATE_KEY),
        (b'{"user": "a", "start": null, "start": 1}', BodyFault.DUPLICATE_KEY),
        (b'{"start": 9223372036854775808}', BodyFault.NUMBER_OUT_OF_RANGE),
        (b'{"start": -9223372036854775809}', BodyFault.NUMBER_OUT_OF_RANGE),
        (b'{"start": ' + b"9" * 100_000 + b"}", BodyFault.NUMBER_OUT_OF_RANGE),
        (b'{"x": 1e999}', BodyFault.NUMBER_OUT_OF_RANGE),
        (b'{"user": "\\u0000"}', BodyFault.NUL_CHARACTER),
        (b'{"\\u0000": 1}', BodyFault.NUL_CHARACTER),
        (b'{"user": "\\ud800"}', BodyFault.LONE_SURROGATE),
        (b'{"user": "\\udc00"}', BodyFault.LONE_SURROGATE),
        (b'{"x\\ud800": 1}', BodyFault.LONE_SURROGATE),
        (b'{"user": "\\ud800\\u0041"}', BodyFault.LONE_SURROGATE),
        (b"[" * 100_000, BodyFault.TOO_DEEP),
        (b'{"x": ' * (DEPTH + 1) + b"1" + b"}" * (DEPTH + 1), BodyFault.TOO_DEEP),
        (b"[]", BodyFault.WRONG_TYPE),
        (b'"a"', BodyFault.WRONG_TYPE),
        (b'{"user": 1}', BodyFault.WRONG_TYPE),
        (b'{"user": "a", "start": "1"}', BodyFault.WRONG_TYPE),
        (b'{"user": "a", "start": true}', BodyFault.WRONG_TYPE),
        (b'{"user": null}', BodyFault.WRONG_TYPE),
        (b"{}", BodyFault.MISSING),
        (b'{"user": "a", "members": [{"role": "ROOT"}]}', BodyFault.INVALID_VALUE),
    ],
)
def test_a_body_that_is_not_strict_json_of_its_type_is_refused(body: bytes, reason: BodyFault) -> None:
    assert refusal(body).reason is reason


def test_a_wire_type_can_forbid_unknown_members() -> None:
    assert refusal(b'{"user": "a", "x": 1}', Closed).reason is BodyFault.UNKNOWN_KEY


def test_a_refusal_names_the_place_and_the_types() -> None:
    error = refusal(b'{"user": "a", "members": [{"role": "USER"}, 7]}')
    assert (error.path, error.expected, error.received) == ("$.members[1]", "object", "int")


def test_a_missing_member_is_named_with_its_place() -> None:
    assert refusal(b'{"user": "a", "members": [{}]}').path == "$.members[0].role"


@pytest.mark.parametrize(
    ("body", "type_"),
    [
        (b'{"user": "a", "members": [{"role": "s3cret"}]}', Share),
        (b'{"user": "a", "s3cret": 1}', Closed),
        (b'{"user": "a", "s3cret": 1, "s3cret": 1}', Share),
        (b'{"s3cret', Share),
        (b'{"s3cret": "x"}', dict[str, int]),
    ],
)
def test_a_refusal_never_repeats_what_was_sent(body: bytes, type_: type[Any]) -> None:
    error = refusal(body, type_)
    assert "s3cret" not in f"{error} {error.detail} {error.path}"


@pytest.mark.parametrize("number", [2**63 - 1, -(2**63), 0])
def test_the_whole_signed_64_bit_range_is_read(number: int) -> None:
    assert decode_tree(str(number).encode()) == number


def test_nesting_up_to_the_bound_is_read() -> None:
    assert decode_tree(b"[" * DEPTH + b"]" * DEPTH) is not None


def test_brackets_beside_each_other_and_in_text_are_not_depth() -> None:
    body = json.dumps([[], "[" * 200, {'"[' * 100: []}] * 50).encode()
    assert decode_tree(body) == json.loads(body)


def test_a_text_of_quotes_without_end_is_refused_in_linear_time() -> None:
    assert refusal(b"[" * (DEPTH + 1) + b'\\"' * 500_000).reason is BodyFault.TOO_DEEP
    assert refusal(b"[{}," * (DEPTH // 2) + b'\\"' * 500_000).reason is BodyFault.MALFORMED


def test_explicit_null_is_a_value_unless_said_otherwise() -> None:
    assert refusal(b'{"user": "a", "note": null}').reason is BodyFault.WRONG_TYPE


def test_explicit_null_can_be_read_as_absent_at_every_depth() -> None:
    body = b'{"user": "a", "note": null, "x": {"y": null}}'
    assert decode(body, Share, null_is_absent=True).note is msgspec.UNSET
    assert decode_tree(body, null_is_absent=True) == {"user": "a", "x": {}}


def test_every_reason_has_its_words() -> None:
    assert all(BodyRefused(reason).detail for reason in BodyFault)


def texts(longest: int) -> st.SearchStrategy[str]:
    """Give texts without a NUL, which no body may hold, or half a surrogate pair."""
    return st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=longest)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | texts(20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts(5), inner),
    max_leaves=20,
)


@given(json_values, st.booleans())
def test_what_the_standard_encoder_writes_is_read_back(value: object, escaped: bool) -> None:
    assert decode_tree(json.dumps(value, ensure_ascii=escaped).encode()) == value


@given(st.binary(max_size=200) | st.text('[]{}":,\\u0d8c ', max_size=200).map(str.encode))
def test_any_bytes_are_a_value_or_a_refusal(body: bytes) -> None:
    with contextlib.suppress(BodyRefused):
        assert isinstance(decode(body, Share), Share)
