"""open_client_session: a key for an app, narrowed to some upstreams, one person or one customer."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from rekey.domain.client_session import ClientSession
from rekey.domain.document import DocumentBody, DocumentKind
from rekey.domain.errors import AlreadyExists, NotAllowed, NotFound
from rekey.domain.ids import KeyId
from rekey.domain.operator import Key, KeyKind
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.find import find_person
from rekey.operations.issue_key import IssueKey, put_key
from rekey.operations.leavers import refuse_leaver
from rekey.operations.reach import CLIENT_PERMISSIONS
from rekey.operations.texts import clean_name
from rekey.ports.listing import WHOLE

SESSIONS = "sessions"
"""The member of a sign-in page that names the sessions which reach what comes through it."""


class OnSame(StrEnum):
    """What to do when a session stands that is the same: refuse, give that one, or give it with a new end.

    The same is who has the same external key, or for `RENEW` whoever has all that is asked for.
    """

    REFUSE = "refuse"
    GIVE = "give"
    RENEW = "renew"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenClientSession:
    """`secret_fingerprint` and `sealed_token` are of a secret that was made for it, and unused if one stands."""

    secret_fingerprint: str
    sealed_token: bytes
    hint: str = ""
    via: str
    external_key: str | None = None
    person_id: str | None = None
    customer_key: str | None = None
    upstream_ids: tuple[str, ...] = ()
    page_ids: tuple[str, ...] = ()
    read_only: bool = False
    expires_at: datetime
    on_same: OnSame = OnSame.REFUSE


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedClientSession:
    session: ClientSession
    key: Key


@operation(None)
async def open_client_session(act: Act, wanted: OpenClientSession) -> OpenedClientSession:
    """Open a client session, or give the one that stands.

    A publishable key opens only sessions that reach nothing yet. Raises: AlreadyExists (external_key),
    NotFound (person, upstream), PersonLeft, NotAllowed, Invalid (expires_at).
    """
    await _authorize(act, wanted)
    await _check(act, wanted)
    same = None if wanted.on_same is OnSame.REFUSE else await _same(act, wanted)
    if same is not None:
        return await _again(act, wanted, same)
    if wanted.external_key is not None and await act.work.client_sessions.by_external_key(
        wanted.external_key
    ):
        raise AlreadyExists("client_session", "external_key")
    opened = await open_within(act, wanted)
    await _record(act, "client_session.opened", opened.session)
    return opened


async def _authorize(act: Act, wanted: OpenClientSession) -> None:
    key = None if act.actor.key_id is None else await act.work.keys.get(act.actor.key_id)
    if key is None or key.kind is not KeyKind.PUBLISHABLE:
        await act.require(Scope.organization(act.work.organization_id), Permission.OPERATORS_WRITE)
        return
    if key.ended_at is not None:
        raise NotAllowed("this publishable key has ended")
    if wanted.upstream_ids or wanted.page_ids or wanted.person_id or wanted.customer_key:
        raise NotAllowed("a publishable key opens only sessions that reach nothing yet")
    act.waive("a publishable key may open a session that reaches nothing")


async def _check(act: Act, wanted: OpenClientSession) -> None:
    if wanted.person_id is not None:
        await find_person(act.work, wanted.person_id)
        await refuse_leaver(act, wanted.person_id)
    for upstream_id in wanted.upstream_ids:
        await check_upstream(act, upstream_id)


async def check_upstream(act: Act, upstream_id: str) -> None:
    """Refuse what is no upstream; the organization's own doors are named by its own id. Raises: NotFound."""
    if await act.work.upstreams.get(upstream_id) is None:
        raise NotFound("upstream", upstream_id)


async def _same(act: Act, wanted: OpenClientSession) -> OpenedClientSession | None:
    """Find the session that stands and has all that is asked for."""
    if wanted.external_key is not None:
        known = await act.work.client_sessions.by_external_key(wanted.external_key)
        found: tuple[ClientSession, ...] = () if known is None else (known,)
    elif wanted.on_same is OnSame.GIVE:
        return None
    else:
        found = (await act.work.client_sessions.list(WHOLE, person_id=wanted.person_id)).items
    for session in found:
        key = await act.work.keys.get(session.key_id)
        alive = key is not None and key.ended_at is None and session.revoked_at is None
        if key is not None and alive and _has_all(session, wanted):
            return OpenedClientSession(session=session, key=key)
    return None


def _has_all(session: ClientSession, wanted: OpenClientSession) -> bool:
    if wanted.external_key is not None and wanted.on_same is OnSame.GIVE:
        return True
    return (
        session.external_key == wanted.external_key
        and session.person_id == wanted.person_id
        and session.customer_key == wanted.customer_key
        and session.read_only == wanted.read_only
        and {*wanted.upstream_ids} <= {*session.upstream_ids}
        and {*wanted.page_ids} <= {*session.page_ids}
    )


async def _again(act: Act, wanted: OpenClientSession, same: OpenedClientSession) -> OpenedClientSession:
    """Give a session once more; one that has run out, or is to be renewed, gets the new end."""
    in_hand = None if act.actor.key_id is None else await act.work.keys.get(act.actor.key_id)
    held = None if in_hand is None else in_hand.permissions
    if held is not None and not (same.key.permissions or CLIENT_PERMISSIONS) <= held:
        raise NotAllowed("this key is given no session that may do more than the key itself")
    expired = same.key.expires_at is not None and same.key.expires_at <= act.now
    key = same.key
    if wanted.on_same is OnSame.RENEW or expired:
        key = replace(key, expires_at=wanted.expires_at)
        await act.work.keys.prolong(key.id, wanted.expires_at)
    await _record(act, "client_session.given", same.session)
    return OpenedClientSession(session=same.session, key=key)


async def open_within(act: Act, wanted: OpenClientSession) -> OpenedClientSession:
    """Open a session that reaches no more than its key's maker may, within an act that records it."""
    in_hand = None if act.actor.key_id is None else await act.work.keys.get(act.actor.key_id)
    held = None if in_hand is None else in_hand.permissions
    key = await put_key(
        act,
        IssueKey(
            operator_id=act.actor.operator_id,
            kind=KeyKind.CLIENT,
            name=wanted.external_key or "client session",
            via=wanted.via,
            secret_fingerprint=wanted.secret_fingerprint,
            hint=wanted.hint,
            permissions=CLIENT_PERMISSIONS if held is None else CLIENT_PERMISSIONS & held,
            expires_at=wanted.expires_at,
        ),
    )
    session = ClientSession(
        id=act.new_id(),
        number=act.next_number(),
        key_id=KeyId(key.id),
        person_id=wanted.person_id,
        external_key=None if wanted.external_key is None else clean_name(wanted.external_key, "external_key"),
        customer_key=wanted.customer_key,
        upstream_ids=tuple(dict.fromkeys(wanted.upstream_ids)),
        page_ids=tuple(dict.fromkeys(wanted.page_ids)),
        read_only=wanted.read_only,
        sealed_token=wanted.sealed_token,
        created_at=act.now,
        updated_at=act.now,
    )
    await act.work.client_sessions.add(session)
    await give_pages(act, session.id, session.page_ids)
    return OpenedClientSession(session=session, key=key)


async def give_pages(act: Act, session_id: str, page_ids: Iterable[str]) -> None:
    """Note on sign-in pages which session reaches what comes through them; one that is not there is passed over."""
    for page_id in page_ids:
        page = await act.work.documents.get(DocumentKind.CONNECT_PAGE, page_id)
        if page is None:
            continue
        noted = page.body.get(SESSIONS)
        ids = [*noted] if isinstance(noted, list) else []
        if session_id not in ids:
            body: DocumentBody = {**page.body, SESSIONS: [*ids, session_id]}
            await act.work.documents.replace(replace(page, body=body, updated_at=act.now))


async def _record(act: Act, action: str, session: ClientSession) -> None:
    await act.record(
        action,
        person_id=session.person_id,
        detail={"client_session": session.id, "key": session.key_id, "customer": session.customer_key},
    )
