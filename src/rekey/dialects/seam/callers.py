"""From the proofs in a request to its caller; the scheme is chosen by the token's prefix, never by trial."""

from dataclasses import dataclass

import msgspec

from rekey.dialects.seam.errors import BadSessionHeader, Unauthorized
from rekey.dialects.seam.tokens import TokenKind, kind_of
from rekey.domain.client_session import ClientSession
from rekey.domain.errors import NotSignedIn
from rekey.domain.ids import OrganizationId
from rekey.domain.operator import Actor, KeyKind
from rekey.operations.authenticate import Caller, authenticate_secret
from rekey.operations.use_door import Services
from rekey.ports.store import View
from rekey.webkit.authorization import AuthorizationRefused, parse_bearer
from rekey.webkit.message import Request

VIA = "seam"
WORKSPACE = "seam-workspace"
_SESSION_HEADERS = ("seam-client-session-token", "client-session-token")
_IDENTIFIER_HEADERS = ("seam-user-identifier-key", "user-identifier-key")
_API_KEYS = frozenset({KeyKind.API_KEY})
_PUBLISHABLE = frozenset({KeyKind.PUBLISHABLE})


@dataclass(frozen=True, slots=True)
class SeamCaller(Caller):
    """A caller with the client session in hand, if it is one; `personal` says that a person's token spoke."""

    session: ClientSession | None = None
    personal: bool = False
    secret: str = ""


class Callers:
    """Recognises who calls a route by its letters."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def recognise(self, request: Request, letters: str) -> SeamCaller:
        """Find the caller. Raises: Unauthorized (with the type that says which proof), BadSessionHeader."""
        session_token = _session_token(request)
        bearer = _bearer(request)
        if bearer is None and session_token is None:
            publishable = request.header("seam-publishable-key")
            if publishable is None:
                raise Unauthorized("send an API key: Authorization: Bearer seam_...")
            return await self._publishable(request, publishable, letters)
        token = bearer if bearer is not None else session_token or ""
        match kind_of(token):
            case TokenKind.API_KEY:
                return await self._api_key(request, token, letters)
            case TokenKind.USER_KEY:
                return await self._personal(request, token, letters)
            case TokenKind.CLIENT_SESSION:
                if session_token is not None and session_token != token:
                    raise Unauthorized("two different client session tokens were sent")
                return await self.of_session(request, token, letters)
            case TokenKind.CONSOLE_SESSION:
                raise Unauthorized("sessions of a console are not taken here: send an API key")
            case TokenKind.PUBLISHABLE_KEY | TokenKind.UNKNOWN:
                raise Unauthorized("send an API key: Authorization: Bearer seam_...")

    async def _api_key(self, request: Request, token: str, letters: str) -> SeamCaller:
        _require("A" in letters)
        caller = await self._by_secret(request, token, _API_KEYS)
        workspace = request.header(WORKSPACE)
        if workspace is not None and workspace.lower() != caller.actor.organization_id:
            raise Unauthorized("this key belongs to another workspace")
        return caller

    async def _personal(self, request: Request, token: str, letters: str) -> SeamCaller:
        """Take a person's token: for the workspace that is named, at home or where it has a twin."""
        _require("A" in letters or "a" in letters)
        home = await self._by_secret(request, token, _API_KEYS)
        workspace = request.header(WORKSPACE)
        if workspace is None:
            if "W" not in letters:
                raise Unauthorized("name the workspace in the header seam-workspace")
            return _personal(home, token)
        if workspace.lower() == home.actor.organization_id:
            return _personal(home, token)
        try:
            twin = await self._by_secret(request, twin_of(token, workspace.lower()), _API_KEYS)
        except NotSignedIn as unknown:
            raise Unauthorized("no such workspace for this token", type_="workspace_not_found") from unknown
        return _personal(twin, token)

    async def _publishable(self, request: Request, token: str, letters: str) -> SeamCaller:
        _require("K" in letters)
        if kind_of(token) is not TokenKind.PUBLISHABLE_KEY:
            raise Unauthorized("this is no publishable key", type_="invalid_publishable_key")
        try:
            caller = await self._by_secret(request, token, _PUBLISHABLE)
        except NotSignedIn as unknown:
            raise Unauthorized(
                "this publishable key is unknown", type_="invalid_publishable_key"
            ) from unknown
        if identifier_of(request) is None:
            raise Unauthorized(
                "a publishable key goes with a user_identifier_key",
                type_="publishable_key_requires_user_identifier_key",
            )
        return caller

    async def of_session(self, request: Request, token: str, letters: str) -> SeamCaller:
        """Find who holds the token of a client session. Raises: Unauthorized with the type that says why."""
        core = self._services.core
        fingerprint = core.secrets.fingerprint(token)
        organization_id = await core.store.directory.organization_of_key(fingerprint)
        if organization_id is None:
            raise Unauthorized("this client session is unknown", type_="client_session_not_found")

        async def look(view: View) -> SeamCaller:
            return await self._session_in(view, request, fingerprint, organization_id)

        caller = await core.store.read(organization_id, look)
        of_customer = caller.session is not None and caller.session.customer_key is not None
        _require(("P" if of_customer else "C") in letters)
        return caller

    async def _session_in(
        self, view: View, request: Request, fingerprint: str, organization_id: OrganizationId
    ) -> SeamCaller:
        key = await view.keys.by_secret(fingerprint)
        session = None if key is None else await view.client_sessions.of_key(key.id)
        if key is None or session is None or session.ended_at is not None:
            raise Unauthorized("this client session is unknown", type_="client_session_not_found")
        if session.revoked_at is not None or key.ended_at is not None:
            raise Unauthorized("this client session was revoked", type_="client_session_revoked")
        if key.expires_at is not None and key.expires_at <= self._services.core.clock.now():
            raise Unauthorized("this client session has expired", type_="client_session_expired")
        operator = await view.operators.get(key.operator_id)
        if operator is None:
            raise Unauthorized("the account behind this client session has ended")
        actor = Actor(
            organization_id=organization_id,
            operator_id=operator.id,
            key_id=key.id,
            via=VIA,
            is_automation=operator.is_automation,
            address=request.client,
        )
        return SeamCaller(actor, operator, key, session)

    async def _by_secret(self, request: Request, secret: str, kinds: frozenset[KeyKind]) -> SeamCaller:
        caller = await authenticate_secret(
            self._services.core, secret, kinds=kinds, via=VIA, address=request.client
        )
        return SeamCaller(caller.actor, caller.operator, caller.key)


def twin_of(token: str, workspace_id: str) -> str:
    """Give the secret by which a person's token counts in another workspace; nobody ever sees it."""
    return f"{token} {workspace_id}"


def identifier_of(request: Request) -> str | None:
    """Find the user identifier key, in a header or in the body."""
    for name in _IDENTIFIER_HEADERS:
        sent = request.header(name)
        if sent:
            return sent
    try:
        body = msgspec.json.decode(request.body or b"{}")
    except msgspec.DecodeError:
        return None
    named = body.get("user_identifier_key") if isinstance(body, dict) else None
    return named if isinstance(named, str) and named else None


def _personal(caller: SeamCaller, token: str) -> SeamCaller:
    return SeamCaller(caller.actor, caller.operator, caller.key, None, personal=True, secret=token)


def _bearer(request: Request) -> str | None:
    try:
        return parse_bearer(request.header("authorization"))
    except AuthorizationRefused as malformed:
        raise Unauthorized("send one header of the form: Authorization: Bearer <key>") from malformed


def _session_token(request: Request) -> str | None:
    """Give the token of the session headers. Raises: BadSessionHeader, Unauthorized (two that differ)."""
    found = [token for name in _SESSION_HEADERS if (token := request.header(name)) is not None]
    for token in found:
        if kind_of(token) is not TokenKind.CLIENT_SESSION:
            raise BadSessionHeader("a session header must hold a client session token")
    if len({*found}) > 1:
        raise Unauthorized("two different client session tokens were sent")
    return found[0] if found else None


def _require(fits: bool) -> None:  # the question reads as a sentence where it is asked
    if not fits:
        raise Unauthorized("this route does not take this kind of proof")
