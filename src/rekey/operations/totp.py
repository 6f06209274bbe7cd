"""Codes of authenticators that follow the clock. Source: RFC 6238, RFC 4226; 6 digits, 30 s, SHA-1 as apps expect."""

from base64 import b32encode
from datetime import datetime
from hmac import compare_digest
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

STEP_SECONDS = 30
DIGITS = 6
SECRET_BYTES = 20
# An authenticator's clock may be one step off in either direction.
_DRIFT = (0, -1, 1)


def step_of(code: str, secret: bytes, now: datetime, *, after: int) -> int | None:
    """Give the time step that the code belongs to, if it is around now and newer than `after`; else None."""
    if len(code) != DIGITS or not (code.isascii() and code.isdigit()):
        return None
    current = int(now.timestamp()) // STEP_SECONDS
    steps = [current + drift for drift in _DRIFT if current + drift > after]
    return next((step for step in steps if compare_digest(code_at(secret, step), code)), None)


def code_at(secret: bytes, step: int) -> str:
    """Give the code of a time step."""
    # SHA-1 is what every authenticator takes; its weakness does not concern a keyed hash.
    return HOTP(secret, DIGITS, SHA1(), enforce_key_length=False).generate(step).decode()  # noqa: S303


def shown_secret(secret: bytes) -> str:
    """Give the secret as authenticators take it when it is typed in."""
    return b32encode(secret).decode().rstrip("=")


def otpauth_uri(secret: bytes, *, issuer: str, account: str) -> str:
    """Give the address that authenticators read from a QR code."""
    label = quote(f"{issuer}:{account}", safe=":@")
    return (
        f"otpauth://totp/{label}?secret={shown_secret(secret)}&issuer={quote(issuer)}"
        f"&algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}"
    )
