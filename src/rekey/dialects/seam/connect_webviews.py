"""Connect webviews: pages by which somebody signs in to an account and brings its doors."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

from msgspec import UNSET

from rekey.dialects.seam.doors import has_metadata
from rekey.dialects.seam.errors import InvalidInput
from rekey.dialects.seam.html import origin_of
from rekey.dialects.seam.kit import Call, Kit, is_found, scan
from rekey.dialects.seam.metadata import new_metadata
from rekey.dialects.seam.narrow import require_sight
from rekey.dialects.seam.providers import PROVIDER
from rekey.dialects.seam.replies import reply_ok
from rekey.dialects.seam.translate import instant
from rekey.dialects.seam.wire_accounts import ConnectWebview
from rekey.domain.client_session import ClientSession
from rekey.domain.document import Document, DocumentBody, DocumentKind
from rekey.domain.errors import NotFound
from rekey.domain.role import Permission
from rekey.operations.add_connect_page import AddConnectPage, add_connect_page
from rekey.operations.keep_document import EndDocument, end_document
from rekey.ports.store import View
from rekey.webkit.message import Reply

DEFAULT_LIMIT = 500
PAGE_PATH = "/connect_webviews/view"
_SECRET_BYTES = 24
# Where a page leads when the sign-in succeeded, and when it failed.
REDIRECTS = ("custom_redirect_url", "custom_redirect_failure_url")
_RUN_BY_BROWSERS = frozenset({"javascript", "data", "vbscript", "file"})
_LISTS = ("accepted_providers", "accepted_capabilities", "excluded_providers")


class ConnectWebviews:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def create(self, call: Call) -> Reply:
        """Make a page that waits for somebody to sign in."""
        core = self._kit.services.core
        token = core.entropy.token_bytes(_SECRET_BYTES).hex()
        wanted = AddConnectPage(
            body={**_asked(call), "address": self._kit.address_of(call.request)},
            token_fingerprint=core.secrets.fingerprint(token),
            sealed_token=core.secrets.seal(token.encode()).hex(),
        )
        page = await self._kit.perform(call, add_connect_page, wanted)
        return reply_ok(connect_webview=self._shown(call, page))

    async def get(self, call: Call) -> Reply:
        page_id = call.args.required("connect_webview_id")

        async def look(view: View) -> Document:
            page = await view.documents.get(DocumentKind.CONNECT_PAGE, page_id)
            if page is None:
                raise NotFound("connect_page", page_id)
            return page

        page = await self._kit.read(call, Permission.ESTATE_READ, look)
        require_sight(_sees(call.session, page))
        return reply_ok(connect_webview=self._shown(call, page))

    async def list(self, call: Call) -> Reply:
        page = self._kit.page_of(call, DEFAULT_LIMIT)
        identifier = call.args.text("user_identifier_key")

        async def look(view: View) -> tuple[list[Document], int | None]:
            session = None if identifier is None else await view.client_sessions.by_external_key(identifier)
            only = None if identifier is None else frozenset(session.page_ids if session else ())
            return await scan(
                lambda part: view.documents.list(part, DocumentKind.CONNECT_PAGE),
                lambda document: document.number,
                page,
                lambda document: (
                    _sees(call.session, document)
                    and (only is None or document.id in only)
                    and _fits(call, document)
                ),
            )

        found, last = await self._kit.read(call, Permission.ESTATE_READ, look)
        shown = [self._shown(call, document) for document in found]
        return reply_ok(connect_webviews=shown, pagination=self._kit.pagination(call, last))

    async def delete(self, call: Call) -> Reply:
        """Discard a page; the account that came through it stays."""
        wanted = EndDocument(
            kind=DocumentKind.CONNECT_PAGE, document_id=call.args.required("connect_webview_id")
        )
        await self._kit.perform(call, end_document, wanted)
        return reply_ok()

    def _shown(self, call: Call, page: Document) -> ConnectWebview:
        sealed = str(page.body.get("sealed", ""))
        token = self._kit.services.core.secrets.unseal(bytes.fromhex(sealed)).decode()
        return show_page(page, call.workspace_id, token)


def show_page(page: Document, workspace_id: str, token: str) -> ConnectWebview:
    """Show a page with its address, by which whoever holds it may sign in once."""
    body = page.body
    secret = quote(f"{workspace_id}.{token}")
    address = f"{body.get('address')}{PAGE_PATH}?connect_webview_id={page.id}&auth_token={secret}"
    upstream_id, authorized_at = body.get("upstream"), body.get("authorized_at")
    accepted = _texts(body.get("accepted_providers"))
    customer = body.get("customer_key")
    return ConnectWebview(
        connect_webview_id=page.id,
        workspace_id=workspace_id,
        connected_account_id=upstream_id if isinstance(upstream_id, str) else None,
        url=address,
        status=str(body.get("status")),
        login_successful=body.get("status") == "authorized",
        selected_provider=_text(body.get("provider")),
        authorized_at=instant_text(authorized_at),
        accepted_capabilities=_texts(body.get("accepted_capabilities")) or ["lock"],
        accepted_providers=accepted or [PROVIDER],
        accepted_devices=[],
        any_provider_allowed=not accepted,
        any_device_allowed=True,
        device_selection_mode=_text(body.get("device_selection_mode")) or "none",
        automatically_manage_new_devices=body.get("automatically_manage_new_devices") is not False,
        wait_for_device_creation=body.get("wait_for_device_creation") is True,
        custom_metadata=page_metadata(page),
        custom_redirect_url=_text(body.get("custom_redirect_url")),
        custom_redirect_failure_url=_text(body.get("custom_redirect_failure_url")),
        customer_key=customer if isinstance(customer, str) else UNSET,
        created_at=instant(page.created_at),
    )


def instant_text(kept: object) -> str | None:
    """Give a kept instant as it is written here."""
    return instant(datetime.fromisoformat(kept)) if isinstance(kept, str) else None


def page_metadata(page: Document) -> dict[str, str | bool]:
    kept = page.body.get("custom_metadata")
    return new_metadata(kept) if isinstance(kept, dict) else {}


def _asked(call: Call) -> DocumentBody:
    args = call.args
    body: DocumentBody = {}
    for name in _LISTS:
        named = args.texts(name)
        if named is not None:
            body[name] = [*named]
    for name in REDIRECTS:
        url = args.text(name)
        if url is not None:
            body[name] = _checked_url(name, url)
    for name in ("automatically_manage_new_devices", "wait_for_device_creation"):
        chosen = args.boolean(name)
        if chosen is not None:
            body[name] = chosen
    for name in ("customer_key", "device_selection_mode", "provider_category"):
        text = args.text(name)
        if text is not None:
            body[name] = text
    metadata = new_metadata(args.mapping("custom_metadata"))
    if metadata:
        body["custom_metadata"] = {**metadata}
    return body


def _checked_url(name: str, url: str) -> str:
    """Refuse what a browser would run instead of going there. Raises: InvalidInput."""
    scheme, _separator, rest = url.partition("://")
    plain = url.isascii() and url.isprintable() and " " not in url
    if not rest or not plain or scheme.lower() in _RUN_BY_BROWSERS or not origin_of(url):
        raise InvalidInput({name: ["Invalid url"]})
    return url


def _sees(session: ClientSession | None, page: Document) -> bool:
    if session is None:
        return True
    if session.customer_key is not None:
        return page.body.get("customer_key") == session.customer_key
    return page.id in session.page_ids


def _fits(call: Call, page: Document) -> bool:
    metadata, customer = page_metadata(page), call.args.text("customer_key")
    texts = (*(value for value in metadata.values() if isinstance(value, str)), *metadata)
    upstream_id = page.body.get("upstream")
    ids = (page.id, upstream_id) if isinstance(upstream_id, str) else (page.id,)
    return (
        (customer is None or page.body.get("customer_key") == customer)
        and has_metadata(call, metadata)
        and is_found(call.args.text("search"), texts, ids)
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _texts(value: object) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def chosen(body: Mapping[str, object], name: str) -> str | None:
    """Give a text that was asked for when the page was made."""
    return _text(body.get(name))
