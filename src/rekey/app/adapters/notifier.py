"""Notices without a mail server: shown on the terminal, or only noted."""

import sys
from typing import Final, TextIO

import structlog

from rekey.ports.notifier import Notice

_log = structlog.get_logger("rekey.notices")


class LogNotifier:
    """Implements `ports.notifier.Notifier`: notes that a notice was due, and keeps its text out of the log.

    A text may hold a link that signs somebody in, and logs are read by more people than the addressee.
    """

    reaches_people: Final = False

    async def send(self, notice: Notice) -> None:
        _log.warning("notice_not_sent", to=notice.to, subject=notice.subject, why="no mail server is set up")


class ConsoleNotifier:
    """Implements `ports.notifier.Notifier` for trying out: whoever started the server reads every notice."""

    reaches_people: Final = False

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out

    async def send(self, notice: Notice) -> None:
        lines = [f"To: {notice.to}", f"Subject: {notice.subject}", "", *notice.text.splitlines()]
        text = "\n".join(f"  | {_plain(line)}" for line in lines)
        (self._out or sys.stderr).write(f"\n  A notice that would be mailed:\n{text}\n\n")


def _plain(line: str) -> str:
    """A name may hold what moves a terminal's cursor."""
    return "".join(character for character in line if character.isprintable())
