"""The `operation` member of a signed request, and its translation to what the core does.

Source: Doordeck contract, sections 5.3, 5.5 and 5.6.
"""

from datetime import UTC, date, datetime, time
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from rekey.dialects.doordeck.errors import BadRequest
from rekey.dialects.doordeck.ids import is_uuid
from rekey.domain.calendar import Weekly
from rekey.domain.grant import Holder
from rekey.domain.role import Role
from rekey.domain.schedule import Weekday, WeeklyWindow
from rekey.domain.scope import Scope
from rekey.domain.validity import Validity
from rekey.operations.edit_door import EditDoor
from rekey.operations.grant_access import GrantAccess, NewGrant, OnRepeat

MOST_USERS = 25
ORIGIN = "doordeck"

WallTime = Annotated[str, Meta(pattern=r"\A[0-9]{2}:[0-9]{2}\Z")]
Date = Annotated[str, Meta(pattern=r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")]
WireRole = Literal["ADMIN", "USER"]
Day = Literal["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]


class MutateLock(Struct, tag="MUTATE_LOCK", tag_field="type"):
    """`locked` false opens the door. Old clients send a `duration` in seconds."""

    locked: bool
    duration: Annotated[int, Meta(ge=0)] | None = None


class Share(Struct, rename="camel"):
    """One user of a share."""

    user: str
    public_key: str
    role: WireRole | None = None
    start: int | float | None = None
    end: int | float | None = None


class AddUser(Struct, tag="ADD_USER", tag_field="type", rename="camel"):
    user: str
    public_key: str
    role: WireRole | None = None
    start: int | float | None = None
    end: int | float | None = None


class BatchAddUser(Struct, tag="BATCH_ADD_USER", tag_field="type"):
    users: list[Share]


class RemoveUser(Struct, tag="REMOVE_USER", tag_field="type"):
    users: list[str]


class OpenHours(Struct):
    """Hours on days by the clock of a zone; on `exceptions` the door stays locked."""

    start: WallTime
    end: WallTime
    timezone: str
    days: list[Day]
    exceptions: list[Date] | None = None


class MutateSetting(Struct, tag="MUTATE_SETTING", tag_field="type", rename="camel"):
    """A null duration is as good as none; null open hours remove them where no duration is given."""

    unlock_duration: int | None = None
    unlock_between: OpenHours | UnsetType | None = UNSET


SignedOperation = MutateLock | AddUser | BatchAddUser | RemoveUser | MutateSetting


def read_operation(tree: object) -> SignedOperation:
    """Read the member as one of the known types. Raises: BadRequest."""
    try:
        operation: SignedOperation = msgspec.convert(tree, SignedOperation)
    except msgspec.ValidationError as malformed:
        raise BadRequest("operation is of no known type, or a member is missing or wrong") from malformed
    if not all(is_uuid(user) for user in _users_of(operation)):
        raise BadRequest("users must be named by UUIDs")
    return operation


def _users_of(operation: SignedOperation) -> tuple[str, ...]:
    match operation:
        case AddUser(user=user):
            return (user,)
        case BatchAddUser(users=shares):
            return tuple(share.user for share in shares)
        case RemoveUser(users=users):
            return tuple(users)
        case MutateLock() | MutateSetting():
            return ()


def shares_of(operation: AddUser | BatchAddUser) -> tuple[Share, ...]:
    """Give the users of a share. Raises: BadRequest for none or more than 25."""
    if isinstance(operation, BatchAddUser):
        if not 1 <= len(operation.users) <= MOST_USERS:
            raise BadRequest(f"users must hold from 1 to {MOST_USERS} entries")
        return tuple(operation.users)
    share = Share(
        user=operation.user,
        public_key=operation.public_key,
        role=operation.role,
        start=operation.start,
        end=operation.end,
    )
    return (share,)


def to_grants(shares: tuple[Share, ...], lock_id: str) -> GrantAccess:
    """Translate a share; sharing again replaces role and window. Raises: BadRequest for an impossible window."""
    return GrantAccess(
        grants=tuple(
            NewGrant(
                holder=Holder.person(share.user.lower()),
                scope=Scope.door(lock_id),
                role=Role.ADMINISTRATOR if share.role == "ADMIN" else Role.BASIC,
                validity=_validity(share.start, share.end),
                origin=ORIGIN,
                on_repeat=OnRepeat.REPLACE,
            )
            for share in shares
        )
    )


def to_edit(operation: MutateSetting, lock_id: str) -> EditDoor:
    """Translate settings by the table of null rules (contract, 5.5). Raises: BadRequest for hours that are none."""
    hours, duration = operation.unlock_between, operation.unlock_duration
    if isinstance(hours, OpenHours):
        return EditDoor(door_id=lock_id, open_seconds=duration, open_hours=_weekly(hours))
    closes = hours is None and duration is None
    return EditDoor(door_id=lock_id, open_seconds=duration, closes_open_hours=closes)


def _weekly(hours: OpenHours) -> Weekly:
    try:
        window = WeeklyWindow(
            days=frozenset(Weekday[day] for day in hours.days),
            start=time.fromisoformat(hours.start),
            end=time.fromisoformat(hours.end),
        )
        exceptions = frozenset(date.fromisoformat(text) for text in hours.exceptions or ())
    except ValueError as malformed:
        raise BadRequest(
            "unlockBetween must hold times HH:mm, at least one day, dates YYYY-MM-DD"
        ) from malformed
    return Weekly(window=window, time_zone=hours.timezone, exceptions=exceptions)


def _validity(start: float | None, end: float | None) -> Validity:
    try:
        return Validity(_instant(start), _instant(end))
    except (ValueError, OverflowError, OSError) as impossible:
        raise BadRequest(
            "start and end must be Unix times in seconds, the end after the start"
        ) from impossible


def _instant(epoch: float | None) -> datetime | None:
    return None if epoch is None else datetime.fromtimestamp(epoch, UTC)
