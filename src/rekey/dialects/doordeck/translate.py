"""Values of the core as Doordeck's objects. Times are Unix seconds, lists are never null.

Source: Doordeck contract, sections 0 and 3.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from rekey.domain.application import ForeignAccount
from rekey.domain.calendar import CalendarRule, Weekly
from rekey.domain.conditions import UsageWindow
from rekey.domain.document import DocumentBody, DocumentValue
from rekey.domain.estate import Door, DoorMode, Site
from rekey.domain.journal import JsonValue
from rekey.domain.people import Person
from rekey.domain.schedule import Weekday
from rekey.domain.scope import Scope
from rekey.domain.validity import Validity
from rekey.operations.held_doors import HeldDoor
from rekey.ports.door_driver import Ability, DoorState

Object = dict[str, DocumentValue]

# What a driver needs for each; sharing is the server's own work. One that is not supported is left out,
# since clients take a name that is listed for one that is there.
_CAPABILITIES: Mapping[str, Ability | None] = {
    "OPEN_HOURS": Ability.SET_MODE,
    "BATCH_SHARING_25": None,
    "CONFIGURABLE_UNLOCK_DURATION": Ability.OPEN,
}
_LOCATION_RADIUS = 100
_LOCATION_ACCURACY = 200
_SITE_COLOUR = "#00283C"
_SITE_RADIUS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class LockParts:
    """All that a lock object is made of."""

    held: HeldDoor
    door: Door
    zone: str
    open_hours: CalendarRule | None
    state: DoorState
    abilities: frozenset[Ability]
    tiles: tuple[str, ...] = ()
    notes: DocumentBody = field(default_factory=dict)
    liked: DocumentBody = field(default_factory=dict)
    last_operation: datetime | None = None


def epoch(instant: datetime | None) -> int | None:
    return None if instant is None else int(instant.timestamp())


def show_role(held: HeldDoor) -> str:
    return "ADMIN" if held.administers else "USER"


def show_window(validity: Validity) -> Object:
    return {"start": epoch(validity.start), "end": epoch(validity.end)}


def show_lock(parts: LockParts) -> Object:
    """Give the complete lock object, the same in every listing and version."""
    door, held = parts.door, parts.held
    colour = parts.liked.get("colour")
    return {
        "id": door.id,
        "name": lock_name(door.name, parts.liked),
        "colour": colour if isinstance(colour, str) else None,
        "role": show_role(held),
        "favourite": is_favourite(parts.liked),
        **show_window(held.path.grant.validity),
        "lastOperation": epoch(parts.last_operation),
        "unlockTime": door.settings.open_seconds,
        "state": show_state(door, parts.state),
        "settings": _show_settings(parts),
    }


def lock_name(default: str, liked: DocumentBody) -> str:
    """Give what the caller calls the lock."""
    name = liked.get("name")
    return name if isinstance(name, str) else default


def is_favourite(liked: DocumentBody) -> bool:
    return liked.get("favourite") is True


def show_state(door: Door, state: DoorState) -> Object:
    """Give the state object of a lock; what can't be observed is what the lock was told to be."""
    locked = door.mode is DoorMode.LOCKED if state.locked is None else state.locked
    return {"connected": state.online, "locked": locked, "duration": door.settings.open_seconds}


def _show_settings(parts: LockParts) -> Object:
    settings, notes = parts.door.settings, parts.notes
    hours = None if parts.open_hours is None else show_open_hours(parts.open_hours, parts.zone)
    shown: Object = {
        "unlockTime": settings.open_seconds,
        "permittedAddresses": list(settings.conditions.permitted_addresses),
        "defaultName": parts.door.name,
        "usageRequirements": _show_requirements(_binding_hours(parts), notes),
        "unlockBetweenWindow": hours,
        "tiles": [*parts.tiles],
        "hidden": settings.hidden,
        "delay": _whole(notes.get("delay", 0)),
        "directAccessEndpoints": notes.get("direct_access_endpoints", []),
        "capabilities": _show_capabilities(parts),
    }
    for name, member in _OLD_MEMBERS.items():
        if name in notes:
            shown[member] = notes[name]
    return shown


_OLD_MEMBERS = {
    "tx_beacon_rssi": "txBeaconRssi",
    "rx_beacon_rssi": "rxBeaconRssi",
    "proximity_unlock": "proximityUnlock",
}


def _show_capabilities(parts: LockParts) -> Object:
    """Give what the driver can do, less what was noted as unsupported."""
    return {
        name: "SUPPORTED"
        for name, needed in _CAPABILITIES.items()
        if (needed is None or needed in parts.abilities)
        and parts.notes.get(f"capability:{name}") != "UNSUPPORTED"
    }


def _binding_hours(parts: LockParts) -> tuple[UsageWindow, ...]:
    """Give the hours in which a lock may be used: those set here, else those of its calendar if they are weekly."""
    asked, record = parts.door.settings.conditions, parts.held.door
    if asked.usage_windows or not asked.allowed_hours:
        return asked.usage_windows
    rules = [rule for rule in record.allowed_hours_of(Scope.door(record.door_id)) if rule.enabled]
    weekly = [rule.timing for rule in rules if isinstance(rule.timing, Weekly) and not rule.override]
    if len(weekly) != len(rules) or any(hours.exceptions for hours in weekly):
        return ()
    return tuple(UsageWindow(hours.window, hours.time_zone or parts.zone) for hours in weekly)


def _show_requirements(binding: tuple[UsageWindow, ...], notes: DocumentBody) -> Object:
    shown: Object = {"time": [_show_hours(one) for one in binding]}
    if "location:latitude" in notes and "location:longitude" in notes:
        shown["location"] = {
            "latitude": notes["location:latitude"],
            "longitude": notes["location:longitude"],
            "enabled": notes.get("location:enabled", False),
            "radius": notes.get("location:radius", _LOCATION_RADIUS),
            "accuracy": notes.get("location:accuracy", _LOCATION_ACCURACY),
        }
    return shown


def _show_hours(asked: UsageWindow) -> DocumentValue:
    window = asked.window
    return {
        "start": f"{window.start:%H:%M}",
        "end": f"{window.end:%H:%M}",
        "timezone": asked.time_zone,
        "days": [Weekday(day).name for day in sorted(window.days)],
    }


def _whole(number: DocumentValue) -> DocumentValue:
    """Give a number without a fraction as one, so that it has no point in the text."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


def show_open_hours(rule: CalendarRule, zone: str) -> Object | None:
    """Give open hours in the zone that they were written in, which is that of the site if none was named."""
    hours = rule.timing
    if not isinstance(hours, Weekly):
        return None
    window = hours.window
    return {
        "start": f"{window.start:%H:%M}",
        "end": f"{window.end:%H:%M}",
        "timezone": hours.time_zone or zone,
        "days": [Weekday(day).name for day in sorted(window.days)],
        "exceptions": [day.isoformat() for day in sorted(hours.exceptions)],
    }


def show_person(person: Person, *, claimed: bool, account: ForeignAccount | None = None) -> Object:
    """Give the members that every listing of users has, but the public key.

    `claimed` says that the person has an account, `account` that an application brought the person.
    `foreign` is true for our own pool, as the vendor's page on owners says, against what its name suggests.
    """
    email = person.email if account is None else account.email
    return {
        "userId": person.id,
        "email": email or "",
        "displayName": display_name(person, account),
        "orphan": not claimed,
        "foreign": account is None,
    }


def display_name(person: Person, account: ForeignAccount | None = None) -> str | None:
    """Give the name, unless it is only the address or key by which the person is known."""
    known_by = {person.email, person.phone}
    if account is not None:
        known_by |= {account.email, account.phone, account.subject}
    return None if person.name in known_by else person.name


def show_found(person: Person, public_key: str, matched: Mapping[str, str]) -> Object:
    """Give a row of the directory. Readers differ in what they call a phone number."""
    row: Object = {"id": person.id, "publicKey": public_key}
    row.update(matched)
    if "telephone" in matched:
        row["phone"] = matched["telephone"]
    return row


def show_site(site: Site, noted: DocumentBody) -> dict[str, JsonValue | float]:
    """Give a site with what is noted of its looks; one that was never placed on a map lies at 0, 0."""
    where = site.location
    colour, radius, logo = (noted.get(name) for name in ("colour", "radius", "logo_url"))
    return {
        "id": site.id,
        "name": site.name,
        "logoUrl": logo if isinstance(logo, str) else None,
        "colour": colour if isinstance(colour, str) else _SITE_COLOUR,
        "longitude": 0 if where is None else where.longitude,
        "latitude": 0 if where is None else where.latitude,
        "radius": radius if isinstance(radius, int) else _SITE_RADIUS,
        "created": epoch(site.created_at),
        "updated": epoch(site.updated_at),
    }
