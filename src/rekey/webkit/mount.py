"""The outer dispatcher: which app serves a request, by host first, then by path prefix."""

from collections.abc import Mapping
from dataclasses import dataclass

from rekey.webkit.asgi import ASGIApp, Receive, Scope, Send
from rekey.webkit.host import host_name

ORGANIZATION_KEY = "rekey.organization"
"""Scope key: the domain of the organization that a host is bound to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HostMount:
    """The app at the root of one host, and the organization domain it is bound to, if any."""

    app: ASGIApp
    organization: str | None = None


class Mount:
    """An ASGI app that hands each request to the app of its host, else of its prefix.

    Takes: hosts by name (port and letter case are ignored); prefixes such as `/scim/v2`, of
    which the longest that ends at a segment boundary wins; the app for all the rest, which
    also receives the lifespan scope.
    """

    def __init__(
        self,
        *,
        prefixes: Mapping[str, ASGIApp],
        hosts: Mapping[str, HostMount],
        fallback: ASGIApp,
    ) -> None:
        self._hosts = {host_name(name.encode()): entry for name, entry in hosts.items()}
        self._fallback = fallback
        self._by_first: dict[str, list[tuple[str, ASGIApp]]] = {}
        for prefix in sorted(prefixes, key=len, reverse=True):
            _require_prefix(prefix)
            first = prefix[1:].partition("/")[0]
            self._by_first.setdefault(first, []).append((prefix, prefixes[prefix]))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._fallback(scope, receive, send)
            return
        host = self._host_of(scope) if self._hosts else None
        if host is None:
            app, scope = self._by_prefix(scope)
        else:
            app = host.app
            if host.organization is not None:
                scope = {**scope, ORGANIZATION_KEY: host.organization}
        await app(scope, receive, send)

    def _host_of(self, scope: Scope) -> HostMount | None:
        for name, value in scope["headers"]:
            if name == b"host":
                return self._hosts.get(host_name(value))
        return None

    def _by_prefix(self, scope: Scope) -> tuple[ASGIApp, Scope]:
        path: str = scope["path"]
        for prefix, app in self._by_first.get(path[1:].partition("/")[0], ()):
            if path.startswith(prefix) and path[len(prefix) : len(prefix) + 1] in ("", "/"):
                below = _below(scope, prefix)
                if below is not None:
                    return app, below
        return self._fallback, scope


def _below(scope: Scope, prefix: str) -> Scope | None:
    """Give the scope below the prefix; None if the raw path spells the prefix otherwise."""
    spelt = prefix.encode()
    raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
    if not raw_path.startswith(spelt):
        return None
    return {
        **scope,
        "path": scope["path"][len(prefix) :] or "/",
        "raw_path": raw_path[len(spelt) :] or b"/",
        "root_path": scope.get("root_path", "") + prefix,
    }


def _require_prefix(prefix: str) -> None:
    if not prefix.startswith("/") or prefix.endswith("/"):
        raise ValueError(f"a prefix starts with a slash and ends without one: {prefix!r}")
