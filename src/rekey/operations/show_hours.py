"""show_hours: how a door stands on its calendar now."""

from dataclasses import dataclass
from datetime import datetime

from rekey.domain.door_hours import plan_hours
from rekey.domain.door_order import OrderState
from rekey.operations.door_hours import hours_rules_of
from rekey.operations.find import find_door_record
from rekey.ports.store import View


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursShown:
    """What is intended; whether the door has confirmed it stands in its orders.

    `unlocked_until` is when the scheduled unlock under way ends, None if there is none or its end is more
    than a week away.
    """

    on_scheduled_unlock: bool = False
    unlocked_until: datetime | None = None
    first_to_arrive_required_until: datetime | None = None
    first_to_arrive_satisfied: bool = False


async def show_hours(view: View, door_id: str, now: datetime) -> HoursShown:
    """Show the hours of a door. Raises: NotFound, Gone."""
    hours = await view.door_hours.get(door_id)
    if hours is None:
        return HoursShown()
    door = await find_door_record(view, door_id)
    rules = await hours_rules_of(view, door_id, door.zone.key)
    shut = any(block.stands(now) for block in door.blocks)
    plan = plan_hours(hours, rules, now, shut=shut)
    free = plan.free and hours.free_since is not None
    return HoursShown(
        on_scheduled_unlock=free,
        unlocked_until=plan.free_until if free else None,
        first_to_arrive_required_until=plan.arrival_until,
        first_to_arrive_satisfied=plan.arrived,
    )


async def stands_free(view: View, door_id: str, now: datetime) -> bool:
    """Say whether the door has confirmed the scheduled unlock that it is on. Raises: NotFound, Gone."""
    hours = await view.door_hours.get(door_id)
    order = None if hours is None or hours.order_id is None else await view.orders.get(hours.order_id)
    if order is None or order.state is not OrderState.CONFIRMED:
        return False
    return (await show_hours(view, door_id, now)).on_scheduled_unlock
