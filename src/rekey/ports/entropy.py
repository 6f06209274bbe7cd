"""Randomness as a port."""

from typing import Protocol


class Entropy(Protocol):
    """Gives what must not be guessed."""

    def new_id(self) -> str:
        """Give a fresh version 4 UUID, lower case."""
        ...

    def token_bytes(self, length: int) -> bytes:
        """Give bytes fit for a secret."""
        ...
