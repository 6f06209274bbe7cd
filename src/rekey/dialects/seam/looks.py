"""How a workspace's pages look: what it chose, checked so that nothing else than a colour gets into a style."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from rekey.dialects.seam.errors import InvalidInput
from rekey.dialects.seam.wire import Customization
from rekey.domain.document import DocumentBody
from rekey.operations.annotate import annotation_of
from rekey.ports.store import View

NAMESPACE: Final = "seam"
FIELD: Final = "connect_webview_customization"
# Names of members from before they stood together.
OLDER: Final = {
    "webview_logo_shape": "logo_shape",
    "webview_primary_button_color": "primary_button_color",
    "webview_primary_button_text_color": "primary_button_text_color",
    "webview_success_message": "success_message",
}
_PREFIX: Final = "look_"
_COLORS: Final = ("primary_button_color", "primary_button_text_color")
_SHAPES: Final = frozenset({"circle", "square"})
_COLOR: Final = re.compile(r"#[0-9a-fA-F]{3,8}|[a-zA-Z]{3,30}")
_MAX_MESSAGE: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """None where nothing was chosen; `partner` is who asks, in the words of people."""

    partner: str
    logo: str | None = None
    is_round: bool = False
    color: str | None = None
    text_color: str | None = None
    success_message: str | None = None


async def looks_in(view: View) -> Looks:
    """Give how the pages of the view's organization look."""
    organization = await view.organizations.get()
    notes = await annotation_of(view, NAMESPACE, organization.id)
    kept, partner = kept_looks(notes), notes.get("connect_partner_name")
    return Looks(
        partner=partner if isinstance(partner, str) and partner else organization.name,
        logo=kept.get("inviter_logo_url"),
        is_round=kept.get("logo_shape") == "circle",
        color=kept.get("primary_button_color"),
        text_color=kept.get("primary_button_text_color"),
        success_message=kept.get("success_message"),
    )


def kept_looks(notes: Mapping[str, object]) -> dict[str, str]:
    """Give the members that were chosen."""
    found = {name: notes.get(f"{_PREFIX}{name}") for name in Customization.__struct_fields__}
    return {name: value for name, value in found.items() if isinstance(value, str)}


def noted_looks(sent: Mapping[str, Any], field: str = FIELD) -> DocumentBody:
    """Read what was sent, to be noted member by member; null takes one away. Raises: InvalidInput."""
    notes = DocumentBody()
    for name in Customization.__struct_fields__:
        if name not in sent:
            continue
        value = sent[name]
        if value is not None and not _fits(name, value):
            raise InvalidInput({field: [f"Invalid {name}"]})
        notes[f"{_PREFIX}{name}"] = value
    return notes


def _fits(name: str, value: object) -> bool:
    if not isinstance(value, str):
        return False
    if name in _COLORS:
        return _COLOR.fullmatch(value) is not None
    if name == "logo_shape":
        return value in _SHAPES
    if name == "inviter_logo_url":
        return _is_picture_address(value)
    return len(value) <= _MAX_MESSAGE


def _is_picture_address(value: str) -> bool:
    """Only an address that a browser may be sent to, without what could end a header or an attribute."""
    if any(mark in value for mark in " \"'<>;,\\") or not value.isprintable():
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname)
