"""Query strings, read strictly: ordered pairs, UTF-8, bounded; and the usual spellings.

QueryRefused   the query cannot be read, with a reason and the parameter's name if known
"""

import enum
import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes


class QueryFault(enum.Enum):
    """Why a query string was refused."""

    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    BAD_ESCAPE = "bad_escape"
    NOT_UTF8 = "not_utf8"
    CONTROL_CHARACTER = "control_character"
    REPEATED = "repeated"
    NOT_BOOLEAN = "not_boolean"
    NOT_INTEGER = "not_integer"
    OUT_OF_RANGE = "out_of_range"


class QueryRefused(Exception):
    """The query string cannot be read; the text never repeats what was sent.

    `name` is only given where the server asked for a parameter by that name.
    """

    def __init__(self, reason: QueryFault, name: str | None = None) -> None:
        super().__init__(reason.value if name is None else f"{reason.value}: {name}")
        self.reason = reason
        self.name = name


@dataclass(frozen=True, kw_only=True, slots=True)
class QueryLimits:
    """How long a query string may be (bytes) and how many pairs it may hold."""

    length: int = 8_192
    pairs: int = 1_000


_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_INTEGER = re.compile(r"-?[0-9]{1,18}")
_BOOLEANS = {"true": True, "false": False}
_LENIENT_BOOLEANS = {**_BOOLEANS, "1": True, "0": False}


@dataclass(frozen=True, slots=True)
class Query:
    """The pairs of a query string in the order in which they were sent."""

    pairs: tuple[tuple[str, str], ...]

    def names(self) -> frozenset[str]:
        """Every parameter name, brackets included."""
        return frozenset(name for name, _ in self.pairs)

    def without(self, *names: str) -> "Query":
        """Give the query without the parameters of these names."""
        return Query(tuple(pair for pair in self.pairs if pair[0] not in names))

    def one(self, name: str) -> str | None:
        """Give the single value, None if absent.

        Raises: QueryRefused if it is repeated, since clients disagree which one counts.
        """
        values = [value for key, value in self.pairs if key == name]
        if len(values) > 1:
            raise QueryRefused(QueryFault.REPEATED, name)
        return values[0] if values else None

    def many(self, name: str, *, comma: bool = True, brackets: bool = True) -> tuple[str, ...] | None:
        """Give all values: `k=a&k=b`, and where allowed `k[]=a&k[]=b` and `k=a,b`.

        None if absent. `k=` alone is the empty list, which selects nothing rather than all.
        """
        names = (name, f"{name}[]") if brackets else (name,)
        values = [value for key, value in self.pairs if key in names]
        if not values:
            return None
        if values == [""]:
            return ()
        if comma:
            values = [part for value in values for part in value.split(",")]
        return tuple(values)

    def boolean(self, name: str, *, lenient: bool = False) -> bool | None:
        """Read `true` or `false`, with lenient also `1` and `0`; None if absent."""
        text = self.one(name)
        if text is None:
            return None
        table = _LENIENT_BOOLEANS if lenient else _BOOLEANS
        if text not in table:
            raise QueryRefused(QueryFault.NOT_BOOLEAN, name)
        return table[text]

    def integer(self, name: str, *, least: int | None = None, most: int | None = None) -> int | None:
        """Read a decimal integer of at most 18 digits within the bounds; None if absent."""
        text = self.one(name)
        if text is None:
            return None
        if _INTEGER.fullmatch(text) is None:
            raise QueryRefused(QueryFault.NOT_INTEGER, name)
        value = int(text)
        if (least is not None and value < least) or (most is not None and value > most):
            raise QueryRefused(QueryFault.OUT_OF_RANGE, name)
        return value


def parse_query(raw: bytes, limits: QueryLimits) -> Query:
    """Split a raw query string into decoded pairs; `+` is a space, empty parts are skipped.

    Raises: QueryRefused. Source: WHATWG URL, application/x-www-form-urlencoded parsing, but
    broken escapes and text that is not UTF-8 are refused instead of replaced.
    """
    if not raw:
        return Query(())
    if len(raw) > limits.length:
        raise QueryRefused(QueryFault.TOO_LONG)
    parts = [part for part in raw.split(b"&") if part]
    if len(parts) > limits.pairs:
        raise QueryRefused(QueryFault.TOO_MANY)
    if _BROKEN_ESCAPE.search(raw) is not None:
        raise QueryRefused(QueryFault.BAD_ESCAPE)
    return Query(tuple(_pair(part) for part in parts))


def _pair(part: bytes) -> tuple[str, str]:
    name, _, value = part.partition(b"=")
    return _decode(name), _decode(value)


def _decode(raw: bytes) -> str:
    try:
        text = unquote_to_bytes(raw.replace(b"+", b" ")).decode()
    except UnicodeDecodeError as error:
        raise QueryRefused(QueryFault.NOT_UTF8) from error
    if _CONTROL.search(text) is not None:
        raise QueryRefused(QueryFault.CONTROL_CHARACTER)
    return text
