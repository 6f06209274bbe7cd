"""The organization and what it is made of: sites, doors, door groups."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rekey.domain.ids import DoorGroupId, DoorId, Number, OrganizationId, ScheduleId, SiteId


def zone_named(name: str) -> ZoneInfo:
    """Find an IANA time zone.

    Raises: ValueError that names the zone, for a name that the tz database does not have.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise ValueError(f"{name!r} is not a time zone of the IANA database") from unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """The tenant; nothing crosses it."""

    id: OrganizationId
    name: str
    domain: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place with a time zone; schedules and open hours are read by its wall clock."""

    id: SiteId
    number: Number
    name: str
    time_zone: str
    address: str = ""
    created_at: datetime
    updated_at: datetime


class DoorMode(StrEnum):
    """What a door is told to be when nobody presents anything."""

    LOCKED = "locked"
    UNLOCKED = "unlocked"


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorSettings:
    """How a door behaves once access is granted."""

    open_seconds: int = 5
    open_hours_schedule_id: ScheduleId | None = None
    hidden: bool = False
    permitted_addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """The physical barrier, and the configured name of the driver that moves it."""

    id: DoorId
    number: Number
    site_id: SiteId
    name: str
    description: str = ""
    driver: str
    driver_settings: tuple[tuple[str, str], ...] = ()
    mode: DoorMode = DoorMode.LOCKED
    settings: DoorSettings = field(default_factory=DoorSettings)
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorGroup:
    """A named set of doors, of one site or of the whole organization."""

    id: DoorGroupId
    number: Number
    name: str
    description: str = ""
    site_id: SiteId | None = None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorGroupDoor:
    """A door's place in a door group; it names no person, so it brings nobody back."""

    id: str
    number: Number
    door_group_id: DoorGroupId
    door_id: DoorId
    created_at: datetime
