"""No command without a line in docs/cli.md."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from rekey.cli.main import app

DOCUMENT = Path(__file__).parents[3] / "docs" / "cli.md"


def commands(group: typer.Typer, before: str = "rekey") -> Iterator[str]:
    """Give every command as it is typed."""
    for command in group.registered_commands:
        called = command.name or (command.callback.__name__ if command.callback else "")
        yield f"{before} {called}"
    for inner in group.registered_groups:
        if inner.typer_instance is not None:
            yield from commands(inner.typer_instance, f"{before} {inner.name}")


@pytest.mark.parametrize("command", sorted(commands(app)))
def test_every_command_has_its_line(command: str) -> None:
    assert f"`{command}" in DOCUMENT.read_text()


def test_the_commands_are_found_at_all() -> None:
    assert {"rekey serve", "rekey door open", "rekey receipt verify"} <= set(commands(app))
