"""Certificates for one test: an authority of its own, and a server's chain under it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Shown:
    """Files: the server's certificate, its key, and the authority that a client trusts."""

    chain: Path
    key: Path
    authority: Path


def throw_away_certificate(directory: Path, *names: str) -> Shown:
    """Make an authority and a certificate for these host names and addresses."""
    authority_key, key = generate_private_key(SECP256R1()), generate_private_key(SECP256R1())
    authority = _builder("throw-away authority", "throw-away authority", authority_key)
    root = authority.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True).sign(
        authority_key, SHA256()
    )
    alternatives = x509.SubjectAlternativeName([_name(name) for name in names])
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    leaf = _builder(names[0], "throw-away authority", key).add_extension(alternatives, critical=False)
    issued = leaf.add_extension(identifier, critical=False).sign(authority_key, SHA256())
    directory.mkdir(exist_ok=True)
    shown = Shown(directory / "chain.pem", directory / "key.pem", directory / "authority.pem")
    shown.chain.write_bytes(issued.public_bytes(Encoding.PEM))
    shown.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    shown.authority.write_bytes(root.public_bytes(Encoding.PEM))
    return shown


def _builder(subject: str, issuer: str, key: EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + DAY)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
