"""Secrets kept by keys in files, and the journal's signing key."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from secrets import token_bytes
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from rekey.app.errors import NotInitialized
from rekey.webkit.key_file import KeyFileRefusal, KeyFileRefused, read_private, write_private
from rekey.webkit.keys import Ed25519Signer

T = TypeVar("T")

PEPPER_FILE = "pepper.key"
SEAL_FILE = "seal.key"
JOURNAL_FILE = "journal.key"
JOURNAL_PUBLIC_FILE = "journal.pub"
HOST_KEY_FILE = "host.key"
SIGNER_NAME = "rekey-journal"
_KEY_BYTES = 32
_DIGEST_BYTES = 32


class FileSecrets:
    """Implements `ports.secrets.Secrets`: BLAKE2b with a pepper, Argon2id, and NaCl's secret box.

    Passwords are hashed in threads, one fewer than the machine has cores, so that a burst of sign-ins
    leaves a core for everything else.
    """

    def __init__(self, *, pepper: bytes, seal_key: bytes, hasher: PasswordHasher | None = None) -> None:
        self._pepper = pepper
        self._box = SecretBox(seal_key)
        self._hasher = hasher or PasswordHasher()
        workers = max(1, (os.cpu_count() or 1) - 1)
        self._pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="rekey-password")
        # Checked against when there is no such account, so that its absence takes as long.
        self._nobody = self._hasher.hash(token_bytes(_KEY_BYTES))

    def fingerprint(self, secret: str) -> str:
        return blake2b(secret.encode(), key=self._pepper, digest_size=_DIGEST_BYTES).hexdigest()

    async def hash_password(self, password: str) -> str:
        return await self._aside(lambda: self._hasher.hash(password))

    async def password_matches(self, password: str, stored: str | None) -> bool:
        matches = await self._aside(lambda: self._verify(password, stored or self._nobody))
        return matches and stored is not None

    def seal(self, plain: bytes) -> bytes:
        return bytes(self._box.encrypt(plain))

    def unseal(self, sealed: bytes) -> bytes:
        try:
            return self._box.decrypt(sealed)
        except CryptoError as altered:
            raise ValueError("this was altered, or sealed by another server") from altered

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown(wait=False)

    def _verify(self, password: str, stored: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _aside(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)


class FileSigner:
    """Implements `ports.secrets.JournalSigner` with a key from a file."""

    name = SIGNER_NAME

    def __init__(self, signer: Ed25519Signer) -> None:
        self._signer = signer

    @property
    def public_key(self) -> bytes:
        return self._signer.public_key

    def sign(self, message: bytes) -> bytes:
        return self._signer.sign(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRing:
    """What one data directory's key files hold."""

    pepper: bytes
    seal_key: bytes
    signer: FileSigner


def make_keys(data: Path) -> None:
    """Make the key files that a data directory lacks, each for its owner alone. Raises: KeyFileRefused."""
    directory = data / "keys"
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in (PEPPER_FILE, SEAL_FILE):
        if not (directory / name).exists():
            write_private(directory / name, token_bytes(_KEY_BYTES))
    if not (directory / JOURNAL_FILE).exists():
        signer = Ed25519Signer.create(directory / JOURNAL_FILE)
        (directory / JOURNAL_PUBLIC_FILE).write_text(signer.public_key.hex() + "\n")


def read_keys(data: Path) -> KeyRing:
    """Read the key files. Raises: NotInitialized when one is missing, KeyFileRefused."""
    directory = data / "keys"
    try:
        return KeyRing(
            pepper=read_private(directory / PEPPER_FILE),
            seal_key=read_private(directory / SEAL_FILE),
            signer=FileSigner(Ed25519Signer.load(directory / JOURNAL_FILE)),
        )
    except KeyFileRefused as refused:
        if refused.reason is KeyFileRefusal.MISSING:
            raise NotInitialized(data, f"{refused.path} is missing") from refused
        raise
