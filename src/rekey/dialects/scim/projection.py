"""Which attributes of a resource are shown. Source: RFC 7644 section 3.9."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from rekey.dialects.scim.attribute_path import Found, find
from rekey.dialects.scim.schema import Attribute, ResourceKind, Returned

Resource = dict[str, Any]
_ALWAYS = ("schemas", "id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """`only` None means all; names that nobody knows select nothing."""

    only: tuple[str, ...] | None = None
    without: tuple[str, ...] = ()

    def shows(self, name: str) -> bool:
        """Say whether anything of an attribute is shown, so that it has to be read at all."""
        lowered = name.lower()
        if self.only is not None:
            return any(_base(path) == lowered for path in self.only)
        return lowered not in {path.rpartition(":")[2].lower() for path in self.without}


def project(kind: ResourceKind, resource: Resource, wanted: Projection) -> Resource:
    """Give what is shown of a resource."""
    if wanted.only is not None:
        return _selected(kind, resource, _found(kind, wanted.only))
    shown = {name: _default(kind, name, _own(value)) for name, value in resource.items()}
    for found in _found(kind, wanted.without):
        _drop(shown, found)
    return shown


def _own(value: Any) -> Any:
    """Give an object that can be changed without changing what it was read from."""
    return dict(value) if isinstance(value, dict) else value


def _found(kind: ResourceKind, paths: Collection[str]) -> list[Found]:
    return [found for found in (find(kind, path.strip()) for path in paths if path.strip()) if found]


def _selected(kind: ResourceKind, resource: Resource, chosen: list[Found]) -> Resource:
    shown: Resource = {name: resource[name] for name in _ALWAYS if name in resource}
    for found in chosen:
        source = resource if found.extension is None else resource.get(found.extension.urn, {})
        if found.attribute is None:
            if found.extension is not None and source:
                shown[found.extension.urn] = source
            continue
        name = found.attribute.name
        if name not in source:
            continue
        place = shown if found.extension is None else shown.setdefault(found.extension.urn, {})
        if found.part is None:
            place[name] = _default(kind, name, source[name])
        else:
            place[name] = _merged(place.get(name), source[name], found.part)
    return shown


def _merged(known: Any, value: Any, part: Attribute) -> Any:
    """Show one part beside those that are shown already."""
    if isinstance(value, list):
        before = known if isinstance(known, list) else [{} for _ in value]
        return [_merged(one, element, part) for one, element in zip(before, value, strict=True)]
    added = {part.name: value[part.name]} if part.name in value else {}
    return {**(known or {}), **added}


def _default(kind: ResourceKind, name: str, value: Any) -> Any:
    """Leave out the parts that are shown only where they are asked for by name."""
    attribute = kind.attribute(name)
    hidden = (
        set()
        if attribute is None
        else {part.name for part in attribute.parts if part.returned is Returned.REQUEST}
    )
    if not hidden or not isinstance(value, list):
        return value
    return [{key: one for key, one in element.items() if key not in hidden} for element in value]


def _drop(shown: Resource, found: Found) -> None:
    source = shown if found.extension is None else shown.get(found.extension.urn, {})
    attribute = found.attribute
    if attribute is None:
        if found.extension is not None:
            shown.pop(found.extension.urn, None)
        return
    if attribute.returned is Returned.ALWAYS or attribute.name not in source:
        return
    if found.part is None:
        source.pop(attribute.name)
        return
    value, part = source[attribute.name], found.part.name
    source[attribute.name] = (
        [{key: one for key, one in element.items() if key != part} for element in value]
        if isinstance(value, list)
        else {key: one for key, one in value.items() if key != part}
    )


def _base(path: str) -> str:
    return path.strip().rpartition(":")[2].partition(".")[0].lower()
