"""Our own authority: its certificates, its files, its leaves."""

import stat
import subprocess
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID, SignatureAlgorithmOID

from rekey.dialects.doordeck.cert_authority import (
    AuthorityFault,
    AuthorityUnusable,
    CertAuthority,
    encode_chain,
)
from rekey.dialects.doordeck.cert_chain import verify_chain
from rekey.webkit.key_file import KeyFileRefusal, KeyFileRefused, write_private
from rekey.webkit.keys import Ed25519Signer, KeyRefused

NOW = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=UTC)
USER = "5f1b3c1e-0000-4000-8000-000000000001"
PUBLIC = Ed25519Signer(bytes(range(32))).public_key


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("authority") / "ca"
    CertAuthority.create(directory, now=NOW)
    return directory


@pytest.fixture(scope="module")
def authority(directory: Path) -> CertAuthority:
    return CertAuthority.load(directory)


@pytest.fixture(scope="module")
def chain(authority: CertAuthority) -> list[x509.Certificate]:
    return [x509.load_der_x509_certificate(der) for der in authority.issue_leaf(USER, PUBLIC, now=NOW)]


def copy_of(directory: Path, target: Path) -> Path:
    target.mkdir()
    for file in directory.iterdir():
        write_private(target / file.name, file.read_bytes())
    return target


def replace(path: Path, data: bytes) -> None:
    path.unlink()
    write_private(path, data)


def fault_of(directory: Path) -> AuthorityFault:
    with pytest.raises(AuthorityUnusable) as unusable:
        CertAuthority.load(directory)
    return unusable.value.reason


def test_the_leaf_names_the_user_and_holds_the_key(chain: list[x509.Certificate]) -> None:
    assert [(name.oid, name.value) for name in chain[0].subject] == [(NameOID.X500_UNIQUE_IDENTIFIER, USER)]
    key = chain[0].public_key()
    assert isinstance(key, Ed25519PublicKey)
    assert key.public_bytes_raw() == PUBLIC


def test_the_leaf_holds_for_30_days_and_tolerates_a_slow_clock(chain: list[x509.Certificate]) -> None:
    start = NOW.replace(microsecond=0)
    assert chain[0].not_valid_after_utc == start + timedelta(days=30)
    assert chain[0].not_valid_before_utc == start - timedelta(minutes=5)


def test_every_certificate_is_version_3_signed_with_sha256_and_rsa(chain: list[x509.Certificate]) -> None:
    assert {certificate.version for certificate in chain} == {x509.Version.v3}
    assert {certificate.signature_algorithm_oid for certificate in chain} == {
        SignatureAlgorithmOID.RSA_WITH_SHA256
    }


def test_rights_are_critical_and_only_authorities_sign_certificates(chain: list[x509.Certificate]) -> None:
    for certificate, path_length in zip(chain, (None, 0, 1), strict=True):
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage)
        is_leaf = certificate is chain[0]
        assert constraints.critical
        assert usage.critical
        assert (constraints.value.ca, constraints.value.path_length) == (not is_leaf, path_length)
        assert (usage.value.digital_signature, usage.value.key_cert_sign) == (is_leaf, not is_leaf)


def test_key_identifiers_link_each_certificate_to_its_issuer(chain: list[x509.Certificate]) -> None:
    for issued, issuer in pairwise(chain):
        subject_key = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
        authority_key = issued.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
        assert authority_key.key_identifier == subject_key


def test_openssl_verifies_the_chain(chain: list[x509.Certificate], tmp_path: Path) -> None:
    for name, certificate in zip(("leaf", "issuing", "root"), chain, strict=True):
        (tmp_path / name).write_bytes(certificate.public_bytes(Encoding.PEM))
    command = ["openssl", "verify", "-x509_strict", "-attime", str(int(NOW.timestamp()))]
    files = ["-CAfile", f"{tmp_path}/root", "-untrusted", f"{tmp_path}/issuing", f"{tmp_path}/leaf"]
    subprocess.run([*command, *files], check=True, capture_output=True)


def test_each_leaf_has_its_own_serial(authority: CertAuthority) -> None:
    leaves = [authority.issue_leaf(USER, PUBLIC, now=NOW)[0] for _ in range(3)]
    assert len({x509.load_der_x509_certificate(leaf).serial_number for leaf in leaves}) == len(leaves)


def test_a_weak_key_gets_no_certificate(authority: CertAuthority) -> None:
    with pytest.raises(KeyRefused):
        authority.issue_leaf(USER, bytes(32), now=NOW)


def test_the_wire_form_is_padded_base64_leaf_first(authority: CertAuthority) -> None:
    chain = authority.issue_leaf(USER, PUBLIC, now=NOW)
    assert tuple(b64decode(text, validate=True) for text in encode_chain(chain)) == chain


def test_the_files_are_for_their_owner_alone(directory: Path) -> None:
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in directory.iterdir()} == {0o600}
    assert [path.name for path in directory.parent.iterdir()] == [directory.name]


def test_a_loaded_authority_is_the_created_one(directory: Path, authority: CertAuthority) -> None:
    assert authority.root_der == x509.load_pem_x509_certificate(
        (directory / "root.pem").read_bytes()
    ).public_bytes(Encoding.DER)
    assert authority.issue_leaf(USER, PUBLIC, now=NOW)[2] == authority.root_der


def test_daily_work_needs_no_root_key(directory: Path, tmp_path: Path) -> None:
    without = copy_of(directory, tmp_path / "ca")
    (without / "root.key").unlink()
    assert CertAuthority.load(without).issue_leaf(USER, PUBLIC, now=NOW)


def test_an_authority_is_never_overwritten(directory: Path) -> None:
    before = CertAuthority.load(directory).root_der
    with pytest.raises(KeyFileRefused) as refused:
        CertAuthority.create(directory, now=NOW)
    assert refused.value.reason is KeyFileRefusal.EXISTS
    assert CertAuthority.load(directory).root_der == before
    assert [path.name for path in directory.parent.iterdir()] == [directory.name]


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(KeyFileRefused) as refused:
        CertAuthority.create(tmp_path / "file" / "ca", now=NOW)
    assert refused.value.reason is KeyFileRefusal.UNUSABLE


def test_another_authoritys_key_is_noticed(directory: Path, tmp_path: Path) -> None:
    mixed = copy_of(directory, tmp_path / "ca")
    replace(mixed / "issuing.key", (directory / "root.key").read_bytes())
    assert fault_of(mixed) is AuthorityFault.KEY_MISMATCH


def test_another_authoritys_root_is_noticed(directory: Path, tmp_path: Path) -> None:
    CertAuthority.create(tmp_path / "other", now=NOW)
    mixed = copy_of(directory, tmp_path / "ca")
    replace(mixed / "root.pem", (tmp_path / "other" / "root.pem").read_bytes())
    assert fault_of(mixed) is AuthorityFault.NOT_ISSUED_BY_ROOT


def test_a_file_that_is_no_certificate_is_noticed(directory: Path, tmp_path: Path) -> None:
    broken = copy_of(directory, tmp_path / "ca")
    replace(broken / "root.pem", b"junk")
    assert fault_of(broken) is AuthorityFault.NOT_A_CERTIFICATE


@pytest.mark.parametrize("content", [b"junk", b""])
def test_a_file_that_is_no_key_is_noticed(directory: Path, tmp_path: Path, content: bytes) -> None:
    broken = copy_of(directory, tmp_path / "ca")
    replace(broken / "issuing.key", content)
    with pytest.raises(KeyFileRefused) as refused:
        CertAuthority.load(broken)
    assert refused.value.reason is KeyFileRefusal.NOT_A_KEY


def test_a_key_of_another_kind_is_noticed(directory: Path, tmp_path: Path) -> None:
    broken = copy_of(directory, tmp_path / "ca")
    (broken / "issuing.key").unlink()
    Ed25519Signer.create(broken / "issuing.key")
    with pytest.raises(KeyFileRefused) as refused:
        CertAuthority.load(broken)
    assert refused.value.reason is KeyFileRefusal.NOT_A_KEY


def test_a_missing_authority_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(KeyFileRefused) as refused:
        CertAuthority.load(tmp_path / "none")
    assert refused.value.reason is KeyFileRefusal.MISSING


def test_a_rotated_authority_issues_under_the_same_root_and_old_leaves_hold(tmp_path: Path) -> None:
    directory = tmp_path / "ca"
    first = CertAuthority.create(directory, now=NOW)
    old = first.issue_leaf(USER, PUBLIC, now=NOW)
    later = NOW + timedelta(days=10)
    second = CertAuthority.rotate(directory, now=later)
    assert (first.generation, second.generation, second.root_der) == (1, 2, first.root_der)
    assert CertAuthority.load(directory).issuing == second.issuing
    for chain in (old, second.issue_leaf(USER, PUBLIC, now=later)):
        texts = encode_chain(chain)
        assert verify_chain(texts, root=first.root_der, now=later).user_id == USER
    assert CertAuthority.rotate(directory, now=later).generation == 3


def test_a_rotation_that_was_interrupted_is_made_good_by_the_next(tmp_path: Path) -> None:
    directory = tmp_path / "ca"
    CertAuthority.create(directory, now=NOW)
    write_private(directory / "issuing-2.key", b"half a rotation")
    assert CertAuthority.load(directory).generation == 1
    assert CertAuthority.rotate(directory, now=NOW).generation == 2


def test_without_the_roots_key_nothing_is_rotated(tmp_path: Path) -> None:
    directory = tmp_path / "ca"
    CertAuthority.create(directory, now=NOW)
    (directory / "root.key").unlink()
    with pytest.raises(KeyFileRefused) as refused:
        CertAuthority.rotate(directory, now=NOW)
    assert refused.value.reason is KeyFileRefusal.MISSING
    assert CertAuthority.load(directory).generation == 1
