"""Filters as text to filters as values; pure. Source: RFC 7644 section 3.4.2.2, figure 1.

FilterRefused   the text is no filter, and why
"""

import json
import re
from dataclasses import dataclass

LONGEST = 4_096
DEEPEST = 32
OPERATORS = frozenset({"eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"})
_TOKEN = re.compile(r'\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<mark>[()\[\]])|(?P<word>[^\s()\[\]"]+))')
_MARKS = frozenset("()[]")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,17})?(?:[eE][+-]?[0-9]{1,3})?")


class FilterRefused(Exception):
    """The text is no filter; the message never repeats it."""


@dataclass(frozen=True, slots=True)
class Literal:
    """What an attribute is compared with: a text, a number, a truth value or null; `text` is it as written."""

    value: str | int | float | bool | None
    text: str


@dataclass(frozen=True, slots=True)
class Compare:
    """`path operator literal`."""

    path: str
    operator: str
    literal: Literal


@dataclass(frozen=True, slots=True)
class Present:
    """`path pr`."""

    path: str


@dataclass(frozen=True, slots=True)
class Not:
    """`not (inner)`."""

    inner: "Filter"


@dataclass(frozen=True, slots=True)
class All:
    """`... and ...`."""

    parts: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """`... or ...`."""

    parts: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class Within:
    """`path[inner]`: one element of a multi-valued attribute fits the whole of it."""

    path: str
    inner: "Filter"


Filter = Compare | Present | Not | All | Some | Within


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetPath:
    """Where a change goes: `path`, `path[chosen]` or `path[chosen].part`."""

    path: str
    chosen: Filter | None = None
    part: str | None = None


def parse_filter(text: str) -> Filter:
    """Read a filter. Raises: FilterRefused."""
    parser = _Parser(text)
    found = parser.either(0)
    parser.require_end()
    return found


def parse_target(text: str) -> TargetPath:
    """Read the path of a change. Raises: FilterRefused."""
    parser = _Parser(text)
    path = parser.word()
    if parser.at_end():
        return TargetPath(path=path)
    chosen = parser.bracket(1)
    part = None if parser.at_end() else parser.word().removeprefix(".")
    parser.require_end()
    if part == "":
        raise FilterRefused("a part is missing after the bracket")
    return TargetPath(path=path, chosen=chosen, part=part)


class _Parser:
    """Recursive descent over the tokens; `or` binds loosest, then `and`, then `not`."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._at = 0

    def either(self, depth: int) -> Filter:
        parts = [self._both(depth)]
        while self._takes("or"):
            parts.append(self._both(depth))
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def _both(self, depth: int) -> Filter:
        parts = [self._one(depth)]
        while self._takes("and"):
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _one(self, depth: int) -> Filter:
        if depth > DEEPEST:
            raise FilterRefused("the filter is nested too deeply")
        if self._peek().lower() == "not" and self._peek(1) == "(":
            self._at += 1
            return Not(self._group(depth + 1))
        if self._peek() == "(":
            return self._group(depth + 1)
        return self._about(self.word(), depth)

    def _group(self, depth: int) -> Filter:
        self._require("(")
        inner = self.either(depth)
        self._require(")")
        return inner

    def bracket(self, depth: int) -> Filter:
        self._require("[")
        inner = self.either(depth)
        self._require("]")
        return inner

    def _about(self, path: str, depth: int) -> Filter:
        if self._peek() != "[":
            return self._comparison(path)
        chosen = self.bracket(depth + 1)
        if not self._peek().startswith("."):
            return Within(path, chosen)
        part = self.word().removeprefix(".")
        return Within(path, All((chosen, self._comparison(part))))

    def _comparison(self, path: str) -> Filter:
        operator = self.word().lower()
        if operator == "pr":
            return Present(path)
        if operator not in OPERATORS:
            raise FilterRefused("an operator is unknown or missing")
        return Compare(path, operator, self._literal())

    def _literal(self) -> Literal:
        written = self._next()
        if written.startswith('"'):
            try:
                value = json.loads(written, strict=False)
            except ValueError as malformed:
                raise FilterRefused("a quoted text has an unknown escape") from malformed
            return Literal(value, value)
        if written in _MARKS:
            raise FilterRefused("a value is missing")
        return Literal(_plain(written), written)

    def word(self) -> str:
        """Take a name or an operator."""
        written = self._next()
        if written.startswith('"') or written in _MARKS:
            raise FilterRefused("a name is missing")
        return written

    def at_end(self) -> bool:
        return self._at >= len(self._tokens)

    def require_end(self) -> None:
        if not self.at_end():
            raise FilterRefused("there is more than one filter")

    def _peek(self, ahead: int = 0) -> str:
        place = self._at + ahead
        return self._tokens[place] if place < len(self._tokens) else ""

    def _next(self) -> str:
        if self.at_end():
            raise FilterRefused("the filter ends too early")
        self._at += 1
        return self._tokens[self._at - 1]

    def _takes(self, word: str) -> bool:
        if self._peek().lower() != word:
            return False
        self._at += 1
        return True

    def _require(self, mark: str) -> None:
        if self._next() != mark:
            raise FilterRefused("brackets do not match")


def _tokens(text: str) -> list[str]:
    if len(text) > LONGEST:
        raise FilterRefused("the filter is too long")
    found, at = [], 0
    stripped = text.rstrip()
    while at < len(stripped):
        token = _TOKEN.match(stripped, at)
        if token is None:
            raise FilterRefused("a quoted text has no end")
        found.append(token["text"] or token["mark"] or token["word"])
        at = token.end()
    return found


def _plain(token: str) -> str | int | float | bool | None:
    """Read what stands without quotes: a bare word is a text. Source: Entra's guide sends some."""
    named: dict[str, bool | None] = {"true": True, "false": False, "null": None}
    if token.lower() in named:
        return named[token.lower()]
    if _NUMBER.fullmatch(token) is None:
        return token
    return float(token) if any(mark in token for mark in ".eE") else int(token)
