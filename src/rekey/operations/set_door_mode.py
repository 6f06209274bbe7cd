"""set_door_mode: a door stays unlocked, or goes back to being locked."""

from dataclasses import dataclass, replace
from datetime import datetime

from rekey.domain.access import DoorRecord, refuse_circumstances
from rekey.domain.block import BlockCause
from rekey.domain.circumstances import UNPROVED, Circumstances
from rekey.domain.decision import Denied, DenyReason
from rekey.domain.door_order import DoorOrder, OrderKind, OrderState
from rekey.domain.errors import AccessDenied
from rekey.domain.estate import Door, DoorMode
from rekey.domain.ids import CredentialId, OperatorId, OrderId, PersonId
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.door_hours import mode_set_by_hand
from rekey.operations.find import find_door, find_door_record
from rekey.operations.open_door import LIFE
from rekey.ports.repositories.doors import ChangeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDoorMode:
    """`circumstances` are how it was asked for; what a door asks of everybody binds its unlocking too."""

    door_id: str
    mode: DoorMode
    circumstances: Circumstances = UNPROVED


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeSet:
    """The mode is intent; the order's confirmation is the door's own word."""

    door: DoorRecord
    order: DoorOrder


@operation(Permission.DOORS_CONTROL)
async def set_door_mode(act: Act, wanted: SetDoorMode) -> ModeSet:
    """Set what the door stays; locking it also ends the scheduled unlock that it is on.

    Raises: NotFound, Gone, NotAllowed, AccessDenied (locked down, or what the door asks is not met).
    """
    await act.require(Scope.door(wanted.door_id))
    door = await find_door(act.work, wanted.door_id)
    record = await find_door_record(act.work, wanted.door_id)
    if wanted.mode is DoorMode.UNLOCKED:
        for block in record.blocks:
            if block.cause is BlockCause.LOCKDOWN and block.stands(act.now):
                raise AccessDenied(Denied(DenyReason.LOCKED_DOWN, block.id))
        for unmet in refuse_circumstances(record, act.now, wanted.circumstances):
            raise AccessDenied(unmet)
    order = await put_mode(act, door, wanted.mode)
    return ModeSet(door=record, order=order)


async def put_mode(
    act: Act,
    door: Door,
    mode: DoorMode,
    *,
    person_id: str | None = None,
    credential_id: str | None = None,
    expires_at: datetime | None = None,
    waits: bool = False,
    circumstances: Circumstances = UNPROVED,
) -> DoorOrder:
    """Choose what a door stays, order it from the door, and record that; the permission was asked for.

    Takes: person_id and credential_id, whose access stands behind it; the rest as in `OpenDoor`.
    """
    await act.work.doors.replace(replace(door, mode=mode, updated_at=act.now))
    order = DoorOrder(
        id=OrderId(act.new_id()),
        number=act.next_number(),
        door_id=door.id,
        kind=OrderKind.UNLOCK if mode is DoorMode.UNLOCKED else OrderKind.SECURE,
        person_id=None if person_id is None else PersonId(person_id),
        operator_id=OperatorId(act.actor.operator_id),
        credential_id=None if credential_id is None else CredentialId(credential_id),
        via=act.actor.via,
        waits=waits,
        state=OrderState.SENT,
        position=act.position,
        created_at=act.now,
        expires_at=expires_at or act.now + LIFE,
        circumstances=circumstances,
    )
    await act.work.orders.add(order)
    await mode_set_by_hand(act, door.id, locked=mode is DoorMode.LOCKED)
    await act.changed(ChangeKind.DOOR, door.id)
    await act.record(
        "door.mode_set",
        person_id=person_id,
        door_id=door.id,
        site_id=door.site_id,
        detail={"mode": mode.value, "order": order.id},
    )
    return order
