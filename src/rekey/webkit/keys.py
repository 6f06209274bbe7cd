"""Ed25519 keys: which are admitted, who signed, and signing ourselves.

Signatures are checked by libsodium (PyNaCl), which refuses weak keys and malleated signatures and is
faster than OpenSSL at it. Source: RFC 8032, section 5.1; RFC 8410, section 4 (the wrapped form).

KeyRefused      the text is not a public key that we trust to mean one holder
"""

import re
from base64 import b64decode, b64encode
from enum import StrEnum
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from nacl.bindings import crypto_core_ed25519_is_valid_point, crypto_sign_open
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey

from rekey.webkit.key_file import KeyFileRefusal, KeyFileRefused, read_private, write_private

KEY_BYTES = 32
SIGNATURE_BYTES = 64

_FIELD_PRIME = 2**255 - 19
_SPKI_PREFIX = bytes.fromhex("302a300506032b6570032100")
_MAX_TEXT = 256
_LINE_BREAKS = re.compile(r"[\r\n]")
_TO_STANDARD = str.maketrans("-_", "+/")


class KeyRefusal(StrEnum):
    """Why a public key is refused."""

    NOT_BASE64 = "not_base64"
    WRONG_LENGTH = "wrong_length"
    NOT_ED25519 = "not_ed25519"
    NOT_CANONICAL = "not_canonical"
    WEAK_POINT = "weak_point"


_MESSAGES = {
    KeyRefusal.NOT_BASE64: "the key is not base64",
    KeyRefusal.WRONG_LENGTH: "the key is neither 32 bytes nor their 44 byte DER form",
    KeyRefusal.NOT_ED25519: "the key is not an Ed25519 key",
    KeyRefusal.NOT_CANONICAL: "the key is not in canonical form",
    KeyRefusal.WEAK_POINT: "the key is not a point of the prime order group of edwards25519",
}


class KeyRefused(Exception):
    """The text is not a public key that we trust to mean one holder; `reason` says why."""

    def __init__(self, reason: KeyRefusal) -> None:
        super().__init__(_MESSAGES[reason])
        self.reason = reason


def admit_ed25519(text: str | bytes) -> bytes:
    """Give the 32 bytes of a public key that was sent as base64.

    Takes: standard or url-safe base64, padded or not, with line breaks or not, of the raw 32 bytes or of
    the 44 byte DER form.
    Raises: KeyRefused.
    """
    data = _decode(text)
    if len(data) == len(_SPKI_PREFIX) + KEY_BYTES:
        if not data.startswith(_SPKI_PREFIX):
            raise KeyRefused(KeyRefusal.NOT_ED25519)
        data = data[len(_SPKI_PREFIX) :]
    return admit_point(data)


def admit_point(raw: bytes) -> bytes:
    """Give the raw key back if it is canonical, on the curve and of prime order.

    A key of small order verifies one signature for many messages, so its holder could deny or share
    anything. Raises: KeyRefused.
    """
    if len(raw) != KEY_BYTES:
        raise KeyRefused(KeyRefusal.WRONG_LENGTH)
    if int.from_bytes(raw, "little") & (1 << 255) - 1 >= _FIELD_PRIME:
        raise KeyRefused(KeyRefusal.NOT_CANONICAL)
    if not crypto_core_ed25519_is_valid_point(raw):
        raise KeyRefused(KeyRefusal.WEAK_POINT)
    return raw


def verify_ed25519(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether the key signed the message. Weak keys and malleated signatures never did."""
    if len(public_key) != KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    try:
        crypto_sign_open(signature + message, public_key)
    except BadSignatureError:
        return False
    return True


class Ed25519Signer:
    """Signs with one private key, which never leaves it except into a file of its owner."""

    __slots__ = ("_key", "public_key")

    def __init__(self, seed: bytes) -> None:
        self._key = SigningKey(seed)
        self.public_key = bytes(self._key.verify_key)

    def __repr__(self) -> str:
        return f"Ed25519Signer(public_key={self.public_key.hex()})"

    @classmethod
    def generate(cls) -> Self:
        """Make a new key."""
        return cls(bytes(SigningKey.generate()))

    @classmethod
    def create(cls, path: Path) -> Self:
        """Make a new key and keep it in a new file, as PKCS #8 in PEM. Raises: KeyFileRefused."""
        signer = cls.generate()
        key = Ed25519PrivateKey.from_private_bytes(bytes(signer._key))
        write_private(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return signer

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the key that `create` (or openssl) wrote. Raises: KeyFileRefused."""
        try:
            key = load_pem_private_key(read_private(path), password=None)
        except (ValueError, TypeError) as error:
            raise KeyFileRefused(KeyFileRefusal.NOT_A_KEY, path) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise KeyFileRefused(KeyFileRefusal.NOT_A_KEY, path)
        return cls(key.private_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """Give the 64 byte signature of the message."""
        return self._key.sign(message).signature


def _decode(text: str | bytes) -> bytes:
    if len(text) > _MAX_TEXT:
        raise KeyRefused(KeyRefusal.WRONG_LENGTH)
    try:
        ascii_text = text.decode("ascii") if isinstance(text, bytes) else text
        bare = _LINE_BREAKS.sub("", ascii_text).translate(_TO_STANDARD).rstrip("=")
        data = b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except ValueError as error:
        raise KeyRefused(KeyRefusal.NOT_BASE64) from error
    if b64encode(data).decode().rstrip("=") != bare:
        raise KeyRefused(KeyRefusal.NOT_BASE64)
    return data
