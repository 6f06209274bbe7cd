"""Which request paths have one meaning only.

A path that two parsers may read differently is treated as a path where nothing is.
"""

import re
import urllib.parse

# Unreserved characters and sub-delimiters of RFC 3986 without ";", which some stacks cut at.
_SEGMENT = rb"[A-Za-z0-9_~!$&'()*+,=:@.-]"
_PLAIN = re.compile(rb"(?:/(?!\.{1,2}(?:/|\Z))" + _SEGMENT + rb"++)*+/?")
_ENCODED = re.compile(rb"(?:/(?:" + _SEGMENT + rb"|%[0-9A-Fa-f]{2})++)*+/?")
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f/\\;]")


def is_plain_path(raw_path: bytes) -> bool:
    """Say whether the raw path is absolute, canonical and free of encoded separators.

    Refused: `//`, `.` and `..` segments in any spelling, encoded `/`, backslash, `;`, control
    characters, broken percent escapes, text that is not UTF-8 (overlong forms included),
    and targets in absolute form.
    """
    if not raw_path.startswith(b"/"):
        return False
    if _PLAIN.fullmatch(raw_path) is not None:
        return True
    return b"%" in raw_path and _is_plain_when_decoded(raw_path)


def _is_plain_when_decoded(raw_path: bytes) -> bool:
    if _ENCODED.fullmatch(raw_path) is None:
        return False
    try:
        segments = [urllib.parse.unquote_to_bytes(part).decode() for part in raw_path.split(b"/")]
    except UnicodeDecodeError:
        return False
    return not any(part in (".", "..") or _FORBIDDEN.search(part) for part in segments)
