"""One strict reader for compact JWS, ahead of every check of a signature or a claim.

Libraries are lenient where it hurts a door: they take the last of two equal members, UTF-16, a byte
order mark, padding after the signature, and they skip `jwk`, `jku` and `zip`. Here all of these are
refused before any cryptography. joserfc is not used for Ed25519: it reads base64url only, while the
official Doordeck client sends padded standard base64, and libsodium needs no more than the signed bytes.
Source: RFC 7515, RFC 8725 (what to refuse), RFC 9864 (the name Ed25519).

JwsRefused      the token is refused; `reason` says why and nothing of the token is repeated
"""

import re
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from rekey.domain.canonical import canonical_json
from rekey.webkit.body import BodyFault, BodyRefused, decode_tree
from rekey.webkit.keys import Ed25519Signer, verify_ed25519

Json = dict[str, object]
Scalar = str | int | bool | None


class JwsRefusal(StrEnum):
    """Why a token is refused."""

    TOO_LARGE = "too_large"
    NOT_ASCII = "not_ascii"
    WHITESPACE = "whitespace"
    NOT_THREE_SEGMENTS = "not_three_segments"
    BAD_BASE64 = "bad_base64"
    BAD_ENCODING = "bad_encoding"
    BAD_JSON = "bad_json"
    NOT_AN_OBJECT = "not_an_object"
    DUPLICATE_MEMBER = "duplicate_member"
    BAD_NUMBER = "bad_number"
    TOO_DEEP = "too_deep"
    LONE_SURROGATE = "lone_surrogate"
    FORBIDDEN_HEADER = "forbidden_header"
    BAD_ALGORITHM = "bad_algorithm"
    BAD_SIGNATURE = "bad_signature"
    WRONG_TYPE = "wrong_type"
    NOT_SCALAR = "not_scalar"


_MESSAGES = {
    JwsRefusal.TOO_LARGE: "the token is too large",
    JwsRefusal.NOT_ASCII: "the token is not ASCII",
    JwsRefusal.WHITESPACE: "the token holds whitespace",
    JwsRefusal.NOT_THREE_SEGMENTS: "the token does not have three segments",
    JwsRefusal.BAD_BASE64: "a segment is neither unpadded base64url nor padded base64",
    JwsRefusal.BAD_ENCODING: "a segment is not plain UTF-8",
    JwsRefusal.BAD_JSON: "a segment is not JSON",
    JwsRefusal.NOT_AN_OBJECT: "a segment is not a JSON object",
    JwsRefusal.DUPLICATE_MEMBER: "a member is given twice",
    JwsRefusal.BAD_NUMBER: "a number is out of range",
    JwsRefusal.TOO_DEEP: "the JSON is nested too deeply",
    JwsRefusal.LONE_SURROGATE: "a text is not valid Unicode",
    JwsRefusal.FORBIDDEN_HEADER: "the header holds a member that is not allowed",
    JwsRefusal.BAD_ALGORITHM: "the algorithm is not allowed",
    JwsRefusal.BAD_SIGNATURE: "the signature does not hold",
    JwsRefusal.WRONG_TYPE: "the token is of another type",
    JwsRefusal.NOT_SCALAR: "a claim is not a plain value",
}


class JwsRefused(Exception):
    """The token is refused; `reason` says why and nothing of the token is repeated."""

    def __init__(self, reason: JwsRefusal) -> None:
        super().__init__(_MESSAGES[reason])
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class CompactJws:
    """A token as read, not verified: only its form is sound."""

    header: Json
    payload: Json
    signing_input: bytes
    signature: bytes
    raw: bytes


MAX_TOKEN_BYTES = 16_384

_FORBIDDEN = frozenset({"crit", "b64", "zip", "jwk", "jku", "x5u"})
_EDDSA_NAMES = frozenset({"EdDSA", "Ed25519"})
_WHITESPACE = re.compile(rb"[\x09-\x0d\x20]")
_TO_STANDARD = bytes.maketrans(b"-_", b"+/")


def parse_compact(text: bytes, *, max_bytes: int = MAX_TOKEN_BYTES) -> CompactJws:
    """Read a compact JWS whose JSON means one thing to every reader; the signature is not checked.

    Each segment may be unpadded base64url or padded standard base64; what is signed are the first two
    segments exactly as received. JSON is read as strictly as a request body (`body.decode_tree`).
    Raises: JwsRefused.
    """
    segments = _split(text, max_bytes)
    header, payload = (_read_object(_decode(segment)) for segment in segments[:2])
    if not _FORBIDDEN.isdisjoint(header):
        raise JwsRefused(JwsRefusal.FORBIDDEN_HEADER)
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm.strip().lower() in ("", "none"):
        raise JwsRefused(JwsRefusal.BAD_ALGORITHM)
    return CompactJws(
        header=header,
        payload=payload,
        signing_input=text[: text.rindex(b".")],
        signature=_decode(segments[2]),
        raw=text,
    )


def verify_eddsa(jws: CompactJws, public_key: bytes) -> None:
    """Return if the key signed the token as EdDSA (also named Ed25519), the only algorithms taken.

    Raises: JwsRefused (BAD_ALGORITHM, BAD_SIGNATURE).
    """
    if jws.header["alg"] not in _EDDSA_NAMES:
        raise JwsRefused(JwsRefusal.BAD_ALGORITHM)
    if not verify_ed25519(public_key, jws.signing_input, jws.signature):
        raise JwsRefused(JwsRefusal.BAD_SIGNATURE)


def issue_token(claims: Mapping[str, Scalar], signer: Ed25519Signer, *, typ: str) -> str:
    """Give a bearer token of ours: EdDSA, base64url, plain claims only.

    Clients take a token with a list or object among its claims for an expired one.
    Source: Doordeck contract, rule 10. Raises: JwsRefused (NOT_SCALAR).
    """
    if not all(map(_is_scalar, claims.values())):
        raise JwsRefused(JwsRefusal.NOT_SCALAR)
    header = canonical_json({"alg": "EdDSA", "typ": typ})
    signing_input = f"{_encode(header)}.{_encode(canonical_json(dict(claims)))}"
    return f"{signing_input}.{_encode(signer.sign(signing_input.encode()))}"


def read_token(text: str, public_key: bytes, *, typ: str) -> dict[str, Scalar]:
    """Give the claims of a token that `issue_token` gave with this key and type.

    Times are not judged here: the caller compares `exp` with its own clock. Raises: JwsRefused.
    """
    if not text.isascii():
        raise JwsRefused(JwsRefusal.NOT_ASCII)
    if any(mark in text for mark in "+/="):
        # We write base64url, so that a token has one spelling.
        raise JwsRefused(JwsRefusal.BAD_BASE64)
    jws = parse_compact(text.encode())
    verify_eddsa(jws, public_key)
    if jws.header.get("typ") != typ:
        raise JwsRefused(JwsRefusal.WRONG_TYPE)
    claims: dict[str, Scalar] = {}
    for name, value in jws.payload.items():
        if not isinstance(value, str | int | None):
            raise JwsRefused(JwsRefusal.NOT_SCALAR)
        claims[name] = value
    return claims


def _split(text: bytes, max_bytes: int) -> list[bytes]:
    if len(text) > max_bytes:
        raise JwsRefused(JwsRefusal.TOO_LARGE)
    if not text.isascii():
        raise JwsRefused(JwsRefusal.NOT_ASCII)
    if _WHITESPACE.search(text):
        raise JwsRefused(JwsRefusal.WHITESPACE)
    segments = text.split(b".")
    if len(segments) != 3:  # header, payload, signature
        raise JwsRefused(JwsRefusal.NOT_THREE_SEGMENTS)
    return segments


def _decode(segment: bytes) -> bytes:
    """Decode one segment in either alphabet, never a mixture, and only in its canonical spelling."""
    padded = segment
    if not any(mark in segment for mark in b"+/="):
        padded = segment.translate(_TO_STANDARD) + b"=" * (-len(segment) % 4)
    try:
        data = b64decode(padded, validate=True)
    except ValueError as error:
        raise JwsRefused(JwsRefusal.BAD_BASE64) from error
    if b64encode(data) != padded:
        raise JwsRefused(JwsRefusal.BAD_BASE64)
    return data


def _read_object(data: bytes) -> Json:
    try:
        value = decode_tree(data)
    except BodyRefused as error:
        raise JwsRefused(_REASON_OF_FAULT[error.reason]) from error
    if not isinstance(value, dict):
        raise JwsRefused(JwsRefusal.NOT_AN_OBJECT)
    return value


_REASON_OF_FAULT = {
    BodyFault.NOT_UTF8: JwsRefusal.BAD_ENCODING,
    BodyFault.BYTE_ORDER_MARK: JwsRefusal.BAD_ENCODING,
    BodyFault.MALFORMED: JwsRefusal.BAD_JSON,
    BodyFault.DUPLICATE_KEY: JwsRefusal.DUPLICATE_MEMBER,
    BodyFault.NUMBER_OUT_OF_RANGE: JwsRefusal.BAD_NUMBER,
    BodyFault.TOO_DEEP: JwsRefusal.TOO_DEEP,
    BodyFault.LONE_SURROGATE: JwsRefusal.LONE_SURROGATE,
    BodyFault.NUL_CHARACTER: JwsRefusal.BAD_JSON,
    # A tree is read without a wire type, so the faults about types cannot arise; the table is total all the same.
    BodyFault.MISSING: JwsRefusal.BAD_JSON,
    BodyFault.WRONG_TYPE: JwsRefusal.BAD_JSON,
    BodyFault.UNKNOWN_KEY: JwsRefusal.BAD_JSON,
    BodyFault.INVALID_VALUE: JwsRefusal.BAD_JSON,
}


def _is_scalar(value: object) -> bool:
    return value is None or isinstance(value, str | int)


def _encode(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
