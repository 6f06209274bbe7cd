"""retire_door: take a door out of service."""

from dataclasses import dataclass
from datetime import datetime

from rekey.domain.door_order import OrderFailure, OrderState
from rekey.domain.estate import Door
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.end_grant import end_all_at
from rekey.operations.end_orders import end_orders
from rekey.operations.find import find_door
from rekey.ports.repositories.doors import ChangeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RetireDoor:
    door_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Retired:
    door: Door
    ended_grants: int
    at: datetime


@operation(Permission.ESTATE_WRITE)
async def retire_door(act: Act, wanted: RetireDoor) -> Retired:
    """Take a door out of service; its grants end and its waiting orders are cancelled. Raises: NotFound, Gone."""
    await act.require(Scope.door(wanted.door_id))
    door = await find_door(act.work, wanted.door_id)
    ended = await retire_within(act, door)
    await act.record("door.retired", door_id=door.id, site_id=door.site_id, detail={"ended_grants": ended})
    return Retired(door=door, ended_grants=ended, at=act.now)


async def retire_within(act: Act, door: Door) -> int:
    """Take a door out of service within an act that records it; say how many grants ended."""
    ended = await end_all_at(act, Scope.door(door.id))
    unfinished = await act.work.orders.unfinished(door_id=door.id)
    await end_orders(act, unfinished, OrderState.CANCELLED, OrderFailure.DOOR_OFFLINE)
    await act.work.calendar.end_of(Scope.door(door.id))
    await act.work.door_hours.forget(door.id)
    await act.work.doors.end(door.id)
    await act.changed(ChangeKind.DOOR, door.id)
    return ended
