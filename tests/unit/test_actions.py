"""Every action that an operation records stands in the one table, and every wire API says what becomes of it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from rekey.dialects.kisi import event_map as kisi
from rekey.dialects.kisi.event_types import EVENT_TYPES as KISI_TYPES
from rekey.dialects.seam import event_map as seam
from rekey.dialects.seam.event_types import EVENT_TYPES as SEAM_TYPES
from rekey.domain.actions import ACTIONS
from rekey.domain.document import DocumentKind
from tests.architecture.tree import parsed, place, python_files

_ACTION = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")
# Texts of the same form that are no actions: names of loggers.
_OTHERS = re.compile(r"rekey\.[a-z_]+")
_DOCUMENTS = frozenset(
    f"{kind.value}.{done}" for kind in DocumentKind for done in ("added", "edited", "ended")
)


def recorded() -> dict[str, str]:
    """Give every text of the operations that looks like an action, with where it stands."""
    return {
        name: place(path, line)
        for path in python_files("src/rekey/operations")
        for name, line in _texts(path)
        if _ACTION.fullmatch(name) and not _OTHERS.fullmatch(name)
    }


def _texts(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, node.lineno


def _beginnings() -> tuple[str, ...]:
    """Give the beginnings, such as `ownership.`, of actions that an operation puts together."""
    return tuple(
        {
            str(node.values[0].value)
            for path in python_files("src/rekey/operations")
            for node in ast.walk(parsed(path))
            if isinstance(node, ast.JoinedStr)
            and isinstance(node.values[0], ast.Constant)
            and re.fullmatch(r"[a-z_]+\.", str(node.values[0].value))
        }
    )


def test_every_action_of_an_operation_is_explained_in_domain_actions() -> None:
    missing = {name: where for name, where in recorded().items() if name not in ACTIONS}
    assert missing == {}, "add these to rekey/domain/actions.py, each with what it says"


def test_no_action_is_explained_that_nobody_records() -> None:
    made = recorded().keys() | _DOCUMENTS
    spelt = _beginnings()
    idle = [name for name in ACTIONS if name not in made and not name.startswith(spelt)]
    idle = [name for name in idle if not name.endswith(".annotated")]
    assert idle == [], "take these out of rekey/domain/actions.py"


@pytest.mark.parametrize("dialect", [seam, kisi], ids=["seam", "kisi"])
def test_every_wire_api_says_what_becomes_of_every_action(dialect: object) -> None:
    told, silent = dialect.EVENTS, dialect.NO_EVENT  # type: ignore[attr-defined]  # both modules have them
    missing = ACTIONS.keys() - told.keys() - silent - _DOCUMENTS
    assert sorted(missing) == [], "say in event_map.py which events these become, or put them into NO_EVENT"
    assert sorted((told.keys() | silent) - ACTIONS.keys()) == [], "there are no such actions"
    assert sorted(told.keys() & silent) == []


def test_every_event_is_of_a_type_that_the_vendor_lists() -> None:
    assert frozenset().union(*(event.types for event in seam.EVENTS.values())) <= SEAM_TYPES
    assert frozenset().union(*(event.types for event in kisi.EVENTS.values())) <= frozenset(KISI_TYPES)
    assert len(SEAM_TYPES) == 109
    assert len(set(KISI_TYPES)) == len(KISI_TYPES)
