"""What a resource is after some steps of a PATCH; pure. Source: RFC 7644 section 3.5.2, contract section 6.1."""

import copy
from collections.abc import Callable
from typing import Any

from rekey.dialects.scim.attribute_path import Found, find, is_foreign
from rekey.dialects.scim.errors import Malformed, ScimType
from rekey.dialects.scim.filter_match import bind_element
from rekey.dialects.scim.filter_syntax import All, Compare, Filter, FilterRefused
from rekey.dialects.scim.patch_gather import gathered
from rekey.dialects.scim.patch_read import Step, Verb, members_as_steps
from rekey.dialects.scim.schema import Attribute, ResourceKind, Schema, Type
from rekey.dialects.scim.values import Resource, read_extension, read_value, require_text


def apply_steps(kind: ResourceKind, before: Resource, steps: tuple[Step, ...]) -> Resource:
    """Give the resource after all steps, the last word on each attribute winning.

    Takes: before, what can be written of the resource, with its id. Raises: Malformed; nothing is changed then.
    """
    after = copy.deepcopy(before)
    for step in gathered(kind, steps):
        _apply(kind, after, step)
    for attribute in kind.schema.attributes:
        if attribute.required and attribute.type is Type.STRING:
            require_text(attribute, after.get(attribute.name))
    return {name: value for name, value in after.items() if value not in (None, [], {})}


def _apply(kind: ResourceKind, resource: Resource, step: Step) -> None:
    found = find(kind, step.target.path)
    if found is None:
        _refuse_switch(step)
        if step.named and not is_foreign(kind, step.target.path):
            raise Malformed(ScimType.INVALID_PATH, "the path names an attribute that is not there")
        return
    if found.is_core:
        _apply_to_core(kind, resource, step)
        return
    if found.attribute is None:
        _apply_to_extension(resource, found.extension, step)
        return
    if not found.attribute.is_written:
        _refuse_read_only(resource, found.attribute, step)
        return
    inside = resource if found.extension is None else resource.setdefault(found.extension.urn, {})
    if step.target.chosen is not None:
        _apply_to_chosen(inside, found, step, step.target.chosen)
    elif found.part is not None:
        _apply_to_part(inside, found.attribute, found.part, step)
    else:
        _apply_to_whole(inside, found.attribute, step)


def _apply_to_core(kind: ResourceKind, resource: Resource, step: Step) -> None:
    """Take the members under the core schema's URN as if they stood beside it."""
    if step.verb is Verb.REMOVE or not isinstance(step.value, dict):
        raise Malformed(ScimType.INVALID_VALUE, "under its schema a resource is an object")
    for one in members_as_steps(step.verb, step.value):
        _apply(kind, resource, one)


def _refuse_switch(step: Step) -> None:
    """A switch that nobody can place is never passed over: somebody who left would stay in."""
    if step.target.path.lower().endswith((":active", ".active")):
        raise Malformed(ScimType.INVALID_PATH, "active is not known in this schema: somebody may stay in")


def _refuse_read_only(resource: Resource, attribute: Attribute, step: Step) -> None:
    """Rule 11: an equal id is no change; what comes along without being named is left out."""
    same = attribute.name == "id" and step.value == resource.get("id")
    if not same and (step.named or attribute.name == "id"):
        raise Malformed(ScimType.MUTABILITY, f"{attribute.name} can't be changed")


def _apply_to_extension(resource: Resource, extension: Schema | None, step: Step) -> None:
    if extension is None:
        return
    if step.verb is Verb.REMOVE or step.value is None:
        resource.pop(extension.urn, None)
        return
    members = resource.setdefault(extension.urn, {})
    given = step.value if isinstance(step.value, dict) else {}
    for name, value in given.items():
        attribute = extension.attribute(name)
        if attribute is not None and _is_blank(value):
            members.pop(attribute.name, None)
    members.update(read_extension(extension, step.value))
    for name in [name for name, value in members.items() if value == ""]:
        del members[name]


def _apply_to_whole(inside: Resource, attribute: Attribute, step: Step) -> None:
    if step.verb is Verb.REMOVE:
        _remove(inside, attribute, step)
        return
    if _is_blank(step.value):
        _unassign(inside, attribute)
        return
    value = read_value(attribute, step.value)
    if attribute.many:
        known = inside.get(attribute.name, []) if step.verb is Verb.ADD else []
        inside[attribute.name] = _joined(known, value or [])
    elif attribute.type is Type.COMPLEX and not attribute.unlisted:
        blank = [part.name for part in attribute.parts if _is_blank(_given(step.value, part.name))]
        merged = {**inside.get(attribute.name, {}), **value}
        inside[attribute.name] = {name: one for name, one in merged.items() if name not in blank}
    else:
        inside[attribute.name] = value


def _remove(inside: Resource, attribute: Attribute, step: Step) -> None:
    """Rule 8: with a value only those elements go, without one all do."""
    if not (attribute.many and step.has_value):
        _unassign(inside, attribute)
        return
    going = {_identity(one) for one in read_value(attribute, step.value) or []}
    inside[attribute.name] = [one for one in inside.get(attribute.name, []) if _identity(one) not in going]


def _unassign(inside: Resource, attribute: Attribute) -> None:
    if attribute.required:
        raise Malformed(ScimType.MUTABILITY, f"{attribute.name} always has a value")
    inside.pop(attribute.name, None)


def _apply_to_part(inside: Resource, attribute: Attribute, part: Attribute, step: Step) -> None:
    if not attribute.many:
        whole = inside.setdefault(attribute.name, {})
        _set_part(whole, part, step)
        if not whole:
            del inside[attribute.name]
        return
    elements = inside.setdefault(attribute.name, [])
    if not elements and step.verb is not Verb.REMOVE:
        elements.append({})
    for element in elements:
        _set_part(element, part, step)
    inside[attribute.name] = [element for element in elements if element]


def _apply_to_chosen(inside: Resource, found: Found, step: Step, chosen: Filter) -> None:
    attribute = found.attribute
    if attribute is None or not attribute.many or found.part is not None:
        raise Malformed(ScimType.INVALID_PATH, "only an attribute with several values takes brackets")
    fits = _bound(attribute, chosen)
    elements = inside.setdefault(attribute.name, [])
    matching = [element for element in elements if fits(element)]
    if step.verb is not Verb.REMOVE and not matching:
        matching = [_created(attribute, chosen)]
        elements.extend(matching)
    part = None if step.target.part is None else attribute.part(step.target.part)
    if step.target.part is not None and part is None:
        raise Malformed(ScimType.INVALID_PATH, "the path names a part that is not there")
    if part is None and step.verb is Verb.REMOVE:
        inside[attribute.name] = [element for element in elements if not fits(element)]
        return
    for element in matching:
        _change_element(attribute, element, part, step)
    _keep_one_primary(elements, matching)
    inside[attribute.name] = [element for element in elements if element]


def _change_element(attribute: Attribute, element: Resource, part: Attribute | None, step: Step) -> None:
    if part is not None:
        _set_part(element, part, step)
        return
    given = read_value(attribute, step.value)
    element.update(given[0] if given else {})


def _bound(attribute: Attribute, chosen: Filter) -> Callable[[Any], bool]:
    try:
        return bind_element(attribute, chosen)
    except FilterRefused as malformed:
        raise Malformed(ScimType.INVALID_FILTER, str(malformed)) from malformed


def _created(attribute: Attribute, chosen: Filter) -> Resource:
    """Rule 7: the element that the filter describes. Raises: Malformed where it describes none."""
    parts = chosen.parts if isinstance(chosen, All) else (chosen,)
    element: Resource = {}
    for one in parts:
        part = attribute.part(one.path) if isinstance(one, Compare) and one.operator == "eq" else None
        if part is None or not isinstance(one, Compare) or one.literal.value is None:
            raise Malformed(ScimType.NO_TARGET, "no element fits the filter of the path")
        element[part.name] = read_value(part, one.literal.value)
    return element


def _set_part(element: Resource, part: Attribute, step: Step) -> None:
    if not part.is_written:
        raise Malformed(ScimType.MUTABILITY, f"{part.name} can't be changed")
    if step.verb is Verb.REMOVE or _is_blank(step.value):
        element.pop(part.name, None)
        return
    element[part.name] = read_value(part, step.value)


def _keep_one_primary(elements: list[Any], changed: list[Any]) -> None:
    """The newest primary value takes the place of the one before. Source: RFC 7644 section 3.5.2."""
    if any(element.get("primary") is True for element in changed):
        for element in elements:
            if not any(element is one for one in changed) and element.get("primary") is True:
                element["primary"] = False


def _joined(known: list[Any], added: list[Any]) -> list[Any]:
    """Append what is not there yet; rule 10: what is there already stays as it is."""
    present = {_identity(one) for one in known}
    new = [one for one in added if _identity(one) not in present]
    elements = [*known, *{_identity(one): one for one in new}.values()]
    _keep_one_primary(elements, new)
    return elements


def _identity(element: Any) -> object:
    """Tell elements apart by their value and kind, and others by all that they hold."""
    if isinstance(element, dict) and "value" in element:
        kind = element.get("type")
        return (element["value"], None if kind == "User" else kind)
    return repr(sorted(element.items())) if isinstance(element, dict) else element


def _given(value: object, name: str) -> object:
    """Give a member whatever the case of its name; what is not given is not blank."""
    if not isinstance(value, dict):
        return True
    return next((member for key, member in value.items() if key.lower() == name.lower()), True)


def _is_blank(value: object) -> bool:
    """Rule 14: a blank text and null unassign."""
    return value is None or value == ""
