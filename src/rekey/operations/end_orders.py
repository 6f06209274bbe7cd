"""Ending orders that must not run any more; part of several operations."""

from collections.abc import Sequence
from dataclasses import replace

from rekey.domain.door_order import DoorOrder, OrderFailure, OrderState
from rekey.operations.act import Act


async def end_orders(
    act: Act, orders: Sequence[DoorOrder], state: OrderState, failure: OrderFailure
) -> tuple[DoorOrder, ...]:
    """End the orders that still wait; one that was sent is past recall and keeps its state."""
    ended = tuple(
        replace(order, state=state, failure=failure, ended_at=act.now)
        for order in orders
        if order.state is OrderState.QUEUED
    )
    for order in ended:
        await act.work.orders.replace(order)
    return ended
