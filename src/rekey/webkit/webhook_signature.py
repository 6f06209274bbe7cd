"""The Svix form of a signed event, which Standard Webhooks grew out of: id, time and body under one HMAC."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime

from standardwebhooks import Webhook

PREFIX = "whsec_"


def written_secret(secret: bytes) -> str:
    """Give the text in which a receiver is shown its secret."""
    return PREFIX + b64encode(secret).decode()


def svix_headers(
    secrets: Sequence[bytes], body: bytes, *, message_id: str, at: datetime, prefix: str = "svix"
) -> Mapping[str, str]:
    """Sign with every secret, the newest first; the id is the same for each attempt, the time is not.

    Raises: UnicodeDecodeError for a body that is no UTF-8.
    """
    text = body.decode()
    signatures = (Webhook(secret).sign(message_id, at, text) for secret in secrets)
    return {
        f"{prefix}-id": message_id,
        f"{prefix}-timestamp": str(int(at.timestamp())),
        f"{prefix}-signature": " ".join(signatures),
    }
