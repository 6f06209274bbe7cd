"""Lists by limit and offset, with the range header that the official client reads. Source: contract 1.1."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

import msgspec

from rekey.dialects.kisi.errors import BadQuery
from rekey.ports.listing import WHOLE, Listing, Order, Part
from rekey.webkit.message import Reply, Request
from rekey.webkit.paging import PageLimits, PageRefused, offset_page

T = TypeVar("T")

RANGE = "X-Collection-Range"
PLAIN = PageLimits(default=10, maximum=250, farthest=20_000)
ESTATE = PageLimits(default=50, maximum=250, farthest=20_000)
PEOPLE = PageLimits(default=50, maximum=100, farthest=20_000)


def part_of(request: Request, limits: PageLimits, order: Order = Order.MADE) -> Part:
    """Read limit and offset; a limit of 0 asks for the total alone. Raises: BadQuery."""
    query = request.query()
    try:
        page = offset_page(query.one("limit"), query.one("offset"), limits, least=0)
    except PageRefused as refused:
        raise BadQuery(f"{refused.name} must be a number within its bounds") from refused
    return Part(limit=page.limit, offset=page.offset, with_total=True, order=order)


def unsorted_part(request: Request, limits: PageLimits) -> Part:
    """Read limit and offset of a list that knows no order but its own. Raises: BadQuery, also for any `sort`."""
    if request.query().one("sort") is not None:
        raise BadQuery("this list can't be sorted")
    return part_of(request, limits)


def paged(items: Sequence[object], part: Part, total: int | None) -> Reply:
    """Answer a page; the end of the range is not clipped to the total, as the vendor's is not."""
    count = total or 0
    shown = f"{part.offset}-{part.offset + part.limit - 1}/{count}" if items else f"*/{count}"
    return Reply(200, msgspec.json.encode(items)).with_headers((RANGE, shown))


def plain(value: object) -> Reply:
    """Answer an object, or a list that is not paged and so must not carry the header."""
    return Reply(200, msgspec.json.encode(value))


def numbers_of(request: Request, name: str) -> tuple[int, ...] | None:
    """Read ids in every spelling: `ids=1,2`, `ids[]=1&ids[]=2`, `ids=1&ids=2`. Raises: BadQuery."""
    texts = request.query().many(name)
    if texts is None:
        return None
    if any(not (text.isascii() and text.isdigit() and len(text) <= 18) for text in texts):
        raise BadQuery(f"{name} must be numbers")
    return tuple(int(text) for text in texts)


def number_of(request: Request, name: str) -> int | None:
    """Read one id. Raises: BadQuery."""
    numbers = numbers_of(request, name)
    if numbers is None:
        return None
    if len(numbers) != 1:
        raise BadQuery(f"{name} must be one number")
    return numbers[0]


def order_of(request: Request, by_name: str = "name", *, alike: frozenset[str] = frozenset()) -> Order:
    """Read `sort=name` or `sort=-name`; by an attribute that all rows share alike they stay in their order.

    Raises: BadQuery for what the resource can't be sorted by.
    """
    wanted = request.query().one("sort")
    if wanted is None or wanted.removeprefix("-") in alike:
        return Order.MADE
    if wanted.removeprefix("-") != by_name:
        raise BadQuery(f"sort must be one of {', '.join(sorted({by_name, *alike}))}")
    return Order.NAME_DOWN if wanted.startswith("-") else Order.NAME


def sort_of(request: Request, *allowed: str) -> tuple[str | None, bool]:
    """Read by what a list is sorted, and whether downwards. Raises: BadQuery."""
    wanted = request.query().one("sort")
    if wanted is None:
        return None, False
    name = wanted.removeprefix("-")
    if name not in allowed:
        raise BadQuery(f"sort must be one of {', '.join(sorted(allowed))}")
    return name, wanted.startswith("-")


def choice_of(request: Request, name: str, *allowed: str) -> str | None:
    """Read a parameter that takes certain words only. Raises: BadQuery."""
    given = request.query().one(name)
    if given is not None and given not in allowed:
        raise BadQuery(f"{name} must be one of {', '.join(allowed)}")
    return given


def flag_of(request: Request, name: str) -> bool | None:
    """Read true, false, 1 or 0. Raises: QueryRefused."""
    return request.query().boolean(name, lenient=True)


def asks_favorite(request: Request) -> tuple[bool, bool | None]:
    """Say whether `favorite` is to be shown, and which rows are wanted by it: None for `*`, which is all."""
    given = request.query().one("favorite")
    return given is not None, None if given in {None, "*"} else flag_of(request, "favorite")


def by_favorite(request: Request) -> bool | None:
    """Say whether a list is sorted by favourites, and whether downwards, which puts them first."""
    wanted = request.query().one("sort")
    return wanted.startswith("-") if wanted in {"favorite", "-favorite"} else None


def named_like(request: Request) -> Callable[[str], bool]:
    """Give the test of a name against `query`, a part of it whatever the case."""
    sought = (request.query().one("query") or "").lower()
    return lambda name: sought in name.lower()


def whole(part: Part) -> Part:
    """Give all rows in the order of a part, to sift them here."""
    return replace(WHOLE, order=part.order)


def cut(items: Sequence[T], part: Part) -> Listing[T]:
    """Give a part of a list that is here as a whole."""
    return Listing(tuple(items[part.offset : part.offset + part.limit]), len(items))
