"""The Seam dialect as one ASGI app."""

import msgspec

import rekey
from rekey.dialects.seam.kit import Kit
from rekey.dialects.seam.openapi import describe
from rekey.dialects.seam.policy import PUBLIC, READ, SeamPolicy
from rekey.dialects.seam.replies import MEDIA_TYPE, reply_ok
from rekey.dialects.seam.routes import make_rows
from rekey.operations.use_door import Services
from rekey.webkit.app import DialectApp, build_app
from rekey.webkit.message import Reply, Request
from rekey.webkit.route import Route
from rekey.webkit.settings import DialectSettings


def build(services: Services, settings: DialectSettings) -> DialectApp:
    """Build the app that is mounted at /seam."""
    rows = make_rows(Kit(services, settings))
    document = msgspec.json.encode(describe(rows, rekey.__version__))

    async def health(_request: Request) -> Reply:
        return reply_ok(service_name="rekey")

    async def openapi(_request: Request) -> Reply:
        return Reply(200, document, media_type=MEDIA_TYPE)

    public = (
        Route(
            methods=("GET", "POST"),
            path="/health",
            handler=health,
            name="health",
            operation=READ,
            auth=PUBLIC,
        ),
        Route(
            methods=("GET",),
            path="/openapi.json",
            handler=openapi,
            name="openapi",
            operation=READ,
            auth=PUBLIC,
        ),
    )
    return build_app((*public, *(row.route() for row in rows)), dialect=SeamPolicy(services))
