"""add_connect_page: a page by which somebody signs in to an account elsewhere, once."""

from dataclasses import dataclass, replace

from rekey.domain.document import Document, DocumentBody, DocumentKind, merged
from rekey.domain.errors import NotAllowed, NotFound
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.open_client_session import SESSIONS
from rekey.operations.own_session import own_session
from rekey.operations.reach import session_of

MAX_TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class AddConnectPage:
    """`body` is what the wire API asked for; `token_fingerprint` of the secret in the page's address."""

    body: DocumentBody
    token_fingerprint: str
    sealed_token: str


@operation(None)
async def add_connect_page(act: Act, wanted: AddConnectPage) -> Document:
    """Make a sign-in page that waits. A client session may, and reaches what comes through it.

    Raises: NotSignedIn, NotAllowed.
    """
    session = await own_session(act)
    if session is None:
        await act.require(Scope.organization(act.work.organization_id), Permission.ESTATE_WRITE)
    else:
        key = await act.work.keys.get(session.key_id)
        if key is None or (await session_of(act.work, key)).read_only:
            raise NotAllowed("this client session may only read")
        act.waive("a client session may bring in accounts of its own")
    body = dict(wanted.body)
    if session is not None and session.customer_key is not None:
        body["customer_key"] = session.customer_key
    page = Document(
        id=act.new_id(),
        number=act.next_number(),
        kind=DocumentKind.CONNECT_PAGE,
        body=merged(
            {},
            {
                **body,
                "status": "pending",
                "token": wanted.token_fingerprint,
                "sealed": wanted.sealed_token,
                "made_by": act.actor.operator_id,
                SESSIONS: None if session is None else [session.id],
            },
        ),
        created_at=act.now,
        updated_at=act.now,
    )
    await act.work.documents.add(page)
    if session is not None:
        widened = replace(session, page_ids=(*session.page_ids, page.id), updated_at=act.now)
        await act.work.client_sessions.replace(widened)
    customer = body.get("customer_key")
    named = customer if isinstance(customer, str) else None
    await act.record("connect_page.added", detail={"page": page.id, "customer": named})
    return page


@dataclass(frozen=True, slots=True, kw_only=True)
class FailConnectPage:
    """One sign-in that did not match; `gives_up` says that there will be no other."""

    page_id: str
    gives_up: bool = False


@operation(None)
async def fail_connect_page(act: Act, wanted: FailConnectPage) -> Document:
    """Count a sign-in that failed; the page fails for good at the fifth. Raises: NotFound, also for a used page."""
    act.waive("the secret in the page's address stands in for it")
    page = await act.work.documents.get(DocumentKind.CONNECT_PAGE, wanted.page_id)
    if page is None or page.body.get("status") != "pending":
        raise NotFound("connect_page", wanted.page_id)
    before = page.body.get("tries")
    tries = (before if isinstance(before, int) else 0) + 1
    over = wanted.gives_up or tries >= MAX_TRIES
    changes: DocumentBody = {"tries": tries, "status": "failed" if over else "pending"}
    failed = replace(page, body=merged(page.body, changes), updated_at=act.now)
    await act.work.documents.replace(failed)
    await act.record(
        "connect_page.failed" if over else "connect_page.refused", detail={"page": page.id, "tries": tries}
    )
    return failed
