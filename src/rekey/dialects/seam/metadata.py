"""Custom metadata: up to 50 pairs of a name and a text or a yes or no."""

from collections.abc import Mapping
from typing import Any

from rekey.dialects.seam.errors import InvalidInput

MAX_PAIRS = 50
MAX_TEXT = 500
_FIELD = "custom_metadata"


def checked_metadata(sent: Mapping[str, Any] | None, *, field: str = _FIELD) -> dict[str, str | bool | None]:
    """Read what was sent; numbers become text. Raises: InvalidInput."""
    read: dict[str, str | bool | None] = {}
    for name, value in (sent or {}).items():
        if isinstance(value, int | float) and not isinstance(value, bool):
            read[name] = str(value)
        elif value is None or isinstance(value, bool) or (isinstance(value, str) and len(value) <= MAX_TEXT):
            read[name] = value
        else:
            raise InvalidInput({field: [f"Expected text of at most {MAX_TEXT} characters or boolean"]})
    return _few(read)


def new_metadata(sent: Mapping[str, Any] | None) -> dict[str, str | bool]:
    """Read metadata that replaces all there was; null leaves a pair out. Raises: InvalidInput."""
    return {name: value for name, value in checked_metadata(sent).items() if value is not None}


def changed_metadata(kept: Mapping[str, str | bool], sent: Mapping[str, Any] | None) -> dict[str, str | bool]:
    """Add or change each pair that was sent; null takes one away. Raises: InvalidInput."""
    merged = {**kept, **checked_metadata(sent)}
    return {name: value for name, value in _few(merged).items() if value is not None}


def _few(pairs: Mapping[str, str | bool | None]) -> dict[str, str | bool | None]:
    if sum(value is not None for value in pairs.values()) > MAX_PAIRS:
        raise InvalidInput({_FIELD: [f"At most {MAX_PAIRS} pairs are kept"]})
    return dict(pairs)
