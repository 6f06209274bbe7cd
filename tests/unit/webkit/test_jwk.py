"""Public keys of others: read strictly, and what they signed."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384

from rekey.webkit.jwk import JwkRefused, read_jwk
from rekey.webkit.jws import CompactJws, JwsRefused
from tests.dialects.doordeck.partner import CurveSigning, Ed25519Signing, RsaSigning
from tests.dialects.doordeck.signing import base64url

MESSAGE = b"head.payload"
RSA = rsa.generate_private_key(65537, 2048)


def signed(alg: str, signature: bytes) -> CompactJws:
    return CompactJws(header={"alg": alg}, payload={}, signing_input=MESSAGE, signature=signature, raw=b"")


def holds(jwk: dict[str, Any], alg: str, signature: bytes) -> bool:
    try:
        read_jwk(jwk).verify(signed(alg, signature))
    except JwsRefused:
        return False
    return True


@pytest.mark.parametrize("signing", [Ed25519Signing(), RsaSigning(RSA), CurveSigning()])
def test_a_key_of_each_kind_checks_its_own_signature_and_no_other(signing: Any) -> None:
    honest = signing.sign(MESSAGE)
    assert holds(signing.jwk(), signing.alg, honest)
    assert not holds(signing.jwk(), signing.alg, signing.sign(b"another"))
    assert not holds(signing.jwk(), signing.alg, honest[:-1])
    assert not holds(signing.jwk(), signing.alg, b"")
    for other in {"EdDSA", "RS256", "ES256", "HS256", "none", "ES384"} - {signing.alg}:
        assert not holds(signing.jwk(), other, honest), other


def test_an_rsa_key_checks_pss_as_well_unless_it_names_its_algorithm() -> None:
    jwk = RsaSigning(RSA).jwk()
    pss = padding.PSS(mgf=padding.MGF1(SHA384()), salt_length=padding.PSS.DIGEST_LENGTH)
    signature = RSA.sign(MESSAGE, pss, SHA384())
    assert holds(jwk, "PS384", signature)
    assert holds({**jwk, "alg": "PS384"}, "PS384", signature)
    assert not holds({**jwk, "alg": "RS256"}, "PS384", signature)


def test_a_secp256k1_key_that_names_es256_checks_on_its_own_curve() -> None:
    key = ec.generate_private_key(ec.SECP256K1())
    numbers = key.public_key().public_numbers()
    x, y = (base64url(value.to_bytes(32, "big")) for value in (numbers.x, numbers.y))
    jwk = {"kty": "EC", "crv": "secp256k1", "x": x, "y": y, "alg": "ES256"}
    r, s = decode_dss_signature(key.sign(MESSAGE, ec.ECDSA(SHA256())))
    signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    assert holds(jwk, "ES256", signature)
    assert not holds(jwk, "ES256K", signature)


@pytest.mark.parametrize("name", ["EdDSA", "Ed25519"])
def test_both_names_of_ed25519_are_one_algorithm(name: str) -> None:
    signing = Ed25519Signing()
    assert holds({**signing.jwk(), "alg": "EdDSA"}, name, signing.sign(MESSAGE))


@pytest.mark.parametrize(
    "jwk",
    [
        {},
        {"kty": "oct", "k": "AAAA"},
        {"kty": ["RSA"]},
        {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
        {"kty": "RSA", "n": base64url(b"\xff" * 2048), "e": "AQAB"},
        {**RsaSigning(RSA).jwk(), "e": base64url(b"\x01" * 32)},
        {**RsaSigning(RSA).jwk(), "use": "enc"},
        {**RsaSigning(RSA).jwk(), "alg": "HS256"},
        {**RsaSigning(RSA).jwk(), "n": RsaSigning(RSA).jwk()["n"] + "="},
        {**CurveSigning().jwk(), "crv": "P-521"},
        {**CurveSigning().jwk(), "x": "AA"},
        {**CurveSigning().jwk(), "crv": ["P-256"]},
        {"kty": "OKP", "crv": "Ed25519", "x": base64url(bytes(32))},
        {"kty": "OKP", "crv": "X25519", "x": Ed25519Signing().jwk()["x"]},
        {"kty": "OKP", "crv": "Ed25519", "x": 5},
    ],
)
def test_what_means_no_one_holder_is_refused(jwk: dict[str, Any]) -> None:
    with pytest.raises(JwkRefused):
        read_jwk(jwk)
