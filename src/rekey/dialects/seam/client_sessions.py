"""Client sessions: keys for apps, narrowed to accounts, a person or a customer."""

from datetime import datetime, timedelta
from functools import partial

from msgspec import UNSET

from rekey.dialects.seam.callers import VIA, identifier_of
from rekey.dialects.seam.errors import Forbidden, InvalidInput, NotThere, SeamRefusal, Unauthorized
from rekey.dialects.seam.kit import Call, Kit
from rekey.dialects.seam.parameters import exactly_one
from rekey.dialects.seam.replies import reply_ok
from rekey.dialects.seam.secrets import CLIENT_SESSION, make_secret
from rekey.dialects.seam.translate import instant
from rekey.dialects.seam.wire_accounts import ClientSession as Shown
from rekey.domain.client_session import ClientSession
from rekey.domain.document import DocumentKind
from rekey.domain.errors import AlreadyExists
from rekey.domain.operator import Key, KeyKind
from rekey.domain.role import Permission
from rekey.operations.end_client_session import (
    EndClientSession,
    RevokeClientSession,
    WidenClientSession,
    end_client_session,
    find_client_session,
    revoke_client_session,
    widen_client_session,
)
from rekey.operations.list_reachable_doors import list_reachable_doors
from rekey.operations.open_client_session import (
    OnSame,
    OpenClientSession,
    OpenedClientSession,
    open_client_session,
)
from rekey.operations.reach import reachable_doors
from rekey.ports.listing import WHOLE
from rekey.ports.store import View
from rekey.webkit.message import Reply

LIFETIME = timedelta(days=1)
_HINT = 4
_ID, _KEY = "client_session_id", "user_identifier_key"


class TokenExists(SeamRefusal):
    """A session stands under this user identifier key."""

    type = "client_session_token_already_exists"


class ClientSessions:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def create(self, call: Call) -> Reply:
        """Open a session; by PUT the one that stands under the same key is given."""
        on_same = OnSame.GIVE if call.request.method == "PUT" else OnSame.REFUSE
        return await self._opened(call, on_same)

    async def get_or_create(self, call: Call) -> Reply:
        """Give the session that has all that is asked for, with a new end, or open one."""
        return await self._opened(call, OnSame.RENEW)

    async def get(self, call: Call) -> Reply:
        """Read a session; with a session's own token, itself and no other."""
        own, args = call.session, call.args

        async def look(view: View) -> Shown:
            if own is not None:
                if args.text(_ID) not in {None, own.id} or args.text(_KEY) not in {None, own.external_key}:
                    raise Unauthorized("a client session reads itself alone")
                return await show_session(self._kit, view, own)
            return await show_session(self._kit, view, await self._named(view, call))

        permission = Permission.ORGANIZATION_READ
        return reply_ok(client_session=await self._kit.read(call, permission, look))

    async def list(self, call: Call) -> Reply:
        args = call.args

        async def look(view: View) -> list[Shown]:
            listed = await view.client_sessions.list(
                WHOLE, person_id=args.text("user_identity_id"), external_key=args.text(_KEY)
            )
            return [
                await show_session(self._kit, view, session)
                for session in listed.items
                if _fits(call, session)
            ]

        sessions = await self._kit.read(call, Permission.OPERATORS_WRITE, look)
        return reply_ok(client_sessions=sessions)

    async def grant_access(self, call: Call) -> Reply:
        """Let a session reach more; nothing is ever taken away by it."""
        args = call.args
        session = await self._kit.read(
            call, Permission.ORGANIZATION_READ, lambda view: self._named(view, call, by_key=_ID not in args)
        )
        wanted = WidenClientSession(
            session_id=session.id,
            upstream_ids=await self._upstreams(call),
            page_ids=args.ids("connect_webview_ids") or (),
            person_id=args.text("user_identity_id"),
            external_key=args.text(_KEY) if _ID in args else None,
        )
        widened = await self._kit.perform(call, widen_client_session, wanted)
        return reply_ok(client_session=await self._show(call, widened))

    async def revoke(self, call: Call) -> Reply:
        wanted = RevokeClientSession(session_id=call.args.required(_ID))
        await self._kit.perform(call, revoke_client_session, wanted)
        return reply_ok()

    async def delete(self, call: Call) -> Reply:
        await self._kit.perform(
            call, end_client_session, EndClientSession(session_id=call.args.required(_ID))
        )
        return reply_ok()

    async def _opened(self, call: Call, on_same: OnSame) -> Reply:
        args = call.args
        publishable = call.caller.key.kind is KeyKind.PUBLISHABLE
        if publishable and (args.texts("connected_account_ids") or args.texts("connect_webview_ids")):
            raise Forbidden(
                "publishable_keys_must_create_empty_client_sessions",
                "a publishable key opens only sessions without accounts and webviews",
            )
        core = self._kit.services.core
        token = make_secret(core, CLIENT_SESSION)
        wanted = OpenClientSession(
            secret_fingerprint=core.secrets.fingerprint(token),
            sealed_token=core.secrets.seal(token.encode()),
            hint=token[-_HINT:],
            via=VIA,
            external_key=args.text(_KEY) or (identifier_of(call.request) if publishable else None),
            person_id=_person(call),
            customer_key=args.text("customer_key"),
            upstream_ids=await self._upstreams(call),
            page_ids=await self._pages(call),
            read_only=False,
            expires_at=args.instant("expires_at") or self._kit.now + LIFETIME,
            on_same=on_same,
        )
        try:
            opened = await self._kit.perform(call, open_client_session, wanted)
        except AlreadyExists as exists:
            if exists.kind != "client_session":
                raise
            raise TokenExists("a client session has this user_identifier_key already") from exists
        return reply_ok(client_session=await self._show_opened(call, opened))

    async def _upstreams(self, call: Call) -> tuple[str, ...]:
        """Give the accounts that are named; the workspace's own account cannot be handed to a session."""
        named = call.args.ids("connected_account_ids") or ()
        if call.workspace_id in named:
            raise InvalidInput(
                {"connected_account_ids": ["Doors of the server's own drivers belong to no account"]}
            )
        return named

    async def _pages(self, call: Call) -> tuple[str, ...]:
        named = call.args.ids("connect_webview_ids") or ()
        for page_id in named:
            await self._kit.services.core.store.read(
                call.actor.organization_id, partial(_require_page, page_id=page_id)
            )
        return named

    async def _named(self, view: View, call: Call, *, by_key: bool = True) -> ClientSession:
        by = exactly_one(call.args, _ID, _KEY) if by_key else _ID
        named = call.args.required(by)
        if by == _ID:
            return await find_client_session(view, named)
        session = await view.client_sessions.by_external_key(named)
        if session is None:
            raise NotThere("client_session_not_found", {by: named})
        return session

    async def _show(self, call: Call, session: ClientSession) -> Shown:
        return await self._kit.services.core.store.read(
            call.actor.organization_id, lambda view: show_session(self._kit, view, session)
        )

    async def _show_opened(self, call: Call, opened: OpenedClientSession) -> Shown:
        return await self._show(call, opened.session)


async def show_session(kit: Kit, view: View, session: ClientSession) -> Shown:
    """Show a session with its token and how many doors it reaches now: its own, and those that its person may open."""
    key = await view.keys.get(session.key_id)
    doors = {*await reachable_doors(view, session)}
    if session.person_id is not None:
        doors |= {one.door_id for one in await list_reachable_doors(view, session.person_id, kit.now)}
    named = [*session.upstream_ids]
    standing = (await view.upstreams.list(WHOLE, ids=named)).items if named else ()
    token = kit.services.core.secrets.unseal(session.sealed_token).decode()
    return Shown(
        client_session_id=session.id,
        workspace_id=view.organization_id,
        token=token,
        user_identifier_key=session.external_key,
        user_identity_id=session.person_id or UNSET,
        user_identity_ids=[] if session.person_id is None else [session.person_id],
        customer_key=session.customer_key or UNSET,
        connect_webview_ids=[*session.page_ids],
        connected_account_ids=[upstream.id for upstream in standing],
        device_count=len(doors),
        expires_at=instant(_end_of(key, session)),
        created_at=instant(session.created_at),
    )


async def _require_page(view: View, *, page_id: str) -> None:
    if await view.documents.get(DocumentKind.CONNECT_PAGE, page_id) is None:
        raise NotThere("connect_webview_not_found", {"connect_webview_id": page_id})


def _end_of(key: Key | None, session: ClientSession) -> datetime:
    end = None if key is None else key.expires_at
    return end or session.created_at


def _person(call: Call) -> str | None:
    """Read who the session is for; `user_identity_ids` with one id is the older spelling."""
    named, older = call.args.text("user_identity_id"), call.args.ids("user_identity_ids")
    if older is not None and len(older) > 1:
        raise InvalidInput({"user_identity_ids": ["Array must contain at most 1 element(s)"]})
    return named or (older[0] if older else None)


def _fits(call: Call, session: ClientSession) -> bool:
    args = call.args
    page_id = args.text("connect_webview_id")
    return (
        args.text(_ID) in {None, session.id}
        and (page_id is None or page_id in session.page_ids)
        and not (args.flag("without_user_identifier_key") and session.external_key is not None)
    )
