"""Time and randomness of this machine."""

import secrets
import uuid
from datetime import UTC, datetime


class SystemClock:
    """Implements `ports.clock.Clock`."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SystemEntropy:
    """Implements `ports.entropy.Entropy` on the system's generator."""

    def new_id(self) -> str:
        return str(uuid.uuid4())

    def token_bytes(self, length: int) -> bytes:
        return secrets.token_bytes(length)
