"""The Authorization header: schemes Bearer and Basic, parsed and no more.

AuthorizationRefused   the header is there but can't be read
"""

import base64
import binascii
import re
from dataclasses import dataclass

_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")
# Padded base64 has its equals signs at the end of each segment, not of the whole.
_PADDED_SEGMENTS = re.compile(r"[A-Za-z0-9_~+/-]+={0,2}(?:\.[A-Za-z0-9_~+/-]+={0,2})*")
_LONGEST = 16_384


class AuthorizationRefused(Exception):
    """The header can't be read; the text never repeats it."""

    def __init__(self) -> None:
        super().__init__("the Authorization header can't be read")


@dataclass(frozen=True, slots=True)
class BasicCredentials:
    """A user name and a password as sent; the password stays out of the repr."""

    username: str
    password: str

    def __repr__(self) -> str:
        return f"BasicCredentials(username={self.username!r})"


def parse_bearer(header: str | None, *, padded_segments: bool = False) -> str | None:
    """Give the token of a Bearer header; None for no header or another scheme.

    Takes: padded_segments, also tokens of which each segment may end in padding.
    Raises: AuthorizationRefused. Source: RFC 6750 section 2.1.
    """
    token = _after_scheme(header, "bearer")
    form = _PADDED_SEGMENTS if padded_segments else _TOKEN
    if token is not None and form.fullmatch(token) is None:
        raise AuthorizationRefused
    return token


def parse_basic(header: str | None) -> BasicCredentials | None:
    """Give name and password of a Basic header; None for no header or another scheme.

    Both are UTF-8; the name ends at the first colon; control characters are refused.
    Raises: AuthorizationRefused. Source: RFC 7617 section 2.
    """
    encoded = _after_scheme(header, "basic")
    if encoded is None:
        return None
    try:
        text = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise AuthorizationRefused from error
    username, colon, password = text.partition(":")
    if not colon or any(char < " " or char == "\x7f" for char in text):
        raise AuthorizationRefused
    return BasicCredentials(username, password)


def _after_scheme(header: str | None, scheme: str) -> str | None:
    if header is None:
        return None
    if len(header) > _LONGEST:
        raise AuthorizationRefused
    name, _, rest = header.strip(" ").partition(" ")
    return rest.strip(" ") if name.lower() == scheme else None
