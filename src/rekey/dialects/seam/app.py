"""The Seam dialect as one ASGI app."""

import msgspec

import rekey
from rekey.dialects.seam.connect_page import ConnectPage
from rekey.dialects.seam.connect_webviews import PAGE_PATH
from rekey.dialects.seam.customers import PORTAL_PATH
from rekey.dialects.seam.event_feed import FORM, SeamForm
from rekey.dialects.seam.instant_key_page import InstantKeyPage
from rekey.dialects.seam.instant_keys import PAGE_PATH as KEY_PATH
from rekey.dialects.seam.kit import Kit
from rekey.dialects.seam.openapi import describe
from rekey.dialects.seam.policy import PUBLIC, READ, SeamPolicy
from rekey.dialects.seam.portal_page import PortalPage
from rekey.dialects.seam.replies import MEDIA_TYPE, reply_ok
from rekey.dialects.seam.routes import make_rows
from rekey.operations.use_door import Services
from rekey.webkit.app import DialectApp, build_app
from rekey.webkit.message import Reply, Request
from rekey.webkit.route import Handler, Route
from rekey.webkit.settings import DialectSettings


def build(services: Services, settings: DialectSettings) -> DialectApp:
    """Build the app that is mounted at /seam."""
    services.feeds.register(FORM, SeamForm(services.core.secrets.unseal))
    kit = Kit(services, settings)
    rows = make_rows(kit)
    described = [row for row in rows if not row.hidden]
    document = msgspec.json.encode(describe(described, rekey.__version__))
    connect, portal, instant = ConnectPage(kit), PortalPage(kit), InstantKeyPage(kit)

    async def health(_request: Request) -> Reply:
        return reply_ok(service_name="rekey")

    async def openapi(_request: Request) -> Reply:
        return Reply(200, document, media_type=MEDIA_TYPE)

    public = (
        *(
            Route(
                methods=("GET", "POST"),
                path=path,
                handler=health,
                name=path,
                operation=READ,
                auth=PUBLIC,
            )
            # The second is what the vendor's command line asks.
            for path in ("/health", "/health/get_health")
        ),
        Route(
            methods=("GET",),
            path="/openapi.json",
            handler=openapi,
            name="openapi",
            operation=READ,
            auth=PUBLIC,
        ),
        _page("GET", PAGE_PATH, connect.show, READ),
        _page("POST", PAGE_PATH, connect.submit, "connect_upstream"),
        _page("GET", PORTAL_PATH, portal.show, READ),
        _page("GET", KEY_PATH, instant.show, READ),
        _page("POST", KEY_PATH, instant.submit, "use_link"),
    )
    return build_app(
        (*public, *(row.route(kit.with_survivors) for row in rows)), dialect=SeamPolicy(services)
    )


def _page(method: str, path: str, handler: Handler, operation: str) -> Route:
    """Make a page for people; the secret in its address is what lets them in."""
    return Route(
        methods=(method,),
        path=path,
        handler=handler,
        name=f"{method} {path}",
        operation=operation,
        auth=PUBLIC,
    )
