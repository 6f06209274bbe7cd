"""grant: add, list, end."""

from typing import Annotated, Any

import typer

from rekey.cli.api import Api, connect
from rekey.cli.errors import Unclear
from rekey.cli.options import DEFAULT_DATA, Data, Json
from rekey.cli.output import print_fields, print_json, print_rows

grants = typer.Typer(help="Who may pass where.", no_args_is_help=True)


@grants.command("add")
def add_grant(  # noqa: PLR0913  # a command's options are its parameters
    person: str,
    *,
    door: Annotated[str | None, typer.Option()] = None,
    group: Annotated[str | None, typer.Option(help="A door group.")] = None,
    site: Annotated[str | None, typer.Option()] = None,
    everywhere: Annotated[bool, typer.Option("--everywhere", help="The whole organization.")] = False,
    role: Annotated[str, typer.Option(help="basic, manager, administrator, ...")] = "basic",
    start: Annotated[str | None, typer.Option(help="RFC 3339.")] = None,
    end: Annotated[str | None, typer.Option(help="RFC 3339; the grant does not count from then on.")] = None,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Grant a person access at one door, door group or site, or everywhere."""
    with connect(data) as api:
        scope = _scope(api, door=door, group=group, site=site, everywhere=everywhere)
        grant = api.post("/grants", person=api.person(person)["id"], role=role, start=start, end=end, **scope)
    print_fields(grant, as_json=json)


@grants.command("list")
def list_grants(
    *,
    person: Annotated[str | None, typer.Option()] = None,
    door: Annotated[str | None, typer.Option(help="Only grants at this door itself.")] = None,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """List the grants that have not ended."""
    with connect(data) as api:
        who = None if person is None else api.person(person)["id"]
        where = None if door is None else api.door(door)["id"]
        found = api.every("/grants", person=who, door=where)
    if json:
        print_json(found)
        return
    rows = [{**grant, "holder": _name(grant["holder"]), "scope": _name(grant["scope"])} for grant in found]
    print_rows(rows, ("number", "holder", "scope", "role", "start", "end"), as_json=False)


@grants.command("end")
def end_grant(grant: str, *, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """End one grant, by number or id, and show the paths that remain; `rekey revoke` ends them all."""
    with connect(data) as api:
        ended = api.delete(f"/grants/{grant}")
    if json:
        print_json(ended)
        return
    remaining = [path["grant"]["number"] for path in ended["remaining"]]
    print_fields({"ended": ended["ended"]["number"], "grants_that_remain": remaining}, as_json=False)


def _scope(
    api: Api, *, door: str | None, group: str | None, site: str | None, everywhere: bool
) -> dict[str, Any]:
    given = [name for name in (door, group, site) if name is not None]
    if len(given) + everywhere != 1:
        raise Unclear("name exactly one of --door, --group, --site, --everywhere")
    if door is not None:
        return {"door": api.door(door)["id"]}
    if group is not None:
        return {"door_group": api.named("/door_groups", group, "door group")["id"]}
    return {"organization": True} if site is None else {"site": api.site(site)["id"]}


def _name(thing: dict[str, str]) -> str:
    return f"{thing['kind']} {thing['id']}"
