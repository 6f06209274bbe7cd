"""A PIN at one door: how it is kept there, and how far the door has come with it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rekey.domain.ids import Number
from rekey.domain.validity import Validity


class CodeStage(StrEnum):
    """What was last noted. Scheduled: the door has it and lets it open later, at its start."""

    UNSET = "unset"
    SETTING = "setting"
    SCHEDULED = "scheduled"
    SET = "set"
    REMOVING = "removing"


class Lateness(StrEnum):
    """How long the door takes: in time, late, or so late that somebody should look."""

    IN_TIME = "in_time"
    LATE = "late"
    FAILED = "failed"


class Reserve(StrEnum):
    """Whether a code waits at its door to stand in for another one, or does so by now."""

    NO = "no"
    WAITING = "waiting"
    PULLED = "pulled"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeWish:
    """What was changed of a code since its door last proved it, with what the door still has.

    None leaves a member unchanged. `position` is that of the first of these changes; the PIN from before it is
    a former one of the code.
    """

    since: datetime
    position: int
    old_name: str | None = None
    old_window: Validity | None = None
    new_digits: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorCode:
    """A PIN at one door; its id is that of its credential, or its own for a foreign code.

    `native` lets the door itself hold a code before its window and after; else it is programmed at
    `due_at` and taken away at the end. `stands_in_for` is the code that a pulled one replaces.
    A foreign code keeps what it reads as in `sealed_part`; `erasing` says that it shall go.
    All acts up to the position `settled` have been followed by the door, or wait for their time.
    `given_up` says that the wire API that made it manages it no more, though it is kept as any other. At
    `changed_at_door` somebody took it away at the door, or changed its PIN: `altered_part` is then the PIN found
    there, or the one from before if the change stands.
    """

    id: str
    number: Number
    door_id: str
    name: str = ""
    foreign: bool = False
    holder_id: str | None = None
    medium_id: str | None = None
    common_key: str | None = None
    native: bool = True
    lets_change: bool = False
    due_at: datetime | None = None
    reserve: Reserve = Reserve.NO
    stands_in_for: str | None = None
    fingerprint: str = ""
    sealed_part: bytes = b""
    erasing: bool = False
    given_up: bool = False
    stage: CodeStage = CodeStage.UNSET
    stage_since: datetime
    lateness: Lateness = Lateness.IN_TIME
    problem: str = ""
    changed_at_door: datetime | None = None
    altered_part: bytes = b""
    wish: CodeWish | None = None
    settled: int = 0
    created_at: datetime
    updated_at: datetime
    ended_at: datetime | None = None
