"""Kisi's objects, exactly with the keys of the contract; pure."""

from datetime import UTC, datetime

from rekey.dialects.kisi.roles import APPLIES_TO, BY_MEANING
from rekey.domain.block import Block, BlockCause, SubjectKind
from rekey.domain.estate import Door, DoorGroup, DoorGroupDoor, Organization, Site
from rekey.domain.grant import Grant, HolderKind
from rekey.domain.operator import Key, KeyKind
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


def organization_ref(organization: Organization) -> Shape:
    number = organization_number(organization.id)
    return ref("Organization", number, organization.name) | {"domain": organization.domain}


def with_ref(name: str, shape: Shape | None) -> Shape:
    """Give `name_id` and, when there is one, the object itself beside it."""
    if shape is None:
        return {f"{name}_id": None}
    return {f"{name}_id": shape["id"], name: shape}


def show_organization(organization: Organization, *, places: int) -> Shape:
    return {
        "id": organization_number(organization.id),
        "resource_type": "Organization",
        "name": organization.name,
        "domain": organization.domain,
        "logo": None,
        "address": None,
        "description": None,
        "device_logins_expire_after": None,
        "places_count": places,
        "scim_enabled": False,
        "sso_flow_enabled": False,
        "sso_expiration_override_enabled": False,
        "sso_expiration_override": None,
        "metadata": None,
        "time_zone": "UTC",
        "web_authentication_api_enabled": False,
        "apple_pass_enabled": False,
        **stamps(organization.created_at, organization.created_at),
        "user_id": None,
        "transfer_to_id": None,
        "image": None,
        "color": None,
    }


def switches(blocks: tuple[Block, ...], now: datetime) -> tuple[bool, bool]:
    """Give (access_enabled, scim_access_enabled) of a person with these blocks."""
    causes = {block.cause for block in blocks if block.stands(now)}
    return BlockCause.ACCESS_SWITCH not in causes, BlockCause.DIRECTORY not in causes


def show_user(
    person: Person, enabled: tuple[bool, bool], *, organization_id: str, has_account: bool, groups: int
) -> Shape:
    """Show a user; `enabled` is what `switches` gives."""
    access_enabled, scim_access_enabled = enabled
    return {
        "id": person.number,
        "resource_type": "User",
        "name": person.name,
        "email": person.email or "",
        **stamps(person.created_at, person.updated_at),
        "metadata": {},
        "image": None,
        "otp_required_for_login": False,
        "password_flow_enabled": has_account,
        "access_enabled": access_enabled,
        "last_accessed_at": None,
        "scim_access_enabled": scim_access_enabled,
        "notes": person.notes or None,
        "organization_id": organization_number(organization_id),
        "confirmed": has_account,
        "groups_count": groups,
    }


def show_current_user(person: Person, organization: Organization) -> Shape:
    return {
        "id": person.number,
        "resource_type": "User",
        "name": person.name,
        "email": person.email or "",
        "image": None,
        "locale": None,
        "notifications_unread_count": 0,
        "otp_required_for_login": False,
        "otp_enabled_at": None,
        "primary_login_exists": False,
        **stamps(person.created_at, person.updated_at),
        "announcements_last_seen_at": None,
        "last_read_at": None,
        "notes": person.notes or None,
        **with_ref("organization", organization_ref(organization)),
    }


def show_login(key: Key, person: Person | None) -> Shape:
    return {
        "id": key.number,
        **stamps(key.created_at, key.created_at),
        "type": "api" if key.kind is KeyKind.API_KEY else "device",
        "name": key.name,
        "primary": False,
        "expire": key.expires_at is not None,
        "last_used_at": None,
        "device_brand": None,
        "device_model": None,
        "os_name": None,
        **with_ref("user", None if person is None else user_ref(person)),
        "app": {"name": None, "version": None},
        "user_agent": {"name": None, "version": None},
        "device": {"brand": None, "model": None},
        "os": {"name": None, "version": None},
    }


def show_new_login(key: Key, person: Person | None, secret: str) -> Shape:
    return show_login(key, person) | {
        "scram_credentials": None,
        "secret": secret,
        "authentication_token": secret,
        "has_primary_device": False,
        "email": None if person is None else person.email,
        "notifications_unread_count": 0,
        "otp_required_for_login": False,
        "otp_enabled_at": None,
        "image": None,
        "primary_login_exists": False,
    }


def show_place(site: Site, organization: Organization, *, locks: int, blocks: tuple[Block, ...]) -> Shape:
    lockdown = _lockdown(blocks)
    return {
        "id": site.number,
        "resource_type": "Place",
        "name": site.name,
        "description": None,
        **stamps(site.created_at, site.updated_at),
        "latitude": None,
        "longitude": None,
        "address": site.address,
        "image": None,
        "time_zone": site.time_zone,
        "tz_time_zone": site.time_zone,
        "locks_count": locks,
        "integrations_count": 0,
        "locked_down": lockdown is not None,
        "locked_down_since": instant(None if lockdown is None else lockdown.created_at),
        "occupancy_rate": None,
        **with_ref("organization", organization_ref(organization)),
        "color": None,
        "logo": None,
        "user_id": None,
        "members_count": 0,
    }


def with_favorite(shape: Shape, *, shown: bool) -> Shape:
    """Add `favorite` where the caller asked for it; nobody has favourites here."""
    return shape | {"favorite": False} if shown else shape


def show_lock(
    door: Door, site: Site, *, blocks: tuple[Block, ...], groups: int, online: bool | None
) -> Shape:
    own = tuple(block for block in blocks if block.subject.kind is SubjectKind.DOOR)
    lockdown = _lockdown(own)
    return {
        "id": door.number,
        "resource_type": "Lock",
        **stamps(door.created_at, door.updated_at),
        "configured": True,
        "description": door.description or None,
        "first_to_arrive_required_until": None,
        "first_to_arrive_satisfied": False,
        "latitude": None,
        "longitude": None,
        "locked_down": lockdown is not None,
        "locked_down_since": instant(None if lockdown is None else lockdown.created_at),
        "name": door.name,
        "on_scheduled_unlock": False,
        "online": online,
        "open": False,
        "order_id": None,
        "unlocked": door.mode.value == "unlocked",
        "geofence_restriction_enabled": False,
        "geofence_restriction_radius": 300,
        "reader_restriction_enabled": False,
        "time_restriction_enabled": False,
        "time_restriction_time_zone": None,
        "place_id": site.number,
        "place": ref("Place", site.number, site.name) | {"latitude": None, "longitude": None},
        "floor_id": None,
        "groups_count": groups,
        "unlocked_until": None,
    }


def show_group(group: DoorGroup, site: Site | None, *, locks: int, users: int) -> Shape:
    return {
        "id": group.number,
        "resource_type": "Group",
        "name": group.name,
        "description": group.description or None,
        **stamps(group.created_at, group.updated_at),
        "geofence_restriction_enabled": False,
        "geofence_restriction_radius": 300,
        "primary_device_restriction_enabled": False,
        "managed_device_restriction_enabled": False,
        "reader_restriction_enabled": False,
        "time_restriction_enabled": False,
        "tap_to_access_restriction_enabled": False,
        "login_enabled": True,
        "users_count": users,
        "locks_count": locks,
        "elevator_stops_count": 0,
        **with_ref("place", None if site is None else ref("Place", site.number, site.name)),
        "time_restriction_time_zone": None,
        "members_count": users,
    }


def show_group_lock(place: DoorGroupDoor, group: DoorGroup, door: Door, site: Site) -> Shape:
    return {
        "id": place.number,
        "resource_type": "GroupLock",
        **stamps(place.created_at, place.created_at),
        **with_ref("group", ref("Group", group.number, group.name)),
        "lock_id": door.number,
        "lock": ref("Lock", door.number, door.name) | {"description": door.description or None},
        **with_ref("place", ref("Place", site.number, site.name)),
    }


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
        "member_type": "User",
        **with_ref("member", user_ref(person)),
    }


def show_assignment(grant: Grant, *, where: Shape, assignee: Shape, maker: Person | None) -> Shape:
    """Show a grant at a group, a place or the organization; `where` and `assignee` are its nested refs."""
    kind = APPLIES_TO[grant.scope.kind]
    is_team = grant.holder.kind is HolderKind.TEAM
    shape: Shape = {
        "id": grant.number,
        "resource_type": "RoleAssignment",
        **stamps(grant.created_at, grant.updated_at),
        "role_id": BY_MEANING[grant.role, grant.scope.kind].id,
        "notify": False,
        "applies_to_type": kind,
        **with_ref("applies_to", where),
        "assignee_type": "Team" if is_team else "User",
        **with_ref("assignee", assignee),
        "created_by_type": None if maker is None else "User",
        "created_by_id": None if maker is None else maker.number,
        **with_ref("user", None if is_team else assignee),
        **with_ref("assignee_team", assignee if is_team else None),
        **with_ref("guest", None),
        "issued_by_id": None if maker is None else maker.number,
        "type": kind.lower(),
        "scope": kind.lower(),
        **with_ref(kind.lower(), where),
    }
    if grant.scope.kind is ScopeKind.DOOR_GROUP:
        shape["valid_from"] = instant(grant.validity.start)
        shape["valid_until"] = instant(grant.validity.end)
    return shape


def _lockdown(blocks: tuple[Block, ...]) -> Block | None:
    return next((block for block in blocks if block.cause is BlockCause.LOCKDOWN), None)
