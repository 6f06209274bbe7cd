"""application: list, suspend, resume, end, and end a key of one."""

import typer

from rekey.cli.api import connect
from rekey.cli.options import DEFAULT_DATA, Data, Json
from rekey.cli.output import print_fields, print_rows

applications = typer.Typer(help="Programs that sign their own users in.", no_args_is_help=True)


@applications.command("list")
def list_applications(*, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """List the applications with what they are believed by."""
    with connect(data) as api:
        rows = api.every("/applications")
    print_rows(rows, ("number", "name", "suspended", "issuers", "id"), as_json=json)


@applications.command("suspend")
def suspend_application(application: str, *, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Believe an application no more until it is resumed; its users are signed out at once."""
    _edit(application, suspended=True, data=data, json=json)


@applications.command("resume")
def resume_application(application: str, *, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Believe a suspended application again."""
    _edit(application, suspended=False, data=data, json=json)


@applications.command("end-key")
def end_application_key(application: str, kid: str, *, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Believe one key of an application no more, such as one that a leaver knows."""
    with connect(data) as api:
        named = api.named("/applications", application, "application")
        changed = api.delete(f"/applications/{named['id']}/keys/{kid}")
    print_fields(changed, as_json=json)


@applications.command("end")
def end_application(application: str, *, data: Data = DEFAULT_DATA) -> None:
    """End an application for good; its users can't sign in any more, what they hold stays until it is revoked."""
    with connect(data) as api:
        named = api.named("/applications", application, "application")
        api.delete(f"/applications/{named['id']}")


def _edit(application: str, *, suspended: bool, data: Data, json: Json) -> None:
    with connect(data) as api:
        named = api.named("/applications", application, "application")
        changed = api.patch(f"/applications/{named['id']}", {"suspended": suspended})
    print_fields(changed, as_json=json)
