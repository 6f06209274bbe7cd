"""Where this server is reached, as an absolute URL; and who asks for a page rather than for JSON."""

from rekey.dialects.doordeck.tokens import ISSUER
from rekey.webkit.message import Request
from rekey.webkit.settings import DialectSettings

_MOUNT = "/doordeck"


def audiences(settings: DialectSettings) -> frozenset[str]:
    """Give the names that mean this server in a token of others.

    Never one from the request: whoever calls chooses its Host, and so could pass off a token that was meant
    for another server.
    """
    own = settings.public_url
    return frozenset({ISSUER}) if own is None else frozenset({ISSUER, own, own + _MOUNT})


def base_url(settings: DialectSettings, request: Request) -> str:
    """Give the URL under which this API was called, without a slash at the end."""
    mounted = str(request.scope.get("root_path", ""))
    if settings.public_url is not None and mounted:
        return settings.public_url + mounted
    return f"{request.scope.get('scheme', 'http')}://{request.header('host') or 'localhost'}{mounted}"


def shows_page(request: Request) -> bool:
    """Say whether a browser asks, which has no token and wants something to look at."""
    if request.header("authorization") is not None or request.method != "GET":
        return False
    accepted = (request.header("accept") or "").split(",")
    return any(one.partition(";")[0].strip().lower() == "text/html" for one in accepted)
