"""What a driver does for the doors that it moves.

A driver never decides, never retries and never hides a "no"; policy sits in operations and workers.
Errors of every method: DoorOffline (not reachable, nothing happened), DoorTimedOut (no answer, unknown
whether it happened), DoorRefused (the hardware said no).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from rekey.domain.access import DoorRecord
from rekey.domain.door_log import DoorEntry
from rekey.domain.door_order import DoorOrder


class Ability(StrEnum):
    """What a driver's hardware can do; what is not listed is refused before anything is sent."""

    OPEN = "open"
    SET_MODE = "set_mode"
    KEEPS_LIST = "keeps_list"
    READS_BACK = "reads_back"
    HONOURS_LEASE = "honours_lease"
    KEYPAD = "keypad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """The door's own word that an order was carried out; `witness` says what it rests on."""

    at: datetime
    witness: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorState:
    """What the door is observed to be; None means that it cannot be known."""

    online: bool
    locked: bool | None = None
    open: bool | None = None
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Entries in order up to the head of the door log, and the lease that goes with them."""

    entries: Sequence[DoorEntry]
    seq: int
    head: bytes
    lease_end: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBack:
    """What the door really holds: the people on its list with their terms, and the position it reports."""

    people: dict[str, str]
    seq: int
    at: datetime


class DoorDriver(Protocol):
    """One instance serves every door that names it."""

    @property
    def abilities(self) -> frozenset[Ability]: ...

    async def carry_out(self, door: DoorRecord, order: DoorOrder) -> Confirmation:
        """Carry out one order, once. The order's row is durable before this is called."""
        ...

    async def deliver(self, door: DoorRecord, batch: Batch) -> None:
        """Bring the door's list forward; deletes are applied before puts. Needs KEEPS_LIST."""
        ...

    async def read_back(self, door: DoorRecord) -> ReadBack:
        """Read the list from the door itself, never from what was sent. Needs READS_BACK."""
        ...

    async def observe(self, door: DoorRecord) -> DoorState:
        """Say what the door is now; an unreachable door is a state, not an error."""
        ...


@runtime_checkable
class Simulation(Protocol):
    """What a driver of simulated doors offers beside: hands on the hardware, for demos and tests."""

    def present(self, door_id: str, person_id: str) -> bool:
        """Present a person at the door itself; True if the relay fired."""
        ...

    def configure(self, door_id: str, settings: Iterable[tuple[str, str]]) -> None:
        """Set switches such as ("offline", "true"). Raises: Invalid for one that is unknown."""
        ...
