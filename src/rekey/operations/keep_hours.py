"""keep_hours: a door is on its scheduled unlock, or off it, as its calendar has it now.

One act decides from what is stored, so that doing it twice, after a restart or on another process, changes
nothing a second time.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rekey.domain.access import DoorRecord
from rekey.domain.door_hours import DoorHours, HoursPlan, HoursRules, plan_hours
from rekey.domain.door_order import DoorOrder, OrderFailure, OrderKind, OrderState
from rekey.domain.estate import DoorMode
from rekey.domain.ids import OperatorId, OrderId
from rekey.operations.act import Act, operation
from rekey.operations.door_hours import hours_rules_of
from rekey.operations.end_orders import end_orders
from rekey.operations.open_door import LONGEST_LIFE

# A door answers within seconds; what is older was lost with the process that sent it.
ANSWER_IN = timedelta(minutes=1)
_LONGEST_PAUSE_MINUTES = 360


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepHours:
    door_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursKept:
    """The order that takes the hours to the door, to be carried out now."""

    door: DoorRecord
    order: DoorOrder


@operation(None)
async def keep_hours(act: Act, wanted: KeepHours) -> HoursKept | None:
    """Begin or end a door's scheduled unlock, or repeat what the door has not confirmed; None if nothing is due."""
    act.waive("hours follow from a calendar that was allowed")
    hours = await act.work.door_hours.get(wanted.door_id)
    door = None if hours is None else await act.work.access.door(wanted.door_id)
    if hours is None or door is None:
        act.work.keep_books()
        await act.work.door_hours.forget(wanted.door_id)
        return None
    rules = await hours_rules_of(act.work, door.door_id, door.zone.key)
    shut = any(block.stands(act.now) for block in door.blocks)
    plan = plan_hours(hours, rules, act.now, shut=shut)
    if plan.free != (hours.free_since is not None):
        return await _turn(act, door, hours, plan)
    order = None if hours.order_id is None else await act.work.orders.get(hours.order_id)
    if order is not None and order.state is not OrderState.CONFIRMED:
        return await _follow_up(act, door, hours=hours, plan=plan, order=order)
    act.work.keep_books()
    await _rest(act, hours, plan, rules)
    return None


async def _rest(act: Act, hours: DoorHours, plan: HoursPlan, rules: HoursRules) -> None:
    """Note when to look again; a door without hours, whose last order is confirmed, is left alone."""
    if not rules.unlock and not rules.first_to_arrive and hours.free_since is None:
        await act.work.door_hours.forget(hours.door_id)
        return
    rested = replace(hours, tries=0, due_at=plan.ask_again)
    if hours.free_since is not None:
        rested = replace(rested, free_until=plan.free_until)
    if rested != hours:
        await act.work.door_hours.save(rested)


async def _turn(act: Act, door: DoorRecord, hours: DoorHours, plan: HoursPlan) -> HoursKept | None:
    """Begin or end the scheduled unlock; a door that was unlocked by hand stays as the hand left it."""
    if hours.order_id is not None:
        earlier = await act.work.orders.get(hours.order_id)
        if earlier is not None:
            await end_orders(act, (earlier,), OrderState.CANCELLED, OrderFailure.DOOR_REFUSED)
    stays = not plan.free and door.mode is DoorMode.UNLOCKED
    order = None if stays else await _order(act, door, plan)
    turned = replace(
        hours,
        free_since=act.now if plan.free else None,
        free_until=plan.free_until if plan.free else None,
        order_id=None if order is None else order.id,
        tries=0,
        due_at=_due(act.now, plan, 0) if order is not None else plan.ask_again,
    )
    await act.work.door_hours.save(turned)
    until = turned.free_until
    await act.record(
        "door.scheduled_unlock_started" if plan.free else "door.scheduled_unlock_ended",
        door_id=door.door_id,
        site_id=door.site_id,
        detail={
            "name": door.name,
            "until": None if until is None else until.isoformat(),
            "order": None if order is None else order.id,
        },
    )
    return None if order is None else HoursKept(door=door, order=order)


async def _follow_up(
    act: Act, door: DoorRecord, *, hours: DoorHours, plan: HoursPlan, order: DoorOrder
) -> HoursKept | None:
    """Wait for the door's answer, and repeat the order if it is lost, refused or too late."""
    waits = order.state is OrderState.QUEUED and act.now < order.expires_at
    answers = order.state is OrderState.SENT and act.now < order.created_at + ANSWER_IN
    if waits or answers or (hours.due_at is not None and act.now < hours.due_at and order.is_over):
        act.work.keep_books()
        due = hours.due_at if order.is_over else _due(act.now, plan, 0)
        await act.work.door_hours.save(replace(hours, due_at=due))
        return None
    if not order.is_over:
        lost = replace(order, state=OrderState.FAILED, failure=OrderFailure.LOST, ended_at=act.now)
        await act.work.orders.replace(lost)
    again = await _order(act, door, plan)
    tries = hours.tries + 1
    await act.work.door_hours.save(
        replace(hours, order_id=again.id, tries=tries, due_at=_due(act.now, plan, tries))
    )
    await act.record(
        "door.hours_repeated",
        door_id=door.door_id,
        site_id=door.site_id,
        detail={"name": door.name, "order": again.id, "instead_of": order.id, "tries": tries},
    )
    return HoursKept(door=door, order=again)


def _due(now: datetime, plan: HoursPlan, tries: int) -> datetime:
    """Look again when the door should have answered, after failures ever later, or when the hours change."""
    pause = ANSWER_IN * min(1 << min(tries, 10), _LONGEST_PAUSE_MINUTES)
    return min(now + pause, plan.ask_again)


async def _order(act: Act, door: DoorRecord, plan: HoursPlan) -> DoorOrder:
    """Order the door to be free or secured; an offline door gets it when it is back, while it is still right."""
    latest = act.now + LONGEST_LIFE
    order = DoorOrder(
        id=OrderId(act.new_id()),
        number=act.next_number(),
        door_id=door.door_id,
        kind=OrderKind.UNLOCK if plan.free else OrderKind.SECURE,
        operator_id=OperatorId(act.actor.operator_id),
        via=act.actor.via,
        waits=True,
        state=OrderState.SENT,
        position=act.position,
        created_at=act.now,
        expires_at=min(plan.free_until or latest, latest) if plan.free else latest,
    )
    await act.work.orders.add(order)
    return order
