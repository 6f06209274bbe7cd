"""PATCH bodies as directories really send them, made one plain form; pure. Source: contract section 6.1."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rekey.dialects.scim.errors import Malformed, ScimType
from rekey.dialects.scim.filter_syntax import FilterRefused, TargetPath, parse_target

MOST_STEPS = 10_000


class Verb(StrEnum):
    """What a step does."""

    ADD = "add"
    REPLACE = "replace"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One change. `named` says that the path stood in a `path`, so that a wrong one is an error.

    `has_value` tells a remove of some elements from a remove of all.
    """

    verb: Verb
    target: TargetPath
    value: Any = None
    has_value: bool = False
    named: bool = True


def read_steps(body: object) -> tuple[Step, ...]:
    """Read the operations of a PATCH in their order. Raises: Malformed."""
    operations = _member(body, "operations")
    if isinstance(operations, dict):
        operations = [operations]
    if not isinstance(operations, list) or not operations:
        raise Malformed(ScimType.INVALID_SYNTAX, "Operations must be a list of at least one operation")
    steps = [step for operation in operations for step in _steps(operation)]
    if len(steps) > MOST_STEPS:
        raise Malformed(ScimType.TOO_MANY, f"there can be at most {MOST_STEPS} operations")
    return tuple(steps)


def _steps(operation: object) -> list[Step]:
    verb = _verb(_member(operation, "op"))
    path, value = _member(operation, "path"), _member(operation, "value")
    if path is None or path == "":
        return _without_path(verb, value)
    if not isinstance(path, str):
        raise Malformed(ScimType.INVALID_PATH, "path must be a text")
    return [Step(verb=verb, target=_target(path), value=value, has_value=value is not None)]


def _without_path(verb: Verb, value: object) -> list[Step]:
    """Rules 4 and 5: each member of the value is a path of its own, whatever is done to it.

    A remove that was refused for its form would leave a member in the group.
    """
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if verb is Verb.REMOVE and not (isinstance(value, dict) and value):
        raise Malformed(ScimType.NO_TARGET, "a remove needs a path")
    if not isinstance(value, dict):
        raise Malformed(ScimType.INVALID_VALUE, "an operation without a path needs an object as its value")
    return members_as_steps(verb, value)


def members_as_steps(verb: Verb, members: dict[str, Any]) -> list[Step]:
    """Read each member of an object as a step on the path that its name is. Raises: Malformed."""
    return [
        Step(verb=verb, target=_target(name), value=value, has_value=value is not None, named=False)
        for name, value in members.items()
    ]


def _target(path: str) -> TargetPath:
    try:
        return parse_target(path)
    except FilterRefused as malformed:
        raise Malformed(ScimType.INVALID_PATH, f"the path can't be read: {malformed}") from malformed


def _verb(op: object) -> Verb:
    """Rule 1: whatever its case."""
    try:
        return Verb(str(op).lower())
    except ValueError as unknown:
        raise Malformed(ScimType.INVALID_SYNTAX, "op must be add, replace or remove") from unknown


def _member(holder: object, name: str) -> Any:
    """Give a member whatever the case of its name; None if it is not there."""
    if not isinstance(holder, dict):
        raise Malformed(ScimType.INVALID_SYNTAX, "the body and each operation must be objects")
    return next((value for key, value in holder.items() if key.lower() == name), None)
