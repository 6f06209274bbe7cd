"""Addresses as directories bend them, made straight; pure. Source: Entra's guide, on the flag in the tenant URL."""

from collections.abc import Mapping
from typing import Any

FLAG = "aadOptscim062020"


def straightened(scope: Mapping[str, Any]) -> dict[str, Any]:
    """Give the scope with the path and query that were meant.

    The flag `aadOptscim062020` is a parameter that changes nothing here. Where it was appended to the base
    address, the path stands behind it: `/scim/v2?aadOptscim062020/Users?count=1`.
    """
    query = scope.get("query_string", b"").decode("latin-1")
    if FLAG.lower() not in query.lower():
        return dict(scope)
    before, _, after = _split(query)
    path: str = scope["path"]
    if path in {"", "/"} and after.lstrip("&").startswith("/"):
        path, _, after = after.lstrip("&").partition("?")
    parts = [part for part in (before.rstrip("?&"), after.lstrip("?&=")) if part]
    return {
        **scope,
        "path": path,
        "raw_path": path.encode("latin-1"),
        "query_string": "&".join(parts).encode("latin-1"),
    }


def _split(query: str) -> tuple[str, str, str]:
    at = query.lower().index(FLAG.lower())
    return query[:at], FLAG, query[at + len(FLAG) :]
