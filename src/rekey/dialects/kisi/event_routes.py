"""The routes of events and of the receivers that are told of them."""

from collections.abc import Awaitable, Callable

from rekey.dialects.kisi.event_sets import EventSets
from rekey.dialects.kisi.integrations import Integrations
from rekey.dialects.kisi.kit import Kit
from rekey.webkit.message import Reply, Request

Row = tuple[str, str, str, Callable[[Request], Awaitable[Reply]]]


def event_rows(kit: Kit) -> tuple[Row, ...]:
    sets, integrations = EventSets(kit), Integrations(kit)
    return (
        ("POST", "/event_sets", "keep_journal_query", sets.create),
        ("GET", "/event_sets/{id}", "read", sets.get),
        ("GET", "/events/types", "read", sets.list_types),
        ("GET", "/events/meta", "read", sets.list_meta),
        ("GET", "/integrations", "read", integrations.list),
        ("POST", "/integrations", "add_subscription", integrations.create),
        ("GET", "/integrations/{id}", "read", integrations.get),
        ("PATCH", "/integrations/{id}", "edit_subscription", integrations.update),
        ("DELETE", "/integrations/{id}", "end_subscription", integrations.delete),
    )
