"""Lists, a part at a time."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Order(StrEnum):
    """In which order a list comes; of rows with the same name the older one comes first, in both directions."""

    MADE = "made"
    NAME = "name"
    NAME_DOWN = "name_down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Which part of a list is asked for: at most `limit` rows, past `after` (a number) or an offset.

    Rows come in the order of their numbers, which is the order in which they were made, or by name whatever
    the case; a grant goes by its person's name, and those of teams come last. `after` is for MADE only.
    """

    limit: int = 50
    offset: int = 0
    after: int = 0
    with_total: bool = False
    order: Order = Order.MADE


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """Some rows of a list; `total` counts all rows, if it was asked for."""

    items: tuple[T, ...]
    total: int | None = None


WHOLE = Part(limit=1_000_000)
