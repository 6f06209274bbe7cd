"""Letting an application act for a user: the page that asks, and the way back. Source: contract section 2; RFC 6749."""

from dataclasses import dataclass
from urllib.parse import urlencode

from rekey.dialects.kisi.kit import Kit
from rekey.dialects.kisi.oauth_page import Asking, ask_page, broken_page
from rekey.dialects.kisi.policy import VIA
from rekey.domain.errors import (
    CoreError,
    Invalid,
    NotAllowed,
    NotFound,
    NotSignedIn,
    PersonLeft,
    SecondFactorNeeded,
    TooManyRequests,
    WrongCode,
)
from rekey.domain.estate import Organization
from rekey.domain.ids import OrganizationId
from rekey.operations.agree_to_application import ConsentRequest, agree_by_password, return_url_of
from rekey.operations.find_application import find_application
from rekey.operations.sign_in import PasswordProof
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request
from rekey.webkit.query import Query, QueryLimits, QueryRefused, parse_query

ASKED = (
    "response_type",
    "client_id",
    "redirect_uri",
    "state",
    "scope",
    "code_challenge",
    "code_challenge_method",
)
_LIMITS = QueryLimits()
_SECRET_BYTES = 32
_UNKNOWN = "It is unknown here, or does not name an address of its own to come back to."


class _Broken(Exception):
    """Who asks, or where to answer, can't be trusted: the page says so and goes nowhere."""


class _Refused(Exception):
    """What is told to the application at its own address."""

    def __init__(self, url: str, error: str, text: str) -> None:
        super().__init__(text)
        self.url = url
        self.error = error


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    organization_id: OrganizationId
    request: ConsentRequest
    asking: Asking


class Authorizations:
    """Handlers of `/oauth/authorize`."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def show(self, request: Request) -> Reply:
        """Ask the user."""
        return await self._answer(request, request.query(), said=None)

    async def decide(self, request: Request) -> Reply:
        """Take the user's answer, and send the browser back with it."""
        try:
            form = parse_query(request.body, _LIMITS)
        except QueryRefused:
            form = Query(())
        return await self._answer(request, form, said=form)

    async def _answer(self, request: Request, query: Query, *, said: Query | None) -> Reply:
        try:
            asked = await self._asked(request, query)
            if said is None:
                return ask_page(asked.asking)
            if said.one("decision") != "allow":
                raise _Refused(asked.asking.return_url, "access_denied", "The user refused")
            return await self._agree(request, asked, said)
        except (_Broken, QueryRefused) as broken:
            return broken_page(str(broken))
        except _Refused as refused:
            told = {"error": refused.error, "error_description": str(refused)}
            return _back(refused.url, told, query.one("state"))

    async def _agree(self, request: Request, asked: _Asked, said: Query) -> Reply:
        core = self._kit.services.core
        code = core.entropy.token_bytes(_SECRET_BYTES).hex()
        proof = PasswordProof(
            email=said.one("email") or "",
            password=said.one("password") or "",
            code=(said.one("otp_attempt") or "").strip() or None,
            via=VIA,
            address=request.client,
        )
        fingerprint = core.secrets.fingerprint(code)
        try:
            await agree_by_password(
                core, asked.organization_id, proof, request=asked.request, code_fingerprint=fingerprint
            )
        except CoreError as error:
            status, text = _trouble(error)
            return ask_page(asked.asking, email=proof.email, trouble=text, status=status)
        return _back(asked.asking.return_url, {"code": code}, asked.asking.fields.get("state"))

    async def _asked(self, request: Request, query: Query) -> _Asked:
        fields = {name: value for name in ASKED if (value := query.one(name)) is not None}
        domain, _dot, application_id = fields.get("client_id", "").rpartition(".")
        organization_id = await self._kit.organization_of(request, domain) if domain else None
        if organization_id is None:
            raise _Broken(_UNKNOWN)
        wanted = ConsentRequest(application_id=application_id, return_url=fields.get("redirect_uri"))

        async def look(view: View) -> tuple[Organization, str, str]:
            application = await find_application(view, application_id)
            return await view.organizations.get(), application.name, return_url_of(application, wanted)

        try:
            organization, name, return_url = await self._kit.services.core.store.read(organization_id, look)
        except (NotFound, NotAllowed, Invalid) as unfit:
            raise _Broken(_UNKNOWN) from unfit
        challenge = _challenge(fields, return_url)
        return _Asked(
            organization_id=organization_id,
            request=ConsentRequest(
                application_id=application_id,
                return_url=fields.get("redirect_uri"),
                challenge=challenge,
            ),
            asking=Asking(
                organization=organization.name, application=name, return_url=return_url, fields=fields
            ),
        )


def _challenge(fields: dict[str, str], return_url: str) -> str:
    """Check what else is asked, and give the challenge. Raises: _Refused."""
    if fields.get("response_type") != "code":
        raise _Refused(return_url, "unsupported_response_type", "response_type must be code")
    if fields.get("scope", "").strip():
        raise _Refused(
            return_url, "invalid_scope", "There are no scopes: an application has its user's rights"
        )
    challenge, method = fields.get("code_challenge", ""), fields.get("code_challenge_method")
    if (challenge and method != "S256") or (not challenge and method is not None):
        raise _Refused(return_url, "invalid_request", "code_challenge needs code_challenge_method=S256")
    return challenge


def _back(url: str, told: dict[str, str], state: str | None) -> Reply:
    """Send the browser back to the application."""
    query = urlencode(told if state is None else {**told, "state": state})
    target = f"{url}{'&' if '?' in url else '?'}{query}"
    return Reply(303, media_type=None).with_headers(
        ("Location", target), ("Cache-Control", "no-store"), ("Referrer-Policy", "no-referrer")
    )


def _trouble(error: CoreError) -> tuple[int, str]:
    """Say on the page why nothing was agreed to, and under which status."""
    match error:
        case TooManyRequests():
            return 429, f"Too many attempts: try again in {error.retry_after} s."
        case SecondFactorNeeded():
            return 401, "Type the code of your second factor too."
        case WrongCode():
            return 401, "This code is wrong or was used before."
        case NotSignedIn():
            return 401, "E-mail address or password do not match."
        case PersonLeft() | NotAllowed() | NotFound() | Invalid():
            return 403, "This account can't let the application act."
        case _:
            return 503, "This did not work just now. Try again."
