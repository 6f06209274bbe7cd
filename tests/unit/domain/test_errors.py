"""The tree at the top of errors.py is the tree that Python sees."""

import inspect
import re

import pytest

from rekey.domain import errors
from rekey.domain.decision import Denied, DenyReason
from rekey.domain.errors import AccessDenied, CoreError

BRANCH = re.compile(r"^((?:│   |    )*)(?:├── |└── )(\w+)", re.MULTILINE)


def drawn() -> dict[str, str]:
    """Read class and parent out of the drawing."""
    parents: dict[str, str] = {}
    above = ["CoreError"]
    for indent, name in BRANCH.findall(inspect.getdoc(errors) or ""):
        depth = len(indent) // 4 + 1
        parents[name] = above[depth - 1]
        above[depth:] = [name]
    return parents


def defined() -> dict[str, str]:
    """Walk the subclasses that the module itself defines."""
    parents: dict[str, str] = {}
    waiting: list[type[CoreError]] = [CoreError]
    while waiting:
        parent = waiting.pop()
        children = [child for child in parent.__subclasses__() if child.__module__ == errors.__name__]
        parents.update({child.__name__: parent.__name__ for child in children})
        waiting.extend(children)
    return parents


def test_every_error_is_drawn_under_its_parent() -> None:
    assert drawn() == defined()


@pytest.mark.parametrize("name", [*defined(), "CoreError"])
def test_error_says_what_it_means(name: str) -> None:
    own = vars(getattr(errors, name))["__doc__"]
    assert own
    assert own.endswith(".")


def test_access_denied_carries_the_decision_and_says_its_reason() -> None:
    denied = Denied(DenyReason.REVOKED, "revocation")
    assert AccessDenied(denied).denied is denied
    assert "revoked" in str(AccessDenied(denied))
