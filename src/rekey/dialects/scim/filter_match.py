"""Which resources fit a filter; pure. A filter is bound to a kind of resource once and then asked often."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from rekey.dialects.scim.attribute_path import Found, find
from rekey.dialects.scim.filter_syntax import (
    All,
    Compare,
    Filter,
    FilterRefused,
    Literal,
    Not,
    Present,
    Some,
    Within,
)
from rekey.dialects.scim.schema import Attribute, ResourceKind, Type

Resource = Mapping[str, Any]
Matches = Callable[[Resource], bool]
_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "gt": lambda left, right: left > right,
    "ge": lambda left, right: left >= right,
    "lt": lambda left, right: left < right,
    "le": lambda left, right: left <= right,
}
_TEXTS: dict[str, Callable[[str, str], bool]] = {
    "co": lambda left, right: right in left,
    "sw": lambda left, right: left.startswith(right),
    "ew": lambda left, right: left.endswith(right),
}
_NUMBERS = frozenset({Type.INTEGER, Type.DECIMAL})


def bind(kind: ResourceKind, wanted: Filter) -> Matches:
    """Give the question that a filter asks of a resource.

    Raises: FilterRefused for an attribute that this kind does not have, or a comparison that its type forbids.
    """
    match wanted:
        case Not(inner):
            refused = bind(kind, inner)
            return lambda resource: not refused(resource)
        case All(parts):
            every = [bind(kind, part) for part in parts]
            return lambda resource: all(part(resource) for part in every)
        case Some(parts):
            several = [bind(kind, part) for part in parts]
            return lambda resource: any(part(resource) for part in several)
        case Within(path, inner):
            return _within(_require(kind, path), inner)
        case Present(path):
            found = _require(kind, path)
            return lambda resource: any(_is_there(value) for value in _values(found, resource))
        case Compare(path, operator, literal):
            found = _require(kind, path)
            fits = comparison(_scalar(found), operator, literal)
            return lambda resource: fits(_leaves(found, resource))


def bind_element(attribute: Attribute, wanted: Filter) -> Matches:
    """Give the question that a filter in brackets asks of one element. Raises: FilterRefused."""
    match wanted:
        case Not(inner):
            refused = bind_element(attribute, inner)
            return lambda element: not refused(element)
        case All(parts):
            every = [bind_element(attribute, part) for part in parts]
            return lambda element: all(part(element) for part in every)
        case Some(parts):
            several = [bind_element(attribute, part) for part in parts]
            return lambda element: any(part(element) for part in several)
        case Within():
            raise FilterRefused("brackets can't stand within brackets")
        case Present(path):
            name = _require_part(attribute, path).name
            return lambda element: _is_there(element.get(name))
        case Compare(path, operator, literal):
            part = _require_part(attribute, path)
            fits = comparison(part, operator, literal)
            return lambda element: fits([element[part.name]] if _is_there(element.get(part.name)) else [])


def comparison(attribute: Attribute, operator: str, literal: Literal) -> Callable[[list[Any]], bool]:
    """Give what says whether any of some values compares so with the literal. Raises: FilterRefused."""
    if operator == "ne":
        equal = comparison(attribute, "eq", literal)
        return lambda values: not equal(values)
    if literal.value is None:
        if operator != "eq":
            raise FilterRefused("null can only be equal or not")
        return lambda values: not values
    if attribute.type is Type.BOOLEAN:
        return _of_booleans(operator, literal)
    if attribute.type is Type.DATE_TIME:
        return _ordered(operator, _instant(literal.text), instant_or_none)
    if attribute.type in _NUMBERS:
        return _ordered(operator, _number(literal), _number_or_none)
    fold = _same if attribute.case_exact else _folded
    wanted = fold(literal.value if isinstance(literal.value, str) else literal.text)
    if operator in _TEXTS:
        fits = _TEXTS[operator]
        return lambda values: any(fits(fold(value), wanted) for value in values)
    return _ordered(operator, wanted, fold)


def equalities(wanted: Filter | None) -> dict[str, str]:
    """Give what every match must be equal to, by lower-cased path: what an index can be asked for."""
    match wanted:
        case Compare(path, "eq", literal) if isinstance(literal.value, str):
            return {path.rpartition(":")[2].lower(): literal.value}
        case All(parts):
            found: dict[str, str] = {}
            for part in parts:
                found |= equalities(part)
            return found
        case _:
            return {}


def mentioned(wanted: Filter) -> frozenset[str]:
    """Give the lower-cased names of the attributes that a filter looks at."""
    match wanted:
        case Not(inner):
            return mentioned(inner)
        case All(parts) | Some(parts):
            return frozenset().union(*map(mentioned, parts))
        case Within(path, _) | Present(path) | Compare(path, _, _):
            return frozenset({path.rpartition(":")[2].partition(".")[0].lower()})


def _require(kind: ResourceKind, path: str) -> Found:
    found = find(kind, path)
    if found is None or found.attribute is None:
        raise FilterRefused("the filter names an attribute that is not there")
    return found


def _require_part(attribute: Attribute, path: str) -> Attribute:
    part = attribute.part(path)
    if part is None:
        raise FilterRefused("the filter in brackets names a part that is not there")
    return part


def _within(found: Found, inner: Filter) -> Matches:
    if found.attribute is None or not found.attribute.many or found.part is not None:
        raise FilterRefused("only an attribute with several values takes brackets")
    fits = bind_element(found.attribute, inner)
    return lambda resource: any(fits(element) for element in _values(found, resource))


def _scalar(found: Found) -> Attribute:
    """A complex attribute compares by its `value`."""
    leaf = found.leaf
    if leaf is not None and leaf.type is Type.COMPLEX:
        leaf = leaf.part("value")
    if leaf is None:
        raise FilterRefused("an attribute with parts can't be compared as a whole")
    return leaf


def _values(found: Found, resource: Resource) -> list[Any]:
    """Give the values of a path, elements of a multi-valued attribute one by one."""
    inside = resource if found.extension is None else resource.get(found.extension.urn, {})
    if found.attribute is None:
        return []
    value = inside.get(found.attribute.name)
    values = value if isinstance(value, list) else [value]
    if found.part is not None:
        values = [one.get(found.part.name) for one in values if isinstance(one, dict)]
    return [one for one in values if _is_there(one)]


def _leaves(found: Found, resource: Resource) -> list[Any]:
    values = [one.get("value") if isinstance(one, dict) else one for one in _values(found, resource)]
    return [one for one in values if _is_there(one)]


def _is_there(value: object) -> bool:
    return value is not None and value not in ("", [], {})


def _of_booleans(operator: str, literal: Literal) -> Callable[[list[Any]], bool]:
    named = {"true": True, "false": False}
    if operator != "eq" or literal.text.lower() not in named:
        raise FilterRefused("a truth value can only be equal to true or false")
    wanted = named[literal.text.lower()]
    return lambda values: wanted in values


def _ordered(operator: str, wanted: Any, read: Callable[[Any], Any]) -> Callable[[list[Any]], bool]:
    if operator == "eq":
        return lambda values: any(read(value) == wanted for value in values)
    if operator not in _ORDERS:
        raise FilterRefused("this attribute has no parts of a text")
    stands = _ORDERS[operator]
    return lambda values: any(known is not None and stands(known, wanted) for known in map(read, values))


def _same(value: object) -> str:
    return value if isinstance(value, str) else str(value)


def _folded(value: object) -> str:
    return _same(value).casefold()


def _number(literal: Literal) -> float:
    number = _number_or_none(literal.value)
    if number is None:
        raise FilterRefused("the attribute compares with numbers")
    return number


def _number_or_none(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _instant(text: str) -> datetime:
    instant = instant_or_none(text)
    if instant is None:
        raise FilterRefused("the attribute compares with times such as 2026-01-31T17:00:00Z")
    return instant


def instant_or_none(text: object) -> datetime | None:
    """Read a time; one without a zone is in UTC."""
    try:
        instant = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant
