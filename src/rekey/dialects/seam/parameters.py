"""Parameters as declared by a route, read from query and body together; the body wins.

Source: the client libraries' query serializer (`_strict`, repeated keys, dots) and its validation texts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any

from rekey.dialects.seam.errors import REQUIRED, InvalidContentType, InvalidInput, InvalidQuery
from rekey.webkit.body import BodyRefused, decode_tree
from rekey.webkit.message import Request
from rekey.webkit.query import Query, QueryRefused

EMPTY = "String must contain at least 1 character(s)"


class Kind(Enum):
    """What a parameter is; it decides how its text in a query is read."""

    TEXT = auto()
    ID = auto()
    BOOLEAN = auto()
    NUMBER = auto()
    TIME = auto()
    TEXTS = auto()
    OBJECT = auto()
    OBJECTS = auto()
    NUMBERS = auto()


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter. A limit is a NUMBER that must be positive; a TEXT that is filled is not empty."""

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    nullable: bool = False
    positive: bool = False
    filled: bool = False


class Arguments:
    """What a caller sent, in the declared types. An absent parameter is not the same as null."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = dict(values)

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def changed(self, values: Mapping[str, Any]) -> "Arguments":
        """Give the same with other values under these names."""
        return Arguments({**self._values, **values})

    def text(self, name: str) -> str | None:
        value = self._values.get(name)
        return value if isinstance(value, str) else None

    def required(self, name: str) -> str:
        """Give a parameter that the route declares as required."""
        return str(self._values[name])

    def flag(self, name: str) -> bool:
        return self._values.get(name) is True

    def number(self, name: str, default: int) -> int:
        value = self._values.get(name)
        return default if value is None else int(value)

    def instant(self, name: str) -> datetime | None:
        value = self._values.get(name)
        return value if isinstance(value, datetime) else None

    def texts(self, name: str) -> tuple[str, ...] | None:
        value = self._values.get(name)
        return None if value is None else tuple(value)

    def mapping(self, name: str) -> Mapping[str, Any] | None:
        value = self._values.get(name)
        return value if isinstance(value, dict) else None

    def ids(self, name: str) -> tuple[str, ...] | None:
        """Give the ids of a list in lower case, each once; None if the list was not sent."""
        named = self.texts(name)
        return None if named is None else tuple(dict.fromkeys(id_.lower() for id_ in named))

    def boolean(self, name: str) -> bool | None:
        value = self._values.get(name)
        return value if isinstance(value, bool) else None

    def objects(self, name: str) -> tuple[Mapping[str, Any], ...]:
        """Give the members of a list of objects; none if it was not sent."""
        return tuple(self._values.get(name) or ())

    def numbers(self, name: str) -> tuple[int, ...]:
        """Give the members of a list of numbers; none if it was not sent."""
        return tuple(self._values.get(name) or ())

    def sent(self, *names: str) -> dict[str, Any]:
        """Give those of the named parameters that were sent, null ones too."""
        return {name: self._values[name] for name in names if name in self._values}

    def bound(self) -> dict[str, object]:
        """Give what a page cursor is bound to: all but the cursor itself."""
        return {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in self._values.items()
            if name != "page_cursor" and value is not None
        }


def read_arguments(request: Request, declared: Sequence[Param]) -> Arguments:
    """Read all declared parameters; unknown names are ignored.

    Raises: InvalidInput, InvalidQuery, InvalidContentType.
    """
    sent = {**_from_query(request, declared), **_from_body(request)}
    values: dict[str, Any] = {}
    faults: dict[str, list[str]] = {}
    for param in declared:
        if param.name not in sent:
            if param.required:
                faults[param.name] = [REQUIRED]
            continue
        try:
            values[param.name] = _checked(param, sent[param.name])
        except ValueError as fault:
            faults[param.name] = [str(fault)]
    if faults:
        raise InvalidInput(faults)
    return Arguments(values)


def exactly_one(args: Arguments, *names: str) -> str:
    """Give the one name that was sent. Raises: InvalidInput for none or several."""
    sent = [name for name in names if name in args]
    if len(sent) != 1:
        raise InvalidInput(root=[f"Must provide exactly one of {' or '.join(names)}"])
    return sent[0]


def parse_instant(text: object) -> datetime:
    """Read an ISO 8601 time with its offset. Raises: ValueError with the reason that clients show."""
    if not isinstance(text, str):
        raise ValueError(_mismatch("string", text))
    try:
        at = datetime.fromisoformat(text)
    except ValueError as malformed:
        raise ValueError("Invalid datetime") from malformed
    if at.tzinfo is None:
        raise ValueError("Invalid datetime")
    return at


def _from_body(request: Request) -> dict[str, Any]:
    if not request.body:
        return {}
    media_type = (request.header("content-type") or "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        if request.method in {"GET", "DELETE"}:
            return {}
        raise InvalidContentType("send the body as application/json")
    try:
        tree = decode_tree(request.body)
    except BodyRefused as refused:
        raise InvalidInput(root=[str(refused)]) from refused
    if not isinstance(tree, dict):
        raise InvalidInput(root=[_mismatch("object", tree)])
    return tree


def _from_query(request: Request, declared: Sequence[Param]) -> dict[str, Any]:
    if not request.scope.get("query_string"):
        return {}
    try:
        query = request.query()
        strict = query.one("_strict") == "true"
        found = {param.name: _sent(query, param, strict=strict) for param in declared}
    except QueryRefused as refused:
        raise InvalidQuery(f"the query string cannot be read: {refused}") from refused
    return {name: value for name, value in found.items() if value is not _ABSENT}


_ABSENT = object()


def _sent(query: Query, param: Param, *, strict: bool) -> object:
    if param.kind is Kind.TEXTS:
        # Passed over as unknown, it would select everything instead of what it names.
        if strict and f"{param.name}[]" in {name for name, _value in query.pairs}:
            raise InvalidQuery(f"with _strict, repeat {param.name} instead of {param.name}[]")
        several = query.many(param.name, comma=not strict, brackets=not strict)
        return _ABSENT if several is None else [*several]
    if param.kind in {Kind.OBJECTS, Kind.NUMBERS}:
        return _ABSENT
    if param.kind is Kind.OBJECT:
        return _dotted(query, param)
    text = query.one(param.name)
    if text is None:
        return _ABSENT
    if text == "" and param.nullable:
        return None
    return _FROM_TEXT.get(param.kind, str)(text)


def _dotted(query: Query, param: Param) -> object:
    """Read `name.key=value`; `name=` alone is null. Raises: InvalidQuery for any other spelling.

    Passed over as unknown, another spelling of a filter would select everything.
    """
    prefix = f"{param.name}."
    members = {name.removeprefix(prefix): value for name, value in query.pairs if name.startswith(prefix)}
    whole = query.one(param.name)
    if whole or any(name.startswith(f"{param.name}[") for name, _value in query.pairs):
        raise InvalidQuery(f"spell the members of {param.name} as {param.name}.<key>=<value>")
    if members:
        return members
    return None if whole == "" else _ABSENT


def _boolean(text: str) -> object:
    return {"true": True, "false": False}.get(text, text)


def _number(text: str) -> object:
    try:
        return int(text) if text.lstrip("-").isdigit() else float(text)
    except ValueError:
        return text


_FROM_TEXT: dict[Kind, Callable[[str], object]] = {Kind.BOOLEAN: _boolean, Kind.NUMBER: _number}


def _checked(param: Param, value: Any) -> Any:
    """Give the value in its declared type. Raises: ValueError with the reason that clients show."""
    if value is None and param.nullable:
        return None
    match param.kind:
        case Kind.TEXT | Kind.ID:
            return _text(param, _of(str, value, param))
        case Kind.BOOLEAN:
            return _of(bool, value, param)
        case Kind.NUMBER:
            return _positive(value, param)
        case Kind.TIME:
            return parse_instant(value)
        case Kind.TEXTS | Kind.OBJECTS | Kind.NUMBERS:
            read = _READ_IN[param.kind]
            return [read(item) for item in _of(list, value, param)]
        case Kind.OBJECT:
            return _of(dict, value, param)


def _text(param: Param, text: str) -> str:
    if param.filled and not text:
        raise ValueError(EMPTY)
    # Ids are lower case here; a caller's capitals mean the same id.
    return text.lower() if param.kind is Kind.ID else text


def _of(type_: type, value: Any, param: Param) -> Any:
    if not isinstance(value, type_):
        raise ValueError(_mismatch(_NAMES[param.kind], value))
    return value


def _positive(value: Any, param: Param) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(_mismatch("number", value))
    if not -(2**53) <= value <= 2**53:
        raise ValueError("Number is out of range")
    if param.positive and value < 1:
        raise ValueError("Number must be greater than 0")
    return int(value)


def _object_in(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(_mismatch("object", value))
    return value


def _number_in(value: Any) -> int:
    return _positive(value, Param("", Kind.NUMBER))


def _text_in(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(_mismatch("string", value))
    return value


_READ_IN: dict[Kind, Callable[[Any], object]] = {
    Kind.TEXTS: _text_in,
    Kind.OBJECTS: _object_in,
    Kind.NUMBERS: _number_in,
}
_NAMES = {
    Kind.TEXT: "string",
    Kind.ID: "string",
    Kind.BOOLEAN: "boolean",
    Kind.NUMBER: "number",
    Kind.TIME: "string",
    Kind.TEXTS: "array",
    Kind.OBJECT: "object",
    Kind.OBJECTS: "array",
    Kind.NUMBERS: "array",
}


def _mismatch(expected: str, value: object) -> str:
    return f"Expected {expected}, received {_json_name(value)}"


def _json_name(value: object) -> str:
    if value is None:
        return "null"
    names: dict[type, str] = {bool: "boolean", int: "number", float: "number", str: "string", list: "array"}
    return names.get(type(value), "object")
