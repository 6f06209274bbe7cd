"""init and serve."""

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer

from rekey.app.logs import set_up_logs
from rekey.app.settings import load_settings
from rekey.cli.options import DEFAULT_DATA, Data, Database, Json
from rekey.cli.output import out, print_json


def init(  # noqa: PLR0913  # a command's options are its parameters
    *,
    data: Data = DEFAULT_DATA,
    database: Database = None,
    organization: Annotated[str, typer.Option(help="Its name.")] = "Acme",
    domain: Annotated[str, typer.Option(help="Its short name, for sign-in.")] = "acme",
    site: Annotated[str, typer.Option(help="The name of its first site.")] = "HQ",
    time_zone: Annotated[str, typer.Option(help="The site's IANA time zone.")] = "Europe/Berlin",
    owner_email: Annotated[str, typer.Option(help="Who signs in first.")] = "owner@acme.test",
    owner_password: Annotated[str | None, typer.Option(help="Made and shown once if not given.")] = None,
    json: Json = False,
) -> None:
    """Make a store with an organization, its first site and its owner; show the keys once."""
    from rekey.app.founding import FirstOrganization, init_store  # noqa: PLC0415  # slow: other commands spare it

    settings = load_settings({"data": data, "database": database}, os.environ)
    wanted = FirstOrganization(
        name=organization,
        domain=domain,
        site=site,
        time_zone=time_zone,
        owner_email=owner_email,
        owner_password=owner_password,
    )
    made = asyncio.run(init_store(settings, wanted))
    if json:
        print_json(made)
        return
    _show(made, settings.data)


def serve(  # noqa: PLR0913  # a command's options are its parameters
    *,
    data: Data = DEFAULT_DATA,
    host: Annotated[str | None, typer.Option(help="The address to listen on. [default: 127.0.0.1]")] = None,
    port: Annotated[int | None, typer.Option(help="0 takes any free one. [default: 8080]")] = None,
    database: Database = None,
    vhost: Annotated[
        list[str] | None, typer.Option(help="NAME=HOST or NAME@DOMAIN=HOST; may be repeated.")
    ] = None,
    tls_cert: Annotated[Path | None, typer.Option(help="A PEM file: speak TLS with this chain.")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="The chain's key. [default: in the same file]")] = None,
    config: Annotated[Path | None, typer.Option(help="A TOML file. [default: DATA/rekey.toml]")] = None,
    log_level: Annotated[str | None, typer.Option(help="debug, info, warning or error.")] = None,
    json: Json = False,
) -> None:
    """Serve every API of this store until told to stop."""
    from rekey.app.serve import serve as run_server  # noqa: PLC0415  # slow: other commands spare it

    flags = {
        "data": data,
        "host": host,
        "port": port,
        "database": database,
        "vhosts": vhost or None,
        "tls_cert": tls_cert,
        "tls_key": tls_key,
        "config": config,
        "log_level": log_level,
    }
    settings = load_settings(flags, os.environ)
    set_up_logs(settings.log_level)
    run_server(settings, lambda address: _announce(address, as_json=json))


def _announce(address: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"address": address})
    else:
        out.print(f"Rekey serves at {address} (stop with Ctrl-C)")
    out.file.flush()


def _show(made: dict[str, dict[str, str]], data: Path) -> None:
    organization, owner = made["organization"], made["owner"]
    out.print(f"Made {organization['name']} ({organization['domain']}) in {data}.", markup=False)
    out.print(f"Owner: {owner['email']}, password {owner['password']}", markup=False)
    for name, key in made["keys"].items():
        out.print(f"{name} key: {key}", markup=False)
    out.print("This is shown once. Keep it, then start the server: ", end="")
    out.print(f"rekey serve --data {data}", markup=False)
