"""Only a command speaks to the terminal; everything else logs, or gives its answer back."""

import ast

from tests.architecture.tree import SOURCE, parsed, place, python_files


def test_nothing_prints_but_the_commands() -> None:
    found = [
        place(path, node.lineno)
        for path in python_files("src")
        if not path.is_relative_to(SOURCE / "cli")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert found == []
