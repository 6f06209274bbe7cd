"""Public keys of others as JSON Web Keys, and checking what they signed.

Joserfc is not used for signatures: it reads base64url only, while official Doordeck clients send padded
standard base64, and what is signed are the bytes as sent. Source: RFC 7517, RFC 7518 section 6, RFC 8037,
RFC 8812 (secp256k1), RFC 9864 (the name Ed25519).

JwkRefused      the key is none that is trusted to mean one holder
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm
from cryptography.hazmat.primitives.serialization import load_der_public_key

from rekey.webkit.jws import CompactJws, JwsRefusal, JwsRefused
from rekey.webkit.keys import KeyRefused, admit_point, verify_ed25519

LEAST_RSA_BITS = 2048
MOST_RSA_BITS = 8192
_LONGEST = 1400
_HASHES: dict[str, type[HashAlgorithm]] = {"256": SHA256, "384": SHA384, "512": SHA512}
_RSA_NAMES = frozenset(f"{form}{bits}" for form in ("RS", "PS") for bits in _HASHES)
_ED25519_NAMES = frozenset({"EdDSA", "Ed25519"})
_CURVES: dict[str, tuple[type[ec.EllipticCurve], type[HashAlgorithm], frozenset[str]]] = {
    "P-256": (ec.SECP256R1, SHA256, frozenset({"ES256"})),
    "P-384": (ec.SECP384R1, SHA384, frozenset({"ES384"})),
    "P-521": (ec.SECP521R1, SHA512, frozenset({"ES512"})),
    # Clients of one vendor name its algorithm ES256; the curve is the key's, so nothing is confused by that.
    "secp256k1": (ec.SECP256K1, SHA256, frozenset({"ES256K", "ES256"})),
}
_Check: TypeAlias = Callable[[str, bytes, bytes], bool]


class JwkRefused(Exception):
    """The key can't be trusted; the text says why and repeats nothing of it."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that was read: the algorithms that it may be used with, and how it checks."""

    algorithms: frozenset[str]
    check: _Check

    def verify(self, jws: CompactJws) -> None:
        """Return if the key signed the token. Raises: JwsRefused (BAD_ALGORITHM, BAD_SIGNATURE)."""
        algorithm = jws.header["alg"]
        if not isinstance(algorithm, str) or algorithm not in self.algorithms:
            raise JwsRefused(JwsRefusal.BAD_ALGORITHM)
        if not self.check(algorithm, jws.signing_input, jws.signature):
            raise JwsRefused(JwsRefusal.BAD_SIGNATURE)


def read_jwk(jwk: Mapping[str, object]) -> PublicKey:
    """Read a public key that is meant for signatures: RSA, an elliptic curve, or Ed25519. Raises: JwkRefused."""
    if jwk.get("use", "sig") != "sig":
        raise JwkRefused("the key is not for signatures")
    key = _read(jwk)
    named = jwk.get("alg")
    if named is None:
        return key
    if not isinstance(named, str) or named not in key.algorithms:
        raise JwkRefused("the key's alg does not fit its kind")
    # The two names of one algorithm stay one.
    return PublicKey(key.algorithms if named in _ED25519_NAMES else frozenset({named}), key.check)


def verify_rs256(jws: CompactJws, public_der: bytes) -> None:
    """Return if an RSA key, given as SubjectPublicKeyInfo, signed the token as RS256.

    Raises: JwsRefused (BAD_ALGORITHM, BAD_SIGNATURE).
    """
    if jws.header["alg"] != "RS256":
        raise JwsRefused(JwsRefusal.BAD_ALGORITHM)
    key = load_der_public_key(public_der)
    if not isinstance(key, rsa.RSAPublicKey):
        raise JwsRefused(JwsRefusal.BAD_SIGNATURE)
    try:
        key.verify(jws.signature, jws.signing_input, padding.PKCS1v15(), SHA256())
    except InvalidSignature as forged:
        raise JwsRefused(JwsRefusal.BAD_SIGNATURE) from forged


def _read(jwk: Mapping[str, object]) -> PublicKey:
    match jwk.get("kty"):
        case "RSA":
            return _read_rsa(jwk)
        case "EC":
            return _read_curve(jwk)
        case "OKP":
            return _read_ed25519(jwk)
    raise JwkRefused("kty must be RSA, EC or OKP")


def _read_rsa(jwk: Mapping[str, object]) -> PublicKey:
    modulus, exponent = _number(jwk, "n"), _number(jwk, "e")
    if not LEAST_RSA_BITS <= modulus.bit_length() <= MOST_RSA_BITS:
        raise JwkRefused(f"an RSA key must have from {LEAST_RSA_BITS} to {MOST_RSA_BITS} bits")
    if exponent.bit_length() > 33:
        raise JwkRefused("the exponent of the RSA key is too large")
    try:
        public = rsa.RSAPublicNumbers(exponent, modulus).public_key()
    except ValueError as unfit:
        raise JwkRefused("the numbers are no RSA key") from unfit

    def check(algorithm: str, message: bytes, signature: bytes) -> bool:
        hashed = _HASHES[algorithm[2:]]()
        form: padding.AsymmetricPadding = padding.PKCS1v15()
        if algorithm.startswith("PS"):
            form = padding.PSS(mgf=padding.MGF1(hashed), salt_length=padding.PSS.DIGEST_LENGTH)
        try:
            public.verify(signature, message, form, hashed)
        except InvalidSignature:
            return False
        return True

    return PublicKey(_RSA_NAMES, check)


def _read_curve(jwk: Mapping[str, object]) -> PublicKey:
    name = jwk.get("crv")
    if not isinstance(name, str) or name not in _CURVES:
        raise JwkRefused(f"crv must be one of {', '.join(_CURVES)}")
    curve, hashed, algorithms = _CURVES[name]
    try:
        public = ec.EllipticCurvePublicNumbers(_number(jwk, "x"), _number(jwk, "y"), curve()).public_key()
    except ValueError as unfit:
        raise JwkRefused("the point does not lie on the curve") from unfit
    width = (curve().key_size + 7) // 8

    def check(_algorithm: str, message: bytes, signature: bytes) -> bool:
        if len(signature) != 2 * width:
            return False
        r, s = (int.from_bytes(part, "big") for part in (signature[:width], signature[width:]))
        try:
            public.verify(encode_dss_signature(r, s), message, ec.ECDSA(hashed()))
        except InvalidSignature:
            return False
        return True

    return PublicKey(algorithms, check)


def _read_ed25519(jwk: Mapping[str, object]) -> PublicKey:
    if jwk.get("crv") != "Ed25519":
        raise JwkRefused("crv must be Ed25519")
    try:
        public = admit_point(_bytes(jwk, "x"))
    except KeyRefused as refused:
        raise JwkRefused(str(refused)) from refused
    return PublicKey(
        _ED25519_NAMES, lambda _algorithm, message, signature: verify_ed25519(public, message, signature)
    )


def _number(jwk: Mapping[str, object], member: str) -> int:
    return int.from_bytes(_bytes(jwk, member), "big")


def _bytes(jwk: Mapping[str, object], member: str) -> bytes:
    """Decode unpadded base64url in its one spelling."""
    text = jwk.get(member)
    if not isinstance(text, str) or not text or len(text) > _LONGEST or not text.isascii():
        raise JwkRefused(f"{member} must be base64url")
    try:
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as malformed:
        raise JwkRefused(f"{member} must be base64url") from malformed
    if urlsafe_b64encode(data).rstrip(b"=").decode() != text:
        raise JwkRefused(f"{member} must be unpadded base64url")
    return data
