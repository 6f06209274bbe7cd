"""Whether a door was in contact when it was last looked at, and since when it has been so."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rekey.domain.ids import DoorId


class Trouble(StrEnum):
    """What keeps a door from being moved, as far as its driver can tell."""

    UNREACHABLE = "unreachable"
    DISCONNECTED = "disconnected"
    HUB_DISCONNECTED = "hub_disconnected"
    REMOVED = "removed"
    UNPAID = "unpaid"

    @property
    def cuts_off(self) -> bool:
        """Say whether no word reaches the door; an unpaid one hears and does nothing."""
        return self is not Trouble.UNPAID


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorContact:
    """`trouble` has stood since `since`, None means none. `relocked_at` is when it last told that it locked itself."""

    door_id: DoorId
    trouble: Trouble | None = None
    since: datetime
    relocked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relocking:
    """A door's own word that it locked again by itself, after it was opened by the order, if any, that is named."""

    door_id: DoorId
    at: datetime
    order_id: str | None = None
