"""How a command ends otherwise than well; the number is the program's exit code.

CommandFailed
├── Refused         1   the server or the store said no
├── Unclear         2   the command does not say clearly what is meant (candidates)
├── NotConfirmed    3   done, and not yet proved by every door
└── DoorRefuted     4   a door holds what it said it had deleted
"""

from collections.abc import Mapping, Sequence
from typing import Any


class CommandFailed(Exception):
    """Base of all; the text is what the user reads."""

    code = 1


class Refused(CommandFailed):
    """The server or the store said no; `problem` is its own answer."""

    def __init__(self, text: str, problem: Mapping[str, Any] | None = None) -> None:
        super().__init__(text)
        self.problem = dict(problem or {})


class Unclear(CommandFailed):
    """The command does not say clearly what is meant."""

    code = 2

    def __init__(self, text: str, candidates: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__(text)
        self.candidates = candidates


class NotConfirmed(CommandFailed):
    """Done, and not yet proved by every door."""

    code = 3


class DoorRefuted(CommandFailed):
    """A door holds what it said it had deleted."""

    code = 4
