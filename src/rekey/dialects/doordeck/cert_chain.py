"""Who signed: a presented certificate chain, checked up to our own pinned root.

A generic path validator would look for names and purposes of web servers; ours has exactly one trust
anchor, one order of certificates and one kind of leaf, and refuses everything else.
Source: RFC 5280, section 6.1; Doordeck contract, sections 2.1 and 5.4.

ChainRefused        the chain proves nothing; `reason` says why and nothing of it is repeated
"""

import warnings
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.utils import CryptographyDeprecationWarning

from rekey.dialects.doordeck.cert_authority import USER_ID_OID

MIN_CERTIFICATES = 2
MAX_CERTIFICATES = 5

_MAX_TEXT = 8192
_JUNK = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    CryptographyDeprecationWarning,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)
_KNOWN_EXTENSIONS = frozenset({x509.BasicConstraints.oid, x509.KeyUsage.oid})


class ChainRefusal(StrEnum):
    """Why a chain is refused."""

    NOT_A_CHAIN = "not_a_chain"
    WRONG_LENGTH = "wrong_length"
    BAD_BASE64 = "bad_base64"
    BAD_CERTIFICATE = "bad_certificate"
    UNTRUSTED_ROOT = "untrusted_root"
    BROKEN_LINK = "broken_link"
    ISSUER_NOT_AUTHORITY = "issuer_not_authority"
    PATH_TOO_LONG = "path_too_long"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    LEAF_IS_AUTHORITY = "leaf_is_authority"
    LEAF_MAY_NOT_SIGN = "leaf_may_not_sign"
    LEAF_KEY_NOT_ED25519 = "leaf_key_not_ed25519"
    NO_USER_ID = "no_user_id"


class ChainRefused(Exception):
    """The chain proves nothing; `reason` says why and nothing of it is repeated."""

    def __init__(self, reason: ChainRefusal) -> None:
        super().__init__(f"certificate chain refused: {reason.value.replace('_', ' ')}")
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafIdentity:
    """Whom a verified chain names; `fingerprint` is the SHA-256 of the leaf in hex."""

    user_id: str
    public_key: bytes
    serial: int
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedChain:
    """A chain whose links hold for good, and the window in which all its certificates are valid.

    Both ends are included. Source: RFC 5280, section 4.1.2.5.
    """

    leaf: LeafIdentity
    not_before: datetime
    not_after: datetime

    def identity_at(self, now: datetime) -> LeafIdentity:
        """Give the identity at an instant inside the window. Raises: ChainRefused (NOT_YET_VALID, EXPIRED)."""
        if now < self.not_before:
            raise ChainRefused(ChainRefusal.NOT_YET_VALID)
        if now > self.not_after:
            raise ChainRefused(ChainRefusal.EXPIRED)
        return self.leaf


class ChainVerifier:
    """Verifies chains under one root and remembers the links of the last `capacity` sound ones.

    Only what never changes is remembered; the clock is asked each time, and whether the key is still
    trusted is the caller's question. Chains that fail are not remembered, so nobody can fill the memory
    without certificates of ours. For one thread.
    """

    def __init__(self, root: bytes, *, capacity: int = 4096) -> None:
        self._root = root
        self._capacity = capacity
        self._sound: dict[bytes, VerifiedChain] = {}

    def verify(self, x5c: object, *, now: datetime) -> LeafIdentity:
        """Give the identity that the chain proves at `now`. Raises: ChainRefused."""
        texts = require_texts(x5c)
        key = _digest(texts)
        chain = self._sound.pop(key, None) or check_links(texts, root=self._root)
        # Set again after the pop, so that the first key is always the one not used for longest.
        self._sound[key] = chain
        if len(self._sound) > self._capacity:
            del self._sound[next(iter(self._sound))]
        return chain.identity_at(now)


def verify_chain(x5c: object, *, root: bytes, now: datetime) -> LeafIdentity:
    """Give the identity that a chain proves at `now`, without a memory.

    Takes: the `x5c` member as it was read: certificates in padded base64 DER, leaf first, root last;
    root, the DER of the one certificate that is trusted.
    Raises: ChainRefused.
    """
    return check_links(require_texts(x5c), root=root).identity_at(now)


def require_texts(x5c: object) -> tuple[str, ...]:
    """Give the texts of a chain of possible shape. Raises: ChainRefused (NOT_A_CHAIN, WRONG_LENGTH)."""
    if not isinstance(x5c, list):
        raise ChainRefused(ChainRefusal.NOT_A_CHAIN)
    if not MIN_CERTIFICATES <= len(x5c) <= MAX_CERTIFICATES:
        raise ChainRefused(ChainRefusal.WRONG_LENGTH)
    texts = tuple(text for text in x5c if isinstance(text, str) and len(text) <= _MAX_TEXT and text.isascii())
    if len(texts) != len(x5c):
        raise ChainRefused(ChainRefusal.NOT_A_CHAIN)
    return texts


def check_links(texts: Sequence[str], *, root: bytes) -> VerifiedChain:
    """Check all of a chain but the time. Raises: ChainRefused."""
    ders = [_decode(text) for text in texts]
    if ders[-1] != root:
        raise ChainRefused(ChainRefusal.UNTRUSTED_ROOT)
    try:
        chain = [_load(der) for der in ders]
        _check_signatures(chain)
        _check_authorities(chain)
        leaf = _identify(chain[0])
    except _JUNK as error:
        # Extensions and keys are parsed when asked for, so junk can surface in any of these steps.
        raise ChainRefused(ChainRefusal.BAD_CERTIFICATE) from error
    return VerifiedChain(
        leaf=leaf,
        not_before=max(certificate.not_valid_before_utc for certificate in chain),
        not_after=min(certificate.not_valid_after_utc for certificate in chain),
    )


def _load(der: bytes) -> x509.Certificate:
    with warnings.catch_warnings():
        # A serial that is not positive is only warned of, by a library that means to refuse it one day.
        warnings.simplefilter("error", CryptographyDeprecationWarning)
        certificate = x509.load_der_x509_certificate(der)
    # The octet before the signature counts unused bits. It is not signed and the library does not look at
    # it, so any other value than 0 would give one certificate several fingerprints.
    if der[-len(certificate.signature) - 1] != 0:
        raise ChainRefused(ChainRefusal.BAD_CERTIFICATE)
    return certificate


def _check_authorities(chain: Sequence[x509.Certificate]) -> None:
    for authorities_below, certificate in enumerate(chain[1:]):
        constraints, usage = _rights(certificate)
        if not constraints.ca or not usage.key_cert_sign:
            raise ChainRefused(ChainRefusal.ISSUER_NOT_AUTHORITY)
        if constraints.path_length is not None and authorities_below > constraints.path_length:
            raise ChainRefused(ChainRefusal.PATH_TOO_LONG)


def _check_signatures(chain: Sequence[x509.Certificate]) -> None:
    """Check the links from the root down, so that nothing is read further before we know that it is ours."""
    for issuer, issued in pairwise(reversed(chain)):
        try:
            # Compares the names as well as the signature.
            issued.verify_directly_issued_by(issuer)
        except (InvalidSignature, ValueError, TypeError) as error:
            raise ChainRefused(ChainRefusal.BROKEN_LINK) from error


def _identify(leaf: x509.Certificate) -> LeafIdentity:
    constraints, usage = _rights(leaf)
    if constraints.ca or usage.key_cert_sign:
        raise ChainRefused(ChainRefusal.LEAF_IS_AUTHORITY)
    if not usage.digital_signature:
        raise ChainRefused(ChainRefusal.LEAF_MAY_NOT_SIGN)
    key = leaf.public_key()
    if not isinstance(key, Ed25519PublicKey):
        raise ChainRefused(ChainRefusal.LEAF_KEY_NOT_ED25519)
    return LeafIdentity(
        user_id=_user_id(leaf),
        public_key=key.public_bytes_raw(),
        serial=leaf.serial_number,
        fingerprint=sha256(leaf.public_bytes(Encoding.DER)).hexdigest(),
    )


def _user_id(leaf: x509.Certificate) -> str:
    names = [attribute.value for attribute in leaf.subject.get_attributes_for_oid(USER_ID_OID)]
    if len(names) != 1 or not isinstance(names[0], str) or not names[0]:
        raise ChainRefused(ChainRefusal.NO_USER_ID)
    return names[0]


def _rights(certificate: x509.Certificate) -> tuple[x509.BasicConstraints, x509.KeyUsage]:
    """Give the two extensions that bound a certificate; both must be there, and none critical beside them."""
    extensions = certificate.extensions
    if any(extension.critical and extension.oid not in _KNOWN_EXTENSIONS for extension in extensions):
        raise ChainRefused(ChainRefusal.BAD_CERTIFICATE)
    try:
        return (
            extensions.get_extension_for_class(x509.BasicConstraints).value,
            extensions.get_extension_for_class(x509.KeyUsage).value,
        )
    except x509.ExtensionNotFound as error:
        raise ChainRefused(ChainRefusal.BAD_CERTIFICATE) from error


def _decode(text: str) -> bytes:
    try:
        der = b64decode(text, validate=True)
    except ValueError as error:
        raise ChainRefused(ChainRefusal.BAD_BASE64) from error
    if b64encode(der).decode() != text:
        raise ChainRefused(ChainRefusal.BAD_BASE64)
    return der


def _digest(texts: Sequence[str]) -> bytes:
    """Give the key of a chain; the newline cannot occur in base64 and keeps the parts apart."""
    return sha256("\n".join((str(len(texts)), *texts)).encode("ascii")).digest()
