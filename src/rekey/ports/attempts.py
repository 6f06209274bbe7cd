"""Counting what could be guessed, so that nobody guesses quickly."""

from enum import StrEnum
from typing import Protocol


class AttemptKind(StrEnum):
    """What is tried; each kind is counted by itself."""

    PASSWORD = "password"  # noqa: S105  # a kind of attempt
    REGISTRATION = "registration"
    CODE = "code"
    MAIL = "mail"
    PIN = "pin"  # what is typed at a door's keypad; only what was wrong is counted


class Attempts(Protocol):
    """Counts attempts, right or wrong, before anything costly is done for them."""

    def count(self, kind: AttemptKind, organization_id: str, account: str, address: str | None) -> None:
        """Count one. Raises: TooManyRequests with the seconds to wait."""
        ...

    def check(self, kind: AttemptKind, organization_id: str, account: str, address: str | None) -> None:
        """Count none, and refuse where `count` would. Raises: TooManyRequests with the seconds to wait."""
        ...


class Uncounted:
    """Stands in where nobody from outside can try anything."""

    def count(self, kind: AttemptKind, organization_id: str, account: str, address: str | None) -> None: ...

    def check(self, kind: AttemptKind, organization_id: str, account: str, address: str | None) -> None: ...
