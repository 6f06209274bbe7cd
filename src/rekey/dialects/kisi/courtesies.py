"""Headers beside the matter: what partners say of themselves, and which endpoints grow old.

Source: contract section 1, partner headers and deprecation. The contract names no date since when `/members`
and `/shares` are deprecated; ours is that of this server's first release, and they have no end in sight.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

import structlog

from rekey.webkit.message import Request

PARTNER_HEADERS = ("X-Kisi-Integration-Identifier", "X-Kisi-Integration-Contact")
_LONGEST = 200
_SINCE = datetime(2026, 1, 1, tzinfo=UTC)
# The first segment of a path, and since when it is deprecated (RFC 9745 writes that as @seconds).
DEPRECATED: Mapping[str, datetime] = {"members": _SINCE, "shares": _SINCE}
_log = structlog.get_logger("rekey.kisi")


def aging(path: str) -> tuple[tuple[str, str], ...]:
    """Give the headers that tell of an endpoint's age."""
    since = DEPRECATED.get(path.strip("/").partition("/")[0])
    return () if since is None else (("Deprecation", f"@{int(since.timestamp())}"),)


def note_partner(request: Request) -> None:
    """Log who says to call; it is never required and never believed."""
    said = [request.header(name) for name in PARTNER_HEADERS]
    if any(said):
        identifier, contact = [None if text is None else text[:_LONGEST] for text in said]
        _log.info("partner_call", identifier=identifier, contact=contact, request_id=request.id)
