"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[Path, typer.Option(help="The data directory.", envvar="REKEY_DATA", show_default=True)]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Database = Annotated[
    str | None,
    typer.Option(help="postgresql:// URL; without it the embedded store.", envvar="REKEY_DATABASE"),
]
Reason = Annotated[str, typer.Option(help="Kept in the journal.")]
At = Annotated[str | None, typer.Option(help="An instant with its zone, such as 2026-01-31T17:00:00Z.")]

DEFAULT_DATA = Path("var/rekey")
