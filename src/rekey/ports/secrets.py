"""Keeping and checking secrets."""

from typing import Protocol


class Secrets(Protocol):
    """Hashes what is only compared, seals what must be read again. Nothing here is ever logged."""

    def fingerprint(self, secret: str) -> str:
        """Give the keyed hash under which a random secret (a key, a token) is stored and found."""
        ...

    async def hash_password(self, password: str) -> str:
        """Give a slow salted hash; runs beside the event loop, few at a time."""
        ...

    async def password_matches(self, password: str, stored: str | None) -> bool:
        """Check a password. None costs the same time and is always False, so that nobody can list accounts."""
        ...

    def seal(self, plain: bytes) -> bytes:
        """Encrypt for storage."""
        ...

    def unseal(self, sealed: bytes) -> bytes:
        """Decrypt what `seal` gave. Raises: ValueError if it was altered or sealed by another server."""
        ...


class JournalSigner(Protocol):
    """Signs the checkpoints of every organization's journal."""

    @property
    def name(self) -> str: ...

    @property
    def public_key(self) -> bytes: ...

    def sign(self, message: bytes) -> bytes: ...
