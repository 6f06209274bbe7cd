"""Telling people things."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A short text to one address (an e-mail address or a phone number)."""

    to: str
    subject: str
    text: str


class Notifier(Protocol):
    """Delivers notices; a failure is logged by the adapter and never undoes an act."""

    async def send(self, notice: Notice) -> None: ...
