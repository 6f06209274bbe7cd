"""widen_client_session, revoke_client_session, end_client_session: what becomes of a client session."""

from dataclasses import dataclass, replace

from rekey.domain.client_session import ClientSession
from rekey.domain.errors import AlreadyExists, Conflict, NotFound
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.find import find_person
from rekey.operations.leavers import refuse_leaver
from rekey.operations.open_client_session import check_upstream, give_pages
from rekey.ports.listing import WHOLE
from rekey.ports.store import View


@dataclass(frozen=True, slots=True, kw_only=True)
class WidenClientSession:
    """Nothing is ever taken away by it; None leaves what there is."""

    session_id: str
    upstream_ids: tuple[str, ...] = ()
    page_ids: tuple[str, ...] = ()
    person_id: str | None = None
    external_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeClientSession:
    session_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndClientSession:
    session_id: str


@operation(Permission.OPERATORS_WRITE)
async def widen_client_session(act: Act, wanted: WidenClientSession) -> ClientSession:
    """Let a session reach more. Raises: NotFound, PersonLeft, Conflict (it has another person), AlreadyExists."""
    session = await _find(act, wanted.session_id)
    if session.revoked_at is not None:
        raise Conflict("this client session was revoked: open another one")
    if wanted.person_id is not None:
        await find_person(act.work, wanted.person_id)
        await refuse_leaver(act, wanted.person_id)
        if session.person_id not in {None, wanted.person_id}:
            raise Conflict("this client session belongs to another person")
    for upstream_id in wanted.upstream_ids:
        await check_upstream(act, upstream_id)
    if wanted.external_key is not None:
        holder = await act.work.client_sessions.by_external_key(wanted.external_key)
        if holder is not None and holder.id != session.id:
            raise AlreadyExists("client_session", "external_key")
    widened = replace(
        session,
        upstream_ids=tuple(dict.fromkeys((*session.upstream_ids, *wanted.upstream_ids))),
        page_ids=tuple(dict.fromkeys((*session.page_ids, *wanted.page_ids))),
        person_id=wanted.person_id or session.person_id,
        external_key=wanted.external_key or session.external_key,
        updated_at=act.now,
    )
    await act.work.client_sessions.replace(widened)
    await give_pages(act, widened.id, wanted.page_ids)
    await record_session(act, "client_session.widened", widened)
    return widened


@operation(Permission.OPERATORS_WRITE)
async def revoke_client_session(act: Act, wanted: RevokeClientSession) -> ClientSession:
    """End a session's key and keep the session to be read. Raises: NotFound."""
    session = await _find(act, wanted.session_id)
    revoked = replace(session, revoked_at=session.revoked_at or act.now, updated_at=act.now)
    await act.work.keys.end(session.key_id, act.now)
    await act.work.client_sessions.replace(revoked)
    await record_session(act, "client_session.revoked", revoked)
    return revoked


@operation(Permission.OPERATORS_WRITE)
async def end_client_session(act: Act, wanted: EndClientSession) -> ClientSession:
    """End a session with its key for good. Raises: NotFound."""
    session = await _find(act, wanted.session_id)
    await end_client_session_within(act, session)
    await record_session(act, "client_session.ended", session)
    return session


async def end_client_sessions_of(act: Act, person_id: str) -> tuple[ClientSession, ...]:
    """Revoke every session of a person within an act that records it, and give those that still stood."""
    listed = await act.work.client_sessions.list(WHOLE, person_id=person_id)
    standing = tuple(session for session in listed.items if session.revoked_at is None)
    for session in standing:
        await act.work.keys.end(session.key_id, act.now)
        await act.work.client_sessions.replace(replace(session, revoked_at=act.now, updated_at=act.now))
    return standing


async def end_client_sessions_of_customer(act: Act, customer_key: str) -> int:
    """End every session of a customer within an act that records it, and say how many."""
    listed = await act.work.client_sessions.list(WHOLE, customer_key=customer_key)
    for session in listed.items:
        await end_client_session_within(act, session)
    return len(listed.items)


async def find_client_session(view: View, session_id: str) -> ClientSession:
    """Raises: NotFound, also for a session that has ended."""
    session = await view.client_sessions.get(session_id)
    if session is None:
        raise NotFound("client_session", session_id)
    return session


async def _find(act: Act, session_id: str) -> ClientSession:
    await act.require(Scope.organization(act.work.organization_id))
    return await find_client_session(act.work, session_id)


async def end_client_session_within(act: Act, session: ClientSession) -> None:
    """End a session within an act that records it."""
    await act.work.keys.end(session.key_id, act.now)
    await act.work.client_sessions.replace(replace(session, ended_at=act.now, updated_at=act.now))


async def record_session(act: Act, action: str, session: ClientSession) -> None:
    """Record what became of a session."""
    await act.record(
        action,
        person_id=session.person_id,
        detail={"client_session": session.id, "key": session.key_id, "customer": session.customer_key},
    )
