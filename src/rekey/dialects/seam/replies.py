"""The envelope of every answer."""

import msgspec

from rekey.webkit.message import Reply
from rekey.webkit.receipt_links import removal_headers

MEDIA_TYPE = "application/json; charset=utf-8"


def reply_ok(**content: object) -> Reply:
    """Answer `{"<key>": ..., "ok": true}`."""
    return Reply(200, msgspec.json.encode({**content, "ok": True}), media_type=MEDIA_TYPE)


def reply_revoked(revocation_id: str) -> Reply:
    """Answer `{"ok": true}` with the revocation whose receipt can be asked for, and where leftovers are."""
    return reply_ok().with_headers(*removal_headers(revocation_id))
