"""Webhooks: receivers that are told of events. Source: contract section 8.2."""

from rekey.dialects.seam.errors import InvalidEventTypes
from rekey.dialects.seam.event_feed import FORM
from rekey.dialects.seam.event_types import EVENT_TYPES, EVERY_TYPE
from rekey.dialects.seam.kit import Call, Kit
from rekey.dialects.seam.replies import reply_ok
from rekey.dialects.seam.wire import Webhook
from rekey.domain.errors import NotFound
from rekey.domain.role import Permission
from rekey.domain.subscription import Subscription
from rekey.operations.add_subscription import AddSubscription, subscribe
from rekey.operations.edit_subscription import (
    EditSubscription,
    EndSubscription,
    edit_subscription,
    end_subscription,
)
from rekey.ports.listing import WHOLE
from rekey.ports.store import View
from rekey.webkit.message import Reply
from rekey.webkit.webhook_signature import written_secret

_SECRET_BYTES = 24


class Webhooks:
    """Handlers of webhooks."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def create(self, call: Call) -> Reply:
        """Subscribe a URL to events; the answer alone shows the secret."""
        core = self._kit.services.core
        secret = core.entropy.token_bytes(_SECRET_BYTES)
        url = call.args.required("url")
        wanted = AddSubscription(
            form=FORM,
            url=url,
            name=url[:200],
            events=_types(call.args.texts("event_types") or (EVERY_TYPE,)),
            sealed_secret=core.secrets.seal(secret),
        )
        subscription = await subscribe(self._kit.services, call.actor, wanted)
        shown = show_webhook(subscription)
        shown.secret = written_secret(secret)
        return reply_ok(webhook=shown)

    async def get(self, call: Call) -> Reply:
        subscription = await self._kit.read(
            call, Permission.ORGANIZATION_READ, lambda view: find_webhook(view, _id_of(call))
        )
        return reply_ok(webhook=show_webhook(subscription))

    async def list(self, call: Call) -> Reply:
        listed = await self._kit.read(
            call, Permission.ORGANIZATION_READ, lambda view: view.subscriptions.list(WHOLE, form=FORM)
        )
        return reply_ok(webhooks=[show_webhook(subscription) for subscription in listed.items])

    async def update(self, call: Call) -> Reply:
        """Replace the types that a webhook is told of."""
        webhook = await self._find(call)
        types = _types(call.args.texts("event_types") or ())
        await self._kit.perform(
            call, edit_subscription, EditSubscription(subscription_id=webhook.id, events=types)
        )
        return reply_ok()

    async def delete(self, call: Call) -> Reply:
        """Unsubscribe; what was on its way is not sent any more."""
        webhook = await self._find(call)
        await self._kit.perform(call, end_subscription, EndSubscription(subscription_id=webhook.id))
        return reply_ok()

    async def _find(self, call: Call) -> Subscription:
        """Find a webhook of this dialect's before the operation asks for the permission. Raises: NotFound."""
        store = self._kit.services.core.store
        return await store.read(call.actor.organization_id, lambda view: find_webhook(view, _id_of(call)))


def show_webhook(subscription: Subscription) -> Webhook:
    return Webhook(
        webhook_id=subscription.id,
        url=subscription.url,
        event_types=[*subscription.events] or [EVERY_TYPE],
    )


async def find_webhook(view: View, webhook_id: str) -> Subscription:
    """Raises: NotFound, also for a subscription of another wire API."""
    subscription = await view.subscriptions.get(webhook_id)
    if subscription is None or subscription.form != FORM:
        raise NotFound("webhook", webhook_id)
    return subscription


def _id_of(call: Call) -> str:
    return call.args.required("webhook_id").lower()


def _types(named: tuple[str, ...]) -> tuple[str, ...]:
    """Read the types; the one that stands for all makes the others superfluous. Raises: InvalidEventTypes."""
    unknown = [name for name in named if name != EVERY_TYPE and name not in EVENT_TYPES]
    if unknown or not named:
        raise InvalidEventTypes(f"event_types must name types of the catalogue: {', '.join(unknown[:5])}")
    return () if EVERY_TYPE in named else named
