"""A base address that was given with a slash at its end, to which callers add paths with one at their beginning."""

from collections.abc import Sequence

from rekey.webkit.asgi import ASGIApp, Receive, Scope, Send


class DoubledSlash:
    """Takes the second slash away right behind these prefixes; every other path goes on as it is."""

    def __init__(self, app: ASGIApp, prefixes: Sequence[str]) -> None:
        self._app = app
        self._prefixes = tuple(prefix.encode() for prefix in prefixes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = self._single(scope)
        await self._app(scope, receive, send)

    def _single(self, scope: Scope) -> Scope:
        raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
        for prefix in self._prefixes:
            if raw_path.startswith(prefix + b"//") and scope["path"].startswith(f"{prefix.decode()}//"):
                path = scope["path"]
                cut = len(prefix)
                return {
                    **scope,
                    "path": path[:cut] + path[cut + 1 :],
                    "raw_path": raw_path[:cut] + raw_path[cut + 1 :],
                }
        return scope
