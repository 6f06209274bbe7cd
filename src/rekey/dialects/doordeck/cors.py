"""Web pages of applications: which origins may call.

An application's own users may call from its origins alone; anybody else from the origins of any
application. Leave to call is not leave to do anything: every call needs its token, and no cookie is read.
Source: Doordeck contract, section 1 (CORS); WHATWG Fetch, section CORS protocol.
"""

from rekey.dialects.doordeck.foreign_tokens import peek
from rekey.domain.application import UrlKind, origin_of
from rekey.ports.store import Directory
from rekey.webkit.app import AppOptions, DialectApp, DialectPolicy
from rekey.webkit.asgi import Message, Receive, Scope, Send
from rekey.webkit.authorization import AuthorizationRefused, parse_bearer
from rekey.webkit.cors import CorsPolicy, is_preflight
from rekey.webkit.message import Reply, Request, reply_head
from rekey.webkit.receipt_links import RECEIPT_HEADER
from rekey.webkit.route import RouteTable

_METHODS = ("GET", "POST", "PUT", "DELETE")
_HEADERS = ("Authorization", "Content-Type", "Accept")
_EXPOSED = ("Link", "Location", RECEIPT_HEADER, "Request-Id")


class CrossOriginApp(DialectApp):
    """The dialect's app, with leave for the origins that applications have registered."""

    def __init__(
        self, table: RouteTable, dialect: DialectPolicy, options: AppOptions, directory: Directory
    ) -> None:
        super().__init__(table, dialect, options)
        self._directory = directory

    async def __call__(  # type: ignore[override]  # as the app that it widens
        self, scope: Scope, receive: Receive, send: Send
    ) -> None:
        request = Request(scope=scope, id="")
        if scope["type"] != "http" or request.header("origin") is None:
            await super().__call__(scope, receive, send)
            return
        policy = await self._policy(request)
        if is_preflight(request):
            await _answer(policy.preflight(request), send)
            return
        granted = reply_head(Reply(204, None, policy.headers_for(request.header("origin"))))

        async def with_leave(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *granted]}
            await send(message)

        await super().__call__(scope, receive, with_leave)

    async def _policy(self, request: Request) -> CorsPolicy:
        allowed = await self._allows(request, request.header("origin") or "")
        return CorsPolicy(
            allows=lambda _origin: allowed, methods=_METHODS, headers=_HEADERS, exposes=_EXPOSED
        )

    async def _allows(self, request: Request, origin: str) -> bool:
        """Say whether an application has this origin: the one behind the token, if a token names one."""
        try:
            allowing = set(await self._directory.applications_with(UrlKind.ORIGIN, origin_of(origin)))
        except ValueError:
            return False
        if not allowing:
            return False
        issuer = _issuer_of(request)
        if issuer is None:
            return True
        return not allowing.isdisjoint(await self._directory.applications_with(UrlKind.ISSUER, issuer))


def _issuer_of(request: Request) -> str | None:
    """Give who a token says that it is from, if it is an application's; nothing of it is believed here."""
    try:
        text = parse_bearer(request.header("authorization"), padded_segments=True)
    except AuthorizationRefused:
        return None
    jws = None if text is None else peek(text)
    issuer = None if jws is None else jws.payload.get("iss")
    return issuer if isinstance(issuer, str) else None


async def _answer(reply: Reply, send: Send) -> None:
    await send({"type": "http.response.start", "status": reply.status, "headers": reply_head(reply)})
    await send({"type": "http.response.body", "body": b""})
