"""The table on the terminal, and the section of docs/performance.md that is written anew."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.figures import Effort, Ratio, shown
from benchmarks.machine import described

PAGE = Path("docs") / "performance.md"
BEGIN = "<!-- results: written by ./do bench --write -->"
END = "<!-- end of results -->"


def print_table(console: Console, ratios: Sequence[Ratio]) -> None:
    """Print every ratio with its bound; what misses it is shown like the rest, in red."""
    table = Table(title="Ratios, medians of rounds in turn")
    for column in ("#", "ratio", "median", "spread", "bound", "verdict", "measured"):
        table.add_column(column, overflow="fold")
    for ratio in ratios:
        table.add_row(*_cells(ratio), style=None if ratio.holds else "bold red")
    console.print(table)


def write_page(ratios: Sequence[Ratio], failed: Sequence[str], command: str, effort: Effort) -> None:
    """Put the results between the marks of the page."""
    text = PAGE.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    PAGE.write_text(
        f"{head}{BEGIN}\n{_section(ratios, failed, command, effort)}{END}{tail}", encoding="utf-8"
    )


def _section(ratios: Sequence[Ratio], failed: Sequence[str], command: str, effort: Effort) -> str:
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    measured = (
        f"Measured {when} by `{command}`: {effort.rounds} rounds, {effort.seconds:g} s for each contender in "
        f"each. Load average at the end: {load}."
    )
    lines = [
        "",
        measured,
        "",
        described(),
        "",
        "| # | ratio | median | spread | bound | verdict | measured |",
        "|---|---|---|---|---|---|---|",
        *("| " + " | ".join(_cells(ratio)) + " |" for ratio in ratios),
        "",
    ]
    lines += [f"- Not measured: {text}" for text in failed]
    if failed:
        lines.append("")
    return "\n".join(lines)


def _cells(ratio: Ratio) -> tuple[str, ...]:
    low, high = ratio.spread
    bound = f"{'<=' if ratio.at_most else '>='} {shown(ratio.bound)}"
    spread = f"{shown(low)} to {shown(high)}"
    return ratio.number, ratio.name, shown(ratio.value), spread, bound, ratio.verdict, ratio.detail
