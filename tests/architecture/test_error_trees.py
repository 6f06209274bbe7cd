"""The errors of a room are drawn at the top of its module, all of them."""

import ast
from pathlib import Path

import pytest

from tests.architecture.tree import SOURCE, parsed

MODULES = sorted(SOURCE.rglob("errors.py"))


def test_there_are_error_modules() -> None:
    assert len(MODULES) > 5


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_every_error_class_is_drawn_in_the_docstring(module: Path) -> None:
    tree = parsed(module)
    drawn = ast.get_docstring(tree) or ""
    classes = [node.name for node in tree.body if isinstance(node, ast.ClassDef) and _raises(node)]
    assert [name for name in classes if name not in drawn] == []


def _raises(node: ast.ClassDef) -> bool:
    """Say whether the class looks like an exception: it derives from something that is no Enum, Protocol or tuple."""
    bases = [ast.unparse(base) for base in node.bases]
    return bool(bases) and not any(base.split("[")[0].split(".")[-1] in _PLAIN for base in bases)


_PLAIN = {"Enum", "StrEnum", "IntEnum", "Protocol", "NamedTuple", "Struct"}
