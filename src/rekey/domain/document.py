"""What a wire API keeps beside the core: things that no decision reads.

Whatever decides access is never a document; it has a value, a table and a rule of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from rekey.domain.ids import Number
from rekey.domain.role import Permission
from rekey.domain.scope import ScopeKind

DocumentValue = str | int | float | bool | None | list["DocumentValue"] | dict[str, "DocumentValue"]
DocumentBody = dict[str, DocumentValue]


class DocumentKind(StrEnum):
    """What a document is; append only, rows store these names."""

    ANNOTATION = "annotation"
    PREFERENCE = "preference"
    FLOOR = "floor"
    ELEVATOR = "elevator"
    TILE = "tile"
    PICTURE = "picture"
    CONNECT_PAGE = "connect_page"
    CUSTOMER_RECORD = "customer_record"
    IMPORT = "import"
    JOURNAL_QUERY = "journal_query"
    REPORT = "report"
    REPORT_SCHEDULE = "report_schedule"
    ENCODER = "encoder"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class DocumentRule:
    """What writing a document needs: the permission, at the parent if `parent` says what that is.

    A parent of None means the whole organization.
    """

    permission: Permission
    parent: ScopeKind | None = None


# Annotations and preferences have operations of their own, which ask for more than these rules.
DOCUMENT_RULES: Mapping[DocumentKind, DocumentRule] = {
    DocumentKind.ANNOTATION: DocumentRule(Permission.ORGANIZATION_WRITE),
    DocumentKind.PREFERENCE: DocumentRule(Permission.ORGANIZATION_WRITE),
    DocumentKind.FLOOR: DocumentRule(Permission.ESTATE_WRITE, ScopeKind.SITE),
    DocumentKind.ELEVATOR: DocumentRule(Permission.ESTATE_WRITE, ScopeKind.SITE),
    DocumentKind.IMPORT: DocumentRule(Permission.PEOPLE_WRITE),
    DocumentKind.TILE: DocumentRule(Permission.ESTATE_WRITE, ScopeKind.SITE),
    DocumentKind.PICTURE: DocumentRule(Permission.ORGANIZATION_WRITE),
    DocumentKind.CONNECT_PAGE: DocumentRule(Permission.ESTATE_WRITE),
    DocumentKind.CUSTOMER_RECORD: DocumentRule(Permission.PEOPLE_WRITE),
    DocumentKind.JOURNAL_QUERY: DocumentRule(Permission.JOURNAL_READ),
    DocumentKind.REPORT: DocumentRule(Permission.ORGANIZATION_WRITE),
    DocumentKind.REPORT_SCHEDULE: DocumentRule(Permission.ORGANIZATION_WRITE),
    DocumentKind.ENCODER: DocumentRule(Permission.ESTATE_WRITE, ScopeKind.SITE),
    DocumentKind.PHONE: DocumentRule(Permission.PEOPLE_WRITE),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A thing in the form in which its wire API gave it.

    `key` is a name that no other standing document of the kind has; `parent_id` is what it belongs to.
    """

    id: str
    number: Number
    kind: DocumentKind
    key: str | None = None
    parent_id: str | None = None
    body: DocumentBody = field(default_factory=dict)
    created_at: datetime
    updated_at: datetime


def merged(body: DocumentBody, changes: DocumentBody) -> DocumentBody:
    """Give the body with the changes; a member that changes to None goes away."""
    return {name: value for name, value in (body | changes).items() if value is not None}
