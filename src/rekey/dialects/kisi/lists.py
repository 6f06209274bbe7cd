"""Lists by limit and offset, with the range header that the official client reads. Source: contract 1.1."""

from collections.abc import Sequence

import msgspec

from rekey.dialects.kisi.errors import BadQuery
from rekey.ports.listing import Part
from rekey.webkit.message import Reply, Request
from rekey.webkit.paging import PageLimits, PageRefused, offset_page

RANGE = "X-Collection-Range"
PLAIN = PageLimits(default=10, maximum=250, farthest=20_000)
ESTATE = PageLimits(default=50, maximum=250, farthest=20_000)
PEOPLE = PageLimits(default=50, maximum=100, farthest=20_000)


def part_of(request: Request, limits: PageLimits) -> Part:
    """Read limit and offset. Raises: BadQuery."""
    query = request.query()
    try:
        page = offset_page(query.one("limit"), query.one("offset"), limits)
    except PageRefused as refused:
        raise BadQuery(f"{refused.name} must be a number within its bounds") from refused
    return Part(limit=page.limit, offset=page.offset, with_total=True)


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


def sorting_of(request: Request, allowed: frozenset[str]) -> str | None:
    """Read `sort=name` or `sort=-name`. Raises: BadQuery for what the resource can't be sorted by."""
    wanted = request.query().one("sort")
    if wanted is not None and wanted.removeprefix("-") not in allowed:
        raise BadQuery(f"sort must be one of {', '.join(sorted(allowed))}")
    return wanted
