"""How far a door has come with a PIN, and how late it is; a reading of what is known, which changes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from rekey.domain.access import DoorRecord
from rekey.domain.credential import Credential, CredentialState
from rekey.domain.door_code import CodeStage, DoorCode, Lateness
from rekey.operations.credential_at_door import CredentialAtDoor, PlaceStatus, credential_at_door
from rekey.ports.door_driver import DoorDriver
from rekey.ports.store import View

LATE_AFTER = timedelta(minutes=1)
FAILED_AFTER = timedelta(minutes=20)
PLACED = frozenset({CodeStage.SET, CodeStage.SCHEDULED})
_MOVING = frozenset({CodeStage.SETTING, CodeStage.REMOVING})


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeProgress:
    """`gone` says that the code has ended and its door no longer lets it in, so nothing is left of it."""

    stage: CodeStage
    at: CredentialAtDoor
    lateness: Lateness
    gone: bool


async def code_progress(
    view: View,
    code: DoorCode,
    credential: Credential,
    *,
    door: DoorRecord,
    driver: DoorDriver | None,
    now: datetime,
    reads_right: bool | None = None,
) -> CodeProgress:
    """Say how far the door has come with the code, at the instant.

    `reads_right` says whether the door was just read to have it as programmed, None if it was not read.
    """
    at = await credential_at_door(view, credential, door, driver=driver, now=now)
    stage = _stage(at, credential, now)
    if stage in PLACED and _is_off(code, reads_right):
        stage = CodeStage.SETTING
    gone = credential.ended_at is not None and at.status in {PlaceStatus.UNSET, PlaceStatus.GONE}
    since = code.stage_since if stage is code.stage else now
    return CodeProgress(stage=stage, at=at, lateness=_lateness(stage, since, at, now), gone=gone)


def _is_off(code: DoorCode, reads_right: bool | None) -> bool:
    """Say whether the door, which has proved the code once, has another one by somebody's hand by now."""
    if code.changed_at_door is None or code.lets_change:
        return False
    return code.stage not in PLACED if reads_right is None else not reads_right


def _stage(at: CredentialAtDoor, credential: Credential, now: datetime) -> CodeStage:
    start = credential.validity.start
    begun = start is None or start <= now
    match at.status:
        case PlaceStatus.SET:
            return CodeStage.SET if begun else CodeStage.SCHEDULED
        case PlaceStatus.SETTING:
            return CodeStage.SETTING
        case PlaceStatus.REMOVING:
            return CodeStage.REMOVING
        case PlaceStatus.UNSET | PlaceStatus.GONE:
            return CodeStage.UNSET


def _lateness(stage: CodeStage, since: datetime, at: CredentialAtDoor, now: datetime) -> Lateness:
    if stage not in _MOVING:
        return Lateness.IN_TIME
    if now - since >= FAILED_AFTER or at.problem.startswith("refused"):
        return Lateness.FAILED
    return Lateness.LATE if now - since >= LATE_AFTER else Lateness.IN_TIME


def is_over(code: DoorCode, credential: Credential, now: datetime) -> bool:
    """Say whether a code that stands has come to the end of its window."""
    end = credential.validity.end
    return credential.ended_at is None and end is not None and end <= now


def is_due(code: DoorCode, credential: Credential, now: datetime) -> bool:
    """Say whether a code that rested until it is programmed is to be programmed now."""
    # One that was taken away at the door, and may be, rests until somebody changes it here.
    rests = credential.state is CredentialState.INACTIVE and code.changed_at_door is None
    return rests and code.due_at is not None and code.due_at <= now


def edges(code: DoorCode, credential: Credential, now: datetime) -> Iterable[datetime]:
    """Give the later instants at which something of the code changes by itself."""
    moments = [code.due_at, credential.validity.start, credential.validity.end]
    if code.stage in _MOVING:
        moments += [code.stage_since + LATE_AFTER, code.stage_since + FAILED_AFTER]
    return (moment for moment in moments if moment is not None and moment > now)
