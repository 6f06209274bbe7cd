"""The end of a person's access at a scope, and the receipt that proves it door by door."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rekey.domain.grant import HolderKind
from rekey.domain.ids import DoorId, OperatorId, PersonId, Position, RevocationId
from rekey.domain.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocation:
    """Ends a person's access at a scope for good: only a newer act that names the person opens again.

    `leaving` says that the person left altogether: credentials, keys and sessions ended with it. When a
    link ends, `person_id` is the link's id and `holder_kind` says so.
    """

    id: RevocationId
    person_id: PersonId
    holder_kind: HolderKind = HolderKind.PERSON
    scope: Scope
    leaving: bool = False
    position: Position
    by_automation: bool = False
    revoked_by: OperatorId | None = None
    via: str = ""
    reason: str = ""
    at: datetime


class DoorStatus(StrEnum):
    """How far a revocation has come at one door; only `CONFIRMED` is proof."""

    CONFIRMED = "confirmed"
    PENDING = "pending"
    EXPOSED = "exposed"
    UNBOUNDED = "unbounded"
    UNVERIFIABLE = "unverifiable"
    REFUTED = "refuted"


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorReceipt:
    """One door's line of a receipt.

    `effective_at` is the proven instant (CONFIRMED), `effective_by` the computed latest instant at which
    the door may still open (EXPOSED, PENDING with a lease). `witness` says who saw it: the server's own
    decision, or a read-back of the door.
    """

    door_id: DoorId
    door_name: str
    status: DoorStatus
    effective_at: datetime | None = None
    effective_by: datetime | None = None
    witness: str | None = None
    log_entry: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A revocation and what every affected door has proved of it; complete only when all confirmed."""

    revocation: Revocation
    doors: tuple[DoorReceipt, ...]

    @property
    def complete(self) -> bool:
        return all(door.status is DoorStatus.CONFIRMED for door in self.doors)

    @property
    def refuted(self) -> bool:
        return any(door.status is DoorStatus.REFUTED for door in self.doors)
