"""The page of a connect webview: a sign-in that brings an account's doors.

On servers for trying out any address at example.com signs in with the password 1234 and the code 123456, and
brings simulated doors.
"""

import hmac
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from rekey.dialects.seam.connect_webviews import REDIRECTS, chosen
from rekey.dialects.seam.doors import NAMESPACE
from rekey.dialects.seam.html import page, text
from rekey.dialects.seam.kit import Kit
from rekey.dialects.seam.looks import Looks, looks_in
from rekey.dialects.seam.providers import PROVIDER
from rekey.domain.document import Document, DocumentKind
from rekey.domain.errors import Conflict, NotFound
from rekey.domain.ids import OperatorId, OrganizationId
from rekey.domain.operator import Actor
from rekey.operations.add_connect_page import FailConnectPage, fail_connect_page
from rekey.operations.connect_upstream import BroughtDoor, ConnectUpstream, connect_upstream
from rekey.ports.door_driver import Simulation
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request
from rekey.webkit.query import Query, QueryLimits, QueryRefused, parse_query

PASSWORD, CODE, DOMAIN = "1234", "123456", "@example.com"
DOORS = ("Front Door", "Back Door", "Garage Door")
_DRIVER = "simulated"
_LIMITS = QueryLimits()
_TITLE = "Connect an account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The page that an address names, and how its workspace wants it to look."""

    organization_id: str
    document: Document
    looks: Looks


class ConnectPage:
    """Handlers of the page; the secret in its address is all that lets anybody use it."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def show(self, request: Request) -> Reply:
        """Show the sign-in, or how it ended."""
        found = await self._find(request)
        if found is None:
            return _gone()
        return self._ended(found) or self._form(request, found)

    async def submit(self, request: Request) -> Reply:
        """Take the sign-in."""
        found = await self._find(request)
        if found is None:
            return _gone()
        ended = self._ended(found)
        if ended is not None:
            return ended
        form = _form_of(request)
        actor = Actor(
            organization_id=OrganizationId(found.organization_id),
            operator_id=OperatorId(chosen(found.document.body, "made_by") or ""),
            key_id=None,
            via=NAMESPACE,
            address=request.client,
        )
        if form.one("cancel") is not None or not self._matches(form):
            return await self._failed(request, actor, found, gives_up=form.one("cancel") is not None)
        return await self._connect(actor, found, form.one("email") or "")

    async def _connect(self, actor: Actor, found: Found, email: str) -> Reply:
        wanted = ConnectUpstream(
            page_id=found.document.id,
            provider=PROVIDER,
            name=email,
            driver=_DRIVER,
            user_name=email,
            doors=tuple(BroughtDoor(name=name) for name in DOORS),
            namespace=NAMESPACE,
        )
        try:
            await self._kit.services.core.perform(connect_upstream, actor, wanted)
        except (NotFound, Conflict):
            return _gone()
        return _finished(found, succeeded=True)

    async def _failed(self, request: Request, actor: Actor, found: Found, *, gives_up: bool) -> Reply:
        wanted = FailConnectPage(page_id=found.document.id, gives_up=gives_up)
        try:
            failed = await self._kit.services.core.perform(fail_connect_page, actor, wanted)
        except NotFound:
            return _gone()
        now = replace(found, document=failed)
        if failed.body.get("status") == "failed":
            return _finished(now, succeeded=False)
        return self._form(request, now, problem="The address, the password or the code do not match.")

    def _matches(self, form: Query) -> bool:
        email = (form.one("email") or "").strip().lower()
        name, _at, _domain = email.partition("@")
        known = hmac.compare_digest((form.one("password") or "").encode(), PASSWORD.encode())
        proved = hmac.compare_digest((form.one("code") or "").encode(), CODE.encode())
        return bool(name) and email.endswith(DOMAIN) and email.count("@") == 1 and known and proved

    def _ended(self, found: Found) -> Reply | None:
        if found.document.body.get("status") == "pending":
            return None
        return _finished(found, succeeded=found.document.body.get("status") == "authorized")

    def _form(self, request: Request, found: Found, problem: str = "") -> Reply:
        driver: object = self._kit.services.core.drivers.get(_DRIVER)
        if not self._kit.settings.sandbox or not isinstance(driver, Simulation):
            body = "<h1>Connect an account</h1><p>This server connects to no accounts elsewhere yet.</p>"
            return page(_TITLE, body, looks=found.looks)
        alert = f'<p role="alert">{text(problem)}</p>' if problem else ""
        query = text(request.scope.get("query_string", b"").decode("latin-1"))
        body = (
            f"<h1>Connect an account to {text(found.looks.partner)}</h1>{alert}"
            "<p><small>For trying out: any address at example.com, password 1234, code 123456.</small></p>"
            f'<form method="post" action="?{query}">'
            '<label for="email">E-mail address</label>'
            '<input id="email" name="email" type="email" autocomplete="username" required>'
            '<label for="password">Password</label>'
            '<input id="password" name="password" type="password" autocomplete="current-password" required>'
            '<label for="code">Second factor</label>'
            '<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required>'
            '<button class="first">Sign in</button> '
            '<button class="second" name="cancel" value="1" formnovalidate>Give up</button></form>'
        )
        targets = [chosen(found.document.body, name) for name in REDIRECTS]
        return page(_TITLE, body, looks=found.looks, leads_to=[url for url in targets if url is not None])

    async def _find(self, request: Request) -> Found | None:
        """Find the page by its address; None for a wrong secret as for a page that is not there."""
        try:
            query = request.query()
            page_id, secret = query.one("connect_webview_id"), query.one("auth_token")
        except QueryRefused:
            return None
        organization_id, _dot, token = (secret or "").partition(".")
        if page_id is None or not token:
            return None
        core = self._kit.services.core
        if organization_id not in await core.store.directory.all_organizations():
            return None

        async def look(view: View) -> tuple[Document | None, Looks]:
            return await view.documents.get(DocumentKind.CONNECT_PAGE, page_id), await looks_in(view)

        document, looks = await core.store.read(OrganizationId(organization_id), look)
        kept = None if document is None else chosen(document.body, "token")
        if document is None or kept is None:
            return None
        right = hmac.compare_digest(core.secrets.fingerprint(token), kept)
        return Found(organization_id=organization_id, document=document, looks=looks) if right else None


def _form_of(request: Request) -> Query:
    try:
        return parse_query(request.body, _LIMITS)
    except QueryRefused:
        return Query(())


def _finished(found: Found, *, succeeded: bool) -> Reply:
    """Go where the page's maker wanted, or say how it ended and tell the page around this one."""
    document = found.document
    url = chosen(document.body, REDIRECTS[0 if succeeded else 1])
    if url is not None:
        joiner = "&" if "?" in url else "?"
        target = f"{url}{joiner}{urlencode({'connect_webview_id': document.id})}"
        return Reply(303, b"", headers=(("location", target), ("cache-control", "no-store")))
    event = f"connect_webview.login_{'succeeded' if succeeded else 'failed'}"
    said = "The account is connected." if succeeded else "The account was not connected."
    told = found.looks.success_message if succeeded else None
    script = f'if (window.parent !== window) window.parent.postMessage("{event}", "*");'
    body = f"<h1>{said}</h1><p>{text(told or 'You can close this page.')}</p>"
    return page(_TITLE, body, script=script, looks=found.looks)


def _gone() -> Reply:
    body = "<h1>This link is not valid</h1><p>Ask for another one.</p>"
    return page(_TITLE, body, status=404)
