"""How the Kisi API recognises its callers and answers what goes wrong. Source: contract sections 1 and 2."""

from rekey.dialects.kisi.authorization import Login, login_of, visitor_secret
from rekey.dialects.kisi.courtesies import PARTNER_HEADERS, aging, note_partner
from rekey.dialects.kisi.errors import (
    BadQuery,
    Unauthorized,
    Unprocessable,
    core_error,
    plain_error,
    unprocessable,
)
from rekey.dialects.kisi.limits import CallLimits
from rekey.dialects.kisi.visitors import Visitor, find_visitor
from rekey.domain.errors import CoreError, Invalid, NotSignedIn
from rekey.domain.operator import KeyKind
from rekey.operations.authenticate import Caller, authenticate_secret
from rekey.operations.use_door import Services
from rekey.webkit.body import BodyRefused
from rekey.webkit.cors import CorsPolicy, is_preflight
from rekey.webkit.guard import Refusal
from rekey.webkit.message import Reply, Request
from rekey.webkit.query import QueryRefused
from rekey.webkit.receipt_links import RECEIPT_HEADER

VIA = "kisi"
PUBLIC = "public"
OPTIONAL = "optional"
# A login, or the secret of a link or an access key.
VISITORS = "visitors"
_KINDS = frozenset({KeyKind.API_KEY, KeyKind.SESSION})
_CORS = CorsPolicy(
    allows=lambda _origin: True,
    methods=("GET", "POST", "PATCH", "PUT", "DELETE"),
    headers=("Authorization", "Content-Type", "Accept", *PARTNER_HEADERS),
    exposes=("X-Collection-Range", "Retry-After", "Deprecation", "Sunset", "Link", RECEIPT_HEADER),
)


class KisiPolicy:
    """Logins and API keys, Kisi's error bodies, CORS for browser apps."""

    def __init__(self, services: Services, limits: CallLimits) -> None:
        self._services = services
        self._limits = limits

    async def authenticate(self, request: Request) -> Caller | Visitor | None:
        """Recognise the login; the literal header `null`, which the official client sends, counts as absent."""
        wanted = "" if request.route is None else request.route.auth
        note_partner(request)
        if wanted == PUBLIC:
            self._limits.count_stranger(request.client)
            return None
        visitor = visitor_secret(request)
        if visitor is not None:
            return await self._visitor(request, *visitor)
        login = login_of(request)
        if login is None:
            self._limits.count_stranger(request.client)
            if wanted == OPTIONAL:
                return None
            raise Unauthorized("Sign in first: Authorization: KISI-LOGIN <secret>")
        return await self._caller(request, login)

    async def _visitor(self, request: Request, scheme: str, secret: str) -> Visitor:
        """Find who shows a link or an access key, which count at their own endpoints only."""
        self._limits.count_stranger(request.client)
        if request.route is None or request.route.auth != VISITORS:
            raise Unauthorized("Links and access keys do not count here: sign in with a login")
        return await find_visitor(self._services.core, scheme, secret, request.client)

    async def _caller(self, request: Request, login: Login) -> Caller:
        """Find who calls and count the call; a secret that opens nothing counts as a stranger's."""
        core, secret = self._services.core, login.secret
        kinds = _KINDS | {KeyKind.CONSENT_ACCESS} if login.is_bearer else _KINDS
        try:
            caller = await authenticate_secret(core, secret, kinds=kinds, via=VIA, address=request.client)
        except NotSignedIn:
            self._limits.count_stranger(request.client)
            raise
        route = "" if request.route is None else request.route.name
        self._limits.count_user(caller.actor.organization_id, caller.operator.id, route)
        return caller

    async def on_error(self, request: Request, error: Exception) -> Reply | None:
        if isinstance(request.caller, Caller) and request.route is not None:
            actor = request.caller.actor
            self._limits.give_back(actor.organization_id, actor.operator_id, request.route.name)
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

    def refused_at_gate(self, _request: Request, refused: Refusal) -> Reply:
        return plain_error(refused.status, f"{refused.status:06}", refused.text)

    async def not_found(self, request: Request) -> Reply:
        if is_preflight(request):
            return _CORS.preflight(request)
        return plain_error(404, "000404", "Not found")

    async def method_not_allowed(self, request: Request, allowed: tuple[str, ...]) -> Reply:
        if is_preflight(request):
            return _CORS.preflight(request)
        return plain_error(404, "000404", f"Not found: this path takes {', '.join(allowed)}")

    def finish(self, request: Request, reply: Reply) -> Reply:
        reply = reply.with_headers(*aging(request.method, request.path))
        origin = request.header("origin")
        if origin is None or is_preflight(request):
            return reply
        return reply.with_headers(*_CORS.headers_for(origin))


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
