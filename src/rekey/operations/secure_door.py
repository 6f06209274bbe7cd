"""secure_door: a door locks now, on the wish of whoever may open it at this moment."""

from dataclasses import dataclass
from datetime import datetime

from rekey.domain.access import DoorRecord, Presented, decide
from rekey.domain.circumstances import UNPROVED, Circumstances
from rekey.domain.decision import Denied, DenyReason
from rekey.domain.errors import AccessDenied, NotAllowed
from rekey.domain.estate import DoorMode
from rekey.domain.operator import Operator
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.authority import signed_in
from rekey.operations.find import find_door, find_door_record
from rekey.operations.open_door import checked_expiry
from rekey.operations.set_door_mode import ModeSet, put_mode


@dataclass(frozen=True, slots=True, kw_only=True)
class SecureDoor:
    """The members are those of `OpenDoor`; the access that counts is that of the person who is signed in."""

    door_id: str
    credential_id: str | None = None
    expires_at: datetime | None = None
    waits: bool = False
    circumstances: Circumstances = UNPROVED


@operation(Permission.DOORS_CONTROL)
async def secure_door(act: Act, wanted: SecureDoor) -> ModeSet:
    """Lock a door that was opened or stays unlocked; it also ends the scheduled unlock that the door is on.

    Whoever may control the door locks it whatever the door asks of those who open it.
    Raises: NotFound, Gone, NotSignedIn, AccessDenied (who may neither control nor open it), Invalid (expires_at).
    """
    record = await find_door_record(act.work, wanted.door_id)
    operator, key = await signed_in(act.work, act.actor, act.now)
    expires_at = checked_expiry(act, wanted.expires_at)
    denied = await _deny(act, operator, wanted, record)
    if key is not None and key.permissions is not None and Permission.DOORS_OPEN not in key.permissions:
        denied = Denied(DenyReason.NO_GRANT)
    person_id = operator.person_id
    if denied is not None:
        await _require_control(act, record, denied)
        person_id = None
    else:
        act.waive("the decision itself says that the person may use the door now")
    order = await put_mode(
        act,
        await find_door(act.work, wanted.door_id),
        DoorMode.LOCKED,
        person_id=person_id,
        credential_id=wanted.credential_id,
        expires_at=expires_at,
        waits=wanted.waits,
        circumstances=wanted.circumstances,
    )
    return ModeSet(door=record, order=order)


async def _deny(act: Act, operator: Operator, wanted: SecureDoor, door: DoorRecord) -> Denied | None:
    """Say why the person behind the operator may not open the door now, None if the person may."""
    if operator.person_id is None:
        return Denied(DenyReason.PERSON_UNKNOWN)
    holder = await act.work.access.holder(operator.person_id)
    presented = None
    if wanted.credential_id is not None:
        credential = await act.work.credentials.get(wanted.credential_id)
        is_theirs = credential is not None and credential.person_id == operator.person_id
        presented = Presented(credential if is_theirs else None)
    decision = decide(holder, door, act.now, presented, circumstances=wanted.circumstances)
    return decision if isinstance(decision, Denied) else None


async def _require_control(act: Act, door: DoorRecord, denied: Denied) -> None:
    """Let pass who may control the door. Raises: AccessDenied with the reason for anybody else."""
    try:
        await act.require(Scope.door(door.door_id))
    except NotAllowed as refused:
        raise AccessDenied(denied) from refused
