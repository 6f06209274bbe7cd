"""set_door_mode: a door stays unlocked, or goes back to being locked."""

from dataclasses import dataclass, replace

from rekey.domain.access import DoorRecord, refuse_circumstances
from rekey.domain.block import BlockCause
from rekey.domain.circumstances import UNPROVED, Circumstances
from rekey.domain.decision import Denied, DenyReason
from rekey.domain.door_order import DoorOrder, OrderKind, OrderState
from rekey.domain.errors import AccessDenied
from rekey.domain.estate import DoorMode
from rekey.domain.ids import OperatorId, OrderId
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
    await act.work.doors.replace(replace(door, mode=wanted.mode, updated_at=act.now))
    order = DoorOrder(
        id=OrderId(act.new_id()),
        number=act.next_number(),
        door_id=door.id,
        kind=OrderKind.UNLOCK if wanted.mode is DoorMode.UNLOCKED else OrderKind.SECURE,
        operator_id=OperatorId(act.actor.operator_id),
        via=act.actor.via,
        state=OrderState.SENT,
        position=act.position,
        created_at=act.now,
        expires_at=act.now + LIFE,
    )
    await act.work.orders.add(order)
    await mode_set_by_hand(act, door.id, locked=wanted.mode is DoorMode.LOCKED)
    await act.changed(ChangeKind.DOOR, door.id)
    await act.record(
        "door.mode_set",
        door_id=door.id,
        site_id=door.site_id,
        detail={"mode": wanted.mode.value, "order": order.id},
    )
    return ModeSet(door=record, order=order)
