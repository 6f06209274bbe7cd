"""Lists, a part at a time."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Which part of a list is asked for: at most `limit` rows, past `after` (a number) or an offset.

    Rows come in the order of their numbers, which is the order in which they were made.
    """

    limit: int = 50
    offset: int = 0
    after: int = 0
    with_total: bool = False


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """Some rows of a list; `total` counts all rows, if it was asked for."""

    items: tuple[T, ...]
    total: int | None = None


WHOLE = Part(limit=1_000_000)
