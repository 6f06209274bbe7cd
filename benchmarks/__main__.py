"""`python -m benchmarks`: run them, print the table, and with --write put it into docs/performance.md."""

import argparse
import importlib
import shlex
import sys
import traceback
from collections.abc import Mapping

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks.figures import Effort, Ratio
from benchmarks.report import print_table, write_page

BENCHMARKS: Mapping[str, str] = {
    "decide": "decisions against pycasbin and cedarpy (11, 12, 13)",
    "commits": "durable acts against the bare disk (7, 8)",
    "stale": "allows after an acknowledged revoke (14)",
    "http": "the server's endpoints against hello and the bare disk (1, 2, 3, 4, 9, 10)",
    "signed": "signed Doordeck operations against hello and bare verification (5)",
    "peer": "the same durable unlock in an ordinary stack (6)",
    "history": "unlocks and lists of events as history grows, beside the vendor's fake (23, 24)",
    "lists": "pages of lists at 100,000 people and 1,000,000 grants (25)",
    "start": "start-up time and idle memory (22)",
}


def main(arguments: list[str]) -> int:
    """Give the exit code: 1 if a benchmark could not run or, with --strict, if a bound is missed."""
    given = _parser().parse_args(arguments)
    effort = Effort(rounds=given.rounds, seconds=given.seconds, quick=given.quick)
    if given.quick:
        effort = Effort(rounds=min(given.rounds, 2), seconds=min(given.seconds, 0.3), quick=True)
    console = Console(width=None if sys.stdout.isatty() else 200)
    ratios, failed = _run(given.only or list(BENCHMARKS), effort, console)
    print_table(console, ratios)
    for text in failed:
        console.print(f"not measured: {text}", style="bold red")
    if given.write:
        write_page(ratios, failed, f"./do bench {shlex.join(arguments)}".strip(), effort)
    missed = given.strict and not all(ratio.holds for ratio in ratios)
    return 1 if failed or missed else 0


def _run(names: list[str], effort: Effort, console: Console) -> tuple[list[Ratio], list[str]]:
    ratios: list[Ratio] = []
    failed: list[str] = []
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=len(names))
        for name in names:
            progress.update(task, description=name)
            module = importlib.import_module(f"benchmarks.{name}")
            try:
                ratios += module.run(
                    effort, lambda text, of=name: progress.update(task, description=f"{of}: {text}")
                )
            except Exception as error:  # noqa: BLE001  # one that breaks must not hide the others
                traceback.print_exc()
                failed.append(f"{name}, {BENCHMARKS[name]}: {type(error).__name__}: {error}")
            progress.advance(task)
    return ratios, failed


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./do bench", description="Measure ratios against their bounds.")
    parser.add_argument("--only", action="append", choices=BENCHMARKS, metavar="NAME", help=_names())
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0, help="for one contender in one round")
    parser.add_argument("--quick", action="store_true", help="two short rounds on less data, to see it work")
    parser.add_argument("--strict", action="store_true", help="exit with 1 if a bound is missed")
    parser.add_argument("--write", action="store_true", help="write the results into docs/performance.md")
    return parser


def _names() -> str:
    return "; ".join(f"{name}: {text}" for name, text in BENCHMARKS.items())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
