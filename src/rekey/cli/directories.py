"""directory: show, edit, reset the key, list its calls and whom it switched off."""

from typing import Annotated

import typer

from rekey.cli.api import connect
from rekey.cli.errors import Unclear
from rekey.cli.options import DEFAULT_DATA, Data, Json
from rekey.cli.output import print_fields, print_rows

directories = typer.Typer(
    help="The identity provider that adds and switches off people by SCIM.", no_args_is_help=True
)

_CALL = ("number", "at", "method", "path", "status", "outcome", "subject")
_SWITCHED_OFF = ("number", "name", "email", "since", "id")


@directories.command("show")
def show_directory(*, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Show its settings, its last call and the alarms that it raised."""
    with connect(data) as api:
        state = api.get("/directory")
    print_fields(state, as_json=json)


@directories.command("edit")
def edit_directory(
    *,
    enabled: Annotated[
        bool | None, typer.Option(help="Take its calls; people who are switched off stay so.")
    ] = None,
    ends_sign_ins: Annotated[
        bool | None, typer.Option(help="End the sign-ins and keys of whom it switches off.")
    ] = None,
    links_door_groups: Annotated[
        bool | None, typer.Option(help="Give a team that it adds the door group of the same name.")
    ] = None,
    silent_after_hours: Annotated[int | None, typer.Option(help="Alarm when it is silent so long.")] = None,
    leaver_limit: Annotated[int | None, typer.Option(help="Alarm when more people leave ...")] = None,
    leaver_minutes: Annotated[int | None, typer.Option(help="... within so many minutes.")] = None,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Change its settings; what is not named stays."""
    given = {
        "enabled": enabled,
        "ends_sign_ins": ends_sign_ins,
        "links_door_groups": links_door_groups,
        "silent_after_hours": silent_after_hours,
        "leaver_limit": leaver_limit,
        "leaver_minutes": leaver_minutes,
    }
    changes = {name: value for name, value in given.items() if value is not None}
    if not changes:
        raise Unclear("name a setting to change: rekey directory edit --help lists them")
    with connect(data) as api:
        state = api.patch("/directory", changes)
    print_fields(state, as_json=json)


@directories.command("reset-key")
def reset_key(*, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Give the identity provider another key and show it once; the old one is refused at once."""
    with connect(data) as api:
        key = api.post("/directory/key")
    print_fields(key, as_json=json)


@directories.command("calls")
def list_calls(
    *,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many, the newest first.")] = 50,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """List what it asked for and what came of it: the first look when somebody still has access."""
    with connect(data) as api:
        rows = api.get("/directory/calls", limit=limit)["items"]
    print_rows(rows, _CALL, as_json=json)


@directories.command("inactive")
def list_inactive(*, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """List whom it switched off and nobody has removed, the longest first."""
    with connect(data) as api:
        rows = api.get("/directory/inactive")["items"]
    print_rows(rows, _SWITCHED_OFF, as_json=json)
