"""Who is told of events as they happen, and what became of each telling."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from rekey.domain.ids import Number, OperatorId, Position

# After how long each further attempt is made. Source: the schedule of the Svix form.
RETRIES: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=10),
)
# A receiver that failed one delivery so often is warned about.
WARN_AFTER: Final = 4
MOST_SUBSCRIPTIONS: Final = 50
MOST_EVENT_TYPES: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A receiver's wish to be told of events.

    `form` names the wire API in whose words it is told; `events` are types in those words, none of them
    meaning every type. `stopped_at` is when it was stopped because its receiver failed for too long.
    """

    id: str
    number: Number
    form: str
    name: str
    url: str
    events: tuple[str, ...] = ()
    site_id: str | None = None
    enabled: bool = True
    has_secret: bool = False
    owner_id: OperatorId
    warned_at: datetime | None = None
    stopped_at: datetime | None = None
    created_at: datetime
    updated_at: datetime

    @property
    def tells(self) -> bool:
        """Say whether its receiver is to be told of anything now."""
        return self.enabled and self.stopped_at is None

    def wants(self, event_type: str) -> bool:
        return not self.events or event_type in self.events


class DeliveryState(StrEnum):
    """Where a delivery stands; all but PENDING are final, and a replay makes a new attempt of GIVEN_UP."""

    PENDING = "pending"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event on its way to one receiver, with the bytes that are sent each time.

    `answer` tells of the newest attempt: a kind of status such as "5xx", or why there was none.
    """

    id: str
    number: Number
    subscription_id: str
    position: Position
    event_id: str
    event_type: str
    body: bytes
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    due_at: datetime
    answer: str = ""
    created_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """How far a subscription has been read, and which process reads on until when."""

    position: Position
    reader: str = ""
    held_until: datetime | None = None

    def is_free(self, reader: str, now: datetime) -> bool:
        """Say whether this reader may go on reading."""
        return self.reader == reader or self.held_until is None or self.held_until <= now


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """Say when to try again after so many attempts that failed; None to give up."""
    return now + RETRIES[attempts - 1] if attempts <= len(RETRIES) else None
