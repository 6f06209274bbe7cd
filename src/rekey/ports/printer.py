"""Printing tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table with its title, and a line below that says what it shows."""

    title: str
    note: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


class Printer(Protocol):
    """Makes a document of a table."""

    def print_sheet(self, sheet: Sheet) -> bytes:
        """Give a PDF. It takes seconds for some thousand rows, so it runs beside the event loop."""
        ...
