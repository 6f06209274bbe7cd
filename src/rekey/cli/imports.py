"""import: people and cards from CSV files, with a bar; show, list, undo."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress

from rekey.cli.api import Api, connect
from rekey.cli.errors import CommandFailed
from rekey.cli.options import DEFAULT_DATA, Data, Json
from rekey.cli.output import err, print_fields, print_json, print_rows

imports = typer.Typer(help="People and cards from a file.", no_args_is_help=True)
_STAGES = {"reading": "Reading", "checking": "Checking", "writing": "Writing"}
_PROBLEM = ("line", "reason")


@imports.command("people")
def import_people(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    *,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Import a CSV file of people: all of it, or nothing and the lines that are wrong.

    Columns: name, email, phone, notes, external_key, teams, door_groups, valid_from, valid_until.
    """
    _import(file, "people", data=data, json=json)


@imports.command("cards")
def import_cards(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    *,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Import a CSV file of cards: all of it, or nothing and the lines that are wrong.

    Columns: type, its identifiers (token, uid, data_block_value, facility_code, card_number, card_id, oem,
    length), label, email of the person who holds the card.
    """
    _import(file, "cards", data=data, json=json)


def _import(file: Path, about: str, *, data: Path, json: bool) -> None:
    with connect(data) as api:
        begun = api.upload("/imports", file.read_bytes(), "text/csv", name=file.name, about=about)
        ended = _follow(api, begun["id"])
    if ended["status"] == "finished":
        print_fields(ended, as_json=json)
        return
    if json:
        print_json(ended)
        raise typer.Exit(1)
    print_rows(ended.get("problems", []), _PROBLEM, as_json=False)
    raise CommandFailed("nothing was imported: mend the lines above and try again")


@imports.command("list")
def list_imports(*, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """List the imports."""
    with connect(data) as api:
        found = api.every("/imports")
    print_rows(
        found, ("number", "name", "about", "status", "people", "cards", "undone_at", "id"), as_json=json
    )


@imports.command("undo")
def undo_import(import_id: str, *, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Take back what an import made; what was changed or given out since is kept."""
    with connect(data) as api:
        undone = api.post(f"/imports/{import_id}/undo")
    print_fields(undone, as_json=json)


def _follow(api: Api, import_id: str) -> dict[str, Any]:
    with Progress(console=err, transient=True) as bars:
        bar = bars.add_task("Reading", total=None)
        while True:
            shown: dict[str, Any] = api.get(f"/imports/{import_id}")
            if shown["status"] != "in_progress":
                return shown
            progress = shown.get("progress")
            if progress is not None:
                stage, total = _STAGES[progress["stage"]], progress["total"] or None
                bars.update(bar, description=stage, completed=progress["done"], total=total)
            # Waits a moment, or lets the server of this command go on.
            api.let_doors_work()
