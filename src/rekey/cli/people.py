"""person: add, list, show, remove, reinstate, keys, end-key.

PERSON is an e-mail address, a number, an id or part of a name.
"""

from typing import Annotated

import typer

from rekey.cli.api import connect
from rekey.cli.errors import Unclear
from rekey.cli.leftovers import print_leftovers
from rekey.cli.options import DEFAULT_DATA, Data, Json, Reason
from rekey.cli.output import print_fields, print_json, print_rows

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
    if json:
        print_json(removed)
        return
    left = removed.pop("leftovers", {})
    print_fields(removed, as_json=False)
    print_leftovers(left)


@people.command("reinstate")
def reinstate_person(
    person: str, *, reason: Reason = "", data: Data = DEFAULT_DATA, json: Json = False
) -> None:
    """Let a person who was revoked everywhere be granted access again; it gives none back."""
    with connect(data) as api:
        back = api.post(f"/people/{api.person(person)['id']}/reinstate", reason=reason)
    print_fields(back, as_json=json)


@people.command("keys")
def list_keys(person: str, *, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """List the signing keys of a person's phones."""
    with connect(data) as api:
        keys = api.every(f"/people/{api.person(person)['id']}/keys")
    print_rows(keys, ("number", "label", "state", "created_at", "id"), as_json=json)


@people.command("end-key")
def end_key(person: str, key: str, *, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """End a signing key, such as a lost phone's: what it signs is worthless at once, what it ordered is cancelled."""
    with connect(data) as api:
        person_id = api.person(person)["id"]
        found = [
            one for one in api.every(f"/people/{person_id}/keys") if key in {one["id"], str(one["number"])}
        ]
        if not found:
            raise Unclear(f"no key of this person fits {key!r}: see `rekey person keys`")
        ended = api.delete(f"/people/{person_id}/keys/{found[0]['id']}")
    print_fields(ended, as_json=json)
