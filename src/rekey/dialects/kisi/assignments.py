"""Role assignments: grants at a group, a place or the organization. Source: contract section 4.2."""

from datetime import datetime

from rekey.dialects.kisi.attributes import Attributes, unwrap
from rekey.dialects.kisi.errors import BadQuery, Unprocessable
from rekey.dialects.kisi.kit import (
    NO_CONTENT,
    Kit,
    caller_of,
    grant_numbered,
    holder_ref,
    path_number,
    person_numbered,
    scope_numbered,
    scope_ref,
    team_numbered,
)
from rekey.dialects.kisi.lists import PLAIN, number_of, numbers_of, paged, part_of, plain, sorting_of
from rekey.dialects.kisi.roles import BY_ID, NOT_ASSIGNABLE, SCOPE_KINDS, KisiRole
from rekey.dialects.kisi.shapes import Shape, show_assignment
from rekey.domain.errors import NotFound
from rekey.domain.grant import Grant, Holder, HolderKind
from rekey.domain.role import Permission
from rekey.domain.scope import Scope, ScopeKind
from rekey.domain.validity import ALWAYS, Validity
from rekey.operations.edit_grant import EditGrant, edit_grant
from rekey.operations.end_grant import EndGrant, end_grant
from rekey.operations.grant_access import GrantAccess, NewGrant, grant_access
from rekey.ports.listing import WHOLE, Listing, Part
from rekey.ports.repositories.rights import GrantFilter
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

_SORTS = frozenset({"user.name"})
_KINDS = tuple(SCOPE_KINDS.values())
_OLD_SCOPES = {"organization_id": "Organization", "place_id": "Place", "group_id": "Group"}


class Assignments:
    """Handlers of role assignments, in the new spelling and in the one of the vendor's guides."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        part = part_of(request, PLAIN)
        sorting_of(request, _SORTS)

        async def look(view: View) -> Reply:
            found = await _find(view, request, part)
            return paged([await assignment_shape(view, grant) for grant in found.items], part, found.total)

        return await self._kit.read(request, Permission.GRANTS_READ, look)

    async def create(self, request: Request) -> Reply:
        wanted = unwrap(request, "role_assignment")
        kind, number = _applies_to(wanted)
        team, assignee = _assignee(wanted)
        role = _role(wanted, kind)
        validity = _validity(wanted, kind)
        wanted.check()

        async def name(view: View) -> NewGrant:
            scope = await _scope(view, kind, number)
            holder = await _holder(view, assignee, team=team)
            return NewGrant(holder=holder, scope=scope, role=role.role, validity=validity, origin="kisi")

        new = await self._kit.look(request, name)
        given = await self._kit.perform(request, grant_access, GrantAccess(grants=(new,)))
        return plain(await self._kit.look(request, lambda view: assignment_shape(view, given.grants[0])))

    async def get(self, request: Request) -> Reply:
        number = path_number(request, "grant")

        async def look(view: View) -> Shape:
            return await assignment_shape(view, await grant_numbered(view, number))

        return plain(await self._kit.read(request, Permission.GRANTS_READ, look))

    async def update(self, request: Request) -> Reply:
        wanted = unwrap(request, "role_assignment")
        number = path_number(request, "grant")
        grant = await self._kit.look(request, lambda view: grant_numbered(view, number))
        role = _role(wanted, grant.scope.kind).role if wanted.has("role_id") else grant.role
        validity = _validity(wanted, grant.scope.kind, grant.validity)
        wanted.check()
        terms = EditGrant(grant_id=grant.id, role=role, validity=validity, schedule=grant.schedule)
        await self._kit.perform(request, edit_grant, terms)
        return NO_CONTENT

    async def delete(self, request: Request) -> Reply:
        """End this grant alone; the answer is empty, the journal names the paths that remain."""
        number = path_number(request, "grant")
        grant = await self._kit.look(request, lambda view: grant_numbered(view, number))
        await self._kit.perform(request, end_grant, EndGrant(grant_id=grant.id))
        return NO_CONTENT


async def assignment_shape(view: View, grant: Grant) -> Shape:
    """Show a grant with the things that it names."""
    maker = None
    if grant.made_by is not None:
        operator = await view.operators.get(grant.made_by)
        person_id = None if operator is None else operator.person_id
        maker = None if person_id is None else await view.people.get(person_id)
    return show_assignment(
        grant, where=await scope_ref(view, grant.scope), assignee=await holder_ref(view, grant), maker=maker
    )


async def _find(view: View, request: Request, part: Part) -> Listing[Grant]:
    matching = await _filter(view, request)
    if matching is None:
        return Listing((), 0)
    text = request.query().one("query")
    if text is None:
        return await view.grants.list(part, matching)
    people = await view.people.list(WHOLE, query=text)
    holders = {Holder.person(person.id) for person in people.items}
    everything = await view.grants.list(WHOLE, matching)
    found = tuple(grant for grant in everything.items if grant.holder in holders)
    return Listing(found[part.offset : part.offset + part.limit], len(found))


async def _filter(view: View, request: Request) -> GrantFilter | None:
    """Read every filter of the list; None means that it can match nothing."""
    query = request.query()
    try:
        holder, scope = await _wanted_holder(view, request), await _wanted_scope(view, request)
    except (NotFound, Unprocessable):
        return None
    kinds = _KINDS
    if (old := query.one("scope")) is not None and old != "team":
        if old.capitalize() not in SCOPE_KINDS:
            raise BadQuery("scope must be organization, place, group or team")
        kinds = (SCOPE_KINDS[old.capitalize()],)
    if (kind := query.one("applies_to_type")) is not None:
        kinds = (_kind(kind),)
    role_id = query.one("role_id")
    role = None if role_id is None else BY_ID.get(role_id)
    if role_id is not None and role is None:
        return None
    if role is not None:
        kinds = tuple(set(kinds) & {role.scope_kind})
    if not kinds:
        return None
    return GrantFilter(
        holder=holder,
        scope=scope,
        scope_kinds=kinds,
        roles=() if role is None else (role.role.value,),
        ids=await _ids(view, request),
    )


async def _ids(view: View, request: Request) -> tuple[str, ...] | None:
    numbers = numbers_of(request, "ids")
    if numbers is None:
        return None
    found = [await view.grants.by_number(number) for number in numbers]
    return tuple(grant.id for grant in found if grant is not None)


async def _wanted_holder(view: View, request: Request) -> Holder | None:
    query = request.query()
    if query.one("user_id") == "me" or query.one("assignee_id") == "me":
        return Holder.person(caller_of(request).operator.person_id or "")
    if (number := number_of(request, "user_id")) is not None:
        return Holder.person((await person_numbered(view, number)).id)
    number, kind = number_of(request, "assignee_id"), query.one("assignee_type")
    if number is None:
        return None
    if kind is None:
        raise BadQuery("assignee_id goes with assignee_type")
    return await _holder(view, number, team=_is_team(kind))


async def _wanted_scope(view: View, request: Request) -> Scope | None:
    query = request.query()
    for name, kind in _OLD_SCOPES.items():
        if (number := number_of(request, name)) is not None:
            return await scope_numbered(view, SCOPE_KINDS[kind], number)
    number, kind_name = number_of(request, "applies_to_id"), query.one("applies_to_type")
    if number is None:
        return None
    if kind_name is None:
        raise BadQuery("applies_to_id goes with applies_to_type")
    return await scope_numbered(view, _kind(kind_name), number)


def _kind(name: str) -> ScopeKind:
    if name not in SCOPE_KINDS:
        raise BadQuery("applies_to_type must be Organization, Place or Group")
    return SCOPE_KINDS[name]


def _is_team(kind: str) -> bool:
    if kind not in {"User", "Team"}:
        raise BadQuery("assignee_type must be User or Team")
    return kind == "Team"


def _applies_to(wanted: Attributes) -> tuple[ScopeKind, int]:
    """Read what the assignment applies to, in either spelling."""
    for name, kind in _OLD_SCOPES.items():
        if (number := wanted.number(name)) is not None:
            return SCOPE_KINDS[kind], number
    kind_name = wanted.text("applies_to_type", required=True)
    number = wanted.number("applies_to_id", required=True)
    if kind_name is not None and kind_name not in SCOPE_KINDS:
        wanted.refuse("applies_to_type", "must be Organization, Place or Group")
    return SCOPE_KINDS.get(kind_name or "", ScopeKind.DOOR_GROUP), number or 0


def _assignee(wanted: Attributes) -> tuple[bool, int]:
    """Read who gets it, in either spelling: (is it a team, number)."""
    if (number := wanted.number("user_id")) is not None:
        return False, number
    kind = wanted.text("assignee_type", required=True)
    number = wanted.number("assignee_id", required=True)
    if kind not in {"User", "Team", None}:
        wanted.refuse("assignee_type", "must be User or Team")
    return kind == "Team", number or 0


def _role(wanted: Attributes, kind: ScopeKind) -> KisiRole:
    name = wanted.text("role_id", required=True) or ""
    role = BY_ID.get(name)
    if role is not None and role.scope_kind is kind and role.id not in NOT_ASSIGNABLE:
        return role
    if name:
        wanted.refuse("role_id", "is not a role that can be assigned there; GET /roles lists them")
    return next(role for role in BY_ID.values() if role.scope_kind is kind)


def _validity(wanted: Attributes, kind: ScopeKind, standing: Validity = ALWAYS) -> Validity:
    """Read the window; outside groups it is refused, because dropping it would give access for good."""
    if kind is not ScopeKind.DOOR_GROUP:
        for name in ("valid_from", "valid_until"):
            if wanted.text(name) is not None:
                wanted.refuse(name, "is only possible for a group")
        return standing
    start = _edge(wanted, "valid_from", standing.start)
    end = _edge(wanted, "valid_until", standing.end)
    if start is not None and end is not None and end <= start:
        wanted.refuse("valid_until", "must be after valid_from")
        return standing
    try:
        return Validity(start, end)
    except ValueError:
        # An instant beyond the calendar once it is told in UTC.
        wanted.refuse("valid_until", "is invalid")
        return standing


def _edge(wanted: Attributes, name: str, standing: datetime | None) -> datetime | None:
    return wanted.instant(name) if wanted.has(name) else standing


async def _scope(view: View, kind: ScopeKind, number: int) -> Scope:
    try:
        return await scope_numbered(view, kind, number)
    except NotFound as unknown:
        raise Unprocessable({"applies_to": ["must exist"]}) from unknown


async def _holder(view: View, number: int, *, team: bool) -> Holder:
    try:
        if team:
            return Holder(HolderKind.TEAM, (await team_numbered(view, number)).id)
        return Holder.person((await person_numbered(view, number)).id)
    except NotFound as unknown:
        raise Unprocessable({"assignee": ["must exist"]}) from unknown
