"""What comes in. Unknown members are refused, so that a misspelt restriction is never silently dropped."""

from datetime import date, datetime
from typing import Literal, TypeAlias

from msgspec import UNSET, Struct, UnsetType, field


class Body(Struct, forbid_unknown_fields=True):
    """Base of every request body."""


class NoBody(Body, kw_only=True):
    """A request without members."""


class NewOrganization(Body, kw_only=True):
    name: str
    domain: str
    owner_email: str
    owner_name: str = "Owner"
    site: str = "Main site"
    time_zone: str = "UTC"


class NewSite(Body, kw_only=True):
    name: str
    time_zone: str
    address: str = ""


class SiteEdit(Body, kw_only=True):
    name: str | None = None
    time_zone: str | None = None
    address: str | None = None


class SiteMapEdit(Body, kw_only=True):
    """Degrees, metres, #RRGGBB; a member that is absent stays, null clears."""

    latitude: float | UnsetType | None = UNSET
    longitude: float | UnsetType | None = UNSET
    radius: int | UnsetType | None = UNSET
    colour: str | UnsetType | None = UNSET
    logo_url: str | UnsetType | None = UNSET


class ApplicationEdit(Body, kw_only=True):
    name: str | None = None
    suspended: bool | None = None
    return_urls: list[str] | None = None


class ApplicationToAdd(Body, kw_only=True):
    """`owner` is a person; `return_urls` are where people are sent back to once they have agreed."""

    name: str
    owner: str
    return_urls: list[str]


class NewDoor(Body, kw_only=True):
    """`site` is an id or a number."""

    name: str
    site: str | int
    driver: str
    driver_settings: dict[str, str] = {}
    description: str = ""
    open_seconds: int = 5


class DoorEdit(Body, kw_only=True):
    name: str | None = None
    description: str | None = None
    open_seconds: int | None = None


class OpenRequest(Body, kw_only=True):
    """Whose access is used; without a person the operator's own permission."""

    person: str | int | None = None


class ModeRequest(Body, kw_only=True):
    mode: Literal["locked", "unlocked"]


class Reasoned(Body, kw_only=True):
    reason: str = ""


class PeopleRemoval(Body, kw_only=True):
    people: list[str]
    reason: str = ""


class NewDoorGroup(Body, kw_only=True):
    name: str
    description: str = ""
    site: str | int | None = None


class DoorGroupEdit(Body, kw_only=True):
    name: str | None = None
    description: str | None = None


class NewPerson(Body, kw_only=True):
    name: str = ""
    email: str | None = None
    phone: str | None = None
    external_key: str | None = None
    notes: str = ""


class PersonEdit(Body, kw_only=True):
    """A member that is absent stays, null clears."""

    name: str | UnsetType = UNSET
    email: str | UnsetType | None = UNSET
    phone: str | UnsetType | None = UNSET
    external_key: str | UnsetType | None = UNSET
    notes: str | UnsetType = UNSET


class BlockRequest(Body, kw_only=True):
    until: datetime | None = None
    reason: str = ""


class RevokeRequest(Body, kw_only=True):
    """Exactly one of door, site, everywhere. `plan` shows what would happen and keeps nothing."""

    door: str | int | None = None
    site: str | int | None = None
    everywhere: bool = False
    plan: bool = False
    cascade: bool = False
    reason: str = ""


class NewTeam(Body, kw_only=True):
    name: str


Day: TypeAlias = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class Window(Body, kw_only=True):
    """Times are hh:mm; an end at or before the start lies on the next day."""

    days: list[Day]
    start: str
    end: str


class GrantSchedule(Body, kw_only=True):
    """By the wall clock of the door's site; a window that begins on an excepted date does not count."""

    windows: list[Window]
    exceptions: list[date] = []
    name: str = ""


class NewGrant(Body, kw_only=True):
    """Exactly one holder (person, team) and one scope (door, door_group, site, organization true)."""

    person: str | int | None = None
    team: str | int | None = None
    door: str | int | None = None
    door_group: str | int | None = None
    site: str | int | None = None
    organization: bool = False
    role: str = "basic"
    start: datetime | None = None
    end: datetime | None = None
    schedule: GrantSchedule | None = None


class NewGrants(Body, kw_only=True):
    grants: list[NewGrant]


class GrantEdit(Body, kw_only=True):
    role: str | UnsetType = UNSET
    start: datetime | UnsetType | None = UNSET
    end: datetime | UnsetType | None = UNSET
    schedule: GrantSchedule | UnsetType | None = UNSET


class NewKey(Body, kw_only=True):
    """`permissions` absent gives the key all that its operator may do.

    `for` names the wire API that takes the key; without `person` it is the caller's own operator's.
    """

    name: str
    permissions: list[str] | None = None
    expires_at: datetime | None = None
    target: str = field(default="native", name="for")
    person: str | None = None


class DirectoryEdit(Body, kw_only=True):
    """A member that is absent stays."""

    enabled: bool | None = None
    ends_sign_ins: bool | None = None
    silent_after_hours: int | None = None
    leaver_limit: int | None = None
    leaver_minutes: int | None = None
    links_door_groups: bool | None = None


class PresentRequest(Body, kw_only=True):
    person: str | int


class NewSubscription(Body, kw_only=True):
    """`events` are actions of the journal; none means every action."""

    url: str
    name: str
    events: list[str] = []
    site: str | int | None = None


class SubscriptionEdit(Body, kw_only=True):
    """Absent leaves a value as it is."""

    name: str | None = None
    enabled: bool | None = None
