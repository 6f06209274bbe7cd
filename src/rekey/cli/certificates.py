"""certificates: the authority that certifies people's signing keys."""

import os
from datetime import UTC, datetime
from pathlib import Path

import typer

from rekey.app.settings import load_settings
from rekey.cli.errors import Refused
from rekey.cli.options import DEFAULT_DATA, Data, Json
from rekey.cli.output import print_fields
from rekey.webkit.settings import DialectSettings

certificates = typer.Typer(help="The authority that certifies signing keys.", no_args_is_help=True)


@certificates.command("show")
def show_authority(*, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Show the root that is pinned, and the key that issues."""
    print_fields(_with_authority(data, rotates=False), as_json=json)


@certificates.command("rotate")
def rotate_issuing_key(*, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Make the next issuing key; running servers take it up, and what was issued before holds until it expires."""
    print_fields(_with_authority(data, rotates=True), as_json=json)


def _with_authority(data: Path, *, rotates: bool) -> dict[str, object]:
    # That wire API may be left out of an installation.
    from rekey.dialects.doordeck.cert_authority import AuthorityUnusable, CertAuthority  # noqa: PLC0415
    from rekey.dialects.doordeck.keyring import authority_directory  # noqa: PLC0415

    settings = load_settings({"data": data}, os.environ)
    directory = authority_directory(DialectSettings(data=settings.data))
    if not directory.exists():
        raise Refused("there is no authority yet: it is made when the first key is certified")
    try:
        if rotates:
            CertAuthority.rotate(directory, now=datetime.now(UTC))
        authority = CertAuthority.load(directory)
    except AuthorityUnusable as unusable:
        raise Refused(str(unusable)) from unusable
    return {
        "directory": str(directory),
        "generation": authority.generation,
        "root_until": authority.root.not_valid_after_utc.isoformat(),
        "issuing_serial": f"{authority.issuing.serial_number:x}",
        "issuing_until": authority.issuing.not_valid_after_utc.isoformat(),
    }
