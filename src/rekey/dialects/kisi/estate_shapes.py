"""Places, locks and groups, exactly with the keys of the contract's section 5; pure."""

from dataclasses import dataclass

from rekey.dialects.kisi.notes import Notes, text_in
from rekey.dialects.kisi.shapes import Shape, instant, organization_ref, ref, stamps, with_ref
from rekey.domain.block import Block, BlockCause, SubjectKind
from rekey.domain.circumstances import Location
from rekey.domain.estate import Door, DoorGroup, DoorGroupDoor, DoorMode, Organization, Site
from rekey.operations.show_hours import HoursShown
from rekey.ports.door_driver import DoorState

RADIUS = 300
NO_HOURS = HoursShown()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFacts:
    """What is known of a place beside itself: `members` counts who holds access at it or at one of its groups.

    `favorite` None means that nobody asked.
    """

    organization: Organization
    locks: int
    members: int
    blocks: tuple[Block, ...]
    notes: Notes
    favorite: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LockFacts:
    """What is known of a lock beside itself; `floor` is the number of its floor."""

    site: Site
    blocks: tuple[Block, ...]
    groups: int
    notes: Notes
    floor: int | None
    configured: bool
    favorite: bool | None = None
    hours: HoursShown = NO_HOURS


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFacts:
    site: Site | None
    locks: int
    elevator_stops: int
    users: int


def degrees(location: Location | None) -> Shape:
    """Give the two members that say where a thing is."""
    return {
        "latitude": None if location is None else location.latitude,
        "longitude": None if location is None else location.longitude,
    }


def lockdown_of(blocks: tuple[Block, ...]) -> Block | None:
    return next((block for block in blocks if block.cause is BlockCause.LOCKDOWN), None)


def place_ref(site: Site) -> Shape:
    """Give the ref of a lock's place, which says where it is."""
    return ref("Place", site.number, site.name) | degrees(site.location)


def show_place(site: Site, facts: PlaceFacts) -> Shape:
    lockdown = lockdown_of(facts.blocks)
    favorite = {} if facts.favorite is None else {"favorite": facts.favorite}
    return {
        "id": site.number,
        "resource_type": "Place",
        "name": site.name,
        "description": text_in(facts.notes, "description"),
        **stamps(site.created_at, site.updated_at),
        **degrees(site.location),
        "address": site.address,
        "image": text_in(facts.notes, "image"),
        "time_zone": site.time_zone,
        "tz_time_zone": site.time_zone,
        "locks_count": facts.locks,
        "integrations_count": 0,
        "locked_down": lockdown is not None,
        "locked_down_since": instant(None if lockdown is None else lockdown.created_at),
        "occupancy_rate": None,
        **favorite,
        **with_ref("organization", organization_ref(facts.organization)),
        "color": None,
        "logo": None,
        "user_id": None,
        "members_count": facts.members,
    }


def show_lock(door: Door, facts: LockFacts, state: DoorState) -> Shape:
    """Show a lock; `state` is what its driver observes just now."""
    own = tuple(block for block in facts.blocks if block.subject.kind is SubjectKind.DOOR)
    lockdown = lockdown_of(own)
    asked, hours = door.settings.conditions, facts.hours
    favorite = {} if facts.favorite is None else {"favorite": facts.favorite}
    return {
        "id": door.number,
        "resource_type": "Lock",
        **stamps(door.created_at, door.updated_at),
        "configured": facts.configured,
        "description": door.description or None,
        "first_to_arrive_required_until": instant(hours.first_to_arrive_required_until),
        "first_to_arrive_satisfied": hours.first_to_arrive_satisfied,
        **degrees(door.location),
        "locked_down": lockdown is not None,
        "locked_down_since": instant(None if lockdown is None else lockdown.created_at),
        "name": door.name,
        "on_scheduled_unlock": hours.on_scheduled_unlock,
        "online": state.online,
        "open": state.open is True,
        "order_id": facts.notes.get("order_id"),
        "unlocked": is_unlocked(door, state, hours),
        "geofence_restriction_enabled": asked.geofence_radius is not None,
        "geofence_restriction_radius": asked.geofence_radius or RADIUS,
        "reader_restriction_enabled": asked.proximity,
        "time_restriction_enabled": asked.allowed_hours,
        "time_restriction_time_zone": facts.site.time_zone if asked.allowed_hours else None,
        **favorite,
        "place_id": facts.site.number,
        "place": place_ref(facts.site),
        "floor_id": facts.floor,
        "groups_count": facts.groups,
        "unlocked_until": instant(hours.unlocked_until),
    }


def is_unlocked(door: Door, state: DoorState, hours: HoursShown = NO_HOURS) -> bool:
    """Say what the door is; where nobody can tell, what it was told to be."""
    if state.locked is not None:
        return not state.locked
    return door.mode is DoorMode.UNLOCKED or hours.on_scheduled_unlock


def show_group(group: DoorGroup, facts: GroupFacts) -> Shape:
    asked, site = group.conditions, facts.site
    return {
        "id": group.number,
        "resource_type": "Group",
        "name": group.name,
        "description": group.description or None,
        **stamps(group.created_at, group.updated_at),
        "geofence_restriction_enabled": asked.geofence_radius is not None,
        "geofence_restriction_radius": asked.geofence_radius or RADIUS,
        "primary_device_restriction_enabled": asked.primary_login,
        "managed_device_restriction_enabled": asked.managed_login,
        "reader_restriction_enabled": asked.proximity,
        "time_restriction_enabled": asked.allowed_hours,
        "tap_to_access_restriction_enabled": asked.tap_only,
        "login_enabled": asked.app_allowed,
        "users_count": facts.users,
        "locks_count": facts.locks,
        "elevator_stops_count": facts.elevator_stops,
        **with_ref("place", None if site is None else ref("Place", site.number, site.name)),
        "time_restriction_time_zone": site.time_zone if site is not None and asked.allowed_hours else None,
        "members_count": facts.users,
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


def show_group_elevator_stop(place: DoorGroupDoor, group: DoorGroup, door: Door, site: Site) -> Shape:
    return {
        "id": place.number,
        "resource_type": "GroupElevatorStop",
        **stamps(place.created_at, place.created_at),
        **with_ref("group", ref("Group", group.number, group.name)),
        **with_ref("elevator_stop", ref("ElevatorStop", door.number, door.name)),
        **with_ref("place", ref("Place", site.number, site.name)),
    }
