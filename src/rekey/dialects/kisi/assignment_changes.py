"""Reading role assignments as they are wanted: both spellings, roles, windows. Source: contract section 4.2."""

from datetime import datetime

from rekey.dialects.kisi.attributes import Attributes
from rekey.dialects.kisi.errors import Unprocessable
from rekey.dialects.kisi.kit import guest_numbered, person_numbered, scope_numbered, team_numbered
from rekey.dialects.kisi.roles import BY_ID, NOT_ASSIGNABLE, SCOPE_KINDS, KisiRole
from rekey.domain.errors import NotFound
from rekey.domain.grant import Holder
from rekey.domain.scope import Scope, ScopeKind
from rekey.domain.validity import ALWAYS, Validity
from rekey.ports.store import View

_OLD_SCOPES = {"organization_id": "Organization", "place_id": "Place", "group_id": "Group"}
_OLD_ASSIGNEES = {"user_id": "User", "guest_id": "Guest", "assignee_team_id": "Team"}
ASSIGNEES = ("User", "Team", "Guest")


def applies_to(wanted: Attributes) -> tuple[ScopeKind, int]:
    """Read what the assignment applies to, in either spelling."""
    named = [(name, number) for name in _OLD_SCOPES if (number := wanted.number(name)) is not None]
    new = wanted.text("applies_to_type"), wanted.number("applies_to_id")
    for name, number in named:
        if len(named) > 1 or new not in {(None, None), (_OLD_SCOPES[name], number)}:
            wanted.refuse(name, "names another thing to apply to: send only one")
        return SCOPE_KINDS[_OLD_SCOPES[name]], number
    kind_name = wanted.text("applies_to_type", required=True)
    number = wanted.number("applies_to_id", required=True)
    if kind_name is not None and kind_name not in SCOPE_KINDS:
        wanted.refuse("applies_to_type", "must be Organization, Place or Group")
    return SCOPE_KINDS.get(kind_name or "", ScopeKind.DOOR_GROUP), number or 0


def assignee_of(wanted: Attributes) -> tuple[str, int]:
    """Read who gets it, in either spelling: (User, Team or Guest; number)."""
    named = [(name, number) for name in _OLD_ASSIGNEES if (number := wanted.number(name)) is not None]
    new = wanted.text("assignee_type"), wanted.number("assignee_id")
    for name, number in named:
        if len(named) > 1 or new not in {(None, None), (_OLD_ASSIGNEES[name], number)}:
            wanted.refuse(name, "names another assignee: send only one")
        return _OLD_ASSIGNEES[name], number
    kind = wanted.text("assignee_type", required=True)
    number = wanted.number("assignee_id", required=True)
    if kind not in {*ASSIGNEES, None}:
        wanted.refuse("assignee_type", "must be User, Team or Guest")
    return kind or "User", number or 0


def role_of(wanted: Attributes, kind: ScopeKind) -> KisiRole:
    """Read a role that fits what it applies to."""
    name = wanted.text("role_id", required=True) or ""
    role = BY_ID.get(name)
    if role is not None and role.scope_kind is kind and role.id not in NOT_ASSIGNABLE:
        return role
    if name:
        wanted.refuse("role_id", "is not a role that can be assigned there; GET /roles lists them")
    return next(role for role in BY_ID.values() if role.scope_kind is kind)


def validity_of(wanted: Attributes, kind: ScopeKind, standing: Validity = ALWAYS) -> Validity:
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


async def scope_of_body(view: View, kind: ScopeKind, number: int, *, named: str = "applies_to") -> Scope:
    """Raises: Unprocessable for what is not there."""
    try:
        return await scope_numbered(view, kind, number)
    except NotFound as unknown:
        raise Unprocessable({named: ["must exist"]}) from unknown


async def holder_of_body(view: View, kind: str, number: int) -> Holder:
    """Raises: Unprocessable for who is not there."""
    try:
        if kind == "Team":
            return Holder.team((await team_numbered(view, number)).id)
        find = guest_numbered if kind == "Guest" else person_numbered
        return Holder.person((await find(view, number)).id)
    except NotFound as unknown:
        raise Unprocessable({"assignee": ["must exist"]}) from unknown


def _edge(wanted: Attributes, name: str, standing: datetime | None) -> datetime | None:
    return wanted.instant(name) if wanted.has(name) else standing
