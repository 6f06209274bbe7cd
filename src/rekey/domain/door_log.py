"""The append-only log of what one door should hold, hash-chained so that a door can prove where it is."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from rekey.domain.canonical import canonical_json
from rekey.domain.ids import DoorId, PersonId, Position

EMPTY_HEAD = bytes(32)


class EntryKind(StrEnum):
    """PUT sets what a person may do at the door, DEL takes it away."""

    PUT = "put"
    DEL = "del"


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorEntry:
    """One line of a door log: the holder's terms at the door (canonical JSON), or their end.

    `person_id` is the id of the holder: of a person, or of a link.
    `position` is the newest act that the line follows from, `confirmed_at` the time of the read-back that
    first showed it. `exposed_until` is the end of the latest lease given before this line: a door that never
    receives the line can't act on an older list for longer, because later leases come with the line.
    """

    door_id: DoorId
    seq: int
    kind: EntryKind
    person_id: PersonId
    terms: str = ""
    position: Position
    head: bytes
    at: datetime
    confirmed_at: datetime | None = None
    exposed_until: datetime | None = None


def chain(previous_head: bytes, *, seq: int, kind: EntryKind, person_id: str, terms: str) -> bytes:
    """Give the head after one more entry: SHA-256 of the previous head and the entry's canonical form."""
    entry = {"seq": seq, "kind": kind.value, "person": person_id, "terms": terms}
    return sha256(previous_head + canonical_json(entry)).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorSync:
    """Where one door stands: the log's head as intended, and the last state that the door has proved.

    `served_position` is the newest act that the log includes. `confirmed_seq` is the newest entry that a
    read-back has shown. `lease_end` is the latest instant until which the door may act on an older list;
    None means that it was never given one. `refuted` names the people, links and credentials that
    the door still holds although it said that they were deleted.
    """

    door_id: DoorId
    seq: int = 0
    head: bytes = EMPTY_HEAD
    served_position: Position = Position(0)
    confirmed_seq: int = 0
    confirmed_position: Position = Position(0)
    confirmed_at: datetime | None = None
    lease_end: datetime | None = None
    refuted: frozenset[str] = frozenset()
    problem: str = ""
