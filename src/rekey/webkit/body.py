"""JSON bodies, read strictly, straight into wire types.

BodyRefused   the body is not JSON as we read it, or not of the wire type
"""

import enum
import json
import math
import re
from typing import Any, NoReturn, TypeVar

import msgspec

T = TypeVar("T")


class BodyFault(enum.Enum):
    """Why a body was refused. The first group is about JSON, the second about the type."""

    NOT_UTF8 = "not_utf8"
    BYTE_ORDER_MARK = "byte_order_mark"
    MALFORMED = "malformed"
    DUPLICATE_KEY = "duplicate_key"
    NUMBER_OUT_OF_RANGE = "number_out_of_range"
    TOO_DEEP = "too_deep"
    LONE_SURROGATE = "lone_surrogate"
    NUL_CHARACTER = "nul_character"

    MISSING = "missing"
    WRONG_TYPE = "wrong_type"
    UNKNOWN_KEY = "unknown_key"
    INVALID_VALUE = "invalid_value"


class BodyRefused(Exception):
    """The body can't be taken, and why.

    `path` leads to the place in declared names, such as `$.users[2].role`; `expected` and
    `received` are JSON type names. None of them repeats what was sent.
    """

    def __init__(
        self,
        reason: BodyFault,
        *,
        path: str | None = None,
        expected: str | None = None,
        received: str | None = None,
    ) -> None:
        self.reason = reason
        self.path = path
        self.expected = expected
        self.received = received
        self.detail = _detail(reason, expected, received)
        super().__init__(self.detail if path is None else f"{self.detail} at {path}")


DEPTH = 64
"""Deepest nesting of arrays and objects that is read."""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_INTEGER_DIGITS = 19
# An escaped NUL, and not a backslash that is itself escaped before the text "u0000".
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
# A string without an end runs to the end of the text, else each quote would look there again.
_MARKS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)


def decode(body: bytes, type_: type[T], *, null_is_absent: bool = False) -> T:
    """Read a JSON body as a value of the wire type, without conversions such as "1" to 1.

    Takes: `null_is_absent` drops object members that are null, at every depth, before the type
    is looked at. Unknown members are ignored unless the wire type forbids them.
    Raises: BodyRefused.
    """
    tree = decode_tree(body, null_is_absent=null_is_absent)
    try:
        return msgspec.convert(tree, type_)
    except msgspec.ValidationError as error:
        raise _type_refusal(str(error)) from error


def decode_tree(body: bytes, *, null_is_absent: bool = False) -> Any:
    """Read a JSON body as plain values: no duplicate keys, no huge numbers, bounded depth.

    Integers lie in the signed 64-bit range; no text holds a NUL. Raises: BodyRefused.
    Source: RFC 8259, I-JSON (RFC 7493) for duplicate names and surrogates.
    """
    text = _text(body)
    decoder = _WITHOUT_NULLS if null_is_absent else _STRICT
    try:
        tree = decoder.decode(text)
    except json.JSONDecodeError as error:
        raise BodyRefused(BodyFault.MALFORMED) from error
    if "\\u" in text:
        _require_no_nul(text)
        _require_no_lone_surrogate(body)
    return tree


def _text(body: bytes) -> str:
    if body.startswith(_BYTE_ORDER_MARK):
        raise BodyRefused(BodyFault.BYTE_ORDER_MARK)
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise BodyRefused(BodyFault.NOT_UTF8) from error
    # No text is deeper than its brackets are many: most bodies need no exact look.
    if text.count("[") + text.count("{") > DEPTH:
        _require_depth(text)
    return text


def _require_depth(text: str) -> None:
    depth = 0
    for mark in _MARKS.finditer(text):
        if mark[0] in "[{":
            depth += 1
            if depth > DEPTH:
                raise BodyRefused(BodyFault.TOO_DEEP)
        elif mark[0] in "]}":
            depth -= 1


def _require_no_lone_surrogate(body: bytes) -> None:
    """The standard decoder lets half a surrogate pair through; the other one refuses it."""
    try:
        msgspec.json.decode(body)
    except msgspec.DecodeError as error:
        raise BodyRefused(BodyFault.LONE_SURROGATE) from error


def _require_no_nul(text: str) -> None:
    """PostgreSQL can't store a NUL within a text, and C programs cut there: no name has one."""
    if _NUL.search(text) is not None:
        raise BodyRefused(BodyFault.NUL_CHARACTER)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise BodyRefused(BodyFault.DUPLICATE_KEY)
    return members


def _members_without_nulls(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {key: value for key, value in _members(pairs).items() if value is not None}


def _integer(digits: str) -> int:
    if len(digits) < _INTEGER_DIGITS:
        return int(digits)
    if len(digits) <= _INTEGER_DIGITS + 1 and -(2**63) <= int(digits) < 2**63:
        return int(digits)
    raise BodyRefused(BodyFault.NUMBER_OUT_OF_RANGE)


def _real(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise BodyRefused(BodyFault.NUMBER_OUT_OF_RANGE)
    return value


def _constant(_: str) -> NoReturn:
    """NaN and the infinities, which the standard decoder reads unless told otherwise."""
    raise BodyRefused(BodyFault.MALFORMED)


_STRICT = json.JSONDecoder(
    object_pairs_hook=_members,
    parse_int=_integer,
    parse_float=_real,
    parse_constant=_constant,
)
_WITHOUT_NULLS = json.JSONDecoder(
    object_pairs_hook=_members_without_nulls,
    parse_int=_integer,
    parse_float=_real,
    parse_constant=_constant,
)

_PLACE = re.compile(r"(?P<text>.*?)(?: - at `(?P<path>[^`]*)`)?", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `([^`]+)`")
_TYPES = re.compile(r"Expected `([^`]+)`, got `([^`]+)`")


def _type_refusal(message: str) -> BodyRefused:
    """Translate msgspec's message, parts of which may repeat the input, into safe facts."""
    place = _PLACE.fullmatch(message)
    text, path = (place["text"], place["path"] or "$") if place is not None else (message, "$")
    missing = _MISSING.fullmatch(text)
    if missing is not None:
        return BodyRefused(BodyFault.MISSING, path=f"{path}.{missing[1]}")
    types = _TYPES.fullmatch(text)
    if types is not None:
        return BodyRefused(BodyFault.WRONG_TYPE, path=path, expected=types[1], received=types[2])
    if text.startswith("Object contains unknown field"):
        return BodyRefused(BodyFault.UNKNOWN_KEY, path=path)
    return BodyRefused(BodyFault.INVALID_VALUE, path=path)


def _detail(reason: BodyFault, expected: str | None, received: str | None) -> str:
    if expected is not None and received is not None:
        return f"expected {expected}, received {received}"
    return _DETAILS[reason]


_DETAILS = {
    BodyFault.NOT_UTF8: "the body is not UTF-8",
    BodyFault.BYTE_ORDER_MARK: "the body starts with a byte order mark",
    BodyFault.MALFORMED: "the body is not valid JSON",
    BodyFault.DUPLICATE_KEY: "an object has the same key twice",
    BodyFault.NUMBER_OUT_OF_RANGE: "a number is out of range",
    BodyFault.TOO_DEEP: "the body is nested too deeply",
    BodyFault.LONE_SURROGATE: "a text contains half a surrogate pair",
    BodyFault.NUL_CHARACTER: "a text contains a NUL character",
    BodyFault.MISSING: "a required member is missing",
    BodyFault.WRONG_TYPE: "a value is of the wrong type",
    BodyFault.UNKNOWN_KEY: "an object has a member that is not known",
    BodyFault.INVALID_VALUE: "a value is not allowed",
}
