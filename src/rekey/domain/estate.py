"""The organization and what it is made of: sites, doors, door groups."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rekey.domain.circumstances import Location
from rekey.domain.conditions import NO_DOOR_CONDITIONS, NO_GROUP_CONDITIONS, DoorConditions, GroupConditions
from rekey.domain.ids import DoorGroupId, DoorId, Number, OrganizationId, SiteId


def zone_named(name: str) -> ZoneInfo:
    """Find an IANA time zone.

    Raises: ValueError that names the zone, for a name that the tz database does not have.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise ValueError(f"{name!r} is not a time zone of the IANA database") from unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRules:
    """How signing in works in an organization.

    A session ends after `idle_session_seconds` without use (from 0 to a year; 14 days by default).
    """

    idle_session_seconds: int = 1_209_600


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """The tenant; nothing crosses it."""

    id: OrganizationId
    name: str
    domain: str
    sign_in: SignInRules = field(default_factory=SignInRules)
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place with a time zone; schedules and calendars are read by its wall clock."""

    id: SiteId
    number: Number
    name: str
    time_zone: str
    address: str = ""
    location: Location | None = None
    created_at: datetime
    updated_at: datetime


class DoorMode(StrEnum):
    """What a door is told to be when nobody presents anything."""

    LOCKED = "locked"
    UNLOCKED = "unlocked"


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorSettings:
    """How a door behaves once access is granted, and what it asks of everybody before.

    After 0 `open_seconds` it locks again at once.
    """

    open_seconds: int = 5
    hidden: bool = False
    conditions: DoorConditions = NO_DOOR_CONDITIONS


class DoorKind(StrEnum):
    """What stands behind the word door; the stop of an elevator at a floor is one in every respect."""

    DOOR = "door"
    ELEVATOR_STOP = "elevator_stop"


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
    upstream_id: str | None = None
    mode: DoorMode = DoorMode.LOCKED
    settings: DoorSettings = field(default_factory=DoorSettings)
    kind: DoorKind = DoorKind.DOOR
    location: Location | None = None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorGroup:
    """A named set of doors, of one site or of the whole organization.

    `origin` is the wire API's own mark on a group that it made, `external_key` the name its maker knows it by.
    """

    id: DoorGroupId
    number: Number
    name: str
    description: str = ""
    site_id: SiteId | None = None
    origin: str = ""
    external_key: str | None = None
    customer_key: str | None = None
    conditions: GroupConditions = NO_GROUP_CONDITIONS
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
