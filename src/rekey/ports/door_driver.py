"""What a driver does for the doors that it moves.

A driver never decides, never retries and never hides a "no"; policy sits in operations and workers.
Errors of every method: DoorOffline (not reachable, nothing happened), DoorTimedOut (no answer, unknown
whether it happened), DoorRefused (the hardware said no).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable

from rekey.domain.access import DoorRecord
from rekey.domain.code_rules import NO_RULES, CodeRules
from rekey.domain.credential import CredentialKind
from rekey.domain.door_contact import Relocking, Trouble
from rekey.domain.door_log import DoorEntry
from rekey.domain.door_order import DoorOrder
from rekey.domain.ids import OrganizationId
from rekey.domain.validity import Validity


class Ability(StrEnum):
    """What a driver's hardware can do; what is not listed is refused before anything is sent."""

    OPEN = "open"
    SET_MODE = "set_mode"
    KEEPS_LIST = "keeps_list"
    READS_BACK = "reads_back"
    HONOURS_LEASE = "honours_lease"
    KEYPAD = "keypad"
    COMPUTES_CODES = "computes_codes"
    READER = "reader"


READS: Mapping[Ability, frozenset[CredentialKind]] = {
    Ability.KEYPAD: frozenset({CredentialKind.PIN}),
    Ability.READER: frozenset({CredentialKind.CARD, CredentialKind.MOBILE_KEY, CredentialKind.LINK}),
}


def kinds_read(abilities: frozenset[Ability]) -> frozenset[CredentialKind]:
    """Give the kinds of credentials that hardware of these abilities can read."""
    return frozenset().union(*(READS.get(ability, frozenset()) for ability in abilities))


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
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Entries in order up to a head of the door log, and the lease that goes with them.

    Without a lease the door keeps the one that it has: a long list comes in several batches, and only the
    last of them ends at a head that a lease may rest on.
    `readings` gives by its fingerprint what each credential in the entries reads as: the digits of a PIN,
    the number of a card. It holds secrets, which were unsealed for this delivery alone.
    """

    entries: Sequence[DoorEntry]
    seq: int
    head: bytes
    lease_end: datetime | None
    readings: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBack:
    """What the door really holds: the people on its list with their terms, and the position it reports.

    `credentials` are the ids of those that its keypad and its reader know. `foreign` are PINs that were
    programmed at the door itself, in digits: they open it, and nobody here gave them. `altered` are credentials
    that were programmed from here and changed at the door, with the digits that open it instead.
    """

    people: dict[str, str]
    seq: int
    at: datetime
    credentials: frozenset[str] = frozenset()
    foreign: tuple[str, ...] = field(default=(), repr=False)
    altered: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeypadLimits:
    """What a keypad can hold: codes of these lengths, and at most so many (None: as many as the list)."""

    lengths: tuple[int, ...]
    most: int | None = None
    rules: CodeRules = NO_RULES


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What somebody presents at a door: the text that the reader or keypad sees, and a PIN typed beside it."""

    kind: CredentialKind
    text: str = field(repr=False)
    second: str = field(default="", repr=False)


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
class Keypad(Protocol):
    """What a driver with KEYPAD offers beside: what its keypads can hold, and the codes of nobody here."""

    def limits(self, door_id: str) -> KeypadLimits:
        """Say what the keypad can hold; needs no contact with the door."""
        ...

    async def erase(self, door: DoorRecord, code: str) -> None:
        """Take away a code that was programmed at the door itself; one that is not there is no error."""
        ...


@runtime_checkable
class ComputesCodes(Protocol):
    """What a driver with COMPUTES_CODES offers beside: PINs that its locks work out alone and are never told of.

    A lock takes such a PIN in its window whatever happens here: nothing can be changed or taken back.
    """

    def pair(self, derive: Callable[[str], str]) -> None:
        """Take what turns a text into a secret of this server, from which those of the doors follow; called first."""
        ...

    def computes_codes(self, door_id: str) -> bool:
        """Say whether the lock of this door does so; needs no contact with the door."""
        ...

    def code_window(self, door_id: str, asked: Validity, *, once: bool, rounding: timedelta) -> Validity:
        """Give the shortest window that covers what is asked for and that the lock can express.

        Each bound moves by less than `rounding`. Raises: Invalid (start, end).
        """
        ...

    def compute_code(self, door_id: str, window: Validity, *, once: bool, turn: int) -> str | None:
        """Work out the PIN for a window of `code_window`; each turn gives another one, None after the last.

        With `once` the lock lets it open a single time.
        """
        ...


@runtime_checkable
class TellsRelocking(Protocol):
    """What a driver offers beside whose doors tell when they lock again by themselves after an opening."""

    def relockings(self) -> Sequence[tuple[OrganizationId, Relocking]]:
        """Give what doors have told and nobody has heard, oldest first; cheap, as it is asked every second."""
        ...

    def heard(self, relocking: Relocking) -> None:
        """Forget one, since it has been noted."""
        ...


@runtime_checkable
class Simulation(Protocol):
    """What a driver of simulated doors offers beside: hands on the hardware, for demos and tests."""

    def present(self, door_id: str, person_id: str) -> bool:
        """Present a person at the door itself; True if the relay fired."""
        ...

    def read(self, door_id: str, reading: Reading) -> bool:
        """Present a card or type a code at the door itself; True if the relay fired."""
        ...

    def configure(self, door_id: str, settings: Iterable[tuple[str, str]]) -> None:
        """Set switches such as ("offline", "true"). Raises: Invalid for one that is unknown."""
        ...

    def settings(self, door_id: str) -> Mapping[str, str]:
        """Give how the settings are to be kept that the hardware changes by itself, such as those pressed once."""
        ...
