"""What clients of years ago still ask for and this server never had."""

from rekey.dialects.doordeck.errors import error_reply
from rekey.webkit.message import Reply, Request


async def register_lock(_request: Request) -> Reply:
    """Say that locks are not registered by key any more."""
    return error_reply(
        410, "Devices are no longer registered by key: add the door at the server or through its gateway"
    )
