"""The secrets of this dialect, told apart by their prefixes alone.

Source: the client libraries check these prefixes before they send anything.
"""

from enum import Enum


class TokenKind(Enum):
    """What a bearer token is, by its prefix."""

    API_KEY = "api key"
    USER_KEY = "personal access key"
    CLIENT_SESSION = "client session"
    PUBLISHABLE_KEY = "publishable key"
    CONSOLE_SESSION = "console session"
    UNKNOWN = "unknown"


def kind_of(token: str) -> TokenKind:
    """Tell the kind of a token; nothing is tried out."""
    for prefix, kind in _PREFIXES:
        if token.startswith(prefix):
            return kind
    return TokenKind.UNKNOWN


_PREFIXES = (
    ("seam_cst", TokenKind.CLIENT_SESSION),
    ("seam_at", TokenKind.USER_KEY),
    ("seam_pk", TokenKind.PUBLISHABLE_KEY),
    ("seam_", TokenKind.API_KEY),
    ("ey", TokenKind.CONSOLE_SESSION),
)
