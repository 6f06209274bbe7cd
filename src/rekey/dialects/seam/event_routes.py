"""The routes of events and of the receivers that are told of them."""

from rekey.dialects.seam import wire
from rekey.dialects.seam.events import GET as ONE_EVENT
from rekey.dialects.seam.events import LIST as EVENT_FILTERS
from rekey.dialects.seam.events import Events
from rekey.dialects.seam.kit import Kit
from rekey.dialects.seam.policy import READ
from rekey.dialects.seam.rows import DELETE, GET, PUT, Row, listing, text, texts
from rekey.dialects.seam.webhooks import Webhooks


def event_rows(kit: Kit) -> tuple[Row, ...]:
    events, webhooks = Events(kit), Webhooks(kit)
    webhook, types = text("webhook_id", required=True), texts("event_types", required=True)
    one, all_ = (("webhook", wire.Webhook),), (("webhooks", wire.Webhook),)
    new = (text("url", required=True, filled=True), texts("event_types"))
    return (
        Row("/events/get", GET, READ, events.get, ONE_EVENT, (("event", wire.Event),)),
        listing("/events/list", events.list, EVENT_FILTERS, (("events", wire.Event),)),
        Row("/webhooks/create", None, "add_subscription", webhooks.create, new, one),
        Row("/webhooks/get", GET, READ, webhooks.get, (webhook,), one),
        listing("/webhooks/list", webhooks.list, (), all_),
        Row("/webhooks/update", PUT, "edit_subscription", webhooks.update, (webhook, types)),
        Row("/webhooks/delete", DELETE, "end_subscription", webhooks.delete, (webhook,)),
    )
