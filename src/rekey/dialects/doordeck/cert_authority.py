"""The certificate authority that stands behind signed Doordeck operations.

Three certificates: an RSA root and an RSA issuing authority, which old .NET and JVM clients parse, and a
leaf with the person's Ed25519 key. The leaf's subject holds the user id under OID 2.5.4.45.
Source: Doordeck contract, section 2.1, rows "Chain shape" and "Ours"; RFC 5280, section 4.

AuthorityUnusable       the files of the authority do not belong together
"""

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Self

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from rekey.webkit.key_file import (
    KeyFileRefusal,
    KeyFileRefused,
    read_private,
    sync_directory,
    write_private,
)
from rekey.webkit.keys import admit_point

LEAF_DAYS = 30
USER_ID_OID = NameOID.X500_UNIQUE_IDENTIFIER

_ROOT_BITS = 3072
_ISSUING_BITS = 2048
_ROOT_LIFE = timedelta(days=365 * 20)
_ISSUING_LIFE = timedelta(days=365 * 10)
# Clocks of clients run a little behind ours; a certificate must not look unborn to them.
_BACKDATED = timedelta(minutes=5)

_ROOT_CERTIFICATE = "root.pem"
_ROOT_KEY = "root.key"
_ISSUING_CERTIFICATE = "issuing.pem"
_ISSUING_KEY = "issuing.key"
_ROTATED = re.compile(r"issuing-([1-9][0-9]{0,8})\.pem")


class AuthorityFault(StrEnum):
    """What is wrong with the files of an authority."""

    NOT_A_CERTIFICATE = "not_a_certificate"
    KEY_MISMATCH = "key_mismatch"
    NOT_ISSUED_BY_ROOT = "not_issued_by_root"


class AuthorityUnusable(Exception):
    """The files of the authority do not belong together; restore them from a backup."""

    def __init__(self, reason: AuthorityFault, directory: Path) -> None:
        super().__init__(f"certificate authority in {directory}: {reason.value.replace('_', ' ')}")
        self.reason = reason
        self.directory = directory


@dataclass(frozen=True, slots=True, kw_only=True)
class CertAuthority:
    """Issues leaf certificates under one root, which every verifier pins.

    Daily work needs the issuing key only: after `create` an operator may take `root.key` away, and bring it
    back for `rotate`. `generation` counts the issuing keys; leaves of earlier ones hold until they expire,
    since each chain carries the certificate that issued it.
    """

    root: x509.Certificate
    issuing: x509.Certificate
    issuing_key: RSAPrivateKey
    generation: int = 1

    @property
    def root_der(self) -> bytes:
        """Give the root certificate, to be pinned."""
        return self.root.public_bytes(Encoding.DER)

    @classmethod
    def create(cls, directory: Path, *, now: datetime) -> Self:
        """Make a new authority in a directory that is new or empty; it appears whole or not at all.

        Takes about half a second. Raises: KeyFileRefused.
        """
        root_key, issuing_key = (generate_private_key(65537, bits) for bits in (_ROOT_BITS, _ISSUING_BITS))
        root = _certify_root(root_key, now)
        issuing = _certify_issuing(issuing_key.public_key(), root, root_key=root_key, now=now)
        _write_all(
            directory,
            {
                _ROOT_KEY: _key_pem(root_key),
                _ROOT_CERTIFICATE: root.public_bytes(Encoding.PEM),
                _ISSUING_CERTIFICATE: issuing.public_bytes(Encoding.PEM),
                _ISSUING_KEY: _key_pem(issuing_key),
            },
        )
        return cls(root=root, issuing=issuing, issuing_key=issuing_key)

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Read the authority with its newest issuing key. Raises: KeyFileRefused, AuthorityUnusable."""
        generation = newest_generation(directory)
        certificate, private = _issuing_files(generation)
        root, issuing = (_load_certificate(directory / name) for name in (_ROOT_CERTIFICATE, certificate))
        key = _load_key(directory / private)
        if key.public_key() != issuing.public_key():
            raise AuthorityUnusable(AuthorityFault.KEY_MISMATCH, directory)
        try:
            issuing.verify_directly_issued_by(root)
        except (ValueError, TypeError, InvalidSignature) as error:
            raise AuthorityUnusable(AuthorityFault.NOT_ISSUED_BY_ROOT, directory) from error
        return cls(root=root, issuing=issuing, issuing_key=key, generation=generation)

    @classmethod
    def rotate(cls, directory: Path, *, now: datetime) -> Self:
        """Make the next issuing key, which every server of this directory takes up by itself.

        Needs `root.key`. What an interrupted call left is made good by the next.
        Raises: KeyFileRefused, AuthorityUnusable.
        """
        standing = cls.load(directory)
        root_key = _load_key(directory / _ROOT_KEY)
        if root_key.public_key() != standing.root.public_key():
            raise AuthorityUnusable(AuthorityFault.KEY_MISMATCH, directory)
        certificate, private = _issuing_files(standing.generation + 1)
        key = generate_private_key(65537, _ISSUING_BITS)
        issuing = _certify_issuing(key.public_key(), standing.root, root_key=root_key, now=now)
        # The certificate comes last: a generation counts from when it is there.
        (directory / private).unlink(missing_ok=True)
        write_private(directory / private, _key_pem(key))
        write_private(directory / certificate, issuing.public_bytes(Encoding.PEM))
        return cls.load(directory)

    def issue_leaf(self, user_id: str, public_key: bytes, *, now: datetime) -> tuple[bytes, bytes, bytes]:
        """Give the DER chain leaf, issuing, root for a person's raw Ed25519 key.

        The leaf holds for 30 days: clients want more than 7 left. Raises: KeyRefused for a weak key.
        """
        key = Ed25519PublicKey.from_public_bytes(admit_point(public_key))
        subject = x509.Name([x509.NameAttribute(USER_ID_OID, user_id)])
        builder = _builder(subject, key, now=now, lifetime=timedelta(days=LEAF_DAYS))
        builder = _signed_by(builder, self.issuing)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(_usage(signs_certificates=False), critical=True)
        leaf = builder.sign(self.issuing_key, SHA256())
        return leaf.public_bytes(Encoding.DER), self.issuing.public_bytes(Encoding.DER), self.root_der


def newest_generation(directory: Path) -> int:
    """Give the number of the newest issuing key whose files are all there; cheap."""
    found = (_ROTATED.fullmatch(entry.name) for entry in directory.glob("issuing-*.pem"))
    return max((int(match[1]) for match in found if match is not None), default=1)


def _issuing_files(generation: int) -> tuple[str, str]:
    """Name the files of an issuing key: its certificate, and the key."""
    if generation == 1:
        return _ISSUING_CERTIFICATE, _ISSUING_KEY
    return f"issuing-{generation}.pem", f"issuing-{generation}.key"


def _certify_root(key: RSAPrivateKey, now: datetime) -> x509.Certificate:
    name = _authority_name("Rekey Root CA")
    builder = _builder(name, key.public_key(), now=now, lifetime=_ROOT_LIFE).issuer_name(name)
    return _as_authority(builder, path_length=1).sign(key, SHA256())


def _certify_issuing(
    key: RSAPublicKey, root: x509.Certificate, *, root_key: RSAPrivateKey, now: datetime
) -> x509.Certificate:
    name = _authority_name("Rekey Issuing CA")
    builder = _signed_by(_builder(name, key, now=now, lifetime=_ISSUING_LIFE), root)
    return _as_authority(builder, path_length=0).sign(root_key, SHA256())


def _builder(
    subject: x509.Name, key: RSAPublicKey | Ed25519PublicKey, *, now: datetime, lifetime: timedelta
) -> x509.CertificateBuilder:
    start = now.replace(microsecond=0)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start - _BACKDATED)
        .not_valid_after(start + lifetime)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _signed_by(builder: x509.CertificateBuilder, issuer: x509.Certificate) -> x509.CertificateBuilder:
    identifier = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return builder.issuer_name(issuer.subject).add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False
    )


def _as_authority(builder: x509.CertificateBuilder, *, path_length: int) -> x509.CertificateBuilder:
    constraints = x509.BasicConstraints(ca=True, path_length=path_length)
    return builder.add_extension(constraints, critical=True).add_extension(
        _usage(signs_certificates=True), critical=True
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _authority_name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Rekey"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _key_pem(key: RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write_all(directory: Path, files: dict[str, bytes]) -> None:
    """Write the files beside their place and move them there at once."""
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(mkdtemp(dir=directory.parent, prefix=f".{directory.name}."))
    except OSError as error:
        raise KeyFileRefused(KeyFileRefusal.UNUSABLE, directory) from error
    try:
        for name, data in files.items():
            write_private(temporary / name, data)
        temporary.rename(directory)
        sync_directory(directory.parent)
    except OSError as error:
        reason = KeyFileRefusal.EXISTS if directory.exists() else KeyFileRefusal.UNUSABLE
        raise KeyFileRefused(reason, directory) from error
    finally:
        rmtree(temporary, ignore_errors=True)


def _load_certificate(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(read_private(path))
    except ValueError as error:
        raise AuthorityUnusable(AuthorityFault.NOT_A_CERTIFICATE, path.parent) from error


def _load_key(path: Path) -> RSAPrivateKey:
    try:
        key = load_pem_private_key(read_private(path), password=None)
    except (ValueError, TypeError) as error:
        raise KeyFileRefused(KeyFileRefusal.NOT_A_KEY, path) from error
    if not isinstance(key, RSAPrivateKey):
        raise KeyFileRefused(KeyFileRefusal.NOT_A_KEY, path)
    return key


def encode_chain(chain: Sequence[bytes]) -> list[str]:
    """Give the chain as the wire wants it: DER in padded base64, leaf first."""
    return [b64encode(certificate).decode() for certificate in chain]
