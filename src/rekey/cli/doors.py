"""door: add, list, show, open, sync, lockdown, release. DOOR is an id, a number or a unique part of a name."""

from typing import Annotated

import typer

from rekey.cli.api import connect
from rekey.cli.errors import NotConfirmed, Unclear
from rekey.cli.options import DEFAULT_DATA, Data, Json, Reason
from rekey.cli.output import print_fields, print_json, print_rows

doors = typer.Typer(help="The doors, what they hold, and how they are moved.", no_args_is_help=True)


@doors.command("add")
def add_door(
    name: str,
    *,
    site: Annotated[str, typer.Option(help="Its site, by id, number or name.")],
    driver: Annotated[str, typer.Option(help="The driver that moves it.")] = "simulated",
    setting: Annotated[
        list[str] | None, typer.Option(help="NAME=VALUE for the driver; may be repeated.")
    ] = None,
    open_seconds: Annotated[int, typer.Option(help="How long it stays open.")] = 5,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Add a door."""
    with connect(data) as api:
        door = api.post(
            "/doors",
            name=name,
            site=api.site(site)["id"],
            driver=driver,
            driver_settings=dict(_pair(text) for text in setting or ()),
            open_seconds=open_seconds,
        )
    print_fields(door, as_json=json)


@doors.command("list")
def list_doors(
    *,
    site: Annotated[str | None, typer.Option(help="Only this site's.")] = None,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """List the doors."""
    with connect(data) as api:
        found = api.every("/doors", site=None if site is None else api.site(site)["id"])
    print_rows(found, ("number", "name", "driver", "mode", "id"), as_json=json)


@doors.command("show")
def show_door(door: str, *, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Show a door with what it should hold and what it has proved."""
    with connect(data) as api:
        found = api.door(door)
        log = api.get(f"/doors/{found['id']}/log")
    if json:
        print_json({**found, "log": log})
        return
    print_fields({**found, **{name: log[name] for name in _LOG}, "people": len(log["people"])}, as_json=False)


@doors.command("open")
def open_door(
    door: str,
    *,
    person: Annotated[str | None, typer.Option(help="Whose access to use; else the operator's own.")] = None,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Open a door once and wait for the door's own word."""
    with connect(data) as api:
        who = None if person is None else api.person(person)["id"]
        order = api.post(f"/doors/{api.door(door)['id']}/open", person=who)
    print_fields(order, as_json=json)


@doors.command("sync")
def sync_door(door: str, *, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Bring a door's list up to date now; exit 3 if the door did not prove it."""
    with connect(data) as api:
        state = api.post(f"/doors/{api.door(door)['id']}/sync")
    if json:
        print_json(state)
    else:
        print_fields({"confirmed": state["confirmed"], **{n: state[n] for n in _LOG}}, as_json=False)
    if not state["confirmed"]:
        raise NotConfirmed(state["problem"] or "the door did not prove what it holds")


@doors.command("lockdown")
def lock_down(door: str, *, reason: Reason = "", data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Lock a door down: it refuses everybody until released."""
    with connect(data) as api:
        block = api.post(f"/doors/{api.door(door)['id']}/lockdown", reason=reason)
    print_fields(block, as_json=json)


@doors.command("release")
def release(door: str, *, reason: Reason = "", data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Release a door from lockdown."""
    with connect(data) as api:
        released = api.post(f"/doors/{api.door(door)['id']}/release", reason=reason)
    print_fields(released, as_json=json)


_LOG = ("seq", "confirmed_seq", "confirmed_at", "lease_end", "problem")


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator or not name:
        raise Unclear(f"{text!r} must look like NAME=VALUE")
    return name, value
