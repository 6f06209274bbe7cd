"""edit_subscription, end_subscription, rotate_subscription_secret: a receiver's wish changes or ends."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from rekey.domain.errors import NotFound
from rekey.domain.operator import Actor
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.domain.subscription import Feed, Subscription
from rekey.operations.act import Act, operation
from rekey.operations.add_subscription import (
    check_receiver,
    checked_events,
    checked_length,
    line_of,
)
from rekey.operations.texts import clean_name
from rekey.operations.use_door import Services

# How long the older of two secrets goes on signing beside the newer one.
OLDER_SIGNS_FOR: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditSubscription:
    """None leaves a value as it is; an empty `sealed_secret` takes the secret away."""

    subscription_id: str
    name: str | None = None
    url: str | None = None
    events: tuple[str, ...] | None = None
    enabled: bool | None = None
    sealed_secret: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSubscription:
    subscription_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RotateSubscriptionSecret:
    """The older secret signs beside the new one for a day."""

    subscription_id: str
    sealed_secret: bytes


@operation(Permission.ORGANIZATION_WRITE)
async def edit_subscription(act: Act, wanted: EditSubscription) -> Subscription:
    """Change a subscription; enabling it anew also starts one that was stopped, from now on.

    Disabling it gives up what was on its way. Raises: NotFound, Invalid.
    """
    before = await _find(act, wanted.subscription_id)
    # A receiver at another address must be one that its editor could have added.
    await act.require(Scope.organization(act.work.organization_id), Permission.JOURNAL_READ)
    after = replace(
        before,
        name=before.name if wanted.name is None else clean_name(wanted.name),
        url=before.url if wanted.url is None else checked_length(wanted.url),
        events=before.events if wanted.events is None else checked_events(wanted.events),
        enabled=before.enabled if wanted.enabled is None else wanted.enabled,
        updated_at=act.now,
    )
    if wanted.enabled:
        after = replace(after, stopped_at=None, warned_at=None)
    await act.work.subscriptions.replace(after)
    if wanted.sealed_secret is not None:
        await act.work.subscriptions.set_secret(after.id, wanted.sealed_secret)
    if after.tells and not before.tells:
        await act.work.subscriptions.move(after.id, Feed(act.position))
    elif before.tells and not after.tells:
        await act.work.deliveries.give_up_all(after.id, act.now)
    detail = line_of(after) | {"enabled": after.enabled, "was_enabled": before.enabled}
    await act.record("subscription.edited", site_id=after.site_id, detail=detail)
    return replace(
        after, has_secret=after.has_secret if wanted.sealed_secret is None else wanted.sealed_secret != b""
    )


@operation(Permission.ORGANIZATION_WRITE)
async def end_subscription(act: Act, wanted: EndSubscription) -> Subscription:
    """End a subscription; nothing is sent to its receiver any more. Raises: NotFound."""
    subscription = await _find(act, wanted.subscription_id)
    await act.work.subscriptions.end(subscription.id, act.now)
    await act.record("subscription.ended", site_id=subscription.site_id, detail=line_of(subscription))
    return subscription


@operation(Permission.ORGANIZATION_WRITE)
async def rotate_subscription_secret(act: Act, wanted: RotateSubscriptionSecret) -> Subscription:
    """Put a new secret before the one that signs now. Raises: NotFound."""
    subscription = await _find(act, wanted.subscription_id)
    await act.work.subscriptions.rotate_secret(
        subscription.id, wanted.sealed_secret, older_until=act.now + OLDER_SIGNS_FOR
    )
    await act.record(
        "subscription.secret_rotated", site_id=subscription.site_id, detail=line_of(subscription)
    )
    return replace(subscription, has_secret=True)


async def resubscribe(services: Services, actor: Actor, wanted: EditSubscription) -> Subscription:
    """Change a subscription, whose new receiver may be sent to. Raises: as `edit_subscription`; Invalid (url)."""
    if wanted.url is not None:
        await check_receiver(services, actor, wanted.url, attempted=edit_subscription.name)
    return await services.core.perform(edit_subscription, actor, wanted)


async def _find(act: Act, subscription_id: str) -> Subscription:
    await act.require(Scope.organization(act.work.organization_id))
    subscription = await act.work.subscriptions.get(subscription_id)
    if subscription is None:
        raise NotFound("subscription", subscription_id)
    return subscription
