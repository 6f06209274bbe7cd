"""The dialect's own keys on disk: the signer of tokens and the certificate authority, made on first need."""

import asyncio
from pathlib import Path

from rekey.dialects.doordeck.cert_authority import CertAuthority, newest_generation
from rekey.dialects.doordeck.cert_chain import ChainVerifier
from rekey.ports.clock import Clock
from rekey.webkit.key_file import KeyFileRefusal, KeyFileRefused
from rekey.webkit.keys import Ed25519Signer
from rekey.webkit.settings import DialectSettings

_NAME = "doordeck"
_TOKENS = "tokens.key"
_AUTHORITY = "ca"


class Keyring:
    """Every server process of one data directory ends up with the same keys, whichever made them."""

    def __init__(self, settings: DialectSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._signer: Ed25519Signer | None = None
        self._authority: CertAuthority | None = None
        self._verifier: ChainVerifier | None = None

    def signer(self) -> Ed25519Signer:
        """Give the signer of our tokens. Raises: KeyFileRefused."""
        if self._signer is None:
            self._signer = _load_or_make_signer(self._settings.keys(_NAME) / _TOKENS)
        return self._signer

    async def authority(self) -> CertAuthority:
        """Give the certificate authority, with the issuing key that was rotated in last.

        Raises: KeyFileRefused, AuthorityUnusable.
        """
        if self._authority is None or newest_generation(self._directory()) != self._authority.generation:
            self._authority = await asyncio.to_thread(self._load_or_make_authority)
        return self._authority

    async def verifier(self) -> ChainVerifier:
        """Give the verifier of chains under our root. Raises: as `authority`."""
        if self._verifier is None:
            self._verifier = ChainVerifier((await self.authority()).root_der)
        return self._verifier

    def _directory(self) -> Path:
        return authority_directory(self._settings)

    def _load_or_make_authority(self) -> CertAuthority:
        directory = self._directory()
        if directory.exists():
            return CertAuthority.load(directory)
        try:
            return CertAuthority.create(directory, now=self._clock.now())
        except KeyFileRefused as refused:
            if refused.reason is not KeyFileRefusal.EXISTS:
                raise
            # Another process, or another request of this one, was quicker.
            return CertAuthority.load(directory)


def authority_directory(settings: DialectSettings) -> Path:
    """Give where the files of the certificate authority are."""
    return settings.keys(_NAME) / _AUTHORITY


def _load_or_make_signer(path: Path) -> Ed25519Signer:
    if path.exists():
        return Ed25519Signer.load(path)
    try:
        return Ed25519Signer.create(path)
    except KeyFileRefused as refused:
        if refused.reason is not KeyFileRefusal.EXISTS:
            raise
        return Ed25519Signer.load(path)
