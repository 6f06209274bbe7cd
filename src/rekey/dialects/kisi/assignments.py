"""Role assignments: grants at a group, a place or the organization. Source: contract section 4.2."""

from datetime import datetime

from rekey.dialects.kisi.assignment_filters import find_assignments, own_holder, wanted_place
from rekey.dialects.kisi.attributes import Attributes, unwrap
from rekey.dialects.kisi.errors import Unprocessable
from rekey.dialects.kisi.kit import (
    NO_CONTENT,
    Kit,
    grant_numbered,
    holder_ref,
    path_number,
    person_numbered,
    scope_numbered,
    scope_ref,
    team_numbered,
)
from rekey.dialects.kisi.lists import PLAIN, order_of, paged, part_of, plain
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
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

_OLD_SCOPES = {"organization_id": "Organization", "place_id": "Place", "group_id": "Group"}


class Assignments:
    """Handlers of role assignments, in the new spelling and in the one of the vendor's guides."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        """List assignments: everybody one's own, who may read those of one place or group these."""
        part = part_of(request, PLAIN, order_of(request, "user.name"))

        async def look(view: View) -> Reply:
            found = await find_assignments(view, request, part)
            return paged([await assignment_shape(view, grant) for grant in found.items], part, found.total)

        if own_holder(request) is not None:
            return await self._kit.look(request, look)
        where = await self._kit.look(request, lambda view: wanted_place(view, request))
        return await self._kit.read(request, Permission.GRANTS_READ, look, where)

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


def _applies_to(wanted: Attributes) -> tuple[ScopeKind, int]:
    """Read what the assignment applies to, in either spelling."""
    named = [(name, number) for name in _OLD_SCOPES if (number := wanted.number(name)) is not None]
    for name, number in named:
        if len(named) > 1 or wanted.has("applies_to_id"):
            wanted.refuse(name, "names another thing to apply to: send only one")
        return SCOPE_KINDS[_OLD_SCOPES[name]], number
    kind_name = wanted.text("applies_to_type", required=True)
    number = wanted.number("applies_to_id", required=True)
    if kind_name is not None and kind_name not in SCOPE_KINDS:
        wanted.refuse("applies_to_type", "must be Organization, Place or Group")
    return SCOPE_KINDS.get(kind_name or "", ScopeKind.DOOR_GROUP), number or 0


def _assignee(wanted: Attributes) -> tuple[bool, int]:
    """Read who gets it, in either spelling: (is it a team, number)."""
    if (number := wanted.number("user_id")) is not None:
        if wanted.has("assignee_id"):
            wanted.refuse("user_id", "names another assignee: send only one")
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
