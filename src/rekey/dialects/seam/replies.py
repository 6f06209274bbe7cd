"""The envelope of every answer."""

import msgspec

from rekey.webkit.message import Reply

MEDIA_TYPE = "application/json; charset=utf-8"
REVOCATION_HEADER = "Rekey-Revocation"


def reply_ok(**content: object) -> Reply:
    """Answer `{"<key>": ..., "ok": true}`."""
    return Reply(200, msgspec.json.encode({**content, "ok": True}), media_type=MEDIA_TYPE)


def reply_revoked(revocation_id: str) -> Reply:
    """Answer `{"ok": true}` with the revocation whose receipt can be asked for."""
    return reply_ok().with_headers((REVOCATION_HEADER, revocation_id))
