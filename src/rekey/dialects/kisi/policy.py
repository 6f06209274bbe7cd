"""How the Kisi API recognises its callers and answers what goes wrong. Source: contract sections 1 and 2."""

from rekey.dialects.kisi.errors import (
    BadQuery,
    Unauthorized,
    Unprocessable,
    core_error,
    plain_error,
    unprocessable,
)
from rekey.domain.errors import CoreError, Invalid, NotSignedIn
from rekey.domain.operator import KeyKind
from rekey.operations.authenticate import Caller, authenticate_secret
from rekey.operations.use_door import Services
from rekey.webkit.body import BodyRefused
from rekey.webkit.cors import CorsPolicy, is_preflight
from rekey.webkit.message import Reply, Request
from rekey.webkit.query import QueryRefused

VIA = "kisi"
PUBLIC = "public"
OPTIONAL = "optional"
_KINDS = frozenset({KeyKind.API_KEY, KeyKind.SESSION})
_SCHEMES = ("kisi-login ", "bearer ")
_CORS = CorsPolicy(
    allows=lambda _origin: True,
    methods=("GET", "POST", "PATCH", "PUT", "DELETE"),
    headers=("Authorization", "Content-Type", "Accept"),
    exposes=("X-Collection-Range", "Retry-After", "Deprecation", "Sunset"),
)


class KisiPolicy:
    """Logins and API keys, Kisi's error bodies, CORS for browser apps."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def authenticate(self, request: Request) -> Caller | None:
        """Recognise the login; the literal header `null`, which the official client sends, counts as absent."""
        wanted = "" if request.route is None else request.route.auth
        secret = login_secret(request)
        if wanted == PUBLIC or (wanted == OPTIONAL and secret is None):
            return None
        if secret is None:
            raise Unauthorized("Sign in first: Authorization: KISI-LOGIN <secret>")
        return await authenticate_secret(
            self._services.core, secret, kinds=_KINDS, via=VIA, address=request.client
        )

    async def on_error(self, request: Request, error: Exception) -> Reply | None:
        if isinstance(error, NotSignedIn):
            return plain_error(401, "000401", "This login is unknown, ended or expired: sign in again")
        if isinstance(error, CoreError):
            return core_error(error)
        reply = own_error(error)
        caller = request.caller
        if (
            reply is not None
            and isinstance(caller, Caller)
            and request.method != "GET"
            and request.route is not None
        ):
            refusal = Invalid("request", str(error))
            await self._services.core.record_refusal(caller.actor, request.route.operation, refusal)
        return reply

    def server_fault(self, request: Request) -> Reply:
        return plain_error(500, "ffffff", f"Unexpected error; the log knows more under {request.id}")

    async def not_found(self, request: Request) -> Reply:
        if is_preflight(request):
            return _CORS.preflight(request)
        return plain_error(404, "000404", "Not found")

    async def method_not_allowed(self, request: Request, allowed: tuple[str, ...]) -> Reply:
        if is_preflight(request):
            return _CORS.preflight(request)
        return plain_error(404, "000404", f"Not found: this path takes {', '.join(allowed)}")

    def finish(self, request: Request, reply: Reply) -> Reply:
        origin = request.header("origin")
        return reply if origin is None else reply.with_headers(*_CORS.headers_for(origin))


def login_secret(request: Request) -> str | None:
    """Give the secret of the Authorization header. Raises: Unauthorized for a scheme that is not served."""
    header = request.header("authorization")
    if header is None or header.strip().lower() in {"", "null", "undefined"}:
        return None
    for scheme in _SCHEMES:
        if header.lower().startswith(scheme):
            return header[len(scheme) :].strip()
    raise Unauthorized("Unknown scheme: send Authorization: KISI-LOGIN <secret>")


def own_error(error: Exception) -> Reply | None:
    """Answer what this dialect or the web kit refuses; None for anything else."""
    if isinstance(error, Unauthorized):
        return plain_error(401, error.code, str(error))
    if isinstance(error, Unprocessable):
        return unprocessable(error.reasons)
    if isinstance(error, BadQuery | QueryRefused):
        return plain_error(400, "000400", str(error))
    if isinstance(error, BodyRefused):
        return plain_error(400, "000400", f"The body is not JSON as this API reads it: {error}")
    return None
