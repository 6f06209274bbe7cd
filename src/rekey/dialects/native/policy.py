"""How the native API recognises its callers and answers what goes wrong."""

from rekey.dialects.native.errors import Ambiguous, BadRequest, Unfit, core_problem, problem
from rekey.domain.errors import CoreError, Invalid, NotSignedIn
from rekey.domain.operator import KeyKind
from rekey.operations.authenticate import Caller, authenticate_secret
from rekey.operations.use_door import Services
from rekey.webkit.authorization import AuthorizationRefused, parse_bearer
from rekey.webkit.body import BodyRefused
from rekey.webkit.guard import Refusal
from rekey.webkit.message import Reply, Request
from rekey.webkit.query import QueryRefused

VIA = "native"
PUBLIC = "public"
_KINDS = frozenset({KeyKind.API_KEY})


class NativePolicy:
    """Bearer keys, problem documents, and a request id on every answer."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def authenticate(self, request: Request) -> Caller | None:
        if request.route is not None and request.route.auth == PUBLIC:
            return None
        try:
            secret = parse_bearer(request.header("authorization"))
        except AuthorizationRefused as malformed:
            raise NotSignedIn("send one header of the form: Authorization: Bearer <key>") from malformed
        if secret is None:
            raise NotSignedIn("send a key: Authorization: Bearer <key>")
        return await authenticate_secret(
            self._services.core, secret, kinds=_KINDS, via=VIA, address=request.client
        )

    async def on_error(self, request: Request, error: Exception) -> Reply | None:
        if isinstance(error, CoreError):
            return core_problem(error)
        reply = own_problem(error)
        if reply is not None and isinstance(request.caller, Caller):
            await self._note(request, request.caller, error)
        return reply

    async def _note(self, request: Request, caller: Caller, error: Exception) -> None:
        """Leave the journal row that every refused act leaves, also where the form was already wrong."""
        if request.method == "GET" or request.route is None:
            return
        refusal = Invalid("request", str(error))
        await self._services.core.record_refusal(caller.actor, request.route.operation, refusal)

    def server_fault(self, request: Request) -> Reply:
        return problem(500, "internal_error", f"this is our fault; the log knows more under {request.id}")

    def refused_at_gate(self, _request: Request, refused: Refusal) -> Reply:
        return problem(refused.status, refused.code, refused.text)

    async def not_found(self, request: Request) -> Reply:
        return problem(404, "unknown_path", "no such path; GET /openapi.json lists all")

    async def method_not_allowed(self, request: Request, allowed: tuple[str, ...]) -> Reply:
        verbs = ", ".join(allowed)
        return problem(405, "method_not_allowed", f"this path takes {verbs}").with_headers(("Allow", verbs))

    def finish(self, request: Request, reply: Reply) -> Reply:
        return reply.with_headers(("Request-Id", request.id))


def own_problem(error: Exception) -> Reply | None:
    """Answer what this dialect or the web kit refuses; None for anything else."""
    if isinstance(error, BadRequest):
        return problem(400, "bad_request", str(error), field=error.field)
    if isinstance(error, Unfit):
        return problem(422, "invalid", str(error), field=error.field)
    if isinstance(error, Ambiguous):
        return problem(409, "ambiguous", str(error), candidates=error.candidates)
    if isinstance(error, BodyRefused):
        return problem(400, "bad_body", str(error), field=error.path)
    if isinstance(error, QueryRefused):
        return problem(400, "bad_query", str(error), field=error.name)
    return None
