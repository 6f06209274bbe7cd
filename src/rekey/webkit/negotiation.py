"""Versions in the Accept header: vendor media types that end in a number."""

import re
from collections.abc import Collection
from dataclasses import dataclass

PLAIN_VERSION = 1
"""What a caller gets that names no vendor type."""
_PLAIN = frozenset({"*/*", "application/*", "application/json"})


@dataclass(frozen=True, kw_only=True, slots=True)
class VendorType:
    """A family of media types `<prefix><number><suffix>`, compared without letter case."""

    prefix: str
    suffix: str = "+json"

    def version_of(self, media_type: str) -> int | None:
        """Give the version that a media type of this family names."""
        pattern = re.escape(self.prefix) + r"([1-9][0-9]{0,3})" + re.escape(self.suffix)
        match = re.fullmatch(pattern, media_type, re.IGNORECASE)
        return None if match is None else int(match[1])


def pick_version(accept: str | None, vendor: VendorType, available: Collection[int]) -> int | None:
    """Give the version to answer with; None if nothing acceptable is available (406).

    The highest accepted vendor version that is available wins over plain JSON, whatever the
    weights say, except that weight 0 rules a type out. Plain JSON, `*/*` and no header at all
    mean version 1, or the lowest available one.
    """
    if accept is None or not accept.strip():
        return _plain(available)
    wanted = _accepted(accept)
    versions = {vendor.version_of(media_type) for media_type in wanted}
    usable = [version for version in available if version in versions]
    if usable:
        return max(usable)
    return _plain(available) if wanted & _PLAIN else None


def _plain(available: Collection[int]) -> int | None:
    if PLAIN_VERSION in available:
        return PLAIN_VERSION
    return min(available, default=None)


def _accepted(accept: str) -> frozenset[str]:
    """The media types of an Accept header in lower case. Source: RFC 9110 section 12.5.1."""
    accepted = set()
    for item in accept.lower().split(","):
        media_type, *parameters = (part.strip() for part in item.split(";"))
        if not any(re.fullmatch(r"q=0(\.0{0,3})?", parameter) for parameter in parameters):
            accepted.add(media_type)
    return frozenset(accepted)
