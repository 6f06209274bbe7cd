"""Connected accounts: what brought doors; the workspace's own account stands for this server's own drivers."""

from msgspec import UNSET

from rekey.dialects.seam.doors import has_metadata, metadata_of
from rekey.dialects.seam.errors import NotInSandbox, NotSupported, NotThere
from rekey.dialects.seam.kit import Call, Kit, is_found, scan
from rekey.dialects.seam.metadata import new_metadata
from rekey.dialects.seam.narrow import require_sight, sees_upstream
from rekey.dialects.seam.parameters import exactly_one
from rekey.dialects.seam.providers import PROVIDER
from rekey.dialects.seam.replies import reply_ok
from rekey.dialects.seam.translate import instant
from rekey.dialects.seam.wire import Problem
from rekey.dialects.seam.wire_accounts import ConnectedAccount, UserIdentifier
from rekey.domain.document import DocumentBody
from rekey.domain.role import Permission
from rekey.domain.upstream import Upstream
from rekey.operations.annotate import annotation_of
from rekey.operations.connect_upstream import EditUpstream, edit_upstream
from rekey.operations.end_upstream import EndUpstream, end_upstream
from rekey.ports.listing import WHOLE, Listing, Part
from rekey.ports.store import View
from rekey.webkit.message import Reply

DEFAULT_LIMIT = 11_000
NAMESPACE = "seam"
OWN = "This server's own doors"
_ID = "connected_account_id"
Noted = tuple[Upstream, dict[str, object]]


class ConnectedAccounts:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def get(self, call: Call) -> Reply:
        by = exactly_one(call.args, _ID, "email")
        named = call.args.required(by)

        async def look(view: View) -> ConnectedAccount:
            if by == _ID and named == view.organization_id and call.session is None:
                return await show_own(view)
            if by == _ID:
                upstream = await view.upstreams.get(named)
            else:
                listed = await view.upstreams.list(Part(limit=1), user_name=named.strip().lower())
                upstream = listed.items[0] if listed.items else None
            if upstream is None:
                raise NotThere("connected_account_not_found", {by: named})
            require_sight(sees_upstream(call.session, upstream))
            return show_upstream(upstream, await _notes(view, upstream))

        return reply_ok(connected_account=await self._kit.read(call, Permission.ESTATE_READ, look))

    async def list(self, call: Call) -> Reply:
        """List the accounts, the own one first; it has no customer, metadata or sign-in to be found by."""
        page, args = self._kit.page_of(call, DEFAULT_LIMIT), call.args
        narrowed = any(
            name in args
            for name in ("customer_key", "custom_metadata_has", "user_identifier_key", "space_id")
        )

        async def look(view: View) -> tuple[list[ConnectedAccount], int | None]:
            only = await _wanted(view, call)

            async def fetch(part: Part) -> Listing[Noted]:
                listed = await view.upstreams.list(part, customer_key=args.text("customer_key"))
                return Listing(tuple([(one, await _notes(view, one)) for one in listed.items]))

            found, last = await scan(
                fetch,
                lambda row: row[0].number,
                page,
                lambda row: (only is None or row[0].id in only) and _fits(call, *row),
            )
            shown = [show_upstream(*row) for row in found]
            first = page.after == 0 and not narrowed and call.session is None
            if first and is_found(args.text("search"), (OWN,), (view.organization_id,)):
                shown.insert(0, await show_own(view))
            return shown, last

        accounts, last = await self._kit.read(call, Permission.ESTATE_READ, look)
        return reply_ok(connected_accounts=accounts, pagination=self._kit.pagination(call, last))

    async def update(self, call: Call) -> Reply:
        """Rename an account, choose what becomes of its new doors, note metadata, name its customer once."""
        args, account_id = call.args, self._named(call)
        notes: DocumentBody = {}
        if "custom_metadata" in args:
            notes["custom_metadata"] = {**new_metadata(args.mapping("custom_metadata"))} or None
        capabilities = args.texts("accepted_capabilities")
        if capabilities is not None:
            notes["accepted_capabilities"] = [*capabilities]
        wanted = EditUpstream(
            upstream_id=account_id,
            name=args.text("display_name"),
            adopts=args.boolean("automatically_manage_new_devices"),
            customer_key=args.text("customer_key"),
            namespace=NAMESPACE,
            notes=notes,
        )
        upstream = await self._kit.perform(call, edit_upstream, wanted)
        return reply_ok(connected_account=await self._show(call, upstream))

    async def delete(self, call: Call) -> Reply:
        """Drop an account with its doors; nothing is told to the hardware."""
        await self._kit.perform(call, end_upstream, EndUpstream(upstream_id=self._named(call)))
        return reply_ok()

    async def sync(self, call: Call) -> Reply:
        """Answer ok: what a door is, is asked of it at every read."""
        account_id = call.args.required(_ID)

        async def look(view: View) -> None:
            if account_id != view.organization_id and await view.upstreams.get(account_id) is None:
                raise NotThere("connected_account_not_found", {_ID: account_id})

        await self._kit.read(call, Permission.ESTATE_READ, look)
        await self._kit.services.core.require(
            call.actor, Permission.ESTATE_WRITE, None, attempted="edit_upstream"
        )
        return reply_ok()

    async def simulate_disconnect(self, call: Call) -> Reply:
        """Let the sign-in of an account be lost."""
        if not self._kit.settings.sandbox:
            raise NotInSandbox("this server is in earnest, so nothing is simulated")
        wanted = EditUpstream(upstream_id=self._named(call), disconnected=True)
        await self._kit.perform(call, edit_upstream, wanted)
        return reply_ok()

    def _named(self, call: Call) -> str:
        """Give the account's id. Raises: NotSupported for the workspace's own."""
        account_id = call.args.required(_ID)
        if account_id == call.workspace_id:
            raise NotSupported("the doors of this server's own drivers are changed one by one")
        return account_id

    async def _show(self, call: Call, upstream: Upstream) -> ConnectedAccount:
        async def look(view: View) -> ConnectedAccount:
            return show_upstream(upstream, await _notes(view, upstream))

        return await self._kit.read(call, Permission.ESTATE_READ, look)


async def _notes(view: View, upstream: Upstream) -> dict[str, object]:
    return dict(await annotation_of(view, NAMESPACE, upstream.id))


async def _wanted(view: View, call: Call) -> frozenset[str] | None:
    """Give the accounts to which filters by space and user identifier narrow; None for all."""
    sets: list[frozenset[str]] = []
    identifier, space_id = call.args.text("user_identifier_key"), call.args.text("space_id")
    if identifier is not None:
        session = await view.client_sessions.by_external_key(identifier)
        sets.append(frozenset(session.upstream_ids if session is not None else ()))
    if space_id is not None:
        sets.append(await accounts_of_space(view, space_id))
    return frozenset.intersection(*sets) if sets else None


async def accounts_of_space(view: View, space_id: str) -> frozenset[str]:
    """Give the accounts that a space is tagged with or has doors of."""
    notes = await annotation_of(view, NAMESPACE, space_id)
    tagged = notes.get("connected_account_ids")
    ids = {one for one in tagged if isinstance(one, str)} if isinstance(tagged, list) else set()
    places = await view.door_groups.places(WHOLE, door_group_id=space_id)
    doors: list[str] = [place.door_id for place in places.items]
    for door in (await view.doors.list(WHOLE, ids=doors)).items if doors else ():
        ids.add(door.upstream_id or view.organization_id)
    return frozenset(ids)


def _fits(call: Call, upstream: Upstream, notes: dict[str, object]) -> bool:
    metadata = metadata_of(notes)
    texts = (upstream.name, upstream.user_name, upstream.customer_key, *map(str, metadata.values()))
    return (
        sees_upstream(call.session, upstream)
        and has_metadata(call, metadata)
        and is_found(call.args.text("search"), texts, (upstream.id,))
    )


def show_upstream(upstream: Upstream, notes: dict[str, object]) -> ConnectedAccount:
    """Show an account with what was noted of it."""
    capabilities = notes.get("accepted_capabilities")
    known = [one for one in capabilities if isinstance(one, str)] if isinstance(capabilities, list) else []
    return ConnectedAccount(
        connected_account_id=upstream.id,
        account_type=PROVIDER,
        account_type_display_name="Rekey",
        display_name=upstream.name,
        user_identifier=UserIdentifier(email=upstream.user_name),
        accepted_capabilities=known or ["lock"],
        automatically_manage_new_devices=upstream.adopts,
        custom_metadata=metadata_of(notes),
        customer_key=upstream.customer_key or UNSET,
        errors=_errors(upstream),
        warnings=[],
        created_at=instant(upstream.created_at),
    )


def _errors(upstream: Upstream) -> list[Problem]:
    if upstream.disconnected_at is None:
        return []
    return [
        Problem(
            error_code="account_disconnected",
            message="The account is disconnected: sign in to it again.",
            created_at=instant(upstream.disconnected_at),
            is_connected_account_error=True,
        )
    ]


async def show_own(view: View) -> ConnectedAccount:
    """Show the account under which the doors of this server's own drivers go."""
    organization = await view.organizations.get()
    return ConnectedAccount(
        connected_account_id=organization.id,
        account_type=PROVIDER,
        account_type_display_name="Rekey",
        display_name=OWN,
        user_identifier=UserIdentifier(username=organization.domain),
        accepted_capabilities=["lock", "access_control"],
        automatically_manage_new_devices=True,
        custom_metadata={},
        customer_key=UNSET,
        errors=[],
        warnings=[],
        created_at=instant(organization.created_at),
    )
