"""Values of the core as Doordeck's objects. Times are Unix seconds, lists are never null.

Source: Doordeck contract, sections 0 and 3.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from rekey.domain.estate import Door, DoorMode, Site
from rekey.domain.journal import JsonValue
from rekey.domain.people import Person
from rekey.domain.schedule import Schedule, Weekday
from rekey.domain.validity import Validity
from rekey.operations.held_doors import HeldDoor
from rekey.ports.door_driver import DoorState

Object = dict[str, JsonValue]

_CAPABILITIES: Object = {
    "OPEN_HOURS": "SUPPORTED",
    "BATCH_SHARING_25": "SUPPORTED",
    "CONFIGURABLE_UNLOCK_DURATION": "SUPPORTED",
}
_SITE_COLOUR = "#00283C"
_SITE_RADIUS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class LockParts:
    """All that a lock object is made of."""

    held: HeldDoor
    door: Door
    zone: str
    open_hours: Schedule | None
    state: DoorState


def epoch(instant: datetime | None) -> int | None:
    return None if instant is None else int(instant.timestamp())


def show_role(held: HeldDoor) -> str:
    return "ADMIN" if held.administers else "USER"


def show_window(validity: Validity) -> Object:
    return {"start": epoch(validity.start), "end": epoch(validity.end)}


def show_lock(parts: LockParts) -> Object:
    """Give the complete lock object, the same in every listing and version."""
    door, held = parts.door, parts.held
    return {
        "id": door.id,
        "name": door.name,
        "colour": None,
        "role": show_role(held),
        "favourite": False,
        **show_window(held.path.grant.validity),
        "unlockTime": door.settings.open_seconds,
        "state": _show_state(parts),
        "settings": _show_settings(parts),
    }


def _show_state(parts: LockParts) -> Object:
    state, door = parts.state, parts.door
    locked = door.mode is DoorMode.LOCKED if state.locked is None else state.locked
    return {"connected": state.online, "locked": locked, "duration": door.settings.open_seconds}


def _show_settings(parts: LockParts) -> Object:
    settings = parts.door.settings
    hours = None if parts.open_hours is None else show_open_hours(parts.open_hours, parts.zone)
    return {
        "unlockTime": settings.open_seconds,
        "permittedAddresses": list(settings.permitted_addresses),
        "defaultName": parts.door.name,
        "usageRequirements": {"time": []},
        "unlockBetweenWindow": hours,
        "tiles": [],
        "hidden": settings.hidden,
        "delay": 0,
        "directAccessEndpoints": [],
        "capabilities": dict(_CAPABILITIES),
    }


def show_open_hours(schedule: Schedule, zone: str) -> Object | None:
    """Give open hours; the wire has room for one window."""
    if not schedule.windows:
        return None
    window = schedule.windows[0]
    return {
        "start": f"{window.start:%H:%M}",
        "end": f"{window.end:%H:%M}",
        "timezone": zone,
        "days": [Weekday(day).name for day in sorted(window.days)],
        "exceptions": [day.isoformat() for day in sorted(schedule.exceptions)],
    }


def show_person(person: Person, *, claimed: bool) -> Object:
    """Give the members that every listing of users has, but the public key.

    `claimed` says that the person has an account. `foreign` is true for our own pool, as the vendor's page
    on owners says, against what its name suggests.
    """
    return {
        "userId": person.id,
        "email": person.email or "",
        "displayName": display_name(person),
        "orphan": not claimed,
        "foreign": True,
    }


def display_name(person: Person) -> str | None:
    """Give the name, unless it is only the address by which the person was invited."""
    return None if person.name in {person.email, person.phone} else person.name


def show_found(person: Person, public_key: str, matched: Mapping[str, str]) -> Object:
    """Give a row of the directory. Readers differ in what they call a phone number."""
    row: Object = {"id": person.id, "publicKey": public_key}
    row.update(matched)
    if "telephone" in matched:
        row["phone"] = matched["telephone"]
    return row


def show_site(site: Site) -> Object:
    """Give a site. Where it lies and how it looks is not known to the core."""
    return {
        "id": site.id,
        "name": site.name,
        "logoUrl": None,
        "colour": _SITE_COLOUR,
        "longitude": 0,
        "latitude": 0,
        "radius": _SITE_RADIUS,
        "created": epoch(site.created_at),
        "updated": epoch(site.updated_at),
    }
