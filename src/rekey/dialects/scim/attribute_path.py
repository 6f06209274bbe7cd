"""Attribute paths such as `userName`, `name.givenName` and `urn:...:User:department`. Source: RFC 7644 section 3.10."""

from collections.abc import Callable
from dataclasses import dataclass

from rekey.dialects.scim.schema import Attribute, ResourceKind, Schema

_LookUp = Callable[[str], Attribute | None]


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a path names: an extension, an attribute of it or of the core, or a part of an attribute.

    `attribute` None means the extension as a whole, and without an extension the core schema as a whole.
    """

    extension: Schema | None = None
    attribute: Attribute | None = None
    part: Attribute | None = None

    @property
    def leaf(self) -> Attribute | None:
        return self.part or self.attribute

    @property
    def is_core(self) -> bool:
        return self.extension is None and self.attribute is None


def find(kind: ResourceKind, path: str) -> Found | None:
    """Find what a path without a filter names; None for what this kind does not have.

    The core schema's URN may stand before any path. An attribute of an extension is found by its bare name too,
    where the core has none of that name: reference checks send `manager eq "..."`. Source: Entra's guide.
    """
    extension, rest = _extension(kind, path)
    if extension is not None:
        return Found(extension=extension) if not rest else _within(extension, extension.attribute, rest)
    if not rest:
        return Found()
    found = _within(None, kind.attribute, rest)
    if found is not None:
        return found
    for schema in kind.extensions:
        found = _within(schema, schema.attribute, rest)
        if found is not None:
            return found
    return None


def is_foreign(kind: ResourceKind, path: str) -> bool:
    """Say whether a path lies in a schema that this kind of resource does not have."""
    lowered = path.lower()
    known = (kind.schema, *kind.extensions)
    return lowered.startswith("urn:") and not any(_starts(lowered, schema) for schema in known)


def _starts(lowered: str, schema: Schema) -> bool:
    urn = schema.urn.lower()
    return lowered == urn or lowered.startswith((urn + ":", urn + "."))


def _extension(kind: ResourceKind, path: str) -> tuple[Schema | None, str]:
    lowered = path.lower()
    for schema in kind.extensions:
        if _starts(lowered, schema):
            return schema, path[len(schema.urn) + 1 :]
    if _starts(lowered, kind.schema):
        return None, path[len(kind.schema.urn) + 1 :]
    return None, path


def _within(extension: Schema | None, look_up: _LookUp, rest: str) -> Found | None:
    name, dot, part_name = rest.partition(".")
    attribute = look_up(name)
    if attribute is None:
        return None
    if not dot:
        return Found(extension=extension, attribute=attribute)
    part = attribute.part(part_name)
    return None if part is None else Found(extension=extension, attribute=attribute, part=part)
