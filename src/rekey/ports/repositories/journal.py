"""The journal and the memory of signed operations."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from rekey.domain.journal import JournalRow, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalFilter:
    """Which rows; every given field must match. Times are half-open.

    `actions` are any of several; none at all matches nothing. `has_parts` takes only rows of acts that did
    several things, whose further parts no other filter sees. A clock that was set back by more than five
    minutes can hide rows of that time from a list by time, never from one by position.
    """

    person_id: str | None = None
    door_id: str | None = None
    site_id: str | None = None
    operator_id: str | None = None
    action: str | None = None
    actions: frozenset[str] | None = None
    outcome: Outcome | None = None
    has_parts: bool = False
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A row with the leaf hash that was stored beside it."""

    row: JournalRow
    leaf: bytes


class JournalRepository(Protocol):
    async def rows(
        self,
        *,
        after: int = 0,
        limit: int = 100,
        matching: JournalFilter = JournalFilter(),
        newest_first: bool = False,
    ) -> tuple[StoredRow, ...]:
        """Give rows by position: past `after`, or with `newest_first` the last ones."""
        ...

    async def by_id(self, row_id: str) -> StoredRow | None: ...

    async def by_id_between(self, first: str, last: str) -> StoredRow | None:
        """Give a row whose id lies between two texts, both included."""
        ...

    async def newest_of_people(self, action: str) -> dict[str, datetime]:
        """Give, for each person whom such a row names, when the newest one was."""
        ...

    async def leaves(self, *, first: int, last: int) -> tuple[bytes, ...]:
        """Give the leaf hashes of the positions first to last, both included."""
        ...

    async def checkpoints(self, *, after_size: int = 0, limit: int = 1000) -> tuple[str, ...]:
        """Give the signed checkpoints (C2SP notes) by tree size."""
        ...

    async def newest_checkpoint(self) -> str | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenOperation:
    """A signed operation that was accepted once; remembered until it can no longer be valid.

    `credential_id` names the key that signed it, which must still stand when the act runs.
    """

    issuer: str
    token_id: str
    digest: str
    expires_at: datetime
    credential_id: str | None = None


class ReplayRepository(Protocol):
    async def remember(self, seen: SeenOperation) -> bool:
        """Remember it; False if (issuer, token_id) was remembered before."""
        ...

    async def forget_before(self, instant: datetime) -> int:
        """Drop what expired before the instant and say how many."""
        ...
