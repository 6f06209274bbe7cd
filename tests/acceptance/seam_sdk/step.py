"""One call of a walk through the vendor's clients, written once for all of them.

A text `{name}` stands for what an earlier step kept under that name, or what the stage gave; `{tag}` is new in
each walk, so that keys and addresses don't meet those of another.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

UNKNOWN = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True, slots=True)
class Step:
    """Call `method` with `given`; `refused` is the status and the error's type, else it must succeed.

    `keep` takes parts of the answer by dotted places, `by` names the client: the key's, or a person's own.
    """

    method: str
    given: Mapping[str, Any] = field(default_factory=dict)
    keep: Mapping[str, str] = field(default_factory=dict)
    refused: tuple[int, str] | None = None
    by: str = "key"

    @property
    def path(self) -> str:
        return "/" + self.method.replace(".", "/")


def call(method: str, /, keep: Mapping[str, str] | None = None, by: str = "key", **given: Any) -> Step:
    """Make a step that must succeed."""
    return Step(method, given, keep or {}, by=by)


def refused(status: int, kind: str, method: str, /, by: str = "key", **given: Any) -> Step:
    """Make a step that must be refused so."""
    return Step(method, given, refused=(status, kind), by=by)


def unknown(method: str, name: str, /, kind: str | None = None, **given: Any) -> Step:
    """Make a step that names something that is not there."""
    found = kind or f"{name.removesuffix('_id')}_not_found"
    return Step(method, {name: UNKNOWN, **given}, refused=(404, found))


def filled(value: Any, known: Mapping[str, Any]) -> Any:
    """Put what is known in the places that name it."""
    if isinstance(value, str):
        if value.startswith("{") and value.endswith("}") and value.count("{") == 1:
            return known[value[1:-1]]
        return value.replace("{tag}", known["tag"])
    if isinstance(value, Mapping):
        return {name: filled(part, known) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [filled(part, known) for part in value]
    return value


def found_at(place: str, body: Any) -> Any:
    """Give the part of an answer at a dotted place."""
    for part in place.split("."):
        body = body[int(part)] if isinstance(body, list) else body[part]
    return body
