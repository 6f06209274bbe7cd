"""organization and site."""

from typing import Annotated

import typer

from rekey.cli.api import connect
from rekey.cli.options import DEFAULT_DATA, Data, Json
from rekey.cli.output import print_fields, print_rows

organizations = typer.Typer(help="The organizations of this server.", no_args_is_help=True)
sites = typer.Typer(help="The places that doors stand at.", no_args_is_help=True)


@organizations.command("add")
def add_organization(
    name: str,
    *,
    domain: Annotated[str, typer.Option(help="Its short name, for sign-in.")],
    owner_email: Annotated[str, typer.Option(help="Who signs in first.")],
    site: Annotated[str, typer.Option(help="The name of its first site.")] = "HQ",
    time_zone: Annotated[str, typer.Option(help="The site's IANA time zone.")] = "UTC",
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Found another organization on this server; its keys are shown once."""
    with connect(data) as api:
        made = api.post(
            "/organizations",
            name=name,
            domain=domain,
            owner_email=owner_email,
            site=site,
            time_zone=time_zone,
        )
    print_fields(made, as_json=json)


@organizations.command("list")
def list_organizations(*, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """List the organizations that this machine's key may see: its own."""
    with connect(data) as api:
        print_rows([api.get("/organization")], ("name", "domain", "id"), as_json=json)


@sites.command("add")
def add_site(
    name: str,
    *,
    time_zone: Annotated[str, typer.Option(help="Its IANA time zone.")] = "UTC",
    address: Annotated[str, typer.Option()] = "",
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Add a site."""
    with connect(data) as api:
        site = api.post("/sites", name=name, time_zone=time_zone, address=address)
    print_fields(site, as_json=json)


@sites.command("list")
def list_sites(*, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """List the sites."""
    with connect(data) as api:
        print_rows(api.every("/sites"), ("number", "name", "time_zone", "id"), as_json=json)
