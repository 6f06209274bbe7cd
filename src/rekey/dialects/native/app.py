"""The native dialect as one ASGI app."""

import msgspec

import rekey
from rekey.dialects.native.kit import Kit
from rekey.dialects.native.openapi import describe
from rekey.dialects.native.policy import PUBLIC, NativePolicy
from rekey.dialects.native.routes import make_routes
from rekey.dialects.native.subscriptions import FORM, NativeForm
from rekey.operations.use_door import Services
from rekey.webkit.app import DialectApp, build_app
from rekey.webkit.message import Reply, Request
from rekey.webkit.route import Route
from rekey.webkit.settings import DialectSettings


def build(services: Services, settings: DialectSettings) -> DialectApp:
    """Build the app that is mounted at /api/v1."""
    services.feeds.register(FORM, NativeForm())
    routes = make_routes(Kit(services), sandbox=settings.sandbox)
    document = msgspec.json.encode(describe(routes, rekey.__version__))

    async def openapi(_request: Request) -> Reply:
        return Reply(200, document)

    described = Route(
        methods=("GET",), path="/openapi.json", handler=openapi, name="openapi", operation="", auth=PUBLIC
    )
    return build_app((*routes, described), dialect=NativePolicy(services))
