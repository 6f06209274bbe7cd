"""The life of one instruction to a door."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rekey.domain.circumstances import UNPROVED, Circumstances
from rekey.domain.ids import CredentialId, DoorId, LinkId, Number, OperatorId, OrderId, PersonId, Position


class OrderKind(StrEnum):
    """Open is momentary; unlock and secure change what the door stays."""

    OPEN = "open"
    UNLOCK = "unlock"
    SECURE = "secure"


class OrderState(StrEnum):
    """Queued waits for the door, sent is durable before the door is told; the other four are final."""

    QUEUED = "queued"
    SENT = "sent"
    CONFIRMED = "confirmed"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


FINAL_STATES = frozenset({OrderState.CONFIRMED, OrderState.FAILED, OrderState.EXPIRED, OrderState.CANCELLED})


class OrderFailure(StrEnum):
    """Why an order did not run; `LOST` means that the server stopped before it knew."""

    DOOR_OFFLINE = "door_offline"
    DOOR_TIMED_OUT = "door_timed_out"
    DOOR_REFUSED = "door_refused"
    TOO_LATE = "too_late"
    PERSON_REVOKED = "person_revoked"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorOrder:
    """One instruction, bound to an expiry: never late, never twice.

    `waits` says that the order may wait for an offline door until `expires_at`. `credential_id` is what it was
    asked for with; once that no longer counts, an order that waits is not run. `circumstances` are those in
    which it was asked for.
    """

    id: OrderId
    number: Number
    door_id: DoorId
    kind: OrderKind
    seconds: int | None = None
    person_id: PersonId | None = None
    link_id: LinkId | None = None
    operator_id: OperatorId | None = None
    credential_id: CredentialId | None = None
    via: str = ""
    waits: bool = False
    state: OrderState
    failure: OrderFailure | None = None
    position: Position
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    circumstances: Circumstances = UNPROVED

    @property
    def is_over(self) -> bool:
        return self.state in FINAL_STATES
