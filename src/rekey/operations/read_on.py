"""Reading the journal on for one subscription: no row is missed and none is told twice."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from rekey.domain.ids import OrganizationId, Position
from rekey.domain.subscription import Delivery, Feed, Subscription
from rekey.operations.core import Core
from rekey.operations.feeds import Feeds, Told
from rekey.ports.store import UnitOfWork, View

ROWS_AT_ONCE: Final = 100
# A receiver that lets so many wait is read on for only once some are gone; the journal keeps the rest.
MOST_PENDING: Final = 5_000
HELD_FOR: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What comes next for a subscription, read before the act that makes deliveries of it."""

    feed: Feed
    upto: Position
    told: tuple[tuple[Position, Told], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What there is to send now; `more` says that the journal has not been read to its end."""

    subscription: Subscription
    secrets: tuple[bytes, ...]
    due: Sequence[Delivery]
    more: bool


async def read_on(
    core: Core, feeds: Feeds, organization_id: OrganizationId, subscription_id: str, *, reader: str
) -> Work | None:
    """Make deliveries of the rows that a subscription has not been told of, and give what is due.

    The position it was read to and the deliveries are one act. Gives: None if there is nothing to do, or
    another process reads for this subscription.
    """
    now = core.clock.now()

    async def look(view: View) -> tuple[_Found | None, bool]:
        subscription = await view.subscriptions.get(subscription_id)
        feed = await view.subscriptions.feed(subscription_id)
        if subscription is None or feed is None or not subscription.tells or not feed.is_free(reader, now):
            return None, False
        due = await view.deliveries.due(subscription_id, now, limit=1)
        return await _next(view, feeds, subscription, feed), bool(due)

    found, has_due = await core.store.read(organization_id, look)
    if found is None or (found.upto == found.feed.position and not has_due):
        return None

    async def keep(unit: UnitOfWork) -> Work | None:
        unit.keep_books()
        return await _keep(unit, core, found, subscription_id=subscription_id, reader=reader)

    return await core.store.act(organization_id, keep)


async def _next(view: View, feeds: Feeds, subscription: Subscription, feed: Feed) -> _Found | None:
    form = feeds.form(subscription.form)
    if form is None:
        return None
    if await view.deliveries.pending(subscription.id) >= MOST_PENDING:
        return _Found(feed=feed, upto=feed.position, told=())
    rows = await view.journal.rows(after=feed.position, limit=ROWS_AT_ONCE)
    told = [
        (stored.row.position, one)
        for stored in rows
        for one in await form.tell(view, stored.row)
        if subscription.wants(one.type) and subscription.site_id in {None, one.site_id}
    ]
    return _Found(feed=feed, upto=rows[-1].row.position if rows else feed.position, told=tuple(told))


async def _keep(
    unit: UnitOfWork, core: Core, found: _Found, *, subscription_id: str, reader: str
) -> Work | None:
    now = core.clock.now()
    subscription = await unit.subscriptions.get(subscription_id)
    feed = await unit.subscriptions.feed(subscription_id)
    if subscription is None or feed is None or not subscription.tells or not feed.is_free(reader, now):
        return None
    read = feed.position
    if read == found.feed.position:
        read = found.upto
        for position, told in found.told:
            await unit.deliveries.add(
                Delivery(
                    id=core.entropy.new_id(),
                    number=unit.next_number(),
                    subscription_id=subscription_id,
                    position=position,
                    event_id=told.id,
                    event_type=told.type,
                    body=told.body,
                    due_at=now,
                    created_at=now,
                )
            )
    held = replace(feed, position=read, reader=reader, held_until=now + HELD_FOR)
    await unit.subscriptions.move(subscription_id, held)
    return Work(
        subscription=subscription,
        secrets=await unit.subscriptions.secrets(subscription_id, now),
        due=await unit.deliveries.due(subscription_id, now, limit=ROWS_AT_ONCE),
        more=read < unit.position - 1,
    )
