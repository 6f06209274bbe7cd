"""Making the secrets of this dialect, in the shapes that the clients tell apart."""

from rekey.operations.core import Core
from rekey.operations.found_with_keys import base58

_LONG, _SHORT = 24, 8


def make_secret(core: Core, prefix: str) -> str:
    """Make a secret such as `seam_cst1<8>_<24>`."""
    return f"seam_{prefix}{base58(core.entropy, _SHORT)}_{base58(core.entropy, _LONG)}"


CLIENT_SESSION, PERSONAL, PUBLISHABLE = "cst1", "at1", "pk1"
