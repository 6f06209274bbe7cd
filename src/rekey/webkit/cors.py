"""Cross-origin answers by policy. Source: WHATWG Fetch, section CORS protocol."""

from collections.abc import Callable
from dataclasses import dataclass

from rekey.webkit.message import Reply, Request

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CorsPolicy:
    """Which origins may call, and with what. `allows` decides about one origin."""

    allows: Callable[[str], bool]
    methods: tuple[str, ...]
    headers: tuple[str, ...]
    exposes: tuple[str, ...] = ()
    credentials: bool = False
    max_age: int = 600
    """How long a browser may keep the answer to a preflight, in seconds."""

    def preflight(self, request: Request, *, status: int = 204) -> Reply:
        """Answer an OPTIONS request; a refused origin gets the same answer without leave."""
        granted = self.headers_for(request.header("origin"))
        if len(granted) > 1:
            granted = (
                *granted,
                ("access-control-allow-methods", ", ".join(self.methods)),
                ("access-control-allow-headers", ", ".join(self.headers)),
                ("access-control-max-age", str(self.max_age)),
            )
        return Reply(status, None, granted)

    def headers_for(self, origin: str | None) -> Headers:
        """Give the headers that every answer to this origin carries.

        `Vary: Origin` stands alone where the origin is absent or refused, so that no cache
        hands one origin's leave to another.
        """
        vary = ("vary", "Origin")
        if origin is None or not self.allows(origin):
            return (vary,)
        granted: list[tuple[str, str]] = [vary, ("access-control-allow-origin", origin)]
        if self.credentials:
            granted.append(("access-control-allow-credentials", "true"))
        if self.exposes:
            granted.append(("access-control-expose-headers", ", ".join(self.exposes)))
        return tuple(granted)


def is_preflight(request: Request) -> bool:
    """Say whether this is a CORS preflight rather than a plain OPTIONS request."""
    return (
        request.method == "OPTIONS"
        and request.header("origin") is not None
        and request.header("access-control-request-method") is not None
    )
