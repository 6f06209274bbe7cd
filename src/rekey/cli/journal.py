"""journal: verify, checkpoint, export."""

from pathlib import Path
from typing import Annotated

import typer

from rekey.app.verify_journal import verify_journal
from rekey.cli.api import connect
from rekey.cli.options import DEFAULT_DATA, Data, Json
from rekey.cli.output import out, print_json
from rekey.cli.public_key import PublicKey, read_public_key

journal = typer.Typer(
    help="The record of every act, and the proof that nobody changed it.", no_args_is_help=True
)


@journal.command("verify")
def verify(
    file: Annotated[Path | None, typer.Argument(help="An export; without it the store of DATA.")] = None,
    *,
    public_key: PublicKey = None,
    witness: Annotated[
        Path | None,
        typer.Option(help="A checkpoint kept elsewhere; without one, a cut-off end cannot be seen."),
    ] = None,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Check every row against the signed checkpoints; name the first that is altered, missing or cut off."""
    key = read_public_key(public_key, data)
    if file is not None:
        text = file.read_text()
    else:
        with connect(data) as api:
            text = api.text("/journal/export")
    found = verify_journal(text, key, witness=None if witness is None else witness.read_text())
    if json:
        print_json({"rows": found.rows, "covered": found.covered, "checkpoints": found.checkpoints})
        return
    out.print(f"{found.covered} rows are as they were signed, by {found.checkpoints} checkpoints.")
    if found.rows > found.covered:
        out.print(f"{found.rows - found.covered} newer rows wait for the next checkpoint.")


@journal.command("checkpoint")
def checkpoint(*, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Print the newest signed checkpoint; keep it elsewhere, as a witness against a cut-off end."""
    with connect(data) as api:
        note = api.text("/journal/checkpoint")
    if json:
        print_json({"checkpoint": note})
    else:
        print(note, end="")


@journal.command("export")
def export(
    file: Annotated[Path | None, typer.Argument(help="Where to; without it standard output.")] = None,
    *,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Write every row and checkpoint as lines of JSON."""
    with connect(data) as api:
        text = api.text("/journal/export")
    if file is None:
        print(text, end="")
        return
    file.write_text(text)
    if json:
        print_json({"file": str(file), "lines": text.count("\n")})
    else:
        out.print(f"Wrote {text.count(chr(10))} lines to {file}.", markup=False)
