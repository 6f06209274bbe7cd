"""One spelling per value: the bytes that are hashed and signed."""

import json
from typing import NoReturn

_MAX_DEPTH = 64

_ENCODER = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, sort_keys=True, separators=(",", ":")
)


def canonical_json(value: object) -> bytes:
    """Give the one JSON form of a value: keys sorted by code point, no spaces, UTF-8.

    Takes: str, int, bool, None, and list and dict of these with str keys; exactly these types.
    Raises: TypeError for any other type (floats too: their text depends on who prints them; subclasses
    too: they may print as something else); ValueError for a lone surrogate or nesting deeper than 64.
    """
    _admit(value, _MAX_DEPTH)
    return _ENCODER.encode(value).encode("utf-8")


def _admit(value: object, depth_left: int) -> None:
    kind = type(value)
    if kind is str or kind is int or kind is bool or value is None:
        return
    if depth_left == 0:
        raise ValueError(f"a canonical value nests at most {_MAX_DEPTH} levels")
    if isinstance(value, dict) and kind is dict:
        for key, member in value.items():
            if type(key) is not str:
                _refuse(key, "a key")
            _admit(member, depth_left - 1)
    elif isinstance(value, list) and kind is list:
        for member in value:
            _admit(member, depth_left - 1)
    else:
        _refuse(value, "a value")


def _refuse(value: object, place: str) -> NoReturn:
    raise TypeError(f"canonical JSON has no place for {type(value).__name__} as {place}")
