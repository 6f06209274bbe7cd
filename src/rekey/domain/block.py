"""A "no" that beats every grant while it stands."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rekey.domain.ids import BlockId, OperatorId, Position, RevocationId


class BlockCause(StrEnum):
    """The source of a block; lifting one source never lifts another's."""

    OPERATOR = "operator"
    ACCESS_SWITCH = "access_switch"
    DIRECTORY = "directory"
    SUSPENSION = "suspension"
    LOCKDOWN = "lockdown"
    LEAVER = "leaver"


class SubjectKind(StrEnum):
    """What a block can stand on."""

    ORGANIZATION = "organization"
    SITE = "site"
    DOOR = "door"
    PERSON = "person"
    ENROLMENT = "enrolment"
    TEAM = "team"
    CREDENTIAL = "credential"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Subject:
    """The thing that a block stands on."""

    kind: SubjectKind
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A standing "no": on what, why, and until when (no end means until it is lifted)."""

    id: BlockId
    subject: Subject
    cause: BlockCause
    until: datetime | None = None
    placed_at: Position
    placed_by: OperatorId | None = None
    by_automation: bool = False
    reason: str = ""
    revocation_id: RevocationId | None = None
    created_at: datetime

    def stands(self, instant: datetime) -> bool:
        return self.until is None or instant < self.until
