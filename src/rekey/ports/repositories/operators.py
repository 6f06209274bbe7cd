"""Operators and their keys."""

from datetime import datetime
from typing import Protocol

from rekey.domain.operator import Key, KeyKind, Operator
from rekey.ports.listing import Listing, Part


class OperatorRepository(Protocol):
    async def add(self, operator: Operator, password_hash: str | None = None) -> None: ...

    async def get(self, operator_id: str) -> Operator | None:
        """Find an operator who has not ended."""
        ...

    async def last_known(self, operator_id: str) -> Operator | None:
        """Find an operator, ended ones too."""
        ...

    async def by_number(self, number: int) -> Operator | None: ...

    async def of_person(self, person_id: str) -> Operator | None: ...

    async def list(self, part: Part) -> Listing[Operator]: ...

    async def replace(self, operator: Operator) -> None: ...

    async def password_hash(self, operator_id: str) -> str | None: ...

    async def set_password_hash(self, operator_id: str, password_hash: str | None) -> None: ...

    async def end(self, operator_id: str) -> None: ...


class KeyRepository(Protocol):
    async def add(self, key: Key, secret_fingerprint: str) -> None: ...

    async def get(self, key_id: str) -> Key | None:
        """Find a key, ended ones too."""
        ...

    async def by_number(self, number: int) -> Key | None: ...

    async def by_secret(self, secret_fingerprint: str) -> Key | None:
        """Find a key by its secret's fingerprint, ended ones too."""
        ...

    async def list(
        self, part: Part, *, operator_id: str | None = None, kind: KeyKind | None = None
    ) -> Listing[Key]:
        """List keys that have not ended."""
        ...

    async def replace(self, key: Key) -> None:
        """Change what a key says of itself. Raises: NotFound for one that has ended."""
        ...

    async def touch(self, key_id: str, at: datetime) -> bool:
        """Note when a key was used; False if it has ended."""
        ...

    async def prolong(self, key_id: str, until: datetime) -> bool:
        """Give a key that stands another end; False if it had ended."""
        ...

    async def end(self, key_id: str, at: datetime) -> bool:
        """End a key; False if it had ended."""
        ...

    async def end_all(self, operator_id: str, at: datetime, *, kind: KeyKind | None = None) -> int:
        """End every key of an operator and say how many."""
        ...
