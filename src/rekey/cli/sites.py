"""site: rename, place on a map, and who administers it."""

from typing import Annotated

import typer

from rekey.cli.api import connect
from rekey.cli.estate import sites as site_commands
from rekey.cli.options import DEFAULT_DATA, Data, Json
from rekey.cli.output import print_fields, print_rows

__all__ = ["site_commands"]


@site_commands.command("edit")
def edit_site(
    site: str,
    *,
    name: Annotated[str | None, typer.Option(help="Its new name.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="Its IANA time zone.")] = None,
    address: Annotated[str | None, typer.Option()] = None,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Rename a site, or correct its address or time zone."""
    wanted = {"name": name, "time_zone": time_zone, "address": address}
    given = {member: value for member, value in wanted.items() if value is not None}
    with connect(data) as api:
        changed = api.patch(f"/sites/{api.site(site)['id']}", given)
    print_fields(changed, as_json=json)


@site_commands.command("place")
def place_site(  # a command's options are its parameters
    site: str,
    *,
    latitude: Annotated[float | None, typer.Option(help="Degrees north.")] = None,
    longitude: Annotated[float | None, typer.Option(help="Degrees east.")] = None,
    radius: Annotated[int | None, typer.Option(help="Metres.")] = None,
    colour: Annotated[str | None, typer.Option(help="#RRGGBB.")] = None,
    logo_url: Annotated[str | None, typer.Option(help="An https address.")] = None,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Place a site on a map and choose how it looks there; without options show where it lies."""
    wanted = {
        "latitude": latitude,
        "longitude": longitude,
        "radius": radius,
        "colour": colour,
        "logo_url": logo_url,
    }
    given = {member: value for member, value in wanted.items() if value is not None}
    with connect(data) as api:
        path = f"/sites/{api.site(site)['id']}/map"
        shown = api.patch(path, given) if given else api.get(path)
    print_fields(shown, as_json=json)


@site_commands.command("administrators")
def administrators(
    site: str,
    *,
    add: Annotated[str | None, typer.Option(help="A person who becomes one.")] = None,
    remove: Annotated[str | None, typer.Option(help="A person who is one no more.")] = None,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """List who administers a site, after making somebody one or taking it from somebody."""
    with connect(data) as api:
        path = f"/sites/{api.site(site)['id']}/administrators"
        if add is not None:
            api.put(f"{path}/{api.person(add)['id']}")
        if remove is not None:
            api.delete(f"{path}/{api.person(remove)['id']}")
        rows = api.get(path)["items"]
    print_rows(rows, ("number", "holder", "role", "id"), as_json=json)
