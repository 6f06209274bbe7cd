"""The project's own files, as the rules see them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "rekey"
# Made by tools or by a running server, and never committed; see .gitignore.
_NOT_OURS = {
    ".git",
    ".venv",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
    ".import_linter_cache",
    "__pycache__",
    "node_modules",
    "uv.lock",
    ".install-lock",
}
_DATA_OF_A_SERVER = ROOT / "var"

Function = ast.FunctionDef | ast.AsyncFunctionDef


def project_files() -> list[Path]:
    """List every file that a commit of this tree would hold."""
    return sorted(_walk(ROOT))


def python_files(*folders: str) -> list[Path]:
    """List the Python files below folders of the project; with none named, below src, tests and benchmarks."""
    roots = [ROOT / folder for folder in folders or ("src", "tests", "benchmarks")]
    return [path for path in project_files() if path.suffix == ".py" and any(map(path.is_relative_to, roots))]


@cache
def parsed(path: Path) -> ast.Module:
    """Give the syntax tree of a file."""
    return ast.parse(path.read_text(), filename=str(path))


def functions(path: Path) -> Iterator[Function]:
    """Walk every function and method of a file, nested ones as well."""
    return (node for node in ast.walk(parsed(path)) if isinstance(node, Function))


def place(path: Path, line: int | None = None) -> str:
    """Name a file, or a line in it, as an editor opens it."""
    name = str(path.relative_to(ROOT))
    return name if line is None else f"{name}:{line}"


def _walk(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.name in _NOT_OURS or entry == _DATA_OF_A_SERVER:
            continue
        if entry.is_dir():
            yield from _walk(entry)
        else:
            yield entry
