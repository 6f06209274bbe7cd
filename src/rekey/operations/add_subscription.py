"""add_subscription: tell a receiver of events from now on."""

from dataclasses import dataclass

from rekey.domain.errors import Conflict, Invalid
from rekey.domain.ids import OperatorId
from rekey.domain.journal import JsonValue
from rekey.domain.operator import Actor
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.domain.subscription import MOST_EVENT_TYPES, MOST_SUBSCRIPTIONS, Subscription
from rekey.operations.act import Act, operation
from rekey.operations.find import find_site
from rekey.operations.texts import clean_name
from rekey.operations.use_door import Services
from rekey.ports.listing import Part

MOST_URL = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSubscription:
    """`events` are types in the words of the form, none for every type; `sealed_secret` is empty for none."""

    form: str
    url: str
    name: str
    events: tuple[str, ...] = ()
    site_id: str | None = None
    enabled: bool = True
    sealed_secret: bytes = b""


@operation(Permission.ORGANIZATION_WRITE)
async def add_subscription(act: Act, wanted: AddSubscription) -> Subscription:
    """Add a subscription. Raises: NotFound (site), Invalid, Conflict (more than an organization may have)."""
    everywhere = Scope.organization(act.work.organization_id)
    await act.require(everywhere)
    # What a receiver is told is the journal, so one must be able to read it.
    await act.require(everywhere, Permission.JOURNAL_READ)
    if wanted.site_id is not None:
        await find_site(act.work, wanted.site_id)
    standing = await act.work.subscriptions.list(Part(limit=MOST_SUBSCRIPTIONS))
    if len(standing.items) >= MOST_SUBSCRIPTIONS:
        raise Conflict(f"there are {MOST_SUBSCRIPTIONS} subscriptions already: end one first")
    subscription = Subscription(
        id=act.new_id(),
        number=act.next_number(),
        form=wanted.form,
        name=clean_name(wanted.name),
        url=checked_length(wanted.url),
        events=checked_events(wanted.events),
        site_id=wanted.site_id,
        enabled=wanted.enabled,
        has_secret=wanted.sealed_secret != b"",
        owner_id=OperatorId(act.actor.operator_id),
        created_at=act.now,
        updated_at=act.now,
    )
    await act.work.subscriptions.add(subscription, secret=wanted.sealed_secret, read=act.position)
    await act.record("subscription.added", site_id=wanted.site_id, detail=line_of(subscription))
    return subscription


async def subscribe(services: Services, actor: Actor, wanted: AddSubscription) -> Subscription:
    """Add a subscription whose receiver may be sent to. Raises: as `add_subscription`; Invalid (url)."""
    await check_receiver(services, actor, wanted.url, attempted=add_subscription.name)
    return await services.core.perform(add_subscription, actor, wanted)


async def check_receiver(services: Services, actor: Actor, url: str, *, attempted: str) -> None:
    """Refuse an address that must not be sent to, with its row. Raises: NotAllowed, Invalid (url)."""
    await services.core.require(actor, Permission.ORGANIZATION_WRITE, None, attempted=attempted)
    try:
        services.feeds.check_url(url)
    except Invalid as refusal:
        await services.core.record_refusal(actor, attempted, refusal)
        raise


def checked_length(url: str) -> str:
    """Give the address back. Raises: Invalid."""
    if not 1 <= len(url) <= MOST_URL:
        raise Invalid("url", f"must have 1 to {MOST_URL} characters")
    return url


def checked_events(events: tuple[str, ...]) -> tuple[str, ...]:
    """Give the types once each. Raises: Invalid for too many, or one that is too long."""
    once = tuple(dict.fromkeys(events))
    if len(once) > MOST_EVENT_TYPES or any(not 1 <= len(name) <= 200 for name in once):
        raise Invalid("events", f"must be at most {MOST_EVENT_TYPES} types of 1 to 200 characters")
    return once


def line_of(subscription: Subscription) -> dict[str, JsonValue]:
    """Give what the journal says of a subscription: never its address, which may carry a token."""
    return {
        "subscription": subscription.id,
        "number": subscription.number,
        "form": subscription.form,
        "name": subscription.name,
    }
