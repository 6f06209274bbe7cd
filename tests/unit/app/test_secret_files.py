"""Secrets that rest on key files."""

import asyncio
import stat
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from rekey.app.adapters.secret_files import FileSecrets, make_keys, read_keys
from rekey.app.errors import NotInitialized
from rekey.webkit.key_file import KeyFileRefused
from rekey.webkit.keys import verify_ed25519

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def secrets_with(pepper: bytes = b"p" * 32) -> FileSecrets:
    return FileSecrets(pepper=pepper, seal_key=b"s" * 32, hasher=QUICK)


def test_a_fingerprint_is_the_same_every_time_and_another_under_another_pepper() -> None:
    first = secrets_with().fingerprint("secret")
    assert first == secrets_with().fingerprint("secret")
    assert first != secrets_with(b"q" * 32).fingerprint("secret")
    assert "secret" not in first


def test_a_password_matches_its_own_hash_alone() -> None:
    async def check() -> tuple[bool, bool]:
        secrets = secrets_with()
        stored = await secrets.hash_password("right")
        return await secrets.password_matches("right", stored), await secrets.password_matches(
            "wrong", stored
        )

    assert asyncio.run(check()) == (True, False)


def test_nobody_matches_where_there_is_no_account_or_a_broken_hash() -> None:
    async def check() -> tuple[bool, bool]:
        secrets = secrets_with()
        return await secrets.password_matches("any", None), await secrets.password_matches("any", "broken")

    assert asyncio.run(check()) == (False, False)


def test_what_was_sealed_is_read_again_and_what_was_altered_is_refused() -> None:
    secrets = secrets_with()
    sealed = secrets.seal(b"plain")
    assert secrets.unseal(sealed) == b"plain"
    assert b"plain" not in sealed
    with pytest.raises(ValueError, match="altered"):
        secrets.unseal(sealed[:-1] + bytes([sealed[-1] ^ 1]))


def test_key_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    make_keys(tmp_path)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "keys").glob("*.key")}
    assert modes == {"pepper.key": 0o600, "seal.key": 0o600, "journal.key": 0o600}


def test_keys_that_are_there_are_never_made_anew(tmp_path: Path) -> None:
    make_keys(tmp_path)
    before = read_keys(tmp_path)
    make_keys(tmp_path)
    after = read_keys(tmp_path)
    assert (before.pepper, before.seal_key, before.signer.public_key) == (
        after.pepper,
        after.seal_key,
        after.signer.public_key,
    )


def test_the_public_key_that_lies_beside_the_private_one_verifies_what_that_signed(tmp_path: Path) -> None:
    make_keys(tmp_path)
    public = bytes.fromhex((tmp_path / "keys" / "journal.pub").read_text())
    assert verify_ed25519(public, b"message", read_keys(tmp_path).signer.sign(b"message"))


def test_a_missing_key_file_says_that_init_is_due(tmp_path: Path) -> None:
    with pytest.raises(NotInitialized, match="rekey init"):
        read_keys(tmp_path)


def test_a_key_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    make_keys(tmp_path)
    (tmp_path / "keys" / "pepper.key").chmod(0o644)
    with pytest.raises(KeyFileRefused):
        read_keys(tmp_path)
