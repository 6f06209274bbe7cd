"""Headers beside the matter: what partners say of themselves, and which endpoints grow old.

Source: contract section 1, partner headers and deprecation. The contract names no date since when `/members`
and `/shares` are deprecated; ours is that of this server's first release, and they have no end in sight.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime

import structlog

from rekey.webkit.message import Request

PARTNER_HEADERS = ("X-Kisi-Integration-Identifier", "X-Kisi-Integration-Contact")
_LONGEST = 200
_SINCE = datetime(2026, 1, 1, tzinfo=UTC)
# The first segment of a path, and since when it is deprecated (RFC 9745 writes that as @seconds).
DEPRECATED: Mapping[str, datetime] = {"members": _SINCE, "shares": _SINCE}
_log = structlog.get_logger("rekey.kisi")


# What is asked of a card and is an assignment's now; the vendor's own end of these calls. We go on serving them.
_CARD_CALL = re.compile(r"/cards/[^/]+/(assign|deassign|activate|deactivate|activate_with_token)/?")
_ONE_CARD = re.compile(r"/cards/[^/]+/?")
_CARDS_SUNSET = datetime(2025, 11, 30, tzinfo=UTC)


def aging(method: str, path: str) -> tuple[tuple[str, str], ...]:
    """Give the headers that tell of an endpoint's age."""
    changes_card = method in {"PATCH", "PUT"} and _ONE_CARD.fullmatch(path) is not None
    if changes_card or _CARD_CALL.fullmatch(path) is not None:
        return _deprecated(_CARDS_SUNSET), ("Sunset", format_datetime(_CARDS_SUNSET, usegmt=True))
    since = DEPRECATED.get(path.strip("/").partition("/")[0])
    return () if since is None else (_deprecated(since),)


def _deprecated(since: datetime) -> tuple[str, str]:
    return "Deprecation", f"@{int(since.timestamp())}"


def note_partner(request: Request) -> None:
    """Log who says to call; it is never required and never believed."""
    said = [request.header(name) for name in PARTNER_HEADERS]
    if any(said):
        identifier, contact = [None if text is None else text[:_LONGEST] for text in said]
        _log.info("partner_call", identifier=identifier, contact=contact, request_id=request.id)
