"""settle_order, claim_order, expire_orders: how an order to a door ends."""

from dataclasses import dataclass, replace
from datetime import datetime

from rekey.domain.access import Presented, decide, refuse_circumstances
from rekey.domain.decision import Denied
from rekey.domain.door_order import DoorOrder, OrderFailure, OrderKind, OrderState
from rekey.domain.errors import NotFound
from rekey.domain.journal import JsonValue, Outcome
from rekey.operations.act import Act, operation
from rekey.operations.authority import is_suspended
from rekey.operations.door_hours import note_arrival

_DONE = {
    OrderKind.OPEN: "door.opened",
    OrderKind.UNLOCK: "door.unlocked",
    OrderKind.SECURE: "door.secured",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleOrder:
    """`failure` None means that the door confirmed; `at` and `witness` are the door's."""

    order_id: str
    failure: OrderFailure | None
    at: datetime
    witness: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimOrder:
    order_id: str


@operation(None)
async def settle_order(act: Act, wanted: SettleOrder) -> DoorOrder:
    """Note what became of an order that was sent. Raises: NotFound."""
    act.waive("the server's own worker tells what a door answered")
    order = await _find(act, wanted.order_id)
    if order.is_over:
        act.work.keep_books()
        return order
    waits = wanted.failure is OrderFailure.DOOR_OFFLINE and order.waits and act.now < order.expires_at
    if waits:
        settled = replace(order, state=OrderState.QUEUED)
    elif wanted.failure is None:
        settled = replace(order, state=OrderState.CONFIRMED, ended_at=wanted.at)
    else:
        settled = replace(order, state=OrderState.FAILED, failure=wanted.failure, ended_at=wanted.at)
    await act.work.orders.replace(settled)
    if order.kind is OrderKind.OPEN and settled.state is OrderState.CONFIRMED:
        await note_arrival(act, settled)
    action = (
        "door.order_queued" if waits else _DONE[order.kind] if wanted.failure is None else "door.order_failed"
    )
    await _record(act, action, settled, wanted.witness)
    return settled


@operation(None)
async def claim_order(act: Act, wanted: ClaimOrder) -> DoorOrder:
    """Take a queued order up again: asked anew whether the person may, and never after its expiry. Raises: NotFound."""
    act.waive("the server's own worker takes up what an operator was allowed to order")
    order = await _find(act, wanted.order_id)
    if order.state is not OrderState.QUEUED:
        act.work.keep_books()
        return order
    claimed = await _judge(act, order)
    await act.work.orders.replace(claimed)
    names = {OrderState.SENT: "door.order_sent", OrderState.EXPIRED: "door.order_expired"}
    await _record(act, names.get(claimed.state, "door.order_cancelled"), claimed, "")
    return claimed


async def _judge(act: Act, order: DoorOrder) -> DoorOrder:
    if act.now >= order.expires_at:
        return replace(order, state=OrderState.EXPIRED, failure=OrderFailure.TOO_LATE, ended_at=act.now)
    if await _has_no_author(act, order):
        return replace(
            order, state=OrderState.CANCELLED, failure=OrderFailure.PERSON_REVOKED, ended_at=act.now
        )
    if order.person_id is not None:
        holder = await act.work.access.holder(order.person_id)
        door = await act.work.access.door(order.door_id)
        presented = None
        if order.credential_id is not None:
            presented = Presented(await act.work.credentials.get(order.credential_id))
        if isinstance(decide(holder, door, act.now, presented, circumstances=order.circumstances), Denied):
            return replace(
                order, state=OrderState.CANCELLED, failure=OrderFailure.PERSON_REVOKED, ended_at=act.now
            )
    elif order.kind is OrderKind.OPEN and await _is_unmet(act, order):
        return replace(order, state=OrderState.CANCELLED, failure=OrderFailure.DOOR_REFUSED, ended_at=act.now)
    return replace(order, state=OrderState.SENT)


async def _has_no_author(act: Act, order: DoorOrder) -> bool:
    """Say whether an operator asked, not for himself, whose account ended or who is blocked now.

    An order that locks the door is left to do so, whoever asked for it.
    """
    if order.kind is OrderKind.SECURE or order.operator_id is None:
        return False
    known = await act.work.operators.last_known(order.operator_id)
    if known is None or (known.person_id is not None and known.person_id == order.person_id):
        return False
    if await act.work.operators.get(known.id) is None:
        return True
    return known.person_id is not None and await is_suspended(act.work, known.person_id, now=act.now)


async def _is_unmet(act: Act, order: DoorOrder) -> bool:
    """Say whether the door asks something of everybody that an operator's order does not meet now."""
    door = await act.work.access.door(order.door_id)
    return door is None or any(refuse_circumstances(door, act.now, order.circumstances))


@operation(None)
async def expire_orders(act: Act, _wanted: None) -> tuple[DoorOrder, ...]:
    """End every order whose expiry has passed: a queued one expired, a sent one was lost with its server."""
    act.waive("an expiry was part of the order")
    overdue = await act.work.orders.overdue(act.now)
    ended = tuple(
        replace(order, state=OrderState.EXPIRED, failure=OrderFailure.TOO_LATE, ended_at=act.now)
        if order.state is OrderState.QUEUED
        else replace(order, state=OrderState.FAILED, failure=OrderFailure.LOST, ended_at=act.now)
        for order in overdue
    )
    for order in ended:
        await act.work.orders.replace(order)
    if not ended:
        act.work.keep_books()
        return ()
    await act.record(
        "door.orders_expired",
        detail={"orders": [order.id for order in ended], "ended": [_line(order) for order in ended]},
    )
    return ended


def _line(order: DoorOrder) -> JsonValue:
    return {
        "order": order.id,
        "door": order.door_id,
        "person": order.person_id,
        "kind": order.kind.value,
        "failure": None if order.failure is None else order.failure.value,
    }


async def _find(act: Act, order_id: str) -> DoorOrder:
    order = await act.work.orders.get(order_id)
    if order is None:
        raise NotFound("order", order_id)
    return order


async def _record(act: Act, action: str, order: DoorOrder, witness: str) -> None:
    await act.record(
        action,
        outcome=Outcome.REFUSED if order.failure is not None else Outcome.DONE,
        person_id=order.person_id,
        door_id=order.door_id,
        detail={
            "order": order.id,
            "state": order.state.value,
            "failure": None if order.failure is None else order.failure.value,
            "kind": order.kind.value,
            "seconds": order.seconds,
            "witness": witness,
        },
    )
