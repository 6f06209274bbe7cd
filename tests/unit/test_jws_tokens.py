"""Our own bearer tokens, and the second opinion of another library on good ones."""

import base64
import json

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from rekey.webkit.jws import (
    JwsRefusal,
    JwsRefused,
    Scalar,
    issue_token,
    parse_compact,
    read_token,
    verify_eddsa,
)
from rekey.webkit.keys import Ed25519Signer

SEED = bytes(range(32))
SIGNER = Ed25519Signer(SEED)
OTHER = Ed25519Signer(bytes(32))
# A text without half a surrogate pair or a NUL, which nobody may send.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXT
# Registered claims are judged by the other library, which would refuse a random one for its own reasons.
NAMES = TEXT.filter(lambda name: name not in {"exp", "nbf", "iat", "aud", "iss", "sub", "jti"})
CLAIMS = st.dictionaries(NAMES, SCALARS, max_size=6)
NESTED = st.dictionaries(NAMES, st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3)), max_size=4)


def second_opinion(text: str, public_key: bytes) -> object:
    key = Ed25519PublicKey.from_public_bytes(public_key)
    return jwt.decode(text, key, algorithms=["EdDSA"])


def our_opinion(text: str, public_key: bytes) -> object:
    jws = parse_compact(text.encode())
    verify_eddsa(jws, public_key)
    return jws.payload


def refusal_of(text: str, typ: str = "session") -> JwsRefusal:
    with pytest.raises(JwsRefused) as refused:
        read_token(text, SIGNER.public_key, typ=typ)
    return refused.value.reason


@given(CLAIMS)
def test_an_issued_token_gives_its_claims_back(claims: dict[str, Scalar]) -> None:
    assert read_token(issue_token(claims, SIGNER, typ="session"), SIGNER.public_key, typ="session") == claims


@given(CLAIMS)
def test_the_other_library_reads_our_tokens_alike(claims: dict[str, Scalar]) -> None:
    assert second_opinion(issue_token(claims, SIGNER, typ="JWT"), SIGNER.public_key) == claims


@given(NESTED)
def test_we_read_the_tokens_of_the_other_library_alike(claims: dict[str, object]) -> None:
    text = jwt.encode(claims, Ed25519PrivateKey.from_private_bytes(SEED), algorithm="EdDSA")
    assert our_opinion(text, SIGNER.public_key) == second_opinion(text, SIGNER.public_key) == claims


@given(CLAIMS, st.integers(0, 2), st.integers(0), st.integers(0, 7))
def test_both_refuse_a_token_with_one_bit_flipped(
    claims: dict[str, Scalar], segment: int, at: int, bit: int
) -> None:
    parts = [
        bytearray(base64.urlsafe_b64decode(part + "=="))
        for part in issue_token(claims, SIGNER, typ="JWT").split(".")
    ]
    parts[segment][at % len(parts[segment])] ^= 1 << bit
    text = ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
    with pytest.raises(JwsRefused):
        our_opinion(text, SIGNER.public_key)
    with pytest.raises(jwt.InvalidTokenError):
        second_opinion(text, SIGNER.public_key)


@given(CLAIMS)
def test_both_refuse_the_token_of_another_key(claims: dict[str, Scalar]) -> None:
    text = issue_token(claims, OTHER, typ="JWT")
    with pytest.raises(JwsRefused):
        our_opinion(text, SIGNER.public_key)
    with pytest.raises(jwt.InvalidTokenError):
        second_opinion(text, SIGNER.public_key)


def test_a_token_of_one_type_does_not_pass_as_another() -> None:
    assert refusal_of(issue_token({}, SIGNER, typ="refresh")) is JwsRefusal.WRONG_TYPE


def test_a_token_has_one_spelling() -> None:
    parts = issue_token({"a": "x"}, SIGNER, typ="session").split(".")
    standard = [base64.b64encode(base64.urlsafe_b64decode(part + "==")).decode() for part in parts]
    assert refusal_of(".".join([*parts[:2], standard[2]])) is JwsRefusal.BAD_BASE64


def test_a_token_that_is_not_ascii_is_refused() -> None:
    assert refusal_of(issue_token({}, SIGNER, typ="session") + "\u00e9") is JwsRefusal.NOT_ASCII


@pytest.mark.parametrize("value", [["https://api.doordeck.com"], {"a": 1}, 1.5])
def test_a_claim_that_is_not_plain_is_neither_issued_nor_read(value: object) -> None:
    with pytest.raises(JwsRefused) as refused:
        issue_token({"aud": value}, SIGNER, typ="session")  # type: ignore[dict-item]  # what types forbid
    assert refused.value.reason is JwsRefusal.NOT_SCALAR
    parts = [json.dumps(part).encode() for part in ({"alg": "EdDSA", "typ": "session"}, {"aud": value})]
    signing_input = ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
    signature = base64.urlsafe_b64encode(SIGNER.sign(signing_input.encode())).rstrip(b"=").decode()
    assert refusal_of(f"{signing_input}.{signature}") is JwsRefusal.NOT_SCALAR
