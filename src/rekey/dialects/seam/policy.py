"""How this dialect recognises its callers and answers what goes wrong."""

from rekey.dialects.seam.errors import (
    BadSessionHeader,
    SeamRefusal,
    Unauthorized,
    core_reply,
    error_reply,
    refusal_reply,
)
from rekey.dialects.seam.tokens import TokenKind, kind_of
from rekey.domain.errors import CoreError, Invalid, NotSignedIn
from rekey.domain.operator import KeyKind
from rekey.operations.authenticate import Caller, authenticate_secret
from rekey.operations.use_door import Services
from rekey.webkit.authorization import AuthorizationRefused, parse_bearer
from rekey.webkit.message import Reply, Request

VIA = "seam"
PUBLIC = "public"
KEY = "key"
READ = "read"
_KINDS = frozenset({KeyKind.API_KEY})
_SESSION_HEADERS = ("client-session-token", "seam-client-session-token")
_ALLOWED_HEADERS = (
    "authorization, content-type, accept, user-agent, seam-workspace, seam-publishable-key, "
    "seam-client-session-token, client-session-token, seam-user-identifier-key, seam-sdk-name, "
    "seam-sdk-version, seam-lts-version"
)
_ALLOWED_METHODS = "GET, POST, PUT, PATCH, DELETE, OPTIONS"
_EXPOSED_HEADERS = "seam-request-id, rekey-revocation"


class SeamPolicy:
    """API keys as bearer tokens, error documents, and a request id on every answer."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def authenticate(self, request: Request) -> Caller | None:
        if request.route is not None and request.route.auth == PUBLIC:
            return None
        return await self._caller(request)

    async def _caller(self, request: Request) -> Caller:
        """Find the caller; the token's prefix alone says which kind of proof it is.

        Raises: Unauthorized, BadSessionHeader, NotSignedIn.
        """
        for name in _SESSION_HEADERS:
            token = request.header(name)
            if token is not None and kind_of(token) is not TokenKind.CLIENT_SESSION:
                raise BadSessionHeader(f"{name} must hold a client session token")
        try:
            secret = parse_bearer(request.header("authorization"))
        except AuthorizationRefused as malformed:
            raise Unauthorized("send one header of the form: Authorization: Bearer <key>") from malformed
        if secret is None or kind_of(secret) is not TokenKind.API_KEY:
            raise Unauthorized("send an API key: Authorization: Bearer seam_...")
        caller = await authenticate_secret(
            self._services.core, secret, kinds=_KINDS, via=VIA, address=request.client
        )
        workspace = request.header("seam-workspace")
        if workspace is not None and workspace.lower() != caller.actor.organization_id:
            raise Unauthorized("this key belongs to another workspace")
        return caller

    async def on_error(self, request: Request, error: Exception) -> Reply | None:
        if isinstance(error, NotSignedIn):
            return refusal_reply(Unauthorized(str(error)))
        if isinstance(error, CoreError):
            return core_reply(error, request.path)
        if not isinstance(error, SeamRefusal):
            return None
        if isinstance(request.caller, Caller):
            await self._note(request, request.caller, error)
        return refusal_reply(error)

    async def _note(self, request: Request, caller: Caller, error: SeamRefusal) -> None:
        """Leave the journal row that every refused act leaves, also where the form was already wrong."""
        if request.route is None or request.route.operation == READ or error.status == 404:
            return
        refusal = Invalid("request", str(error))
        await self._services.core.record_refusal(caller.actor, request.route.operation, refusal)

    def server_fault(self, request: Request) -> Reply:
        return error_reply(500, "internal_server_error", "This is our fault; the log knows more.", {})

    async def not_found(self, request: Request) -> Reply:
        return error_reply(404, "not_found", "There is no such route.", {})

    async def method_not_allowed(self, request: Request, allowed: tuple[str, ...]) -> Reply:
        """Refuse a verb, but only to a caller who may call at all."""
        if request.method == "OPTIONS":
            return Reply(200)
        await self._caller(request)
        verbs = ", ".join(allowed)
        reply = error_reply(405, "method_not_allowed", f"This route takes {verbs}.", {})
        return reply.with_headers(("allow", verbs))

    def finish(self, request: Request, reply: Reply) -> Reply:
        origin = request.header("origin")
        return reply.with_headers(
            ("seam-request-id", request.id),
            ("vary", "Origin"),
            ("access-control-allow-origin", origin or "*"),
            ("access-control-allow-credentials", "true"),
            ("access-control-allow-headers", _ALLOWED_HEADERS),
            ("access-control-allow-methods", _ALLOWED_METHODS),
            ("access-control-expose-headers", _EXPOSED_HEADERS),
        )
