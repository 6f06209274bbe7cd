"""The routes of the organization."""

from collections.abc import Awaitable, Callable

from rekey.dialects.kisi.kit import Kit
from rekey.dialects.kisi.organization import Organizations
from rekey.dialects.kisi.transfers import Transfers
from rekey.webkit.message import Reply, Request

Row = tuple[str, str, str, Callable[[Request], Awaitable[Reply]]]


def organization_rows(kit: Kit) -> tuple[Row, ...]:
    organizations, transfers = Organizations(kit), Transfers(kit)
    return (
        ("GET", "/organization", "read", organizations.get),
        ("PATCH", "/organization", "edit_organization, edit_directory, annotate", organizations.update),
        ("GET", "/organizations", "read", organizations.list),
        ("GET", "/organization/settings", "read", organizations.settings),
        ("GET", "/organization/dashboard", "read", organizations.dashboard),
        ("POST", "/organization/generate_next_certificate", "read", organizations.certificate),
        ("POST", "/organization/rotate_certificate", "read", organizations.certificate),
        ("GET", "/organization/transfers", "read", transfers.list),
        ("POST", "/organization/request_transfer", "offer_ownership", transfers.request),
        ("POST", "/organization/accept_transfer", "accept_ownership", transfers.accept),
        ("POST", "/organization/cancel_transfer", "withdraw_ownership", transfers.cancel),
        ("POST", "/organization/reject_transfer", "decline_ownership", transfers.reject),
        ("GET", "/organizations/{domain}/public", "read", organizations.public),
        ("POST", "/organizations/find", "remind_of_domain", organizations.find),
    )
