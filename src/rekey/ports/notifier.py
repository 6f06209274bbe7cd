"""Telling people things.

NotDelivered    the notice did not go out; it may later
"""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A short text to one address (an e-mail address or a phone number)."""

    to: str
    subject: str
    text: str


class NotDelivered(Exception):
    """The notice did not go out; the text says why and repeats nothing of it.

    With `for_good` trying again is of no use, because the address or the notice itself was refused.
    """

    def __init__(self, why: str, *, for_good: bool = False) -> None:
        super().__init__(why)
        self.for_good = for_good


class Notifier(Protocol):
    """Delivers notices, one at a time. Sending never undoes the act that asked for it."""

    @property
    def reaches_people(self) -> bool:
        """Whether a notice can reach its addressee, so that a code in it proves something."""
        ...

    async def send(self, notice: Notice) -> None:
        """Deliver it within a bounded time. Raises: NotDelivered."""
        ...
