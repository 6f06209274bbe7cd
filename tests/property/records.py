"""From plain rows to the records that the rule reads, as a store would gather them."""

from datetime import UTC, datetime, time
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from rekey.domain.access import DoorRecord, HolderRecord, Presented
from rekey.domain.block import Block, BlockCause, Subject, SubjectKind
from rekey.domain.credential import Credential, CredentialKind, CredentialState
from rekey.domain.grant import Grant, Holder, HolderKind
from rekey.domain.ids import (
    BlockId,
    CredentialId,
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
from rekey.domain.scope import Scope, ScopeKind
from rekey.domain.validity import Validity
from tests.property.rows import (
    BlockRow,
    EnrolmentRow,
    GrantRow,
    MembershipRow,
    Question,
    RevocationRow,
    ScheduleRow,
    WindowRow,
    World,
)

BIRTH = datetime(2026, 1, 1, tzinfo=UTC)
DOOR_SUBJECTS = {"organization", "site", "door"}
ONE = Number(1)


class Records:
    """The records of one world, each gathered once."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.zone = None if world.spelled_in == "UTC" else ZoneInfo(world.spelled_in)
        self._holders: dict[str, HolderRecord | None] = {}
        self._doors: dict[str, DoorRecord | None] = {}

    def spelled(self, instant: datetime) -> datetime:
        return instant if self.zone is None else instant.astimezone(self.zone)

    def holder(self, person: str) -> HolderRecord | None:
        if person not in self._holders:
            self._holders[person] = self._gather_holder(person) if person in self.world.people else None
        return self._holders[person]

    def door(self, door: str) -> DoorRecord | None:
        if door not in self._doors:
            self._doors[door] = self._gather_door(door) if door in self.world.doors else None
        return self._doors[door]

    def presented(self, question: Question) -> Presented | None:
        if not question.credential:
            return None
        row = self.world.credentials.get(question.credential)
        if row is None:
            return Presented(None)
        return Presented(
            Credential(
                id=CredentialId(question.credential),
                number=ONE,
                person_id=PersonId(row.person),
                kind=CredentialKind.CARD,
                fingerprint=question.credential,
                state=CredentialState(row.state),
                validity=self._validity(row.start, row.end),
                created_at=BIRTH,
            )
        )

    def _gather_holder(self, person: str) -> HolderRecord:
        world = self.world
        teams = {row.team for row in world.memberships if row.person == person}
        held = {("person", person)} | {("team", team) for team in teams}
        enrolments = [row for row in world.enrolments if row.person == person]
        stood_on = held | {("enrolment", row.id) for row in enrolments}
        stood_on |= {("credential", name) for name, row in world.credentials.items() if row.person == person}
        return HolderRecord(
            organization_id=OrganizationId(world.people[person]),
            holder=Holder.person(person),
            grants=tuple(self._grant(row) for row in world.grants if row.holder in held),
            memberships=tuple(_membership(row) for row in world.memberships if row.person == person),
            enrolments=tuple(self._enrolment(row) for row in enrolments),
            revocations=tuple(_revocation(row) for row in world.revocations if row.person == person),
            blocks=tuple(self._block(row) for row in world.blocks if row.subject in stood_on),
        )

    def _gather_door(self, door: str) -> DoorRecord:
        row = self.world.doors[door]
        stood_on = {("organization", row.organization), ("site", row.site), ("door", door)}
        return DoorRecord(
            organization_id=OrganizationId(row.organization),
            door_id=DoorId(door),
            name=door,
            site_id=SiteId(row.site),
            zone=ZoneInfo(self.world.sites[row.site]),
            driver="simulated",
            group_ids=frozenset(group for group, member in self.world.group_doors if member == door),
            blocks=tuple(self._block(block) for block in self.world.blocks if block.subject in stood_on),
        )

    def _validity(self, start: datetime | None, end: datetime | None) -> Validity:
        return Validity(start and self.spelled(start), end and self.spelled(end))

    def _grant(self, row: GrantRow) -> Grant:
        return Grant(
            id=GrantId(row.id),
            number=ONE,
            holder=Holder(HolderKind(row.holder[0]), row.holder[1]),
            scope=_scope(row.scope),
            role=Role(row.role),
            validity=self._validity(row.start, row.end),
            schedule=None if row.schedule is None else schedule_of(row.schedule),
            named_at=Position(row.position),
            by_automation=row.automation,
            created_at=BIRTH,
            updated_at=BIRTH,
        )

    def _enrolment(self, row: EnrolmentRow) -> Enrolment:
        return Enrolment(
            id=EnrolmentId(row.id),
            number=ONE,
            person_id=PersonId(row.person),
            site_id=SiteId(row.site),
            validity=self._validity(row.start, row.end),
            created_at=BIRTH,
            updated_at=BIRTH,
        )

    def _block(self, row: BlockRow) -> Block:
        return Block(
            id=BlockId(row.id),
            subject=Subject(SubjectKind(row.subject[0]), row.subject[1]),
            cause=BlockCause(row.cause),
            until=row.until and self.spelled(row.until),
            placed_at=Position(row.position),
            created_at=BIRTH,
        )


def _membership(row: MembershipRow) -> Membership:
    return Membership(
        id=row.team + row.person,
        number=ONE,
        team_id=TeamId(row.team),
        person_id=PersonId(row.person),
        named_at=Position(row.position),
        by_automation=row.automation,
        created_at=BIRTH,
    )


def _revocation(row: RevocationRow) -> Revocation:
    return Revocation(
        id=RevocationId(row.id),
        person_id=PersonId(row.person),
        scope=_scope(row.scope),
        position=Position(row.position),
        by_automation=row.automation,
        at=BIRTH,
    )


@cache
def _scope(scope: tuple[str, str]) -> Scope:
    return Scope(ScopeKind(scope[0]), scope[1])


@lru_cache(maxsize=10_000)
def schedule_of(row: ScheduleRow) -> Schedule:
    """Build the schedule that the row describes."""
    windows = tuple(_window(window) for window in row.windows)
    return Schedule(id=ScheduleId("h"), name="hours", windows=windows, exceptions=frozenset(row.exceptions))


@lru_cache(maxsize=10_000)
def _window(row: WindowRow) -> WeeklyWindow:
    days = frozenset(Weekday(day) for day in row.days)
    return WeeklyWindow(days, time(*divmod(row.start, 60)), time(*divmod(row.end, 60)))
