"""Subscriptions of every wire API: who is told of events, what became of it, and telling it again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec

from rekey.dialects.native.errors import Unfit
from rekey.dialects.native.kit import Kit, actor_of, body_of, part_of, reply_json, reply_page
from rekey.dialects.native.translate import Shown, show_row
from rekey.dialects.native.wire import NewSubscription, SubscriptionEdit
from rekey.domain.actions import ACTIONS
from rekey.domain.errors import NotFound
from rekey.domain.journal import JournalRow
from rekey.domain.role import Permission
from rekey.domain.subscription import Delivery, Subscription
from rekey.operations.add_subscription import AddSubscription, subscribe
from rekey.operations.edit_subscription import (
    EditSubscription,
    EndSubscription,
    RotateSubscriptionSecret,
    end_subscription,
    resubscribe,
    rotate_subscription_secret,
)
from rekey.operations.feeds import Told, event_id
from rekey.operations.settle_deliveries import ReplayDelivery, replay_delivery
from rekey.ports.listing import Listing
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request
from rekey.webkit.webhook_signature import svix_headers, written_secret

FORM: Final = "rekey"
_SECRET_BYTES: Final = 24


class NativeForm:
    """Receivers of this API are told the journal's own rows, under the headers of Standard Webhooks."""

    gives_up = True

    async def tell(self, view: View, row: JournalRow) -> Sequence[Told]:
        return [
            Told(
                id=event_id(row.id, place),
                type=part.action,
                body=msgspec.json.encode({"event": event_id(row.id, place), **show_row(part)}),
                site_id=part.site_id,
            )
            for place, part in enumerate(row.parts())
        ]

    def headers(
        self, secrets: Sequence[bytes], body: bytes, *, delivery_id: str, at: datetime
    ) -> Mapping[str, str]:
        return svix_headers(secrets, body, message_id=delivery_id, at=at, prefix="webhook")


class Subscriptions:
    """Handlers of subscriptions; a secret is shown once, when it is made."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        """List the subscriptions of every wire API."""
        part = part_of(request)
        listed = await self._kit.read(
            request, Permission.ORGANIZATION_READ, lambda view: view.subscriptions.list(part)
        )
        return reply_page(listed, part, show_subscription, lambda one: one.number)

    async def add(self, request: Request) -> Reply:
        """Subscribe a receiver to rows of the journal by their actions; none named means all."""
        body = body_of(request, NewSubscription)
        secret = self._kit.services.core.entropy.token_bytes(_SECRET_BYTES)
        wanted = AddSubscription(
            form=FORM,
            url=body.url,
            name=body.name,
            events=_actions(body.events),
            site_id=None if body.site is None else await self._kit.name(request, "site", body.site),
            sealed_secret=self._kit.services.core.secrets.seal(secret),
        )
        subscription = await subscribe(self._kit.services, actor_of(request), wanted)
        return reply_json({**show_subscription(subscription), "secret": written_secret(secret)}, 201)

    async def edit(self, request: Request) -> Reply:
        """Rename, switch off, or switch on anew what was stopped."""
        body = body_of(request, SubscriptionEdit)
        wanted = EditSubscription(
            subscription_id=request.params["subscription"], name=body.name, enabled=body.enabled
        )
        return reply_json(show_subscription(await resubscribe(self._kit.services, actor_of(request), wanted)))

    async def end(self, request: Request) -> Reply:
        wanted = EndSubscription(subscription_id=request.params["subscription"])
        return reply_json({"ended": (await self._kit.perform(request, end_subscription, wanted)).id})

    async def rotate(self, request: Request) -> Reply:
        """Make a new secret; the older one signs beside it for a day."""
        core = self._kit.services.core
        secret = core.entropy.token_bytes(_SECRET_BYTES)
        wanted = RotateSubscriptionSecret(
            subscription_id=request.params["subscription"], sealed_secret=core.secrets.seal(secret)
        )
        subscription = await self._kit.perform(request, rotate_subscription_secret, wanted)
        return reply_json({**show_subscription(subscription), "secret": written_secret(secret)})

    async def list_deliveries(self, request: Request) -> Reply:
        """List what was sent to a receiver, or is to be sent again."""
        part, subscription_id = part_of(request), request.params["subscription"]

        async def look(view: View) -> Listing[Delivery]:
            if await view.subscriptions.get(subscription_id) is None:
                raise NotFound("subscription", subscription_id)
            return await view.deliveries.list(part, subscription_id=subscription_id)

        listed = await self._kit.read(request, Permission.ORGANIZATION_READ, look)
        return reply_page(listed, part, show_delivery, lambda one: one.number)

    async def replay(self, request: Request) -> Reply:
        """Send a delivery again that has ended."""
        wanted = ReplayDelivery(delivery_id=request.params["delivery"])
        return reply_json(show_delivery(await self._kit.perform(request, replay_delivery, wanted)))


def show_subscription(one: Subscription) -> Shown:
    return {
        "id": one.id,
        "number": one.number,
        "form": one.form,
        "name": one.name,
        "url": one.url,
        "events": [*one.events],
        "site": one.site_id,
        "enabled": one.enabled,
        "warned_at": None if one.warned_at is None else one.warned_at.isoformat(),
        "stopped_at": None if one.stopped_at is None else one.stopped_at.isoformat(),
        "owner": one.owner_id,
        "created_at": one.created_at.isoformat(),
    }


def show_delivery(one: Delivery) -> Shown:
    return {
        "id": one.id,
        "number": one.number,
        "subscription": one.subscription_id,
        "position": one.position,
        "event": one.event_id,
        "type": one.event_type,
        "state": one.state.value,
        "attempts": one.attempts,
        "due_at": one.due_at.isoformat(),
        "answer": one.answer,
        "ended_at": None if one.ended_at is None else one.ended_at.isoformat(),
    }


def _actions(named: Sequence[str]) -> tuple[str, ...]:
    """Raises: Unfit for an action that the journal does not know."""
    unknown = [name for name in named if name not in ACTIONS]
    if unknown:
        raise Unfit("events", f"must be actions of the journal, not {unknown[0]!r}")
    return tuple(named)
