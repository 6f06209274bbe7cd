"""Private keys in files."""

import os
import stat
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from rekey.webkit.key_file import KeyFileRefusal, KeyFileRefused, read_private, write_private
from rekey.webkit.keys import Ed25519Signer, verify_ed25519


def reason_to_load(path: Path) -> KeyFileRefusal:
    with pytest.raises(KeyFileRefused) as refused:
        Ed25519Signer.load(path)
    return refused.value.reason


def test_a_created_key_is_loaded_again(tmp_path: Path) -> None:
    created = Ed25519Signer.create(tmp_path / "journal.key")
    loaded = Ed25519Signer.load(tmp_path / "journal.key")
    assert loaded.public_key == created.public_key
    assert verify_ed25519(created.public_key, b"row", loaded.sign(b"row"))


def test_two_created_keys_differ(tmp_path: Path) -> None:
    first, second = (Ed25519Signer.create(tmp_path / name).public_key for name in ("a", "b"))
    assert first != second


def test_a_key_file_is_for_its_owner_alone_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    Ed25519Signer.create(tmp_path / "journal.key")
    assert [path.name for path in tmp_path.iterdir()] == ["journal.key"]
    assert stat.S_IMODE((tmp_path / "journal.key").stat().st_mode) == 0o600


def test_an_existing_key_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "journal.key"
    before = Ed25519Signer.create(path).public_key
    with pytest.raises(KeyFileRefused) as refused:
        Ed25519Signer.create(path)
    assert refused.value.reason is KeyFileRefusal.EXISTS
    assert Ed25519Signer.load(path).public_key == before
    assert [found.name for found in tmp_path.iterdir()] == ["journal.key"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o602, 0o660, 0o777])
def test_a_key_that_others_may_touch_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "journal.key"
    Ed25519Signer.create(path)
    path.chmod(mode)
    assert reason_to_load(path) is KeyFileRefusal.EXPOSED


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    assert reason_to_load(tmp_path / "none.key") is KeyFileRefusal.MISSING


def test_a_directory_is_no_key_file(tmp_path: Path) -> None:
    (tmp_path / "dir").mkdir(mode=0o700)
    assert reason_to_load(tmp_path / "dir") is KeyFileRefusal.UNUSABLE


@pytest.mark.parametrize(
    "content", [b"", b"junk", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_junk_is_no_key(tmp_path: Path, content: bytes) -> None:
    write_private(tmp_path / "junk.key", content)
    assert reason_to_load(tmp_path / "junk.key") is KeyFileRefusal.NOT_A_KEY


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    key = generate_private_key(SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_private(tmp_path / "ec.key", pem)
    assert reason_to_load(tmp_path / "ec.key") is KeyFileRefusal.NOT_A_KEY


def test_a_key_made_by_openssl_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "openssl.key"
    os.close(os.open(path, os.O_CREAT, 0o600))
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", path], check=True)
    public = subprocess.run(
        ["openssl", "pkey", "-in", path, "-pubout", "-outform", "DER"], check=True, capture_output=True
    ).stdout
    assert Ed25519Signer.load(path).public_key == public[-32:]


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyFileRefused) as refused:
        write_private(tmp_path / "no" / "such" / "place.key", b"")
    assert refused.value.reason is KeyFileRefusal.UNUSABLE


def test_what_was_written_is_read(tmp_path: Path) -> None:
    write_private(tmp_path / "any", b"secret")
    assert read_private(tmp_path / "any") == b"secret"


def test_every_reason_has_a_message_that_names_the_file(tmp_path: Path) -> None:
    assert all(str(tmp_path) in str(KeyFileRefused(reason, tmp_path)) for reason in KeyFileRefusal)
