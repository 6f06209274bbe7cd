"""Notices that were committed together with the act that asked for them, and wait to be sent."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedNotice:
    """A notice that waits; its address and text are sealed, for they may hold a code.

    After `expires_at` nobody needs it any more, and it is given up.
    """

    id: str
    sealed_notice: bytes
    subject: str
    tries: int = 0
    created_at: datetime
    due_at: datetime
    expires_at: datetime
