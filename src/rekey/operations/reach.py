"""How far a client session reaches: what its key may read, and what it may change."""

from rekey.domain.client_session import ClientSession
from rekey.domain.errors import NotAllowed, NotSignedIn, OutOfReach
from rekey.domain.estate import Door
from rekey.domain.operator import Key
from rekey.domain.role import Permission
from rekey.domain.scope import Scope, ScopeKind
from rekey.ports.listing import WHOLE
from rekey.ports.store import View

READS = frozenset(
    {
        Permission.ORGANIZATION_READ,
        Permission.ESTATE_READ,
        Permission.PEOPLE_READ,
        Permission.GRANTS_READ,
        Permission.JOURNAL_READ,
    }
)
# A session of a customer may make things that bear its key; the operation puts the key on them.
_MAKES = frozenset({Permission.ESTATE_WRITE, Permission.GRANTS_WRITE, Permission.PEOPLE_WRITE})
CLIENT_PERMISSIONS = READS | _MAKES | {Permission.DOORS_OPEN, Permission.DOORS_CONTROL}
"""What the key of a client session names at most; its reach says where."""


async def session_of(view: View, key: Key) -> ClientSession:
    """Find what a client key was made for. Raises: NotSignedIn if it has ended or was revoked."""
    session = await view.client_sessions.of_key(key.id)
    if session is None or session.ended_at is not None or session.revoked_at is not None:
        raise NotSignedIn("this client session has ended")
    return session


async def require_reach(view: View, key: Key, permission: Permission, scope: Scope) -> ClientSession:
    """Give the session of a client key, or refuse what lies outside it; lists are narrowed by who makes them.

    Raises: NotSignedIn, NotAllowed, OutOfReach.
    """
    session = await session_of(view, key)
    if permission in READS and scope.kind in {ScopeKind.ORGANIZATION, ScopeKind.SITE}:
        return session
    if session.read_only and permission not in READS:
        raise NotAllowed("this client session may only read")
    if not await _covers(view, session, permission, scope):
        raise OutOfReach("this lies outside the client session")
    return session


async def _covers(view: View, session: ClientSession, permission: Permission, scope: Scope) -> bool:
    if scope.kind is ScopeKind.DOOR:
        door = await view.doors.get(scope.id)
        # What is not there is told of as that, by the operation.
        return door is None or await reaches_door(view, session, door)
    if scope.kind is ScopeKind.DOOR_GROUP:
        group = await view.door_groups.get(scope.id)
        return group is None or _is_of_customer(session, group.customer_key)
    return session.customer_key is not None and permission in _MAKES and scope.kind is ScopeKind.ORGANIZATION


async def reaches_door(view: View, session: ClientSession, door: Door) -> bool:
    """Say whether a door is within the session."""
    if session.customer_key is None:
        return door.upstream_id is not None and door.upstream_id in session.upstream_ids
    if door.upstream_id is not None:
        upstream = await view.upstreams.get(door.upstream_id)
        if upstream is not None and upstream.customer_key == session.customer_key:
            return True
    groups = await view.door_groups.list(WHOLE, door_id=door.id)
    return any(group.customer_key == session.customer_key for group in groups.items)


async def reachable_doors(view: View, session: ClientSession) -> frozenset[str]:
    """Give the ids of every door within the session."""
    upstream_ids = [*session.upstream_ids]
    if session.customer_key is not None:
        owned = await view.upstreams.list(WHOLE, customer_key=session.customer_key)
        upstream_ids = [upstream.id for upstream in owned.items]
    brought = await view.doors.list(WHOLE, upstream_ids=upstream_ids) if upstream_ids else None
    ids = {door.id for door in brought.items} if brought is not None else set()
    if session.customer_key is not None:
        groups = await view.door_groups.list(WHOLE, customer_key=session.customer_key)
        for group in groups.items:
            places = await view.door_groups.places(WHOLE, door_group_id=group.id)
            ids.update(place.door_id for place in places.items)
    return frozenset(ids)


def _is_of_customer(session: ClientSession, customer_key: str | None) -> bool:
    return session.customer_key is not None and session.customer_key == customer_key


def bound_customer(session: ClientSession | None, customer_key: str | None) -> str | None:
    """Give the customer whose key a new thing bears: within a customer's session always that one.

    Raises: OutOfReach for another customer's key.
    """
    if session is None:
        return customer_key
    if session.customer_key is None or customer_key not in {None, session.customer_key}:
        raise OutOfReach("this lies outside the client session")
    return session.customer_key
