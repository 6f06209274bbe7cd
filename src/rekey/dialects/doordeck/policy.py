"""How the Doordeck API recognises its callers and answers what goes wrong."""

from dataclasses import replace

from rekey.dialects.doordeck.errors import (
    DoordeckError,
    Forbidden,
    OperationRefused,
    core_reply,
    error_reply,
    plain_reply,
)
from rekey.dialects.doordeck.foreign_tokens import peek, read_foreign, sign_in
from rekey.dialects.doordeck.ids import is_uuid
from rekey.dialects.doordeck.keyring import Keyring
from rekey.dialects.doordeck.kit import (
    BEARER,
    DOOR,
    OWN,
    PAGE,
    PUBLIC,
    REFRESH,
    VIA,
    SignedIn,
    agent_of,
    organization_of,
)
from rekey.dialects.doordeck.links import audiences, shows_page
from rekey.dialects.doordeck.tokens import Bearer, read_bearer
from rekey.domain.errors import CoreError, Invalid, NotSignedIn
from rekey.domain.ids import OrganizationId
from rekey.domain.operator import Actor, KeyKind
from rekey.operations.authenticate import authenticate_session
from rekey.operations.use_door import Services
from rekey.webkit.authorization import AuthorizationRefused, parse_bearer
from rekey.webkit.body import BodyRefused
from rekey.webkit.guard import Refusal
from rekey.webkit.jws import CompactJws
from rekey.webkit.message import Reply, Request
from rekey.webkit.mount import ORGANIZATION_KEY
from rekey.webkit.query import QueryRefused
from rekey.webkit.settings import DialectSettings

_KINDS = frozenset({KeyKind.SESSION})


class DoordeckPolicy:
    """Signed bearer tokens whose session is asked for at every call, and `{"code", "message"}` errors."""

    def __init__(self, services: Services, keyring: Keyring, settings: DialectSettings) -> None:
        self._core = services.core
        self._keyring = keyring
        self._settings = settings

    async def authenticate(self, request: Request) -> SignedIn | Bearer | None:
        auth = PUBLIC if request.route is None else request.route.auth
        if auth == PUBLIC:
            # Clients send stale tokens to these routes too: they are not even looked at.
            return None
        if auth == PAGE and shows_page(request):
            return None
        text = self._text(request)
        jws = peek(text)
        if jws is not None:
            return await self._introduced(request, jws, auth)
        bearer = read_bearer(text, self._keyring.signer().public_key, self._core.clock.now())
        await self._require_organization(request, bearer.organization_id)
        if bearer.refreshes is not (auth == REFRESH):
            raise NotSignedIn(f"this route takes a token of another kind than {auth or BEARER}")
        return bearer if auth == REFRESH else await self._signed_in(request, bearer)

    def _text(self, request: Request) -> str:
        try:
            token = parse_bearer(request.header("authorization"), padded_segments=True)
        except AuthorizationRefused as malformed:
            raise NotSignedIn("the Authorization header can't be read") from malformed
        if token is None:
            raise NotSignedIn("send a token: Authorization: Bearer <token>")
        return token

    async def _require_organization(self, request: Request, organization_id: OrganizationId) -> None:
        if ORGANIZATION_KEY not in request.scope:
            return
        if await organization_of(self._core, request) != organization_id:
            raise NotSignedIn("this token belongs to another organization than this host")

    async def _introduced(self, request: Request, jws: CompactJws, auth: str) -> SignedIn:
        """Sign in who comes with an application's token. Raises: NotSignedIn, Forbidden where it does not serve."""
        token = await read_foreign(self._core, jws, audiences(self._settings))
        await self._require_organization(request, token.organization_id)
        if auth == REFRESH:
            raise NotSignedIn("an application's token is renewed by the application")
        if auth == OWN:
            raise Forbidden("This is not for users of an application")
        introduced = await sign_in(self._core, token, request.client)
        return _with_agent(introduced, request)

    async def _signed_in(self, request: Request, bearer: Bearer) -> SignedIn:
        caller = await authenticate_session(
            self._core,
            bearer.organization_id,
            bearer.key_id,
            kinds=_KINDS,
            via=VIA,
            address=request.client,
        )
        if caller.operator.person_id is None:
            raise NotSignedIn("this session is nobody's")
        me = SignedIn(caller=caller, person_id=caller.operator.person_id, claims=bearer.claims)
        return _with_agent(me, request)

    async def on_error(self, request: Request, error: Exception) -> Reply | None:
        if isinstance(error, CoreError):
            return core_reply(error)
        reply = own_reply(error)
        if reply is not None and isinstance(request.caller, SignedIn):
            await self._note(request, request.caller.actor, error)
        return reply

    async def _note(self, request: Request, actor: Actor, error: Exception) -> None:
        """Leave the journal row that every refused act leaves, also where the form was already wrong."""
        if request.method == "GET" or request.route is None:
            return
        attempted = error.attempted if isinstance(error, OperationRefused) else request.route.operation
        refusal = Invalid("request", f"was refused: {error}")
        await self._core.record_refusal(
            actor, attempted, refusal, door_id=await self._door_of(request, actor)
        )

    async def _door_of(self, request: Request, actor: Actor) -> str | None:
        """Give the id of the door that the path names, if there is one."""
        named = request.params.get(DOOR)
        if named is None or not is_uuid(named):
            return None
        door = await self._core.store.read(actor.organization_id, lambda view: view.doors.get(named.lower()))
        return None if door is None else door.id

    def server_fault(self, _request: Request) -> Reply:
        return plain_reply(500)

    def refused_at_gate(self, _request: Request, refused: Refusal) -> Reply:
        return error_reply(refused.status, refused.text)

    async def not_found(self, _request: Request) -> Reply:
        return plain_reply(404)

    async def method_not_allowed(self, _request: Request, allowed: tuple[str, ...]) -> Reply:
        return plain_reply(405).with_headers(("Allow", ", ".join(allowed)))

    def finish(self, request: Request, reply: Reply) -> Reply:
        return reply.with_headers(("Request-Id", request.id))


def _with_agent(me: SignedIn, request: Request) -> SignedIn:
    """Have the journal name the address and the program of whoever asks, as the audit of this wire API shows them."""
    actor = replace(me.caller.actor, agent=agent_of(request))
    return replace(me, caller=replace(me.caller, actor=actor))


def own_reply(error: Exception) -> Reply | None:
    """Answer what this dialect or the web kit refuses; None for anything else."""
    if isinstance(error, DoordeckError):
        return error_reply(error.status, str(error))
    if isinstance(error, BodyRefused | QueryRefused):
        return error_reply(400, str(error))
    return None
