"""The delivery worker: receivers are told of the journal, each at its own pace."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Final, Protocol

import structlog

from rekey.app.housekeeping import Housekeeper
from rekey.app.rounds import Nap, Worker, nap
from rekey.domain.ids import OrganizationId
from rekey.domain.subscription import Delivery
from rekey.operations.core import Core
from rekey.operations.feeds import Feeds, Form
from rekey.operations.read_on import Work, read_on
from rekey.operations.settle_deliveries import Attempt, SettleDeliveries, settle_deliveries
from rekey.ports.listing import Part
from rekey.ports.store import UnitOfWork, View
from rekey.webkit.outgoing import Answer

# A receiver that failed so often in a row is left alone for a while; what waits keeps its place.
FAILURES_IN_A_ROW: Final = 3
LEFT_ALONE: Final = timedelta(seconds=30)
# Longer than any turn with one receiver may take, or another process would begin beside it.
LONGEST_TURN: Final = timedelta(seconds=30)
KEEP_ENDED: Final = timedelta(days=30)
FORGET_EVERY: Final = timedelta(hours=1)
_MOST = Part(limit=1000)

_log = structlog.get_logger("rekey.deliveries")


class Sender(Protocol):
    """Posts to a receiver and says what became of it."""

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer: ...


class DeliveryWorker(Worker):
    """Reads the journal on for every subscription and sends what is due, each subscription in a task of its own.

    To one receiver one delivery is on its way at a time, in the order of the journal, so one that is slow or
    dead holds up nobody else. A delivery that failed comes again by the schedule of `domain.subscription`.
    Several processes share the work: each subscription is read by one of them at a time.
    """

    name = "deliveries"
    every = 0.5

    def __init__(
        self, core: Core, feeds: Feeds, house: Housekeeper, sender: Sender, *, nap: Nap = nap
    ) -> None:
        super().__init__(nap=nap)
        self._core = core
        self._feeds = feeds
        self._house = house
        self._sender = sender
        self._reader = core.entropy.new_id()
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._left_alone_until: dict[str, float] = {}
        self._forgot: dict[OrganizationId, float] = {}

    async def close(self) -> None:
        """Stop; what is on its way is told again by the next process, under the same id."""
        await super().close()
        running = [*self._busy.values()]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def settle(self) -> None:
        """Do all that is due now and nothing that is due later; for tests."""
        await self.turn()
        await asyncio.gather(*self._busy.values())

    async def turn(self) -> None:
        """Look after every subscription that nobody looks after at the moment."""
        self._woken.clear()
        await self._each(await self._core.store.directory.subscribed_organizations(), self._serve)

    async def _serve(self, organization_id: OrganizationId) -> None:
        subscriptions = await self._core.store.read(
            organization_id, lambda view: view.subscriptions.list(_MOST, enabled=True)
        )
        for subscription in subscriptions.items:
            if subscription.tells and subscription.id not in self._busy:
                self._take_up(organization_id, subscription.id)
        await self._forget(organization_id)

    def _take_up(self, organization_id: OrganizationId, subscription_id: str) -> None:
        if self._now() < self._left_alone_until.get(subscription_id, 0.0):
            return
        task = asyncio.ensure_future(self._look_after(organization_id, subscription_id))
        self._busy[subscription_id] = task
        task.add_done_callback(lambda _done: self._busy.pop(subscription_id, None))

    async def _look_after(self, organization_id: OrganizationId, subscription_id: str) -> None:
        """Tell one receiver all that there is to tell now."""

        async def tell() -> None:
            while await self._tell(organization_id, subscription_id):
                continue

        await self._go_on(tell(), subscription=subscription_id)

    async def _tell(self, organization_id: OrganizationId, subscription_id: str) -> bool:
        """Read on, send what is due, and note what became of it; say whether to go on at once."""
        work = await read_on(self._core, self._feeds, organization_id, subscription_id, reader=self._reader)
        form = None if work is None else self._feeds.form(work.subscription.form)
        if work is None or form is None:
            return False
        attempts, failing = await self._send_all(work, form)
        if attempts:
            wanted = SettleDeliveries(
                subscription_id=subscription_id, attempts=tuple(attempts), gives_up=form.gives_up
            )
            await self._core.perform(settle_deliveries, await self._house.actor(organization_id), wanted)
        if failing:
            self._left_alone_until[subscription_id] = self._now() + LEFT_ALONE.total_seconds()
        return not failing and (work.more or bool(attempts))

    async def _send_all(self, work: Work, form: Form) -> tuple[list[Attempt], bool]:
        """Send what is due until the turn is over; say whether the receiver is to be left alone."""
        attempts: list[Attempt] = []
        in_a_row, end = 0, self._now() + LONGEST_TURN.total_seconds() / 2
        secrets = [self._core.secrets.unseal(sealed) for sealed in work.secrets]
        for delivery in work.due:
            if self._now() >= end:
                break
            answer = await self._send(work.subscription.url, delivery, secrets, form)
            attempts.append(Attempt(delivery.id, answer.delivered, answer.kind))
            in_a_row = 0 if answer.delivered else in_a_row + 1
            if in_a_row == FAILURES_IN_A_ROW:
                return attempts, True
        return attempts, False

    async def _send(self, url: str, delivery: Delivery, secrets: list[bytes], form: Form) -> Answer:
        signed = form.headers(secrets, delivery.body, delivery_id=delivery.id, at=self._core.clock.now())
        headers = {"content-type": "application/json", "user-agent": "rekey-webhooks/1", **signed}
        answer = await self._sender.post(url, delivery.body, headers)
        if not answer.delivered:
            _log.info("not_delivered", subscription=delivery.subscription_id, why=answer.kind)
        return answer

    async def _forget(self, organization_id: OrganizationId) -> None:
        if self._now() < self._forgot.get(organization_id, 0.0):
            return
        before = self._core.clock.now() - KEEP_ENDED

        async def look(view: View) -> bool:
            ended = await view.deliveries.oldest_end()
            return ended is not None and ended < before

        async def forget(unit: UnitOfWork) -> None:
            unit.keep_books()
            await unit.deliveries.forget_ended_before(before)

        if await self._core.store.read(organization_id, look):
            await self._core.store.act(organization_id, forget)
        self._forgot[organization_id] = self._now() + FORGET_EVERY.total_seconds()

    def _now(self) -> float:
        return self._core.clock.now().timestamp()
