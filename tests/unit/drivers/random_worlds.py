"""Small random records in which grants, blocks, revocations and enrolments collide often."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from rekey.domain.access import DoorRecord, HolderRecord
from rekey.domain.block import Block, BlockCause, Subject, SubjectKind
from rekey.domain.grant import Grant, Holder
from rekey.domain.ids import (
    BlockId,
    DoorId,
    EnrolmentId,
    GrantId,
    Number,
    OrganizationId,
    PersonId,
    Position,
    RevocationId,
    ScheduleId,
    SiteId,
    TeamId,
)
from rekey.domain.people import Enrolment, Membership
from rekey.domain.revocation import Revocation
from rekey.domain.role import Role
from rekey.domain.schedule import Schedule, Weekday, WeeklyWindow
from rekey.domain.scope import Scope
from rekey.domain.validity import Validity

ZONES = [ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe")]
# Both nights of 2026 in which a clock of these zones is set, and an ordinary midnight.
NIGHTS = [
    datetime(2026, month, day, tzinfo=UTC) for month, day in ((3, 29), (10, 25), (3, 8), (4, 4), (6, 1))
]
LONG_AGO = NIGHTS[0] - timedelta(days=100)
MICROSECOND = timedelta(microseconds=1)
SCOPES = [Scope.door("door"), Scope.door_group("group"), Scope.site("site"), Scope.door("other")]


@dataclass(frozen=True)
class World:
    """One holder, one door, and the instants at which something may change."""

    holder: HolderRecord
    door: DoorRecord
    edges: tuple[datetime, ...]

    def instants(self, random: Random) -> list[datetime]:
        near = [edge + by * MICROSECOND for edge in self.edges for by in (-1, 0, 1)]
        return [*near, *(_moment(random) for _ in range(6))]


def world(seed: int) -> World:
    random = Random(seed)
    holder = HolderRecord(
        organization_id=OrganizationId("organization"),
        holder=Holder.person("person"),
        grants=tuple(_grant(random, serial) for serial in range(random.randint(0, 3))),
        memberships=tuple(_membership(random, team) for team in ("team", "crew") if random.random() < 0.7),
        enrolments=tuple(_enrolment(random, site) for site in ("site", "elsewhere") if random.random() < 0.3),
        revocations=tuple(_revocation(random) for _ in range(random.choice((0, 0, 1, 2)))),
        blocks=tuple(_block(random, _PERSONAL) for _ in range(random.choice((0, 0, 1, 2)))),
    )
    door = DoorRecord(
        organization_id=OrganizationId("organization" if random.random() < 0.98 else "stranger"),
        door_id=DoorId("door"),
        name="Door",
        site_id=SiteId("site"),
        zone=random.choice(ZONES),
        driver="simulated",
        group_ids=frozenset({"group"} if random.random() < 0.8 else ()),
        blocks=tuple(_block(random, _PLACES) for _ in range(random.choice((0, 0, 0, 1)))),
    )
    return World(holder, door, _edges(holder, door))


_PERSONAL = [
    Subject(SubjectKind.PERSON, "person"),
    Subject(SubjectKind.ENROLMENT, "enrolment-site"),
    Subject(SubjectKind.ENROLMENT, "enrolment-elsewhere"),
    Subject(SubjectKind.TEAM, "team"),
    Subject(SubjectKind.TEAM, "crew"),
    Subject(SubjectKind.CREDENTIAL, "card"),
]
_PLACES = [
    Subject(SubjectKind.DOOR, "door"),
    Subject(SubjectKind.SITE, "site"),
    Subject(SubjectKind.ORGANIZATION, "organization"),
]


def _moment(random: Random) -> datetime:
    return random.choice(NIGHTS) + timedelta(minutes=random.randrange(-12 * 60, 24 * 60))


def _validity(random: Random) -> Validity:
    start, end = sorted((_moment(random), _moment(random) + MICROSECOND))
    return Validity(
        start if random.random() < 0.5 else None,
        end + MICROSECOND if random.random() < 0.5 else None,
    )


def _schedule(random: Random) -> Schedule | None:
    if random.random() < 0.5:
        return None
    windows = tuple(
        WeeklyWindow(
            frozenset(random.sample(list(Weekday), random.randint(1, 5))),
            time(random.choice((0, 1, 2, 22)), random.choice((0, 30))),
            time(random.choice((0, 2, 3, 6)), random.choice((0, 30))),
        )
        for _ in range(random.choice((0, 1, 2)))
    )
    exceptions = frozenset({date(2026, 3, 29), date(2026, 10, 24)} if random.random() < 0.3 else ())
    return Schedule(id=ScheduleId("schedule"), name="Hours", windows=windows, exceptions=exceptions)


def _grant(random: Random, serial: int) -> Grant:
    return Grant(
        id=GrantId(f"grant-{serial}"),
        number=Number(serial),
        holder=random.choice((Holder.person("person"), Holder.team("team"), Holder.team("crew"))),
        scope=random.choice(SCOPES),
        role=random.choice((Role.BASIC, Role.BASIC, Role.MANAGER, Role.OBSERVER)),
        validity=_validity(random),
        schedule=_schedule(random),
        named_at=Position(random.randint(1, 4)),
        by_automation=random.random() < 0.3,
        created_at=LONG_AGO,
        updated_at=LONG_AGO,
    )


def _membership(random: Random, team: str) -> Membership:
    return Membership(
        id=f"membership-{team}",
        number=Number(1),
        team_id=TeamId(team),
        person_id=PersonId("person"),
        named_at=Position(random.randint(1, 4)),
        by_automation=random.random() < 0.3,
        created_at=LONG_AGO,
    )


def _enrolment(random: Random, site: str) -> Enrolment:
    return Enrolment(
        id=EnrolmentId(f"enrolment-{site}"),
        number=Number(1),
        person_id=PersonId("person"),
        site_id=SiteId(site),
        validity=_validity(random),
        created_at=LONG_AGO,
        updated_at=LONG_AGO,
    )


def _revocation(random: Random) -> Revocation:
    return Revocation(
        id=RevocationId("revocation"),
        person_id=PersonId("person"),
        scope=random.choice(SCOPES),
        position=Position(random.randint(1, 4)),
        by_automation=random.random() < 0.3,
        at=LONG_AGO,
    )


def _block(random: Random, subjects: list[Subject]) -> Block:
    return Block(
        id=BlockId("block"),
        subject=random.choice(subjects),
        cause=random.choice(list(BlockCause)),
        until=_moment(random) if random.random() < 0.7 else None,
        placed_at=Position(1),
        created_at=LONG_AGO,
    )


def _edges(holder: HolderRecord, door: DoorRecord) -> tuple[datetime, ...]:
    spans = [grant.validity for grant in holder.grants]
    spans += [enrolment.validity for enrolment in holder.enrolments]
    edges = [edge for span in spans for edge in (span.start, span.end)]
    edges += [block.until for block in (*holder.blocks, *door.blocks)]
    return tuple(edge for edge in edges if edge is not None)
