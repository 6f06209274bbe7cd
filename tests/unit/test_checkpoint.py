"""Checkpoints in the form of C2SP, made and checked with a real Ed25519 key."""

from base64 import b64decode, b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from rekey.domain.checkpoint import (
    Checkpoint,
    CheckpointForged,
    CheckpointMalformed,
    key_id,
    parse,
    sign,
    verify,
)

NAME = "rekey.example/acme"
KEY = SigningKey(b"\x07" * 32)
PUBLIC = bytes(KEY.verify_key)
OTHER = SigningKey(b"\x08" * 32)
HEAD = Checkpoint(origin=NAME, size=20852163, root=bytes(range(32)))
SPEC_NOTE = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "\u2014 example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
)


def signed_by(key: SigningKey, name: str = NAME) -> str:
    return sign(HEAD, key_name=name, public_key=bytes(key.verify_key), sign=lambda m: key.sign(m).signature)


def holds(message: bytes, signature: bytes) -> bool:
    try:
        VerifyKey(PUBLIC).verify(message, signature)
    except (BadSignatureError, ValueError):
        return False
    return True


def verified(note: str) -> Checkpoint:
    return verify(note, key_name=NAME, public_key=PUBLIC, verify=holds)


def line_of(note: str) -> str:
    return note.rpartition("\n\n")[2]


def test_a_signed_checkpoint_is_text_empty_line_and_signature_line() -> None:
    text = f"{NAME}\n20852163\n{b64encode(bytes(range(32))).decode()}\n"
    signature = KEY.sign(text.encode()).signature
    encoded = b64encode(key_id(NAME, PUBLIC) + signature).decode()
    assert signed_by(KEY) == f"{text}\n\u2014 {NAME} {encoded}\n"


def test_the_example_of_the_standard_is_read() -> None:
    signed = parse(SPEC_NOTE)
    assert signed.checkpoint.origin == "example.com/behind-the-sofa"
    assert signed.checkpoint.size == 20852163
    assert [line.key_id.hex() for line in signed.signatures] == ["033de0ae"]
    assert f"{signed.checkpoint.text()}\n{signed.signatures[0].line()}" == SPEC_NOTE


def test_the_key_id_is_that_of_a_published_key() -> None:
    # The verifier key that golang.org publishes: sum.golang.org+033de0ae+<base64 of type byte and key>.
    published = b64decode("Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8")
    assert key_id("sum.golang.org", published[1:]).hex() == "033de0ae"


def test_the_checkpoint_of_the_right_key_verifies() -> None:
    assert verified(signed_by(KEY)) == HEAD


def test_signatures_of_witnesses_are_ignored() -> None:
    note = signed_by(KEY) + line_of(signed_by(OTHER, "witness.example/w1"))
    assert verified(note) == HEAD


def test_another_key_of_the_same_name_is_not_believed() -> None:
    with pytest.raises(CheckpointForged):
        verified(signed_by(OTHER))


def test_the_right_key_under_another_name_is_not_believed() -> None:
    with pytest.raises(CheckpointForged):
        verified(signed_by(KEY, "rekey.example/other"))


def test_one_bad_signature_of_the_expected_key_sinks_the_note() -> None:
    bad = b64encode(key_id(NAME, PUBLIC) + bytes(64)).decode()
    with pytest.raises(CheckpointForged):
        verified(f"{signed_by(KEY)}\u2014 {NAME} {bad}\n")


@given(st.integers(0), st.integers(1, 0x10FFFF).filter(lambda point: not 0xD800 <= point < 0xE000))
def test_any_changed_character_is_noticed(at: int, shift: int) -> None:
    note = signed_by(KEY)
    at %= len(note)
    changed = chr((ord(note[at]) + shift) % 0x110000)
    with pytest.raises((CheckpointForged, CheckpointMalformed)):
        verified(note[:at] + changed + note[at + 1 :])


@given(st.text())
def test_no_text_breaks_the_reader(note: str) -> None:
    with pytest.raises(CheckpointMalformed):
        parse(note)


ROOT = b64encode(bytes(32)).decode()
LINE = line_of(signed_by(KEY))


@pytest.mark.parametrize(
    "note",
    [
        f"{NAME}\n1\n{ROOT}\n",
        f"{NAME}\n1\n{ROOT}\n\n",
        f"{NAME}\n1\n{ROOT}\n\n{LINE}\n",
        f"{NAME}\n1\n{ROOT}\n\n{LINE[:-1]}",
        f"{NAME}\n1\n{ROOT}\nextension\n\n{LINE}",
        f"\n1\n{ROOT}\n\n{LINE}",
        f"{NAME}\r\n1\n{ROOT}\n\n{LINE}",
        f"{NAME}\n01\n{ROOT}\n\n{LINE}",
        f"{NAME}\n-1\n{ROOT}\n\n{LINE}",
        f"{NAME}\n\u0661\n{ROOT}\n\n{LINE}",
        f"{NAME}\n{'9' * 20}\n{ROOT}\n\n{LINE}",
        f"{NAME}\n1\n{ROOT[:-1]}\n\n{LINE}",
        f"{NAME}\n1\n{ROOT[:-2]}B=\n\n{LINE}",
        f"{NAME}\n1\n{ROOT[:40]}\n\n{LINE}",
        f"{NAME}\n1\n{ROOT}\n\n- {NAME} AAAAAAAA\n",
        f"{NAME}\n1\n{ROOT}\n\n\u2014 {NAME} AAAAAA==\n",
        f"{NAME}\n1\n{ROOT}\n\n\u2014 a+b AAAAAAAA\n",
        f"{NAME}\n1\n{ROOT}\n\n\u2014 a\u00a0b AAAAAAAA\n",
        f"{NAME}\n1\n{ROOT}\n\n{LINE * 65}",
    ],
)
def test_what_is_not_of_our_form_is_malformed(note: str) -> None:
    with pytest.raises(CheckpointMalformed):
        parse(note)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "\ud800"])
def test_a_name_that_a_note_cannot_hold_is_refused_before_signing(name: str) -> None:
    with pytest.raises(CheckpointMalformed):
        signed_by(KEY, name)


@pytest.mark.parametrize(
    ("origin", "size", "root"),
    [
        ("", 0, bytes(32)),
        ("a\nb", 0, bytes(32)),
        ("a\ud800", 0, bytes(32)),
        ("a", -1, bytes(32)),
        ("a", 10**19, bytes(32)),
        ("a", 0, bytes(31)),
    ],
)
def test_a_checkpoint_of_bad_values_cannot_be_made(origin: str, size: int, root: bytes) -> None:
    with pytest.raises(CheckpointMalformed):
        Checkpoint(origin=origin, size=size, root=root)
