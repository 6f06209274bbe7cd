"""who, can, exposure: questions about access, now or at a past instant."""

from typing import Annotated, Any

import typer

from rekey.cli.api import connect
from rekey.cli.options import DEFAULT_DATA, At, Data, Json
from rekey.cli.output import out, print_json, print_rows


def who(door: str, *, at: At = None, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Tell who can open a door, and by which grant."""
    with connect(data) as api:
        openers = api.get(f"/doors/{api.door(door)['id']}/who", at=at)["items"]
    if json:
        print_json(openers)
        return
    rows = [{**one["person"], "by_grant": one["path"]["grant"]["number"]} for one in openers]
    print_rows(rows, ("number", "name", "email", "by_grant"), as_json=False)


def can(
    person: str,
    door: Annotated[
        str | None, typer.Argument(help="Without it: every door that the person can open.")
    ] = None,
    *,
    why: Annotated[bool, typer.Option("--why", help="Show every path and every reason.")] = False,
    at: At = None,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Tell whether a person can open a door, or which doors."""
    with connect(data) as api:
        who_id = api.person(person)["id"]
        if door is None:
            found = api.get(f"/people/{who_id}/doors", at=at)["items"]
        else:
            path = f"/people/{who_id}/can/{api.door(door)['id']}"
            found = api.get(path, at=at, why="true" if why else None)
    if json:
        print_json(found)
    elif isinstance(found, list):
        rows = [{**one["door"], "by_grant": one["path"]["grant"]["number"]} for one in found]
        print_rows(rows, ("name", "by_grant", "id"), as_json=False)
    else:
        _tell(found)


def exposure(*, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """List who is revoked but may still open a door, and until when at most."""
    with connect(data) as api:
        found = api.get("/exposure")["items"]
    if json:
        print_json(found)
        return
    rows = [{**one["door"], "person": _whom(one)} for one in found]
    print_rows(rows, ("person", "name", "status", "effective_by", "detail"), as_json=False)


def _whom(exposed: dict[str, Any]) -> str:
    """Name who or what may still open: a person, a link, or a card or code that has ended."""
    if "credential" in exposed:
        return str(exposed["credential"]["label"] or exposed["credential"]["id"])
    return str(exposed["revocation"]["person"] or exposed["revocation"]["link"])


def _tell(decision: dict[str, Any]) -> None:
    out.print("yes" if decision["allowed"] else f"no: {decision['reason'].replace('_', ' ')}")
    for path in decision.get("paths", ()):
        verdict = "counts" if path["counts"] else path["reason"].replace("_", " ")
        out.print(f"  grant {path['grant']['number']}: {verdict}")
