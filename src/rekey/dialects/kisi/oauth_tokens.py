"""Tokens for applications: a code or a refresh token becomes an access token. Source: contract 2; RFC 6749, 7636."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_plus

import msgspec

from rekey.dialects.kisi.kit import Kit
from rekey.dialects.kisi.policy import VIA
from rekey.domain.errors import NotSignedIn, PersonLeft
from rekey.domain.ids import OrganizationId
from rekey.domain.operator import Actor, Key, KeyKind
from rekey.operations.exchange_consent import (
    ACCESS_LIFE,
    ConsentKeys,
    ExchangeCode,
    Given,
    RenewConsent,
    exchange_code,
    prove_application,
    renew_consent,
)
from rekey.ports.store import View
from rekey.webkit.authorization import AuthorizationRefused, parse_basic
from rekey.webkit.body import BodyRefused, decode_tree
from rekey.webkit.message import Reply, Request
from rekey.webkit.query import QueryLimits, QueryRefused, parse_query

_LIMITS = QueryLimits()
_SECRET_BYTES = 32
_NO_STORE = (("Cache-Control", "no-store"), ("Pragma", "no-cache"))
_CLIENT = "This application is unknown, ended or suspended, or its secret is wrong"
_GRANT = "This code or token is unknown, used, expired, ended or given to another"
# What each grant type gives back, and under which name.
_GIVEN_BACK = {
    "authorization_code": ("code", KeyKind.CONSENT_CODE),
    "refresh_token": ("refresh_token", KeyKind.CONSENT_REFRESH),
}


class OauthRefused(Exception):
    """An error in the form of the OAuth endpoints; `error` is a word of RFC 6749, section 5.2."""

    def __init__(self, error: str, text: str, status: int = 400) -> None:
        super().__init__(text)
        self.error = error
        self.status = status


@dataclass(frozen=True, slots=True)
class _Client:
    """The application that calls, as it has proved to be."""

    organization_id: OrganizationId
    application_id: str
    secret: str


@dataclass(frozen=True, slots=True)
class _Turn:
    """A key that came back, and the secrets of those that take its place."""

    key: Key
    access: str
    refresh: str


class Tokens:
    """The handler of `/oauth/token`."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def give(self, request: Request) -> Reply:
        """Give an access token and a refresh token."""
        try:
            fields = _fields(request)
            return await self._give(request, fields, await self._client(request, fields))
        except OauthRefused as refused:
            told = {"error": refused.error, "error_description": str(refused)}
            reply = Reply(refused.status, msgspec.json.encode(told)).with_headers(*_NO_STORE)
            return reply if refused.status != 401 else reply.with_headers(("WWW-Authenticate", "Basic"))

    async def _give(self, request: Request, fields: Mapping[str, str], client: _Client) -> Reply:
        grant = fields.get("grant_type", "")
        if grant not in _GIVEN_BACK:
            text = "grant_type must be authorization_code or refresh_token"
            raise OauthRefused("unsupported_grant_type" if grant else "invalid_request", text)
        if fields.get("scope", "").strip():
            raise OauthRefused("invalid_scope", "There are no scopes: an application has its user's rights")
        name, kind = _GIVEN_BACK[grant]
        turn = await self._turn(client, fields.get(name, ""), name, kind)
        keys = await self._exchanged(request, fields, client, turn=turn)
        shown = {
            "access_token": turn.access,
            "token_type": "Bearer",
            "expires_in": int(ACCESS_LIFE.total_seconds()),
            "refresh_token": turn.refresh,
            "created_at": int(keys.access.created_at.timestamp()),
        }
        return Reply(200, msgspec.json.encode(shown)).with_headers(*_NO_STORE)

    async def _turn(self, client: _Client, secret: str, name: str, kind: KeyKind) -> _Turn:
        """Find the key that came back, and make the secrets of the new ones."""
        if not secret:
            raise OauthRefused("invalid_request", f"{name} is missing")
        core = self._kit.services.core
        fingerprint = core.secrets.fingerprint(secret)

        async def look(view: View) -> Key | None:
            return await view.keys.by_secret(fingerprint)

        key = await core.store.read(client.organization_id, look)
        if key is None or key.kind is not kind:
            raise OauthRefused("invalid_grant", _GRANT)
        access, refresh = (core.entropy.token_bytes(_SECRET_BYTES).hex() for _ in range(2))
        return _Turn(key, access, refresh)

    async def _exchanged(
        self, request: Request, fields: Mapping[str, str], client: _Client, *, turn: _Turn
    ) -> ConsentKeys:
        core = self._kit.services.core
        actor = Actor(
            organization_id=client.organization_id,
            operator_id=turn.key.operator_id,
            key_id=None,
            via=VIA,
            address=request.client,
        )
        given = Given(
            key_id=turn.key.id,
            application_id=client.application_id,
            application_secret=core.secrets.fingerprint(client.secret),
            access_fingerprint=core.secrets.fingerprint(turn.access),
            refresh_fingerprint=core.secrets.fingerprint(turn.refresh),
        )
        try:
            if turn.key.kind is KeyKind.CONSENT_REFRESH:
                keys = await core.perform(renew_consent, actor, RenewConsent(given=given))
            else:
                asked = ExchangeCode(
                    given=given, return_url=fields.get("redirect_uri"), verifier=fields.get("code_verifier")
                )
                keys = await core.perform(exchange_code, actor, asked)
        except (NotSignedIn, PersonLeft) as ended:
            raise OauthRefused("invalid_grant", _GRANT) from ended
        if keys is None:
            raise OauthRefused("invalid_grant", _GRANT)
        return keys

    async def _client(self, request: Request, fields: Mapping[str, str]) -> _Client:
        """Find which application calls. Raises: OauthRefused."""
        name, secret = _named_client(request, fields)
        domain, _dot, application_id = name.rpartition(".")
        organization_id = await self._kit.organization_of(request, domain) if domain else None
        if organization_id is None:
            raise OauthRefused("invalid_client", _CLIENT, 401)
        try:
            await prove_application(
                self._kit.services.core, organization_id, application_id=application_id, secret=secret
            )
        except NotSignedIn as unknown:
            raise OauthRefused("invalid_client", _CLIENT, 401) from unknown
        return _Client(organization_id, application_id, secret)


def _named_client(request: Request, fields: Mapping[str, str]) -> tuple[str, str]:
    """Read the application's id and secret: of HTTP Basic, else of the body, never of both."""
    try:
        basic = parse_basic(request.header("authorization"))
    except AuthorizationRefused as malformed:
        raise OauthRefused("invalid_client", "The Basic credentials can't be read", 401) from malformed
    if basic is None:
        return fields.get("client_id", ""), fields.get("client_secret", "")
    name, secret = unquote_plus(basic.username), unquote_plus(basic.password)
    if "client_secret" in fields or fields.get("client_id", name) != name:
        raise OauthRefused("invalid_request", "Send the application's id and secret once")
    return name, secret


def _fields(request: Request) -> dict[str, str]:
    """Read the body, a form or JSON. Raises: OauthRefused."""
    media = (request.header("content-type") or "").partition(";")[0].strip().lower()
    try:
        if media == "application/json":
            tree = decode_tree(request.body or b"{}")
            pairs = list(tree.items()) if isinstance(tree, dict) else [("", None)]
        else:
            pairs = list(parse_query(request.body, _LIMITS).pairs)
    except (QueryRefused, BodyRefused) as malformed:
        raise OauthRefused("invalid_request", "The body can't be read") from malformed
    if len({name for name, _value in pairs}) < len(pairs) or not all(
        isinstance(value, str) for _name, value in pairs
    ):
        raise OauthRefused("invalid_request", "Each field is one text, sent once")
    return dict(pairs)
