"""The rules know no clock, no dice and no disk: the same question always has the same answer."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import parsed, place, python_files

IMPURE_MODULES = {
    "asyncio",
    "http",
    "io",
    "logging",
    "multiprocessing",
    "os",
    "pathlib",
    "random",
    "secrets",
    "shutil",
    "socket",
    "sqlite3",
    "subprocess",
    "sys",
    "tempfile",
    "threading",
    "time",
    "urllib",
}
IMPURE_CALLS = {"now", "utcnow", "today", "uuid1", "uuid4", "open", "input", "getenv"}


def test_the_domain_imports_itself_and_the_pure_part_of_the_standard_library() -> None:
    pure = (sys.stdlib_module_names - IMPURE_MODULES) | {"rekey"}
    found = [
        f"{place(path, line)} {module}"
        for path in python_files("src/rekey/domain")
        for module, line in _imports(path)
        if module.partition(".")[0] not in pure
    ]
    assert found == []


def test_the_domain_asks_no_clock_and_throws_no_dice() -> None:
    found = [
        f"{place(path, node.lineno)} {name}"
        for path in python_files("src/rekey/domain")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and (name := _called(node)) in IMPURE_CALLS
    ]
    assert found == []


def _imports(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "", node.lineno


def _called(node: ast.Call) -> str:
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""
