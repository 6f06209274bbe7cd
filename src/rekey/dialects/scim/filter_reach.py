"""What every match of a filter must have, so that the store can leave out most of the others.

It may let too many through, never too few: the filter itself is asked of all that are left.
"""

from dataclasses import dataclass
from datetime import datetime

from rekey.dialects.scim.attribute_path import Found, find
from rekey.dialects.scim.filter_match import instant_or_none
from rekey.dialects.scim.filter_syntax import All, Compare, Filter, Some, Within
from rekey.dialects.scim.schema import Attribute, ResourceKind, Type

_TEXTS = frozenset({"eq", "co", "sw", "ew"})
_LATER = frozenset({"gt", "ge"})
# What the server itself says of a resource stands in no text that somebody has written.
_OURS = frozenset({"meta", "groups", "schemas", "members", "active", "id"})
# Where nobody wrote one, an address is shown as one of work.
_OUR_PARTS = frozenset({"type", "primary"})


@dataclass(frozen=True, slots=True)
class Mentions:
    """Some text of the resource holds this one, whatever the case."""

    text: str


@dataclass(frozen=True, slots=True)
class Active:
    """The directory's switch is on, or off."""

    wanted: bool


@dataclass(frozen=True, slots=True)
class InTeam:
    """A group with this id has the resource as a member."""

    team_id: str


@dataclass(frozen=True, slots=True)
class ChangedSince:
    """The resource was changed at this instant or later."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Every:
    """All parts hold."""

    parts: tuple["Reach", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One part holds."""

    parts: tuple["Reach", ...]


Reach = Mentions | Active | InTeam | ChangedSince | Every | Either


def reach(kind: ResourceKind, wanted: Filter) -> Reach | None:
    """Give what a match must have; None where nothing can be said, as of what is not so."""
    match wanted:
        case All(parts):
            known = [one for part in parts if (one := reach(kind, part)) is not None]
            return Every(tuple(known)) if known else None
        case Some(parts):
            each = [reach(kind, part) for part in parts]
            return None if None in each else Either(tuple(one for one in each if one is not None))
        case Compare(path):
            return _of_comparison(find(kind, path), wanted)
        case Within(path, inner):
            found = find(kind, path)
            return None if found is None or found.attribute is None else _of_element(found.attribute, inner)
        case _:
            return None


def _of_comparison(found: Found | None, wanted: Compare) -> Reach | None:
    attribute = None if found is None else found.attribute
    if found is None or attribute is None:
        return None
    written = wanted.literal.text
    match attribute.name:
        case "active" if wanted.operator == "eq" and written.lower() in {"true", "false"}:
            return Active(written.lower() == "true")
        case "groups" if wanted.operator == "eq" and found.part in {None, attribute.part("value")}:
            return InTeam(written.lower())
        case "meta" if wanted.operator in _LATER and found.part == attribute.part("lastModified"):
            at = instant_or_none(written)
            return None if at is None else ChangedSince(at)
    leaf = found.leaf
    if leaf is not None and leaf.type is Type.COMPLEX:
        leaf = leaf.part("value")
    return _of_text(attribute, leaf, wanted)


def _of_element(attribute: Attribute, inner: Filter) -> Reach | None:
    match inner:
        case All(parts):
            known = [one for part in parts if (one := _of_element(attribute, part)) is not None]
            return Every(tuple(known)) if known else None
        case Some(parts):
            each = [_of_element(attribute, part) for part in parts]
            return None if None in each else Either(tuple(one for one in each if one is not None))
        case Compare(path):
            return _of_text(attribute, attribute.part(path), inner)
        case _:
            return None


def _of_text(attribute: Attribute, leaf: Attribute | None, wanted: Compare) -> Reach | None:
    text = wanted.literal.value
    if attribute.name in _OURS or leaf is None or leaf.name in _OUR_PARTS or leaf.type is not Type.STRING:
        return None
    if wanted.operator not in _TEXTS or not isinstance(text, str) or not _is_plain(text):
        return None
    return Mentions(text)


def _is_plain(text: str) -> bool:
    """Say whether a text is written in JSON as it stands, and folds alike everywhere."""
    return bool(text) and text.isascii() and text.isprintable() and not {'"', "\\"} & {*text}
