"""Plain rows, as one would read them from tables: the language that both evaluators of the rule share.

Ids are short text, kinds and states are the words that a table would hold, times are in UTC, minutes
count from midnight. Nothing of `rekey` is imported here.
"""

from datetime import date, datetime
from typing import NamedTuple


class DoorRow(NamedTuple):
    site: str
    organization: str


class MembershipRow(NamedTuple):
    team: str
    person: str
    position: int
    automation: bool


class WindowRow(NamedTuple):
    days: tuple[int, ...]
    start: int
    end: int


class ScheduleRow(NamedTuple):
    windows: tuple[WindowRow, ...]
    exceptions: tuple[date, ...]


class GrantRow(NamedTuple):
    id: str
    holder: tuple[str, str]
    scope: tuple[str, str]
    role: str
    start: datetime | None
    end: datetime | None
    schedule: ScheduleRow | None
    position: int
    automation: bool


class RevocationRow(NamedTuple):
    id: str
    person: str
    scope: tuple[str, str]
    position: int
    automation: bool


class BlockRow(NamedTuple):
    id: str
    subject: tuple[str, str]
    cause: str
    until: datetime | None
    position: int


class EnrolmentRow(NamedTuple):
    id: str
    person: str
    site: str
    start: datetime | None
    end: datetime | None


class CredentialRow(NamedTuple):
    """`person` is the holder, a person or a link, or empty; no `doors` means all; `second` is a PIN beside it."""

    person: str
    state: str
    start: datetime | None
    end: datetime | None
    doors: tuple[str, ...] = ()
    most: int | None = None
    uses: int = 0
    second: str = ""


class LinkRow(NamedTuple):
    """`person` is whom the link was made for, or empty; `most` limits the uses."""

    organization: str
    person: str
    start: datetime | None
    end: datetime | None
    most: int | None
    uses: int


class AsksRow(NamedTuple):
    """What a door or a door group asks; a group asks for no address and no window."""

    app: bool = True
    tap: bool = False
    primary: bool = False
    managed: bool = False
    radius: int | None = None
    proximity: bool = False
    hours: bool = False
    addresses: tuple[str, ...] = ()
    windows: tuple[tuple[WindowRow, str], ...] = ()


class RuleRow(NamedTuple):
    """A rule that allows hours: a weekly window, a span of instants, or whole days."""

    subject: tuple[str, str]
    window: WindowRow | None
    zone: str
    exceptions: tuple[date, ...]
    span: tuple[datetime, datetime] | None
    days: tuple[date, ...]
    enabled: bool
    override: bool


class GivenRow(NamedTuple):
    """How one asks; `at` is a point on the equator in thousandths of a degree, None if it is not known."""

    means: str = "app"
    address: str = ""
    at: int | None = None
    at_reader: bool = False
    primary: bool = False
    managed: bool = False


class World(NamedTuple):
    """Two organizations' tables.

    `spelled_in` is the zone in which times are handed to the rule; `around` is what the times lie near.
    `lost` holds grants that were given for a stay, with a door that a later stay took over.
    """

    spelled_in: str
    around: datetime
    sites: dict[str, str]
    doors: dict[str, DoorRow]
    group_doors: tuple[tuple[str, str], ...]
    people: dict[str, str]
    credentials: dict[str, CredentialRow]
    memberships: tuple[MembershipRow, ...]
    grants: tuple[GrantRow, ...]
    revocations: tuple[RevocationRow, ...]
    blocks: tuple[BlockRow, ...]
    enrolments: tuple[EnrolmentRow, ...]
    asks: dict[tuple[str, str], AsksRow]
    rules: tuple[RuleRow, ...]
    points: dict[str, int]
    links: dict[str, LinkRow]
    lost: tuple[tuple[str, str], ...]


class Question(NamedTuple):
    """May this person, or this link, open this door then? An empty `credential` says that none was presented."""

    person: str
    door: str
    instant: datetime
    credential: str
    given: GivenRow = GivenRow()
    second: str = ""
