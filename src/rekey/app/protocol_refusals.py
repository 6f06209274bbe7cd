"""The answers that a connection gets before its request reaches the gate."""

import enum
from collections.abc import Iterable
from http import HTTPStatus

import msgspec


class WireRefusal(enum.Enum):
    """Why a connection is answered and closed: status, machine code, text."""

    MALFORMED = (400, "bad_request", "This is not a well-formed HTTP request.")
    TARGET = (400, "bad_target", "Name the path alone: no scheme, no host, no fragment.")
    UPGRADE = (400, "bad_framing", "A request to change the protocol can't have a body.")
    SLOW = (408, "head_timeout", "The head of the request did not arrive in time.")
    BODY_SIZE = (413, "body_too_large", "The body is too large.")
    TARGET_SIZE = (414, "target_too_long", "The path and query are too long.")
    PIPELINE = (429, "too_many_requests", "Too many requests were sent ahead of their answers.")
    HEADER_SIZE = (431, "headers_too_large", "The headers are too many or too large.")
    FULL = (503, "too_many_connections", "Too many connections are open.")
    VERSION = (505, "bad_version", "Speak HTTP/1.0 or HTTP/1.1.")


def render(refusal: WireRefusal, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Give the whole answer, in the form in which the gate refuses; it closes the connection."""
    status, code, text = refusal.value
    body = msgspec.json.encode({"error": text, "code": code})
    lines = [
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}".encode(),
        *(name + b": " + value for name, value in headers),
        b"content-type: application/json",
        b"content-length: " + str(len(body)).encode(),
        b"connection: close",
    ]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body
