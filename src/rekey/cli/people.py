"""person: add, list, show, remove, reinstate. PERSON is an e-mail address, a number, an id or part of a name."""

from typing import Annotated

import typer

from rekey.cli.api import connect
from rekey.cli.options import DEFAULT_DATA, Data, Json, Reason
from rekey.cli.output import print_fields, print_rows

people = typer.Typer(help="Who passes.", no_args_is_help=True)


@people.command("add")
def add_person(
    name: str,
    *,
    email: Annotated[str | None, typer.Option()] = None,
    phone: Annotated[str | None, typer.Option(help="E.164, such as +4930123456.")] = None,
    external_key: Annotated[str | None, typer.Option(help="Your own key for the person.")] = None,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Add a person, without any access."""
    with connect(data) as api:
        person = api.post("/people", name=name, email=email, phone=phone, external_key=external_key)
    print_fields(person, as_json=json)


@people.command("list")
def list_people(
    *,
    find: Annotated[str | None, typer.Option(help="Only those that this fits.")] = None,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """List the people."""
    with connect(data) as api:
        found = api.every("/people") if find is None else api.get("/people", q=find, limit=500)["items"]
    print_rows(found, ("number", "name", "email", "id"), as_json=json)


@people.command("show")
def show_person(person: str, *, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Show a person with the blocks that stand."""
    with connect(data) as api:
        found = api.get(f"/people/{api.person(person)['id']}")
    print_fields(found, as_json=json)


@people.command("remove")
def remove_person(person: str, *, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Remove a person: all access ends everywhere, and the person is gone."""
    with connect(data) as api:
        removed = api.delete(f"/people/{api.person(person)['id']}")
    print_fields(removed, as_json=json)


@people.command("reinstate")
def reinstate_person(
    person: str, *, reason: Reason = "", data: Data = DEFAULT_DATA, json: Json = False
) -> None:
    """Let a person who was revoked everywhere be granted access again; it gives none back."""
    with connect(data) as api:
        back = api.post(f"/people/{api.person(person)['id']}/reinstate", reason=reason)
    print_fields(back, as_json=json)
