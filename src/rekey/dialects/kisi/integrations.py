"""Integrations: receivers that are told of events. Source: contract sections 7.3 and 7.4.

The other types pull people from or move doors of a foreign cloud, which this server has no connection to:
they are refused and say so, since one that is kept and does nothing would be trusted.
"""

from collections.abc import Mapping
from typing import Final

from rekey.dialects.kisi.attributes import Attributes, unwrap
from rekey.dialects.kisi.event_feed import FORM
from rekey.dialects.kisi.event_types import EVENT_TYPES
from rekey.dialects.kisi.kit import NO_CONTENT, Kit, actor_of, path_number, site_numbered
from rekey.dialects.kisi.lists import (
    PLAIN,
    choice_of,
    cut,
    flag_of,
    named_like,
    number_of,
    numbers_of,
    paged,
    plain,
    unsorted_part,
)
from rekey.dialects.kisi.shapes import Shape, instant, organization_ref, ref, stamps, with_ref
from rekey.domain.errors import NotFound
from rekey.domain.role import Permission
from rekey.domain.subscription import Subscription
from rekey.operations.add_subscription import AddSubscription, subscribe
from rekey.operations.edit_subscription import (
    EditSubscription,
    EndSubscription,
    end_subscription,
    resubscribe,
)
from rekey.ports.listing import WHOLE
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

WEBHOOK: Final = "event_webhook"
# Why each of the vendor's other types can't be had here.
MISSING: Final[Mapping[str, str]] = {
    "active_directory_user_import": "needs a connection to Active Directory, which this server lacks: use SCIM",
    "jumpcloud_user_import": "needs a connection to JumpCloud, which this server lacks: use SCIM",
    "braxos_elevator": "needs a connection to Braxos, which this server lacks",
    "rhombus_systems_camera": "needs a connection to Rhombus, which this server lacks",
}


class Integrations:
    """Handlers of integrations."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        part, numbers = unsorted_part(request, PLAIN), numbers_of(request, "ids")
        scope = choice_of(request, "scope", "organization", "place")
        enabled, place, group = (
            flag_of(request, "enabled"),
            number_of(request, "place_id"),
            number_of(request, "group_id"),
        )
        is_named_like = named_like(request)

        async def look(view: View) -> Reply:
            site = None if place is None else await view.sites.by_number(place)
            listed = await view.subscriptions.list(WHOLE, form=FORM, enabled=enabled)
            kept = [
                one
                for one in listed.items
                if (numbers is None or one.number in numbers)
                and (place is None or (site is not None and one.site_id == site.id))
                and (scope is None or (scope == "place") is (one.site_id is not None))
                and group is None
                and is_named_like(one.name)
            ]
            found = cut(kept, part)
            return paged([await _shape(view, one) for one in found.items], part, found.total)

        return await self._kit.read(request, Permission.ORGANIZATION_READ, look)

    async def create(self, request: Request) -> Reply:
        wanted = unwrap(request, "integration")
        name, url = wanted.text("name", required=True), _of_type(wanted)
        events, key, place = _events(wanted), _key(wanted), wanted.number("place_id")
        enabled = wanted.flag("enabled")
        wanted.check()
        site_id = None
        if place is not None:
            site_id = (await self._kit.look(request, lambda view: site_numbered(view, place))).id
        subscription = await subscribe(
            self._kit.services,
            actor_of(request),
            AddSubscription(
                form=FORM,
                name=name or "",
                url=url,
                events=events or (),
                site_id=site_id,
                enabled=enabled is not False,
                sealed_secret=self._seal(key or ""),
            ),
        )
        return plain(await self._kit.look(request, lambda view: _shape(view, subscription)))

    async def get(self, request: Request) -> Reply:
        number = path_number(request, "integration")

        async def look(view: View) -> Shape:
            return await _shape(view, await _numbered(view, number))

        return plain(await self._kit.read(request, Permission.ORGANIZATION_READ, look))

    async def update(self, request: Request) -> Reply:
        wanted = unwrap(request, "integration")
        integration = await self._find(request)
        if wanted.has("type") and wanted.text("type") != WEBHOOK:
            wanted.refuse("type", "can't be changed")
        key = _key(wanted)
        changes = EditSubscription(
            subscription_id=integration.id,
            name=wanted.new_name("name"),
            url=wanted.new_name("url"),
            events=_events(wanted),
            enabled=wanted.flag("enabled"),
            sealed_secret=None if key is None else self._seal(key),
        )
        wanted.check()
        await resubscribe(self._kit.services, actor_of(request), changes)
        return NO_CONTENT

    async def delete(self, request: Request) -> Reply:
        integration = await self._find(request)
        await self._kit.perform(request, end_subscription, EndSubscription(subscription_id=integration.id))
        return NO_CONTENT

    async def _find(self, request: Request) -> Subscription:
        number = path_number(request, "integration")
        return await self._kit.look(request, lambda view: _numbered(view, number))

    def _seal(self, key: str) -> bytes:
        return self._kit.services.core.secrets.seal(key.encode()) if key else b""


async def _numbered(view: View, number: int) -> Subscription:
    """Raises: NotFound, also for a subscription of another wire API."""
    found = await view.subscriptions.by_number(number)
    if found is None or found.form != FORM:
        raise NotFound("integration", str(number))
    return found


async def _shape(view: View, one: Subscription) -> Shape:
    site = None if one.site_id is None else await view.sites.get(one.site_id)
    return {
        "id": one.number,
        "resource_type": "Integration",
        "name": one.name,
        "type": WEBHOOK,
        "enabled": one.enabled,
        "disabled_due_to_error": one.stopped_at is not None,
        "disabled_due_to_error_at": instant(one.stopped_at),
        **stamps(one.created_at, one.updated_at),
        **with_ref("organization", organization_ref(await view.organizations.get())),
        **with_ref("place", None if site is None else ref("Place", site.number, site.name)),
        "url": one.url,
        "enabled_events": [*one.events],
    }


def _of_type(wanted: Attributes) -> str:
    """Read the type and what belongs to it."""
    kind = wanted.text("type", required=True)
    if kind is not None and kind in MISSING:
        wanted.refuse("type", MISSING[kind])
    elif kind is not None and kind != WEBHOOK:
        wanted.refuse("type", f"must be one of {', '.join(sorted([WEBHOOK, *MISSING]))}")
    return wanted.text("url", required=kind == WEBHOOK) or ""


def _events(wanted: Attributes) -> tuple[str, ...] | None:
    """Read the types that are told; none of them means every type, absent leaves them."""
    named = wanted.texts("enabled_events")
    unknown = [name for name in named or () if name not in EVENT_TYPES]
    if unknown:
        wanted.refuse("enabled_events", f"is not one of GET /events/types: {', '.join(unknown[:5])}")
    return named


def _key(wanted: Attributes) -> str | None:
    """Read the key to sign with; an empty one takes it away, absent leaves it."""
    return wanted.new_text("signature_key")
