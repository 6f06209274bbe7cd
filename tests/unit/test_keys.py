"""Which Ed25519 keys are admitted, and what counts as a signature."""

from base64 import b64encode, encodebytes, urlsafe_b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from rekey.webkit.keys import (
    Ed25519Signer,
    KeyRefusal,
    KeyRefused,
    admit_ed25519,
    admit_point,
    verify_ed25519,
)

SIGNER = Ed25519Signer(bytes(range(32)))
RAW = SIGNER.public_key
SPKI = Ed25519PublicKey.from_public_bytes(RAW).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
# A key whose base64 holds a plus and a slash, so that the two alphabets differ.
MARKED = next(
    key
    for key in (Ed25519Signer(seed.to_bytes(32, "big")).public_key for seed in range(1000))
    if b"+" in b64encode(key) and b"/" in b64encode(key)
)
PRIME = 2**255 - 19
GROUP_ORDER = 2**252 + 27742317777372353535851937790883648493

# The eight points of small order. Source: "Taming the many EdDSAs" (Chalkias, Garillot, Nikolaenko), table 1.
SMALL_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
]
# The same points with a superfluous sign bit, which decoders that don't insist on it also take.
WRONG_SIGN = [
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
]
# The same points with y raised by the prime.
OVER_THE_PRIME = [
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
]


def reason_for(text: str | bytes) -> KeyRefusal:
    with pytest.raises(KeyRefused) as refused:
        admit_ed25519(text)
    return refused.value.reason


@pytest.mark.parametrize("encode", [b64encode, urlsafe_b64encode, encodebytes])
@pytest.mark.parametrize("data", [RAW, SPKI, MARKED])
def test_the_raw_key_and_its_der_form_are_admitted_in_every_base64(encode: object, data: bytes) -> None:
    assert callable(encode)
    text = encode(data)
    expected = MARKED if data == MARKED else RAW
    assert (
        admit_ed25519(text) == admit_ed25519(text.decode()) == admit_ed25519(text.rstrip(b"=\n")) == expected
    )


def test_line_breaks_of_shell_tools_are_tolerated() -> None:
    text = b64encode(SPKI).decode()
    assert admit_ed25519(f"{text[:20]}\r\n{text[20:40]}\n{text[40:]}\n") == RAW


@pytest.mark.parametrize("point", SMALL_ORDER + WRONG_SIGN)
def test_every_point_of_small_order_is_refused(point: str) -> None:
    assert reason_for(b64encode(bytes.fromhex(point))) is KeyRefusal.WEAK_POINT


@pytest.mark.parametrize("point", OVER_THE_PRIME)
def test_every_small_point_written_over_the_prime_is_refused(point: str) -> None:
    assert reason_for(b64encode(bytes.fromhex(point))) is KeyRefusal.NOT_CANONICAL


@pytest.mark.parametrize("excess", range(19))
@pytest.mark.parametrize("sign", [0, 1 << 255])
def test_every_y_at_or_above_the_prime_is_refused(excess: int, sign: int) -> None:
    raw = (PRIME + excess | sign).to_bytes(32, "little")
    assert reason_for(b64encode(raw)) is KeyRefusal.NOT_CANONICAL


def test_a_point_off_the_curve_is_refused() -> None:
    assert reason_for(b64encode((2).to_bytes(32, "little"))) is KeyRefusal.WEAK_POINT


def test_a_sound_key_with_a_small_part_added_is_refused() -> None:
    # RAW + the point of order two is (-x, -y): y becomes p - y and the sign of x flips.
    number = int.from_bytes(RAW, "little")
    y, sign = number & (1 << 255) - 1, number >> 255
    mixed = (PRIME - y) | (1 - sign) << 255
    assert reason_for(b64encode(mixed.to_bytes(32, "little"))) is KeyRefusal.WEAK_POINT


@pytest.mark.parametrize("length", [0, 1, 31, 33, 43, 45, 64])
def test_other_lengths_are_refused(length: int) -> None:
    assert reason_for(b64encode(bytes(length))) is KeyRefusal.WRONG_LENGTH


def test_a_huge_text_is_refused_unread() -> None:
    assert reason_for("A" * 100_000) is KeyRefusal.WRONG_LENGTH


def test_the_der_form_of_another_kind_of_key_is_refused() -> None:
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert reason_for(b64encode(X25519PrivateKey.generate().public_key().public_bytes(*form))) is (
        KeyRefusal.NOT_ED25519
    )
    assert reason_for(b64encode(generate_private_key(SECP256R1()).public_key().public_bytes(*form))) is (
        KeyRefusal.WRONG_LENGTH
    )


@pytest.mark.parametrize(
    "text",
    [
        "not a key!",
        b"\xff" * 43,
        "\u0661" * 43,
        b64encode(RAW).decode()[:-2] + "9=",
        b64encode(RAW).decode()[:20] + " " + b64encode(RAW).decode()[20:],
        "=" + b64encode(RAW).decode(),
    ],
)
def test_what_is_not_canonical_base64_is_refused(text: str | bytes) -> None:
    assert reason_for(text) is KeyRefusal.NOT_BASE64


@given(st.binary(max_size=300) | st.text(max_size=300))
def test_no_text_breaks_the_reader(text: str | bytes) -> None:
    try:
        outcome: bytes | KeyRefusal = admit_ed25519(text)
    except KeyRefused as refused:
        outcome = refused.reason
    assert isinstance(outcome, KeyRefusal) or len(outcome) == len(RAW)


def test_every_reason_has_a_message() -> None:
    assert all(str(KeyRefused(reason)) for reason in KeyRefusal)


@given(st.binary(max_size=200))
def test_a_signature_holds_for_its_message_alone(message: bytes) -> None:
    signature = SIGNER.sign(message)
    assert verify_ed25519(RAW, message, signature)
    assert not verify_ed25519(RAW, message + b"x", signature)
    assert not verify_ed25519(MARKED, message, signature)


@given(st.integers(0, 511))
def test_a_signature_with_one_bit_flipped_does_not_hold(bit: int) -> None:
    signature = bytearray(SIGNER.sign(b"open"))
    signature[bit // 8] ^= 1 << bit % 8
    assert not verify_ed25519(RAW, b"open", bytes(signature))


def test_a_malleated_signature_does_not_hold() -> None:
    signature = SIGNER.sign(b"open")
    shifted = int.from_bytes(signature[32:], "little") + GROUP_ORDER
    assert not verify_ed25519(RAW, b"open", signature[:32] + shifted.to_bytes(32, "little"))


@pytest.mark.parametrize("signature", [b"", bytes(63), bytes(65), bytes(64)])
def test_a_signature_of_the_wrong_shape_does_not_hold(signature: bytes) -> None:
    assert not verify_ed25519(RAW, b"", signature)


@pytest.mark.parametrize("point", SMALL_ORDER + WRONG_SIGN + OVER_THE_PRIME)
def test_a_weak_key_signed_nothing(point: str) -> None:
    # With s = 0 and R the key itself, a naive check of a small-order key holds for many messages.
    weak = bytes.fromhex(point)
    assert not any(verify_ed25519(weak, bytes([n]), weak + bytes(32)) for n in range(128))


def test_a_key_of_the_wrong_length_signed_nothing() -> None:
    assert not verify_ed25519(b"", b"", SIGNER.sign(b""))


def test_a_raw_key_is_admitted_as_it_is() -> None:
    assert admit_point(RAW) == RAW


def test_a_signer_does_not_show_its_secret() -> None:
    assert bytes(range(32)).hex() not in repr(SIGNER)
