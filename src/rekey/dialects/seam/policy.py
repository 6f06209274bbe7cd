"""How this dialect recognises its callers and answers what goes wrong."""

from rekey.dialects.seam.callers import Callers
from rekey.dialects.seam.errors import (
    SeamRefusal,
    Unauthorized,
    core_reply,
    error_reply,
    refusal_reply,
)
from rekey.dialects.seam.letters import LETTERS
from rekey.domain.errors import CoreError, Invalid, NotSignedIn
from rekey.operations.authenticate import Caller
from rekey.operations.use_door import Services
from rekey.webkit.guard import Refusal
from rekey.webkit.message import Reply, Request

PUBLIC = "public"
READ = "read"
_ALLOWED_HEADERS = (
    "authorization, content-type, accept, user-agent, seam-workspace, seam-publishable-key, "
    "seam-client-session-token, client-session-token, seam-user-identifier-key, seam-sdk-name, "
    "seam-sdk-version, seam-lts-version"
)
_ALLOWED_METHODS = "GET, POST, PUT, PATCH, DELETE, OPTIONS"
_EXPOSED_HEADERS = "seam-request-id, rekey-revocation"


class SeamPolicy:
    """Callers by their proofs, error documents, and a request id on every answer."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._callers = Callers(services)

    async def authenticate(self, request: Request) -> Caller | None:
        if request.route is None or request.route.auth == PUBLIC:
            return None
        return await self._callers.recognise(request, request.route.auth)

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

    def refused_at_gate(self, _request: Request, refused: Refusal) -> Reply:
        return error_reply(refused.status, refused.code, refused.text, {})

    async def not_found(self, request: Request) -> Reply:
        return error_reply(404, "not_found", "There is no such route.", {})

    async def method_not_allowed(self, request: Request, allowed: tuple[str, ...]) -> Reply:
        """Refuse a verb, but only to a caller who may call at all."""
        if request.method == "OPTIONS":
            return Reply(200)
        letters = LETTERS.get(request.path)
        if letters is not None:
            await self._callers.recognise(request, letters)
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
