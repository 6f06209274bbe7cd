"""What a command prints: tables for people, JSON for programs."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def print_json(value: Any) -> None:
    """Print a value as JSON without colours, whatever standard output is."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def print_rows(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], *, as_json: bool) -> None:
    """Print rows as a table of the named members, or all of them as JSON."""
    if as_json:
        print_json(list(rows))
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column.replace("_", " "))
    for row in rows:
        table.add_row(*(plain(row.get(column)) for column in columns))
    out.print(table if rows else "nothing")


def print_fields(value: Mapping[str, Any], *, as_json: bool) -> None:
    """Print one thing, a member a line."""
    if as_json:
        print_json(dict(value))
        return
    for name, member in value.items():
        out.print(f"{name.replace('_', ' ')}: {plain(member)}", markup=False)


def plain(value: Any) -> str:
    """Give the text of a JSON value as a person reads it."""
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
        case str() | int():
            return str(value)
        case _:
            return json.dumps(value, ensure_ascii=False)
