"""Plain rows, as one would read them from tables: the language that both evaluators of the rule share.

Ids are short text, kinds and states are the words that a table would hold, times are in UTC, minutes
count from midnight. Nothing of `rekey` is imported here.
"""

from datetime import date, datetime
from typing import NamedTuple


class DoorRow(NamedTuple):
    site: str
    organization: str


class MembershipRow(NamedTuple):
    team: str
    person: str
    position: int
    automation: bool


class WindowRow(NamedTuple):
    days: tuple[int, ...]
    start: int
    end: int


class ScheduleRow(NamedTuple):
    windows: tuple[WindowRow, ...]
    exceptions: tuple[date, ...]


class GrantRow(NamedTuple):
    id: str
    holder: tuple[str, str]
    scope: tuple[str, str]
    role: str
    start: datetime | None
    end: datetime | None
    schedule: ScheduleRow | None
    position: int
    automation: bool


class RevocationRow(NamedTuple):
    id: str
    person: str
    scope: tuple[str, str]
    position: int
    automation: bool


class BlockRow(NamedTuple):
    id: str
    subject: tuple[str, str]
    cause: str
    until: datetime | None
    position: int


class EnrolmentRow(NamedTuple):
    id: str
    person: str
    site: str
    start: datetime | None
    end: datetime | None


class CredentialRow(NamedTuple):
    person: str
    state: str
    start: datetime | None
    end: datetime | None


class World(NamedTuple):
    """Two organizations' tables.

    `spelled_in` is the zone in which times are handed to the rule; `around` is what the times lie near.
    """

    spelled_in: str
    around: datetime
    sites: dict[str, str]
    doors: dict[str, DoorRow]
    group_doors: tuple[tuple[str, str], ...]
    people: dict[str, str]
    credentials: dict[str, CredentialRow]
    memberships: tuple[MembershipRow, ...]
    grants: tuple[GrantRow, ...]
    revocations: tuple[RevocationRow, ...]
    blocks: tuple[BlockRow, ...]
    enrolments: tuple[EnrolmentRow, ...]


class Question(NamedTuple):
    """May this person open this door then? An empty `credential` says that none was presented."""

    person: str
    door: str
    instant: datetime
    credential: str
