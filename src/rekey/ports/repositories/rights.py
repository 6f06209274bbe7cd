"""Grants, revocations, blocks, conflicts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from rekey.domain.block import Block, BlockCause, Subject, SubjectKind
from rekey.domain.grant import Grant, Holder, HolderKind
from rekey.domain.revocation import Revocation
from rekey.domain.scope import Scope, ScopeKind
from rekey.ports.listing import Listing, Part


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantFilter:
    """What to list; every given field must match. Ended grants are left out."""

    holder: Holder | None = None
    holder_kinds: tuple[HolderKind, ...] = ()
    scope: Scope | None = None
    scope_kinds: tuple[ScopeKind, ...] = ()
    roles: tuple[str, ...] = ()
    origin: str | None = None
    made_by: str | None = None
    ids: tuple[str, ...] | None = None
    holder_ids: tuple[str, ...] | None = None


class GrantRepository(Protocol):
    async def add(self, grant: Grant) -> None: ...

    async def get(self, grant_id: str) -> Grant | None:
        """Find a grant that has not ended."""
        ...

    async def by_number(self, number: int) -> Grant | None: ...

    async def list(self, part: Part, matching: GrantFilter = GrantFilter()) -> Listing[Grant]: ...

    async def holders_at(self, scope: Scope) -> frozenset[Holder]:
        """Give who holds a grant at exactly this scope that has not ended."""
        ...

    async def replace(self, grant: Grant) -> None:
        """Change a grant's terms; the old terms stay known for questions about the past."""
        ...

    async def end(self, grant_id: str, at: datetime) -> bool:
        """End a grant; False if it had ended."""
        ...


class RevocationRepository(Protocol):
    async def add(self, revocation: Revocation) -> None: ...

    async def get(self, revocation_id: str) -> Revocation | None: ...

    async def list(
        self, part: Part, *, person_id: str | None = None, newest_first: bool = True
    ) -> Listing[Revocation]:
        """List revocations by position; `Part.after` is a position here."""
        ...


class BlockRepository(Protocol):
    async def place(self, block: Block) -> None: ...

    async def get(self, block_id: str) -> Block | None: ...

    async def standing(self, subject: Subject, *, cause: BlockCause | None = None) -> tuple[Block, ...]:
        """Give the blocks on the subject that have not been lifted (their `until` may have passed)."""
        ...

    async def of_cause(self, kind: SubjectKind, cause: BlockCause) -> tuple[Block, ...]:
        """Give all blocks of one cause on subjects of one kind that have not been lifted."""
        ...

    async def standing_on(self, kind: SubjectKind, ids: Collection[str]) -> dict[str, tuple[Block, ...]]:
        """Give what `standing` gives for each of many subjects of one kind; who has none is left out."""
        ...

    async def lift(self, block_id: str) -> bool:
        """Lift a block; False if it had been lifted."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessConflict:
    """Something an automation wanted that an operator's revocation or block forbids."""

    id: str
    person_id: str
    at: datetime
    via: str
    wanted: str
    against: str


class ConflictRepository(Protocol):
    async def add(self, conflict: AccessConflict) -> None: ...

    async def list(self, part: Part, *, person_id: str | None = None) -> Listing[AccessConflict]: ...
