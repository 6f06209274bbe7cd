"""The Host header: what a valid one looks like, and the name in it."""

import re

_HOST = re.compile(rb"(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")


def is_valid_host(value: bytes) -> bool:
    """Say whether this is a bare host with an optional port, without user part or spaces.

    Source: RFC 9112 section 3.2, RFC 3986 section 3.2.2 (names as in DNS, plus underscore).
    """
    return _HOST.fullmatch(value) is not None


def host_name(value: bytes) -> str:
    """Give the name in a valid Host header: lower case, without port and final dot."""
    text = value.decode("ascii", "replace").lower()
    if text.startswith("["):
        return text[: text.find("]") + 1]
    return text.partition(":")[0].removesuffix(".")
