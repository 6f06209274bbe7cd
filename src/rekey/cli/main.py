"""The program: its commands, and how it says what went wrong."""

import sys
from typing import Any, Final

import typer

from rekey.app.errors import SetupError
from rekey.app.logs import set_up_logs
from rekey.cli import (
    applications,
    certificates,
    demo,
    directories,
    doors,
    estate,
    events,
    grants,
    imports,
    journal,
    keys,
    people,
    questions,
    revoke,
    server,
    sites,
)
from rekey.cli.errors import CommandFailed, Refused, Unclear
from rekey.cli.output import err, print_json, print_rows
from rekey.domain.errors import CoreError
from rekey.storage.engine.errors import StoreNotOpened
from rekey.webkit.key_file import KeyFileRefused

EXPECTED: Final = (CommandFailed, SetupError, CoreError, StoreNotOpened, KeyFileRefused)
_CANDIDATE = ("number", "name", "email", "id")

app = typer.Typer(
    name="rekey",
    help="Self-hosted access control that takes access away at once, everywhere, provably.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(server.init)
app.command()(server.serve)
app.command()(demo.demo)
app.add_typer(estate.organizations, name="organization")
app.add_typer(sites.site_commands, name="site")
app.add_typer(applications.applications, name="application")
app.add_typer(doors.doors, name="door")
app.add_typer(people.people, name="person")
app.add_typer(grants.grants, name="grant")
app.add_typer(imports.imports, name="import")
app.command()(revoke.revoke)
app.add_typer(revoke.receipts, name="receipt")
app.command()(questions.who)
app.command()(questions.can)
app.command()(questions.exposure)
app.command()(events.events)
app.add_typer(journal.journal, name="journal")
app.add_typer(keys.keys, name="key")
app.add_typer(directories.directories, name="directory")
app.add_typer(certificates.certificates, name="certificates")


def main() -> None:
    """Run the command of this process; exit with its code."""
    # Standard output belongs to the command; `serve` sets the level anew.
    set_up_logs("error")
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and give its exit code; what is expected to go wrong is told in a line."""
    try:
        app(arguments, prog_name="rekey")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    except EXPECTED as failed:
        return _tell(failed, as_json="--json" in arguments)
    return 0


def _tell(failed: Exception, *, as_json: bool) -> int:
    code = failed.code if isinstance(failed, CommandFailed) else 1
    text = str(failed)
    if text:
        err.print(f"rekey: {text}", markup=False)
    candidates = list(failed.candidates) if isinstance(failed, Unclear) else []
    if as_json and code in {1, 2}:
        print_json(_as_json(failed, candidates))
    elif candidates:
        print_rows(candidates, _CANDIDATE, as_json=False)
    return code


def _as_json(failed: Exception, candidates: list[Any]) -> dict[str, Any]:
    problem = failed.problem if isinstance(failed, Refused) else {}
    more = {"candidates": candidates} if candidates else {}
    return {"error": {"text": str(failed), **more, **({"problem": problem} if problem else {})}}
