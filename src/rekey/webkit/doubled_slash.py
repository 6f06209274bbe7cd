"""A base address that was given with a slash at its end, to which callers add paths with one at their beginning."""

from collections.abc import Collection, Sequence

from rekey.webkit.asgi import ASGIApp, Receive, Scope, Send
from rekey.webkit.host import host_name


class DoubledSlash:
    """Takes the second slash away right behind these prefixes; every other path goes on as it is.

    Under one of `hosts` the base address has no path, so there it goes at the beginning.
    """

    def __init__(self, app: ASGIApp, prefixes: Sequence[str], *, hosts: Collection[str] = ()) -> None:
        self._app = app
        self._prefixes = tuple(prefix.encode() for prefix in prefixes)
        self._hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = self._single(scope)
        await self._app(scope, receive, send)

    def _single(self, scope: Scope) -> Scope:
        raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
        for prefix in self._bases(scope):
            if raw_path.startswith(prefix + b"//") and scope["path"].startswith(f"{prefix.decode()}//"):
                path = scope["path"]
                cut = len(prefix)
                return {
                    **scope,
                    "path": path[:cut] + path[cut + 1 :],
                    "raw_path": raw_path[:cut] + raw_path[cut + 1 :],
                }
        return scope

    def _bases(self, scope: Scope) -> tuple[bytes, ...]:
        if not self._hosts:
            return self._prefixes
        names = [host_name(value) for name, value in scope["headers"] if name == b"host"]
        return (b"",) if names and names[0] in self._hosts else self._prefixes
