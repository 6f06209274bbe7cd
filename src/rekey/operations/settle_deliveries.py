"""settle_deliveries, replay_delivery: what became of attempts to tell receivers."""

from dataclasses import dataclass, replace

from rekey.domain.errors import Conflict, NotFound
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.domain.subscription import WARN_AFTER, Delivery, DeliveryState, Subscription, next_attempt
from rekey.operations.act import Act, operation
from rekey.operations.add_subscription import line_of


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt; `answer` is the kind of status, or why there was none."""

    delivery_id: str
    delivered: bool
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleDeliveries:
    """`gives_up` says whether a receiver that failed to the end stops its subscription."""

    subscription_id: str
    attempts: tuple[Attempt, ...]
    gives_up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayDelivery:
    delivery_id: str


@operation(None)
async def settle_deliveries(act: Act, wanted: SettleDeliveries) -> Subscription | None:
    """Note what became of attempts, and warn of or stop a receiver that keeps failing.

    Gives: the subscription as it stands, None if it has ended meanwhile.
    """
    act.waive("the server's own worker tells what a receiver answered")
    subscription = await act.work.subscriptions.get(wanted.subscription_id)
    if subscription is None:
        act.work.keep_books()
        return None
    settled = [done for one in wanted.attempts if (done := await _settle(act, one)) is not None]
    after = _judge(act, subscription, settled) if wanted.gives_up else subscription
    if after == subscription:
        act.work.keep_books()
        return after
    await act.work.subscriptions.replace(after)
    if not subscription.stopped_at and after.stopped_at:
        await act.work.deliveries.give_up_all(after.id, act.now)
        await act.record("subscription.stopped", site_id=after.site_id, detail=line_of(after))
    elif not subscription.warned_at and after.warned_at:
        await act.record("subscription.warned", site_id=after.site_id, detail=line_of(after))
    else:
        act.work.keep_books()
    return after


@operation(Permission.ORGANIZATION_WRITE)
async def replay_delivery(act: Act, wanted: ReplayDelivery) -> Delivery:
    """Send a delivery again that was given up or delivered. Raises: NotFound, Conflict (it is on its way)."""
    await act.require(Scope.organization(act.work.organization_id))
    delivery = await act.work.deliveries.get(wanted.delivery_id)
    subscription = None if delivery is None else await act.work.subscriptions.get(delivery.subscription_id)
    if delivery is None or subscription is None:
        raise NotFound("delivery", wanted.delivery_id)
    if delivery.state is DeliveryState.PENDING:
        raise Conflict("this delivery is on its way already")
    if not subscription.tells:
        raise Conflict("this subscription is switched off: enable it first")
    again = replace(delivery, state=DeliveryState.PENDING, attempts=0, due_at=act.now, ended_at=None)
    await act.work.deliveries.replace(again)
    await act.record("delivery.replayed", detail=line_of(subscription) | {"delivery": delivery.id})
    return again


async def _settle(act: Act, attempt: Attempt) -> Delivery | None:
    """Note one attempt; None for one of a delivery that has ended or been dropped meanwhile."""
    delivery = await act.work.deliveries.get(attempt.delivery_id)
    if delivery is None or delivery.ended_at is not None:
        return None
    tried = replace(delivery, attempts=delivery.attempts + 1, answer=attempt.answer)
    due_at = next_attempt(tried.attempts, act.now)
    if attempt.delivered:
        tried = replace(tried, state=DeliveryState.DELIVERED, ended_at=act.now)
    elif due_at is None:
        tried = replace(tried, state=DeliveryState.GIVEN_UP, ended_at=act.now)
    else:
        tried = replace(tried, due_at=due_at)
    await act.work.deliveries.replace(tried)
    return tried


def _judge(act: Act, subscription: Subscription, settled: list[Delivery]) -> Subscription:
    """Say how a subscription stands after these attempts, in their order."""
    for delivery in settled:
        if delivery.state is DeliveryState.DELIVERED:
            subscription = replace(subscription, warned_at=None)
        elif delivery.state is DeliveryState.GIVEN_UP:
            subscription = replace(subscription, stopped_at=act.now)
        elif delivery.attempts >= WARN_AFTER and subscription.warned_at is None:
            subscription = replace(subscription, warned_at=act.now)
    return subscription
