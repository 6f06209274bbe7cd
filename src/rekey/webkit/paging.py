"""Pages of lists: by offset, and by an opaque cursor.

PageRefused     limit or offset is not a number within its bounds
CursorRefused   the cursor is not one of ours, or belongs to other parameters
"""

import base64
import binascii
import enum
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

Scalar = str | int | bool | None


class PageRefused(Exception):
    """`name` is the parameter that is not a number within its bounds."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not a number within its bounds")
        self.name = name


@dataclass(frozen=True, kw_only=True, slots=True)
class PageLimits:
    """The page size if none is asked for, its maximum, and the farthest offset."""

    default: int
    maximum: int
    farthest: int = 2**31 - 1


@dataclass(frozen=True, kw_only=True, slots=True)
class OffsetPage:
    """The rows [offset, offset + limit)."""

    offset: int
    limit: int


def offset_page(limit: str | None, offset: str | None, limits: PageLimits, *, least: int = 1) -> OffsetPage:
    """Read limit and offset; a limit above the maximum is cut to it.

    Raises: PageRefused for text that is not a plain decimal number, a limit below `least`,
    and an offset beyond the farthest.
    """
    size = limits.default if limit is None else _number("limit", limit)
    start = 0 if offset is None else _number("offset", offset)
    if size < least:
        raise PageRefused("limit")
    if start > limits.farthest:
        raise PageRefused("offset")
    return OffsetPage(offset=start, limit=min(size, limits.maximum))


def _number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 18:
        raise PageRefused(name)
    return int(text)


class CursorFault(enum.Enum):
    """Why a cursor was refused."""

    MALFORMED = "malformed"
    FORGED = "forged"
    OTHER_PARAMETERS = "other_parameters"


class CursorRefused(Exception):
    """The cursor can't be followed."""

    def __init__(self, reason: CursorFault) -> None:
        super().__init__(reason.value)
        self.reason = reason


class _Content(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    position: list[Scalar]
    bound: str


_TAG_BYTES = 16
_LONGEST = 2_048


@dataclass(frozen=True, slots=True)
class CursorSealer:
    """Seals the position after which the next page begins, and opens it again.

    A cursor can be read by its holder, so a position holds nothing secret, but it can be
    neither made nor changed, nor used with other parameters than it was made for.
    """

    secret: bytes

    def seal(self, position: list[Scalar], bound: Mapping[str, object]) -> str:
        """Give the cursor for a position, bound to the other parameters of the list."""
        content = msgspec.json.encode(_Content(position, _digest(bound)))
        return base64.urlsafe_b64encode(self._tag(content) + content).rstrip(b"=").decode()

    def open(self, cursor: str, bound: Mapping[str, object]) -> list[Scalar]:
        """Give the position. Raises: CursorRefused."""
        raw = _from_base64(cursor)
        tag, content = raw[:_TAG_BYTES], raw[_TAG_BYTES:]
        if not hmac.compare_digest(tag, self._tag(content)):
            raise CursorRefused(CursorFault.FORGED)
        try:
            opened = msgspec.json.decode(content, type=_Content)
        except msgspec.DecodeError as error:
            raise CursorRefused(CursorFault.MALFORMED) from error
        if opened.bound != _digest(bound):
            raise CursorRefused(CursorFault.OTHER_PARAMETERS)
        return opened.position

    def _tag(self, content: bytes) -> bytes:
        return hmac.digest(self.secret, content, hashlib.sha256)[:_TAG_BYTES]


def _digest(bound: Mapping[str, object]) -> str:
    canonical = msgspec.json.encode(bound, order="sorted")
    return hashlib.sha256(canonical).hexdigest()[:16]


def _from_base64(cursor: str) -> bytes:
    if len(cursor) > _LONGEST or not cursor.isascii():
        raise CursorRefused(CursorFault.MALFORMED)
    padded = cursor.replace("-", "+").replace("_", "/") + "=" * (-len(cursor) % 4)
    try:
        raw = base64.b64decode(padded, validate=True)
    except binascii.Error as error:
        raise CursorRefused(CursorFault.MALFORMED) from error
    if len(raw) <= _TAG_BYTES:
        raise CursorRefused(CursorFault.MALFORMED)
    return raw
