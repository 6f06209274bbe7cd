"""The SCIM dialect as one ASGI app."""

from time import monotonic_ns

from rekey.dialects.scim.kit import Kit
from rekey.dialects.scim.policy import ScimPolicy
from rekey.dialects.scim.routes import make_routes
from rekey.dialects.scim.straighten import straightened
from rekey.operations.use_door import Services
from rekey.webkit.app import AppOptions, DialectApp
from rekey.webkit.asgi import Receive, Scope, Send
from rekey.webkit.route import RouteTable
from rekey.webkit.settings import DialectSettings
from rekey.webkit.throttle import Rate, Throttle

# Four times what Entra's checklist asks of a server, with room for a first import.
RATE = Rate(count=100, seconds=1, burst=2_000)
# A group of ten thousand members in one body.
LARGEST_BODY = 4 * 1_048_576


class ScimApp(DialectApp):
    """A dialect whose callers bend their addresses."""

    async def __call__(  # type: ignore[override]  # as its base
        self, scope: Scope, receive: Receive, send: Send
    ) -> None:
        await super().__call__(straightened(scope) if scope["type"] == "http" else scope, receive, send)


def build(services: Services, settings: DialectSettings) -> DialectApp:
    """Build the app that is mounted at /scim/v2."""
    policy = ScimPolicy(services, Throttle(RATE, clock=monotonic_ns))
    options = AppOptions(trailing_slash=True, body_bytes=LARGEST_BODY)
    return ScimApp(RouteTable(make_routes(Kit(services, settings))), policy, options)
