"""The key that journals and receipts are checked with."""

from pathlib import Path
from typing import Annotated

import typer

from rekey.app.adapters.secret_files import JOURNAL_PUBLIC_FILE
from rekey.cli.errors import Unclear
from rekey.webkit.keys import KEY_BYTES

PublicKey = Annotated[
    str | None,
    typer.Option(help="The journal's public key in hex, or a file with it. [default: that of DATA]"),
]


def read_public_key(given: str | None, data: Path) -> bytes:
    """Read the key. Raises: Unclear when it is missing or no key."""
    file = data / "keys" / JOURNAL_PUBLIC_FILE if given is None else Path(given)
    try:
        text = file.read_text() if given is None or file.is_file() else given
        key = bytes.fromhex(text.strip())
    except OSError as missing:
        raise Unclear(f"{file} cannot be read: name the key with --public-key") from missing
    except ValueError as malformed:
        raise Unclear("the public key must be 64 hex digits") from malformed
    if len(key) != KEY_BYTES:
        raise Unclear("the public key must be 64 hex digits")
    return key
