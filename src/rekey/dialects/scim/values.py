"""Reading the values of attributes as directories really send them; pure. Source: contract sections 1 and 6.1."""

from collections.abc import Iterator
from typing import Any

from rekey.dialects.scim.errors import Malformed, ScimType
from rekey.dialects.scim.schema import Attribute, ResourceKind, Schema, Type

Resource = dict[str, Any]
_TRUTH = {"true": True, "1": True, "false": False, "0": False}


def read_resource(kind: ResourceKind, body: object) -> Resource:
    """Read the body of a whole resource in canonical names, without what is unassigned.

    Attributes and schemas that nobody knows are ignored, and so is what only the server says.
    Raises: Malformed.
    """
    if not isinstance(body, dict):
        raise Malformed(ScimType.INVALID_SYNTAX, "the body must be an object")
    read: Resource = {}
    for name, value in _members(kind, body):
        extension = kind.extension(name)
        attribute = kind.attribute(name)
        if extension is not None:
            members = read_extension(extension, value)
            if members:
                read[extension.urn] = members
        elif attribute is not None and attribute.is_written:
            known = read_value(attribute, value)
            if known is not None:
                read[attribute.name] = known
    _require_names(kind, read)
    return read


def _members(kind: ResourceKind, body: Resource) -> Iterator[tuple[str, Any]]:
    """Give the members by their bare names: the URN of the core schema may stand before them, or around them."""
    urn = kind.schema.urn.lower()
    for name, value in body.items():
        if name.lower() == urn and isinstance(value, dict):
            yield from value.items()
        elif name.lower().startswith(f"{urn}:"):
            yield name[len(urn) + 1 :], value
        else:
            yield name, value


def read_extension(extension: Schema, value: object) -> Resource:
    """Read the members of an extension. Raises: Malformed."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Malformed(ScimType.INVALID_VALUE, "an extension must be an object")
    read: Resource = {}
    for name, member in value.items():
        attribute = extension.attribute(name)
        known = None if attribute is None else read_value(attribute, member)
        if attribute is not None and known is not None:
            read[attribute.name] = known
    return read


def read_value(attribute: Attribute, value: object) -> Any:
    """Read the value of an attribute; None for one that is unassigned (null, or no element). Raises: Malformed."""
    if value is None:
        return None
    if attribute.many:
        elements = value if isinstance(value, list) else [value]
        known = [_one(attribute, element) for element in elements if element is not None]
        _require_one_primary(attribute, known)
        return known or None
    return _one(attribute, value)


def read_truth(value: object) -> bool:
    """Read a truth value however it is wrapped or spelt, and never by guessing.

    Source: contract section 6.1, rules 2 and 3. Raises: Malformed.
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, list) and len(value) == 1:
        return read_truth(value[0])
    if isinstance(value, dict) and len(value) == 1 and next(iter(value)).lower() in {"value", "active"}:
        return read_truth(next(iter(value.values())))
    if isinstance(value, int) and value in {0, 1}:
        return bool(value)
    if isinstance(value, str) and value.strip().lower() in _TRUTH:
        return _TRUTH[value.strip().lower()]
    raise Malformed(ScimType.INVALID_VALUE, "a truth value must be true or false")


def _one(attribute: Attribute, value: object) -> Any:
    if attribute.type is Type.COMPLEX:
        return _complex(attribute, value)
    if attribute.type is Type.BOOLEAN:
        return read_truth(value)
    if isinstance(value, dict | list):
        raise Malformed(ScimType.INVALID_VALUE, f"{attribute.name} must be a {attribute.type.value}")
    return value


def _complex(attribute: Attribute, value: object) -> Resource:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if attribute.unlisted:
        if not isinstance(value, dict):
            raise Malformed(ScimType.INVALID_VALUE, f"{attribute.name} must be an object")
        return value
    if isinstance(value, str | int) and not isinstance(value, bool) and attribute.part("value") is not None:
        return {"value": value}
    if not isinstance(value, dict):
        raise Malformed(ScimType.INVALID_VALUE, f"{attribute.name} must be an object")
    read: Resource = {}
    for name, member in value.items():
        part = attribute.part(name)
        known = None if part is None or not part.is_written else read_value(part, member)
        if part is not None and known is not None:
            read[part.name] = known
    return read


def _require_one_primary(attribute: Attribute, elements: list[Any]) -> None:
    primary = [one for one in elements if isinstance(one, dict) and one.get("primary") is True]
    if len(primary) > 1:
        raise Malformed(ScimType.INVALID_VALUE, f"{attribute.name} can have one primary value only")


def _require_names(kind: ResourceKind, read: Resource) -> None:
    """Refuse a resource without its name; `active` has its own rules."""
    for attribute in kind.schema.attributes:
        if attribute.required and attribute.type is Type.STRING:
            require_text(attribute, read.get(attribute.name))


def require_text(attribute: Attribute, value: object) -> str:
    """Raises: Malformed for a name that is missing, blank or no text."""
    if not isinstance(value, str) or not value.strip():
        raise Malformed(ScimType.INVALID_VALUE, f"{attribute.name} is required and must be a text")
    return value
