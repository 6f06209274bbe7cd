"""Kisi's objects, exactly with the keys of the contract; pure."""

from datetime import UTC, datetime

from rekey.dialects.kisi.roles import APPLIES_TO, BY_MEANING
from rekey.domain.block import Block, BlockCause
from rekey.domain.estate import Organization
from rekey.domain.grant import Grant
from rekey.domain.people import Membership, Person, Team
from rekey.domain.scope import ScopeKind

Shape = dict[str, object]


def instant(at: datetime | None) -> str | None:
    """Write RFC 3339 in UTC with Z and milliseconds."""
    return (
        None if at is None else at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    )


def organization_number(organization_id: str) -> int:
    """Give the organization's integer id: the first 48 bits of its UUID, safe in every client's numbers."""
    return int(organization_id.replace("-", "")[:12], 16)


def stamps(created_at: datetime, updated_at: datetime) -> Shape:
    return {"created_at": instant(created_at), "updated_at": instant(updated_at)}


def ref(kind: str, number: int, name: str) -> Shape:
    return {"id": number, "resource_type": kind, "name": name}


def user_ref(person: Person) -> Shape:
    return ref("User", person.number, person.name) | {"email": person.email or ""}


def guest_ref(person: Person) -> Shape:
    return ref("Guest", person.number, person.name) | {
        "email": person.email,
        "phone_number": person.phone,
    }


def person_ref(person: Person) -> Shape:
    """Give the ref of a person, who is a user or a guest."""
    return guest_ref(person) if person.is_guest else user_ref(person)


def organization_ref(organization: Organization) -> Shape:
    number = organization_number(organization.id)
    return ref("Organization", number, organization.name) | {"domain": organization.domain}


def with_ref(name: str, shape: Shape | None) -> Shape:
    """Give `name_id` and, when there is one, the object itself beside it."""
    if shape is None:
        return {f"{name}_id": None}
    return {f"{name}_id": shape["id"], name: shape}


def switches(blocks: tuple[Block, ...], now: datetime) -> tuple[bool, bool]:
    """Give (access_enabled, scim_access_enabled) of a person with these blocks."""
    causes = {block.cause for block in blocks if block.stands(now)}
    return BlockCause.ACCESS_SWITCH not in causes, BlockCause.DIRECTORY not in causes


def show_team(team: Team) -> Shape:
    return {
        "id": team.number,
        "resource_type": "Team",
        "name": team.name,
        **stamps(team.created_at, team.updated_at),
    }


def show_team_membership(membership: Membership, team: Team, person: Person) -> Shape:
    return {
        "id": membership.number,
        "resource_type": "TeamMembership",
        **stamps(membership.created_at, membership.created_at),
        **with_ref("team", ref("Team", team.number, team.name)),
        "member_type": "Guest" if person.is_guest else "User",
        **with_ref("member", person_ref(person)),
    }


def show_assignment(
    grant: Grant, *, where: Shape, assignee: Shape, maker: Person | None, notify: bool
) -> Shape:
    """Show a grant at a group, a place or the organization; `where` and `assignee` are its nested refs."""
    kind = APPLIES_TO[grant.scope.kind]
    assignee_kind = str(assignee["resource_type"])
    shape: Shape = {
        "id": grant.number,
        "resource_type": "RoleAssignment",
        **stamps(grant.created_at, grant.updated_at),
        "role_id": BY_MEANING[grant.role, grant.scope.kind].id,
        "notify": notify,
        "applies_to_type": kind,
        **with_ref("applies_to", where),
        "assignee_type": assignee_kind,
        **with_ref("assignee", assignee),
        "created_by_type": None if maker is None else "User",
        "created_by_id": None if maker is None else maker.number,
        **with_ref("user", assignee if assignee_kind == "User" else None),
        **with_ref("assignee_team", assignee if assignee_kind == "Team" else None),
        **with_ref("guest", assignee if assignee_kind == "Guest" else None),
        "issued_by_id": None if maker is None else maker.number,
        "type": kind.lower(),
        "scope": kind.lower(),
        **with_ref(kind.lower(), where),
    }
    if grant.scope.kind is ScopeKind.DOOR_GROUP:
        shape["valid_from"] = instant(grant.validity.start)
        shape["valid_until"] = instant(grant.validity.end)
    return shape
