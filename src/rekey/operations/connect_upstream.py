"""connect_upstream: an account elsewhere is signed in to, and brings its doors."""

from dataclasses import dataclass, field, replace

from rekey.domain.document import Document, DocumentBody, DocumentKind, merged
from rekey.domain.errors import Conflict, NotFound
from rekey.domain.estate import Door
from rekey.domain.ids import DoorId, SiteId
from rekey.domain.journal import JsonValue
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.domain.upstream import Upstream
from rekey.operations.act import Act, operation
from rekey.operations.annotate import put_annotation
from rekey.operations.find import find_site
from rekey.operations.marks import marks_of
from rekey.operations.open_client_session import SESSIONS
from rekey.operations.own_session import own_session
from rekey.operations.reach import bound_customer
from rekey.operations.texts import clean_name
from rekey.ports.listing import WHOLE, Part
from rekey.ports.repositories.doors import ChangeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtDoor:
    """One door of an account; `settings` is what its driver needs to find it."""

    name: str
    settings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectUpstream:
    """`page_id` is the sign-in page that this came through, still waiting; it stands in for a permission.

    `unadopted` is the annotation (namespace, member) that marks doors which are seen but not managed.
    """

    page_id: str
    provider: str
    name: str
    driver: str
    user_name: str
    doors: tuple[BroughtDoor, ...]
    namespace: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UpstreamConnected:
    """`doors` are those that it brought now: none when an account is signed in to again."""

    upstream: Upstream
    doors: tuple[Door, ...]
    again: bool


@operation(None)
async def connect_upstream(act: Act, wanted: ConnectUpstream) -> UpstreamConnected:
    """Connect an account through its sign-in page, or connect the same one again.

    Raises: NotFound (page), Conflict (a page that was used already).
    """
    act.waive("the sign-in page was made by somebody who may, and it serves once")
    page = await act.work.documents.get(DocumentKind.CONNECT_PAGE, wanted.page_id)
    if page is None:
        raise NotFound("connect_page", wanted.page_id)
    if page.body.get("status") != "pending":
        raise Conflict("this sign-in page was used already: make another one")
    known = await act.work.upstreams.list(Part(limit=1), user_name=wanted.user_name.lower())
    upstream = known.items[0] if known.items else None
    again = upstream is not None
    back = upstream is not None and upstream.disconnected_at is not None
    upstream = await _again(act, upstream) if upstream is not None else await _new(act, wanted, page.body)
    doors = () if again else await _bring(act, wanted, upstream)
    outcome = {
        "status": "authorized",
        "upstream": upstream.id,
        "provider": wanted.provider,
        "authorized_at": act.now.isoformat(),
    }
    body = merged(page.body, {**outcome})
    await act.work.documents.replace(replace(page, body=body, updated_at=act.now))
    metadata = page.body.get("custom_metadata")
    if metadata and not again:
        await put_annotation(act, wanted.namespace, upstream.id, {"custom_metadata": metadata})
    await _reach(act, page, upstream.id)
    await act.record(
        "upstream.connected",
        detail={
            "upstream": upstream.id,
            "page": page.id,
            "name": upstream.name,
            "again": again,
            "doors": [door.id for door in doors],
            "back": await _marked_doors(act, upstream.id) if back else [],
            "customer": upstream.customer_key,
        },
    )
    return UpstreamConnected(upstream=upstream, doors=doors, again=again)


async def _again(act: Act, upstream: Upstream) -> Upstream:
    connected = replace(upstream, disconnected_at=None, updated_at=act.now)
    await act.work.upstreams.replace(connected)
    return connected


async def _new(act: Act, wanted: ConnectUpstream, page: object) -> Upstream:
    asked = page if isinstance(page, dict) else {}
    customer = asked.get("customer_key")
    upstream = Upstream(
        id=act.new_id(),
        number=act.next_number(),
        name=clean_name(wanted.name),
        driver=wanted.driver,
        user_name=wanted.user_name.lower(),
        customer_key=customer if isinstance(customer, str) else None,
        adopts=asked.get("automatically_manage_new_devices") is not False,
        created_at=act.now,
        updated_at=act.now,
    )
    await act.work.upstreams.add(upstream)
    return upstream


async def _bring(act: Act, wanted: ConnectUpstream, upstream: Upstream) -> tuple[Door, ...]:
    """Add the account's doors at the organization's first site."""
    first = (await act.work.sites.list(Part(limit=1))).items
    if not first:
        raise Conflict("the organization has no site for the doors: add one first")
    site = await find_site(act.work, first[0].id)
    doors = []
    for brought in wanted.doors:
        door = Door(
            id=DoorId(act.new_id()),
            number=act.next_number(),
            site_id=SiteId(site.id),
            name=clean_name(brought.name),
            driver=wanted.driver,
            driver_settings=tuple(sorted(brought.settings)),
            upstream_id=upstream.id,
            created_at=act.now,
            updated_at=act.now,
        )
        await act.work.doors.add(door)
        await act.changed(ChangeKind.DOOR, door.id)
        if not upstream.adopts:
            await put_annotation(act, wanted.namespace, door.id, {"unmanaged": True})
        doors.append(door)
    return tuple(doors)


async def _reach(act: Act, page: Document, upstream_id: str) -> None:
    """Let the client sessions that made or were given the page reach what came through it."""
    noted = page.body.get(SESSIONS)
    ids = [id_ for id_ in noted if isinstance(id_, str)] if isinstance(noted, list) else []
    for session in (await act.work.client_sessions.list(WHOLE, ids=ids)).items if ids else ():
        if upstream_id not in session.upstream_ids:
            reached = (*session.upstream_ids, upstream_id)
            await act.work.client_sessions.replace(replace(session, upstream_ids=reached, updated_at=act.now))


@dataclass(frozen=True, slots=True, kw_only=True)
class EditUpstream:
    """None leaves a field. A customer's key is set once. `notes` go over the annotation in the namespace."""

    upstream_id: str
    name: str | None = None
    adopts: bool | None = None
    customer_key: str | None = None
    disconnected: bool | None = None
    namespace: str = ""
    notes: DocumentBody = field(default_factory=dict)


@operation(Permission.ESTATE_WRITE)
async def edit_upstream(act: Act, wanted: EditUpstream) -> Upstream:
    """Change an upstream. Raises: NotFound, Conflict (it has another customer's key)."""
    await act.require(Scope.organization(act.work.organization_id))
    upstream = await find_upstream(act, wanted.upstream_id)
    bound_customer(await own_session(act), upstream.customer_key or "")
    if wanted.customer_key is not None and upstream.customer_key not in {None, wanted.customer_key}:
        raise Conflict("this account belongs to another customer")
    since = upstream.disconnected_at
    if wanted.disconnected is not None:
        since = (since or act.now) if wanted.disconnected else None
    edited = replace(
        upstream,
        name=upstream.name if wanted.name is None else clean_name(wanted.name),
        adopts=upstream.adopts if wanted.adopts is None else wanted.adopts,
        customer_key=wanted.customer_key or upstream.customer_key,
        disconnected_at=since,
        updated_at=act.now,
    )
    await act.work.upstreams.replace(edited)
    if wanted.notes:
        await put_annotation(act, wanted.namespace, edited.id, wanted.notes)
    lost = since is not None and upstream.disconnected_at is None
    detail: dict[str, JsonValue] = {
        "upstream": edited.id,
        "name": edited.name,
        "customer": edited.customer_key,
    }
    if lost:
        detail["lost"] = await _marked_doors(act, edited.id)
    await act.record("upstream.disconnected" if lost else "upstream.edited", detail=detail)
    return edited


async def _marked_doors(act: Act, upstream_id: str) -> list[JsonValue]:
    """Give the doors of an account, each with what wire APIs have marked it with by now."""
    doors = (await act.work.doors.list(WHOLE, upstream_ids=[upstream_id])).items
    return [{"door": door.id, "marks": await marks_of(act.work, door.id)} for door in doors]


async def find_upstream(act: Act, upstream_id: str) -> Upstream:
    """Raises: NotFound."""
    upstream = await act.work.upstreams.get(upstream_id)
    if upstream is None:
        raise NotFound("upstream", upstream_id)
    return upstream
