"""What has to be done from time to time, whether anybody asks or not."""

from datetime import datetime, timedelta

from rekey.domain.door_order import DoorOrder, OrderState
from rekey.domain.errors import CoreError
from rekey.domain.ids import OperatorId, OrganizationId
from rekey.domain.operator import Actor
from rekey.operations.core import Core
from rekey.operations.note_waiting_cards import late_cards, note_waiting_cards
from rekey.operations.order_runner import OrderRunner
from rekey.operations.raise_directory_alarms import raise_directory_alarms
from rekey.operations.settle_order import expire_orders
from rekey.ports.listing import WHOLE
from rekey.ports.store import UnitOfWork, View

SERVICE = "Rekey service"
FORGET_EVERY = timedelta(minutes=10)
CARDS_EVERY = timedelta(seconds=20)
# Expired ones still count against asking for more, and tell who claims an invitation.
CHALLENGES_KEPT = timedelta(days=1)


class Housekeeper:
    """Orders that wait or are overdue, alarms about directories, and what need not be remembered any longer."""

    def __init__(self, core: Core, orders: OrderRunner) -> None:
        self._core = core
        self._orders = orders
        self._actors: dict[OrganizationId, Actor] = {}
        self._forgot: dict[OrganizationId, datetime] = {}
        self._watched: dict[OrganizationId, datetime] = {}

    async def actor(self, organization_id: OrganizationId) -> Actor:
        """Give the organization's own service, as which the server works by itself."""
        if organization_id not in self._actors:
            self._actors[organization_id] = await self._find_service(organization_id)
        return self._actors[organization_id]

    async def keep(self, organization_id: OrganizationId) -> None:
        """Do what is due now. Raises: StoreUnavailable."""
        now = self._core.clock.now()

        async def look(view: View) -> tuple[bool, tuple[DoorOrder, ...]]:
            return bool(await view.orders.overdue(now)), await view.orders.unfinished()

        overdue, unfinished = await self._core.store.read(organization_id, look)
        actor = await self.actor(organization_id)
        if overdue:
            await self._core.perform(expire_orders, actor, None)
        waiting = {order.door_id for order in unfinished if order.state is OrderState.QUEUED}
        for door_id in sorted(waiting):
            await self._take_up(actor, door_id)
        await self._watch_directory(actor, now)
        await self._watch_cards(actor, now)
        await self._forget(organization_id, now)

    async def _watch_directory(self, actor: Actor, now: datetime) -> None:
        state = await self._core.store.read(actor.organization_id, lambda view: view.directory.get())
        if state.alarms(now):
            await self._core.perform(raise_directory_alarms, actor, None)

    async def _watch_cards(self, actor: Actor, now: datetime) -> None:
        """Look from time to time which cards were still not written."""
        organization_id = actor.organization_id
        if now - self._watched.get(organization_id, now - CARDS_EVERY) < CARDS_EVERY:
            return
        if await self._core.store.read(organization_id, lambda view: late_cards(view, now)):
            await self._core.perform(note_waiting_cards, actor, None)
        self._watched[organization_id] = now

    async def _take_up(self, actor: Actor, door_id: str) -> None:
        organization_id = actor.organization_id
        door = await self._core.store.read(organization_id, lambda view: view.access.door(door_id))
        driver = None if door is None else self._core.drivers.get(door.driver)
        if door is None or driver is None or not (await driver.observe(door)).online:
            return
        await self._orders.take_up_waiting(organization_id, actor, door)

    async def _forget(self, organization_id: OrganizationId, now: datetime) -> None:
        if now - self._forgot.get(organization_id, now - FORGET_EVERY) < FORGET_EVERY:
            return

        async def forget(unit: UnitOfWork) -> None:
            unit.keep_books()
            await unit.replays.forget_before(now)
            await unit.challenges.forget_before(now - CHALLENGES_KEPT)

        await self._core.store.act(organization_id, forget)
        self._forgot[organization_id] = now

    async def _find_service(self, organization_id: OrganizationId) -> Actor:
        listed = await self._core.store.read(organization_id, lambda view: view.operators.list(WHOLE))
        for operator in listed.items:
            if operator.person_id is None and operator.name == SERVICE and not operator.is_automation:
                return _service(organization_id, operator.id)
        raise CoreError("this organization has no service operator")


def _service(organization_id: OrganizationId, operator_id: OperatorId) -> Actor:
    return Actor(organization_id=organization_id, operator_id=operator_id, key_id=None, via="server")
