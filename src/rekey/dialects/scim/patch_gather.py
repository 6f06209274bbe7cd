"""A thousand steps on one list made a few; pure.

Directories send an operation for each member of a group. Taken one by one, each would read the whole group.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from rekey.dialects.scim.attribute_path import find
from rekey.dialects.scim.filter_syntax import Compare, TargetPath
from rekey.dialects.scim.patch_read import Step, Verb
from rekey.dialects.scim.schema import ResourceKind


def gathered(kind: ResourceKind, steps: Iterable[Step]) -> tuple[Step, ...]:
    """Give the same change in fewer steps: neighbours that add to, or take from, one list of ids are one step."""
    found: list[Step] = []
    for step in steps:
        plain = _plain(kind, step)
        last = found[-1] if found else None
        if plain is None:
            found.append(step)
        elif last is not None and _is_alike(kind, last, plain):
            last.value.extend(plain.value)
        else:
            found.append(plain)
    return tuple(found)


def _is_alike(kind: ResourceKind, last: Step, step: Step) -> bool:
    same = (last.verb, last.target.path.lower()) == (step.verb, step.target.path.lower())
    return same and isinstance(last.value, list) and _plain(kind, last) is not None


def _plain(kind: ResourceKind, step: Step) -> Step | None:
    """Give the step with a list of its own as its value; None for one that says anything else."""
    if step.verb is Verb.REPLACE or not _is_list_of_ids(kind, step.target.path):
        return None
    chosen = step.target.chosen
    if chosen is None:
        return _with(step, step.target, step.value) if step.has_value and step.value else None
    named = (
        isinstance(chosen, Compare)
        and (chosen.path.lower(), chosen.operator) == ("value", "eq")
        and isinstance(chosen.literal.value, str)
    )
    if not named or not isinstance(chosen, Compare) or step.target.part is not None or step.verb is Verb.ADD:
        return None
    target = replace(step.target, chosen=None)
    return _with(step, target, [{"value": chosen.literal.value}])


def _with(step: Step, target: TargetPath, value: Any) -> Step:
    return replace(
        step, target=target, value=[*value] if isinstance(value, list) else [value], has_value=True
    )


def _is_list_of_ids(kind: ResourceKind, path: str) -> bool:
    """Say whether a path names a list whose elements are told apart by an exact `value` alone."""
    found = find(kind, path)
    attribute = None if found is None or found.part is not None else found.attribute
    if attribute is None or not (attribute.many and attribute.is_written):
        return False
    value = attribute.part("value")
    return value is not None and value.case_exact and attribute.part("primary") is None
