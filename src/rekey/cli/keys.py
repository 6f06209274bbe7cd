"""key: add, list, end. KEY is an id."""

from typing import Annotated

import typer

from rekey.cli.api import connect
from rekey.cli.options import DEFAULT_DATA, Data, Json
from rekey.cli.output import print_fields, print_rows

keys = typer.Typer(
    help="Keys of this organization's own service, and of people's accounts.", no_args_is_help=True
)


@keys.command("add")
def add_key(
    name: str,
    *,
    target: Annotated[
        str, typer.Option("--for", help="native, kisi, seam, or seam_personal for a person's token.")
    ] = "native",
    person: Annotated[
        str | None, typer.Option(help="Whose account it belongs to; else the service's.")
    ] = None,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Issue a key and show its secret once."""
    with connect(data) as api:
        who = None if person is None else api.person(person)["id"]
        key = api.post("/keys", **{"name": name, "for": target, "person": who})
    print_fields(key, as_json=json)


@keys.command("list")
def list_keys(*, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """List the keys that have not ended."""
    with connect(data) as api:
        found = api.every("/keys")
    print_rows(found, ("name", "via", "hint", "id"), as_json=json)


@keys.command("end")
def end_key(key: str, *, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """End a key; what holds it is refused from now on."""
    with connect(data) as api:
        ended = api.delete(f"/keys/{key}")
    print_fields(ended, as_json=json)
