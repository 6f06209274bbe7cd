"""The routes of cards and visitor links, and of files of cards and people."""

from collections.abc import Awaitable, Callable, Mapping

from rekey.dialects.kisi.card_assignments import CardAssignments
from rekey.dialects.kisi.cards import Cards
from rekey.dialects.kisi.csv_imports import import_rows
from rekey.dialects.kisi.group_links import GroupLinks
from rekey.dialects.kisi.kit import Kit
from rekey.dialects.kisi.visitor_arrivals import VisitorArrivals
from rekey.dialects.kisi.visitor_pages import VisitorPages
from rekey.dialects.kisi.visitor_secrets import KEY_PAGE, LINK_PAGE
from rekey.dialects.kisi.visitors import Visits
from rekey.webkit.message import Reply, Request

Row = tuple[str, str, str, Callable[[Request], Awaitable[Reply]]]
_ASSIGN = "assign_credential, annotate, await_activation, tell_holder"
_PIN = "edit_credential, annotate, tell_holder"


def credential_rows(kit: Kit) -> tuple[Row, ...]:
    return (*_cards(kit), *_card_assignments(kit), *_links(kit), *import_rows(kit))


def visitor_handlers(kit: Kit) -> Mapping[tuple[str, str], Callable[[Request], Awaitable[Reply]]]:
    """Give what answers visitors, where a login is answered by another handler."""
    visits, arrivals = Visits(kit), VisitorArrivals(kit)
    return {
        ("GET", "/locks"): visits.list_locks,
        ("GET", "/locks/{id}"): visits.get_lock,
        ("POST", "/locks/{id}/unlock"): visits.unlock,
        ("POST", "/locks/{id}/first_to_arrive"): arrivals.first_to_arrive,
        ("POST", "/locks/{id}/last_to_leave"): arrivals.last_to_leave,
        ("GET", "/places"): visits.list_places,
        ("GET", "/organization"): visits.organization,
    }


def _links(kit: Kit) -> tuple[Row, ...]:
    links, pages = GroupLinks(kit), VisitorPages(kit)
    return (
        ("GET", "/group_links", "read", links.list),
        ("POST", "/group_links", "add_link, tell_link", links.create),
        ("DELETE", "/group_links/{id}", "end_link", links.delete),
        ("GET", f"/{LINK_PAGE}/{{secret}}", "read", pages.show),
        ("POST", f"/{LINK_PAGE}/{{secret}}", "use_link", pages.open),
        ("GET", f"/{KEY_PAGE}/{{secret}}", "read", pages.show),
        ("POST", f"/{KEY_PAGE}/{{secret}}", "use_link", pages.open),
    )


def _cards(kit: Kit) -> tuple[Row, ...]:
    cards = Cards(kit)
    return (
        ("GET", "/cards", "read", cards.list),
        ("POST", "/cards", "issue_credential", cards.create),
        ("GET", "/cards/{id}", "read", cards.get),
        ("PATCH", "/cards/{id}", _PIN, cards.update),
        ("DELETE", "/cards/{id}", "end_credential", cards.delete),
        ("POST", "/cards/{id}/assign", _ASSIGN, cards.assign),
        ("POST", "/cards/{id}/deassign", "unassign_credential", cards.deassign),
        ("POST", "/cards/{id}/activate", "activate_credential", cards.activate),
        ("POST", "/cards/{id}/deactivate", "activate_credential", cards.deactivate),
        ("POST", "/cards/{token}/activate_with_token", "activate_by_token", cards.activate_with_token),
    )


def _card_assignments(kit: Kit) -> tuple[Row, ...]:
    assignments, path = CardAssignments(kit), "/card_assignments"
    return (
        ("GET", path, "read", assignments.list),
        ("POST", path, _ASSIGN, assignments.create),
        ("GET", f"{path}/{{id}}", "read", assignments.get),
        ("PATCH", f"{path}/{{id}}", _PIN, assignments.update),
        ("DELETE", f"{path}/{{id}}", "unassign_credential", assignments.delete),
        ("POST", f"{path}/{{id}}/activate", "activate_credential", assignments.activate),
        ("POST", f"{path}/{{id}}/deactivate", "activate_credential", assignments.deactivate),
        (
            "POST",
            f"{path}/{{token}}/activate_with_token",
            "activate_by_token",
            assignments.activate_with_token,
        ),
    )
