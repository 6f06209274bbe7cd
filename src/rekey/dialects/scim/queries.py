"""What a list asks for, from a query or a search body. Source: RFC 7644 sections 3.4.2 and 3.4.3."""

import re
from dataclasses import dataclass, field
from typing import Any

from rekey.dialects.scim.errors import Malformed, ScimType
from rekey.dialects.scim.filter_syntax import Filter, FilterRefused, parse_filter
from rekey.dialects.scim.projection import Projection
from rekey.webkit.message import Request

MOST = 200
DEFAULT = 100
_FARTHEST = 2**31
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuery:
    """`start` counts from 1; a `count` of 0 asks for the total only."""

    wanted: Filter | None = None
    start: int = 1
    count: int = DEFAULT
    shown: Projection = field(default_factory=Projection)


def projection_of(request: Request) -> Projection:
    """Read which attributes are to be shown. Raises: QueryRefused."""
    query = request.query()
    return _projection(query.many("attributes"), query.many("excludedAttributes"))


def query_of(request: Request) -> ListQuery:
    """Read a list's parameters; what nobody knows is ignored. Raises: Malformed, QueryRefused."""
    query = request.query()
    return ListQuery(
        wanted=_filter(query.one("filter")),
        start=_start(query.one("startIndex")),
        count=_count(query.one("count")),
        shown=projection_of(request),
    )


def search_of(body: object) -> ListQuery:
    """Read the body of a search. Raises: Malformed."""
    if not isinstance(body, dict):
        raise Malformed(ScimType.INVALID_SYNTAX, "the body must be an object")
    wanted = body.get("filter")
    if wanted is not None and not isinstance(wanted, str):
        raise Malformed(ScimType.INVALID_FILTER, "the filter must be a text")
    return ListQuery(
        wanted=_filter(wanted),
        start=_start(body.get("startIndex")),
        count=_count(body.get("count")),
        shown=_projection(_names(body, "attributes"), _names(body, "excludedAttributes")),
    )


def _filter(text: str | None) -> Filter | None:
    """Raises: Malformed, also for a blank filter: taken as none it would match everybody."""
    if text is None:
        return None
    try:
        return parse_filter(text)
    except FilterRefused as malformed:
        raise Malformed(ScimType.INVALID_FILTER, f"the filter can't be read: {malformed}") from malformed


def _start(given: Any) -> int:
    return min(max(_integer("startIndex", given, 1), 1), _FARTHEST)


def _count(given: Any) -> int:
    return min(max(_integer("count", given, DEFAULT), 0), MOST)


def _integer(name: str, given: Any, default: int) -> int:
    if given is None or given == "":
        return default
    if isinstance(given, int) and not isinstance(given, bool):
        return given
    if isinstance(given, str) and _INTEGER.fullmatch(given) is not None:
        return int(given)
    raise Malformed(ScimType.INVALID_VALUE, f"{name} must be a whole number")


def _names(body: dict[str, Any], name: str) -> tuple[str, ...] | None:
    given = body.get(name)
    if given is None:
        return None
    if isinstance(given, str):
        return tuple(given.split(","))
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise Malformed(ScimType.INVALID_VALUE, f"{name} must be a list of names")
    return tuple(given)


def _projection(only: tuple[str, ...] | None, without: tuple[str, ...] | None) -> Projection:
    return Projection(only=only or None, without=without or ())
