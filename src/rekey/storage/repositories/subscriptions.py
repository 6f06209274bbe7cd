"""Subscriptions and deliveries."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa

from rekey.domain.ids import Position
from rekey.domain.subscription import Delivery, DeliveryState, Feed, Subscription
from rekey.ports.listing import Listing, Part
from rekey.storage.conditions import contains, equals, in_organization, pattern
from rekey.storage.engine.row import Row
from rekey.storage.engine.statement import Statement
from rekey.storage.rows import Rows, Values
from rekey.storage.session import Session
from rekey.storage.tables.feeds import deliveries, subscriptions
from rekey.storage.times import instant_of, instant_or_none, micros, micros_or_none

_NOTHING = b""


def _read(row: Row) -> Subscription:
    return Subscription(
        id=row.id,
        number=row.number,
        form=row.form,
        name=row.name,
        url=row.url,
        events=tuple(msgspec.json.decode(row.events)),
        site_id=row.site_id,
        enabled=row.enabled,
        has_secret=row.secret != _NOTHING,
        owner_id=row.owner_id,
        warned_at=instant_or_none(row.warned_at),
        stopped_at=instant_or_none(row.stopped_at),
        created_at=instant_of(row.created_at),
        updated_at=instant_of(row.updated_at),
    )


def _write(subscription: Subscription) -> Values:
    return {
        "id": subscription.id,
        "number": subscription.number,
        "form": subscription.form,
        "name": subscription.name,
        "url": subscription.url,
        "events": msgspec.json.encode(subscription.events).decode(),
        "site_id": subscription.site_id,
        "enabled": subscription.enabled,
        "owner_id": subscription.owner_id,
        "warned_at": micros_or_none(subscription.warned_at),
        "stopped_at": micros_or_none(subscription.stopped_at),
        "created_at": micros(subscription.created_at),
        "updated_at": micros(subscription.updated_at),
    }


def _read_delivery(row: Row) -> Delivery:
    return Delivery(
        id=row.id,
        number=row.number,
        subscription_id=row.subscription_id,
        position=row.position,
        event_id=row.event_id,
        event_type=row.event_type,
        body=row.body,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        due_at=instant_of(row.due_at),
        answer=row.answer,
        created_at=instant_of(row.created_at),
        ended_at=instant_or_none(row.ended_at),
    )


def _write_delivery(delivery: Delivery) -> Values:
    return {
        "id": delivery.id,
        "number": delivery.number,
        "subscription_id": delivery.subscription_id,
        "position": delivery.position,
        "event_id": delivery.event_id,
        "event_type": delivery.event_type,
        "body": delivery.body,
        "state": delivery.state.value,
        "attempts": delivery.attempts,
        "due_at": micros(delivery.due_at),
        "answer": delivery.answer,
        "created_at": micros(delivery.created_at),
        "ended_at": micros_or_none(delivery.ended_at),
    }


SUBSCRIPTIONS = Rows(
    subscriptions,
    read=_read,
    write=_write,
    alive=sa.text("subscriptions.ended_at IS NULL"),
    filters={
        "form": equals(subscriptions.c.form, "form"),
        "owner_id": equals(subscriptions.c.owner_id, "owner_id"),
        "site_id": equals(subscriptions.c.site_id, "site_id"),
        "enabled": equals(subscriptions.c.enabled, "enabled"),
        "query": contains("query", subscriptions.c.name),
    },
)
DELIVERIES = Rows(
    deliveries,
    read=_read_delivery,
    write=_write_delivery,
    filters={
        "subscription_id": equals(deliveries.c.subscription_id, "subscription_id"),
        "state": equals(deliveries.c.state, "state"),
    },
)
# Written out, not bound, so that it is the same condition as that of the index.
_PENDING = sa.text("deliveries.ended_at IS NULL")
_OF_SUBSCRIPTION = (
    in_organization(deliveries),
    equals(deliveries.c.subscription_id, "subscription"),
    _PENDING,
)
DUE = Statement(
    sa.select(deliveries)
    .where(*_OF_SUBSCRIPTION, deliveries.c.due_at <= sa.bindparam("now", type_=sa.BigInteger, required=True))
    .order_by(deliveries.c.due_at, deliveries.c.number)
    .limit(sa.bindparam("most", type_=sa.BigInteger, required=True))
)
PENDING = Statement(
    sa.select(sa.func.count().label("total")).select_from(deliveries).where(*_OF_SUBSCRIPTION)
)
_FORGET = Statement(
    sa.delete(deliveries).where(
        in_organization(deliveries),
        sa.text("deliveries.ended_at IS NOT NULL"),
        deliveries.c.ended_at < sa.bindparam("instant", type_=sa.BigInteger, required=True),
    )
)
_GIVE_UP = Statement(
    sa.update(deliveries)
    .where(*_OF_SUBSCRIPTION)
    .values(
        state=sa.bindparam("given_up", type_=sa.Text, required=True),
        ended_at=sa.bindparam("at", type_=sa.BigInteger, required=True),
    )
)
_OLDEST_END = Statement(
    sa.select(deliveries.c.ended_at)
    .where(in_organization(deliveries), sa.text("deliveries.ended_at IS NOT NULL"))
    .order_by(deliveries.c.ended_at)
    .limit(1)
)
_DROP = Statement(
    sa.delete(deliveries).where(
        in_organization(deliveries), equals(deliveries.c.subscription_id, "subscription")
    )
)
_KEPT_BESIDE = Statement(
    sa.select(subscriptions).where(in_organization(subscriptions), equals(subscriptions.c.id, "id"))
)


class SqlSubscriptions:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, subscription: Subscription, *, secret: bytes, read: Position) -> None:
        await SUBSCRIPTIONS.add(
            self._session,
            subscription,
            secret=secret,
            older_secret=_NOTHING,
            older_until=None,
            read_position=read,
            reader="",
            held_until=None,
            ended_at=None,
        )

    async def get(self, subscription_id: str) -> Subscription | None:
        return await SUBSCRIPTIONS.get(self._session, subscription_id)

    async def by_number(self, number: int) -> Subscription | None:
        return await SUBSCRIPTIONS.find(self._session, number=number)

    async def list(
        self,
        part: Part,
        *,
        form: str | None = None,
        owner_id: str | None = None,
        site_id: str | None = None,
        enabled: bool | None = None,
        query: str | None = None,
    ) -> Listing[Subscription]:
        return await SUBSCRIPTIONS.list(
            self._session,
            part,
            form=form,
            owner_id=owner_id,
            site_id=site_id,
            enabled=enabled,
            query=pattern(query),
        )

    async def replace(self, subscription: Subscription) -> None:
        await SUBSCRIPTIONS.replace(self._session, subscription)

    async def end(self, subscription_id: str, at: datetime) -> bool:
        nothing: Values = {"secret": _NOTHING, "older_secret": _NOTHING, "older_until": None}
        if not await SUBSCRIPTIONS.set(self._session, subscription_id, ended_at=micros(at), **nothing):
            return False
        await self._session.change(_DROP, subscription=subscription_id)
        return True

    async def set_secret(self, subscription_id: str, sealed: bytes) -> None:
        nothing: Values = {"older_secret": _NOTHING, "older_until": None}
        await SUBSCRIPTIONS.set(self._session, subscription_id, secret=sealed, **nothing)

    async def rotate_secret(self, subscription_id: str, sealed: bytes, *, older_until: datetime) -> None:
        row = await self._session.fetch_one(_KEPT_BESIDE, id=subscription_id)
        if row is None:
            return
        older: Values = {"older_secret": row.secret, "older_until": micros(older_until)}
        await SUBSCRIPTIONS.set(self._session, subscription_id, secret=sealed, **older)

    async def secrets(self, subscription_id: str, now: datetime) -> tuple[bytes, ...]:
        row = await self._session.fetch_one(_KEPT_BESIDE, id=subscription_id)
        if row is None or row.secret == _NOTHING:
            return ()
        still_signs = row.older_until is not None and row.older_until > micros(now)
        return (row.secret, row.older_secret) if still_signs and row.older_secret else (row.secret,)

    async def feed(self, subscription_id: str) -> Feed | None:
        row = await self._session.fetch_one(_KEPT_BESIDE, id=subscription_id)
        if row is None or row.ended_at is not None:
            return None
        return Feed(Position(row.read_position), row.reader, instant_or_none(row.held_until))

    async def move(self, subscription_id: str, feed: Feed) -> None:
        await SUBSCRIPTIONS.set(
            self._session,
            subscription_id,
            read_position=feed.position,
            reader=feed.reader,
            held_until=micros_or_none(feed.held_until),
        )


class SqlDeliveries:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, delivery: Delivery) -> None:
        await DELIVERIES.add(self._session, delivery)

    async def get(self, delivery_id: str) -> Delivery | None:
        return await DELIVERIES.get(self._session, delivery_id)

    async def list(
        self, part: Part, *, subscription_id: str | None = None, state: DeliveryState | None = None
    ) -> Listing[Delivery]:
        return await DELIVERIES.list(
            self._session,
            part,
            subscription_id=subscription_id,
            state=None if state is None else state.value,
        )

    async def due(self, subscription_id: str, now: datetime, *, limit: int) -> Sequence[Delivery]:
        rows = await self._session.fetch(DUE, subscription=subscription_id, now=micros(now), most=limit)
        return tuple(map(_read_delivery, rows))

    async def pending(self, subscription_id: str) -> int:
        row = await self._session.fetch_one(PENDING, subscription=subscription_id)
        return 0 if row is None else int(row.total)

    async def replace(self, delivery: Delivery) -> None:
        await DELIVERIES.replace(self._session, delivery)

    async def give_up_all(self, subscription_id: str, at: datetime) -> int:
        given_up = DeliveryState.GIVEN_UP.value
        return await self._session.change(
            _GIVE_UP, subscription=subscription_id, at=micros(at), given_up=given_up
        )

    async def oldest_end(self) -> datetime | None:
        row = await self._session.fetch_one(_OLDEST_END)
        return None if row is None else instant_or_none(row.ended_at)

    async def forget_ended_before(self, instant: datetime) -> int:
        return await self._session.change(_FORGET, instant=micros(instant))
