"""Ids on this wire: all of them are UUIDs. Source: Doordeck contract, rule 14."""

import re

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


def is_uuid(value: object) -> bool:
    """Say whether the value is the text of a UUID, in either letter case."""
    return isinstance(value, str) and _UUID.fullmatch(value) is not None
