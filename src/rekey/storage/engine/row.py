"""Rows: plain tuples whose values are also attributes."""

from operator import itemgetter
from typing import TYPE_CHECKING, Any


class Row(tuple[Any, ...]):
    """A row by position and by column name; compares and unpacks as a tuple."""

    __slots__ = ()

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...


def row_class(names: tuple[str, ...]) -> type[Row]:
    """Make the class of a statement's rows.

    A column named like a method of tuple (count, index) is reached as an attribute as well;
    type checkers will not know, so give it another label.
    """
    members: dict[str, Any] = {name: property(itemgetter(i)) for i, name in enumerate(names)}
    return type("Row", (Row,), {"__slots__": (), "__match_args__": names, **members})
