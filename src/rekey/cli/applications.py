"""application: add, list, suspend, resume, end, renew the secret, and end a key of one."""

from typing import Annotated

import typer

from rekey.cli.api import connect
from rekey.cli.options import DEFAULT_DATA, Data, Json
from rekey.cli.output import print_fields, print_rows

applications = typer.Typer(
    help="Programs of others: they sign their own users in, or act for people.", no_args_is_help=True
)


@applications.command("add")
def add_application(
    name: str,
    *,
    owner: Annotated[str, typer.Option(help="The person who answers for it.")],
    return_url: Annotated[list[str], typer.Option(help="Where people are sent back to; may be repeated.")],
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Add an application that asks people to let it act for them, and show its secret once."""
    with connect(data) as api:
        body = {"name": name, "owner": api.person(owner)["id"], "return_urls": return_url}
        made = api.post("/applications", **body)
    print_fields(made, as_json=json)


@applications.command("renew-secret")
def renew_secret(application: str, *, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Give an application another secret and show it once; the old one counts no more."""
    with connect(data) as api:
        named = api.named("/applications", application, "application")
        changed = api.post(f"/applications/{named['id']}/secret")
    print_fields(changed, as_json=json)


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
