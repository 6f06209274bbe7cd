"""How the SCIM API recognises the directory and answers what goes wrong."""

from rekey.dialects.scim.call_log import keep_call
from rekey.dialects.scim.errors import Forbidden, ScimError, ScimType, core_refusal, refusal
from rekey.domain.directory import DirectoryState
from rekey.domain.errors import CoreError, Invalid, NotSignedIn, TooManyRequests
from rekey.domain.operator import KeyKind
from rekey.operations.authenticate import Caller, authenticate_secret
from rekey.operations.use_door import Services
from rekey.ports.store import View
from rekey.webkit.authorization import AuthorizationRefused, parse_bearer
from rekey.webkit.body import BodyRefused
from rekey.webkit.guard import Refusal
from rekey.webkit.message import Reply, Request
from rekey.webkit.query import QueryRefused
from rekey.webkit.throttle import Throttle

VIA = "scim"
PUBLIC = "public"
_KINDS = frozenset({KeyKind.SCIM})
_SEND_A_KEY = "send the directory key: Authorization: Bearer <key>"


class ScimPolicy:
    """The directory's key, SCIM's error bodies, and every call kept."""

    def __init__(self, services: Services, throttle: Throttle) -> None:
        self._services = services
        self._throttle = throttle

    async def authenticate(self, request: Request) -> Caller | None:
        """Find the organization behind the key. Without one only the public documents are read."""
        header = request.header("authorization")
        if header is None and request.route is not None and request.route.auth == PUBLIC:
            return None
        caller = await authenticate_secret(
            self._services.core, _secret(header), kinds=_KINDS, via=VIA, address=request.client
        )
        await self._admit(request.admitted(caller), caller)
        return caller

    async def _admit(self, request: Request, caller: Caller) -> None:
        """Raises: TooManyRequests, Forbidden where the directory is switched off."""
        organization_id = caller.actor.organization_id
        wait = self._throttle.wait_of(organization_id)
        if wait:
            raise TooManyRequests(wait)

        async def look(view: View) -> DirectoryState:
            return await view.directory.get()

        if not (await self._services.core.store.read(organization_id, look)).enabled:
            error = Forbidden("the directory is switched off for this organization")
            await self._keep(request, caller, error.status, str(error))
            raise error

    async def on_error(self, request: Request, error: Exception) -> Reply | None:
        reply = core_refusal(error) if isinstance(error, CoreError) else own_refusal(error)
        if reply is None or not isinstance(request.caller, Caller):
            return reply
        if not isinstance(error, CoreError):
            await self._record(request, request.caller, error)
        await self._keep(request, request.caller, reply.status, str(error))
        return reply

    async def _record(self, request: Request, caller: Caller, error: Exception) -> None:
        """Leave the journal row that every refused act leaves, also where the form was already wrong."""
        if request.method == "GET" or request.route is None or request.route.operation == "read":
            return
        refused = Invalid("request", str(error))
        await self._services.core.record_refusal(caller.actor, request.route.operation, refused)

    async def _keep(self, request: Request, caller: Caller, status: int, outcome: str) -> None:
        await keep_call(self._services.core, caller.actor, request, status=status, outcome=outcome)

    def server_fault(self, request: Request) -> Reply:
        return refusal(500, f"this is our fault; the log knows more under {request.id}")

    def refused_at_gate(self, _request: Request, refused: Refusal) -> Reply:
        return refusal(refused.status, refused.text)

    async def not_found(self, request: Request) -> Reply:
        return refusal(404, "there is nothing at this path; GET /ResourceTypes lists what there is")

    async def method_not_allowed(self, request: Request, allowed: tuple[str, ...]) -> Reply:
        verbs = ", ".join(allowed)
        return refusal(405, f"this path takes {verbs}").with_headers(("Allow", verbs))

    def finish(self, request: Request, reply: Reply) -> Reply:
        return reply.with_headers(("Request-Id", request.id))


def own_refusal(error: Exception) -> Reply | None:
    """Answer what this dialect or the web kit refuses; None for anything else."""
    if isinstance(error, ScimError):
        return refusal(error.status, str(error), error.scim_type)
    if isinstance(error, BodyRefused):
        return refusal(400, str(error), ScimType.INVALID_SYNTAX)
    if isinstance(error, QueryRefused):
        return refusal(400, str(error), ScimType.INVALID_VALUE)
    return None


def _secret(header: str | None) -> str:
    """Give the key of the header, also where the word Bearer stands twice or is missing. Raises: NotSignedIn.

    Source: Okta's guide, whose users paste the one or the other.
    """
    words = (header or "").split()
    while words and words[0].lower() == "bearer":
        words = words[1:]
    try:
        secret = parse_bearer(f"Bearer {' '.join(words)}") if words else None
    except AuthorizationRefused as malformed:
        raise NotSignedIn(_SEND_A_KEY) from malformed
    if secret is None:
        raise NotSignedIn(_SEND_A_KEY)
    return secret
