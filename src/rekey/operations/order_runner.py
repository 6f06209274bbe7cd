"""Taking durable orders to doors, and telling callers what became of them."""

import asyncio
from collections.abc import Mapping

from rekey.domain.access import DoorRecord
from rekey.domain.door_order import DoorOrder, OrderFailure
from rekey.domain.errors import DoorOffline, DoorRefused, DoorTimedOut
from rekey.domain.ids import OrganizationId
from rekey.domain.operator import Actor
from rekey.operations.core import Core
from rekey.operations.settle_order import ClaimOrder, SettleOrder, claim_order, settle_order
from rekey.ports.door_driver import DoorDriver

FAILURES: Mapping[type[Exception], OrderFailure] = {
    DoorOffline: OrderFailure.DOOR_OFFLINE,
    DoorTimedOut: OrderFailure.DOOR_TIMED_OUT,
    DoorRefused: OrderFailure.DOOR_REFUSED,
}
DOOR_DEADLINE = 8.0


class OrderRunner:
    """Carries out orders, each in a task of its own, so that a caller who goes away stops nothing."""

    def __init__(self, core: Core, *, deadline: float = DOOR_DEADLINE) -> None:
        self._core = core
        self._deadline = deadline
        self._running: dict[str, asyncio.Task[DoorOrder]] = {}

    def start(self, actor: Actor, door: DoorRecord, order: DoorOrder) -> asyncio.Task[DoorOrder]:
        """Begin to carry out an order whose row is durable; give the task that ends with the settled order."""
        task = asyncio.ensure_future(self._carry_out(actor, door, order))
        self._running[order.id] = task
        task.add_done_callback(lambda _done: self._running.pop(order.id, None))
        return task

    async def finish(self, actor: Actor, door: DoorRecord, order: DoorOrder) -> DoorOrder:
        """Carry out an order and wait for its end, a failure or its place in the queue."""
        return await asyncio.shield(self.start(actor, door, order))

    async def take_up_waiting(self, organization_id: OrganizationId, actor: Actor, door: DoorRecord) -> int:
        """Try again the orders that wait for this door; say how many were sent."""
        waiting = await self._core.store.read(
            organization_id, lambda view: view.orders.unfinished(door_id=door.door_id)
        )
        sent = 0
        for order in waiting:
            if order.id in self._running or not order.waits:
                continue
            claimed = await self._core.perform(claim_order, actor, ClaimOrder(order_id=order.id))
            if not claimed.is_over:
                await self.finish(actor, door, claimed)
                sent += 1
        return sent

    async def close(self) -> None:
        """Wait for the orders under way."""
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def _carry_out(self, actor: Actor, door: DoorRecord, order: DoorOrder) -> DoorOrder:
        return await self._core.perform(settle_order, actor, await self._ask(door, order))

    async def _ask(self, door: DoorRecord, order: DoorOrder) -> SettleOrder:
        """Have the driver move the door; whatever breaks there, the order gets its end."""
        now = self._core.clock.now()
        if now >= order.expires_at:
            return SettleOrder(order_id=order.id, failure=OrderFailure.TOO_LATE, at=now)
        try:
            driver = self._driver_of(door)
            proof = await asyncio.wait_for(driver.carry_out(door, order), self._deadline)
            return SettleOrder(order_id=order.id, failure=None, at=proof.at, witness=proof.witness)
        except tuple(FAILURES) as refused:
            failure = next(FAILURES[kind] for kind in FAILURES if isinstance(refused, kind))
            return SettleOrder(order_id=order.id, failure=failure, at=now)
        except TimeoutError:
            return SettleOrder(order_id=order.id, failure=OrderFailure.DOOR_TIMED_OUT, at=now)
        except Exception as fault:  # noqa: BLE001  # as unknown as silence; the journal names what broke
            told = f"driver fault: {type(fault).__name__}"
            return SettleOrder(order_id=order.id, failure=OrderFailure.DOOR_TIMED_OUT, at=now, witness=told)

    def _driver_of(self, door: DoorRecord) -> DoorDriver:
        driver = self._core.drivers.get(door.driver)
        if driver is None:
            raise DoorOffline(f"no driver named {door.driver} is configured")
        return driver
