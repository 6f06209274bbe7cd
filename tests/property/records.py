"""From plain rows to the records that the rule reads, as a store would gather them."""

from datetime import UTC, datetime, time
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from rekey.domain.access import DoorRecord, HolderRecord, Presented
from rekey.domain.block import Block, BlockCause, Subject, SubjectKind
from rekey.domain.bundle import mark_of_bundle
from rekey.domain.calendar import (
    CalendarRule,
    Consequence,
    Holiday,
    Holidays,
    SingleEvent,
    Timing,
    Weekly,
)
from rekey.domain.circumstances import Circumstances, Location, Means
from rekey.domain.conditions import DoorConditions, GroupConditions, UsageWindow
from rekey.domain.credential import Credential, CredentialKind, CredentialState
from rekey.domain.estate import DoorSettings
from rekey.domain.grant import Grant, Holder, HolderKind
from rekey.domain.ids import (
    BlockId,
    CalendarRuleId,
    CredentialId,
    DoorId,
    EnrolmentId,
    GrantId,
    LinkId,
    Number,
    OrganizationId,
    PersonId,
    Position,
    RevocationId,
    ScheduleId,
    SiteId,
    TeamId,
)
from rekey.domain.link import Link
from rekey.domain.people import Enrolment, Membership
from rekey.domain.revocation import Revocation
from rekey.domain.role import Role
from rekey.domain.schedule import Schedule, Weekday, WeeklyWindow
from rekey.domain.scope import Scope, ScopeKind
from rekey.domain.validity import Validity
from tests.property.rows import (
    AsksRow,
    BlockRow,
    EnrolmentRow,
    GivenRow,
    GrantRow,
    MembershipRow,
    Question,
    RevocationRow,
    RuleRow,
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
            self._holders[person] = self._gather(person)
        return self._holders[person]

    def _gather(self, asker: str) -> HolderRecord | None:
        if asker in self.world.links:
            return self._gather_link(asker)
        return self._gather_holder(asker) if asker in self.world.people else None

    def door(self, door: str) -> DoorRecord | None:
        if door not in self._doors:
            self._doors[door] = self._gather_door(door) if door in self.world.doors else None
        return self._doors[door]

    def presented(self, question: Question) -> Presented | None:
        if not question.credential:
            return None
        return Presented(self.credential(question.credential), question.second)

    def credential(self, name: str) -> Credential | None:
        row = self.world.credentials.get(name)
        if row is None:
            return None
        return Credential(
            id=CredentialId(name),
            number=ONE,
            person_id=PersonId(row.person) if row.person in self.world.people else None,
            link_id=LinkId(row.person) if row.person in self.world.links else None,
            kind=CredentialKind.CARD,
            fingerprint=name,
            sealed_part=b"known to the reader",
            second_fingerprint=row.second,
            door_ids=frozenset(row.doors),
            max_uses=row.most,
            uses=row.uses,
            state=CredentialState(row.state),
            validity=self._validity(row.start, row.end),
            created_at=BIRTH,
        )

    def _gather_link(self, name: str) -> HolderRecord | None:
        """Gather a link; what stands against the person that it was made for counts too."""
        row, blocks = self.world.links[name], self.world.blocks
        person = self.holder(row.person) if row.person else None
        if row.person and person is None:
            return None
        stood_on = {("link", name)}
        stood_on |= {
            ("credential", card) for card, one in self.world.credentials.items() if one.person == name
        }
        own = tuple(_revocation(one) for one in self.world.revocations if one.person == name)
        return HolderRecord(
            organization_id=OrganizationId(row.organization),
            holder=Holder.link(name),
            grants=tuple(self._grant(one) for one in self.world.grants if one.holder == ("link", name)),
            enrolments=() if person is None else person.enrolments,
            revocations=(*own, *(() if person is None else person.revocations)),
            blocks=(
                *(self._block(one) for one in blocks if one.subject in stood_on),
                *(() if person is None else person.blocks),
            ),
            lost=self._lost(),
            link=Link(
                id=LinkId(name),
                number=ONE,
                name=name,
                for_person_id=PersonId(row.person) if row.person else None,
                validity=self._validity(row.start, row.end),
                max_uses=row.most,
                uses=row.uses,
                created_at=BIRTH,
                updated_at=BIRTH,
            ),
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
            lost=self._lost(),
        )

    def _lost(self) -> frozenset[tuple[str, str]]:
        return frozenset((mark_of_bundle(grant), door) for grant, door in self.world.lost)

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
            group_ids=(groups := frozenset(g for g, member in self.world.group_doors if member == door)),
            settings=DoorSettings(conditions=self._door_conditions(door)),
            group_conditions={
                group: _group_conditions(asks)
                for (kind, group), asks in self.world.asks.items()
                if kind == "door_group" and group in groups
            },
            calendar=tuple(_rule(rule) for rule in self.world.rules if rule.subject[1] in {door, *groups}),
            location=_point(self.world.points.get(door)),
            blocks=tuple(self._block(block) for block in self.world.blocks if block.subject in stood_on),
        )

    def given(self, row: GivenRow) -> Circumstances:
        return Circumstances(
            means=Means(row.means),
            address=row.address or None,
            location=_point(row.at),
            at_reader=row.at_reader,
            primary_login=row.primary,
            managed_login=row.managed,
        )

    def _door_conditions(self, door: str) -> DoorConditions:
        asks = self.world.asks.get(("door", door))
        if asks is None:
            return DoorConditions()
        return DoorConditions(
            permitted_addresses=asks.addresses,
            usage_windows=tuple(UsageWindow(_window(row), zone) for row, zone in asks.windows),
            geofence_radius=asks.radius,
            proximity=asks.proximity,
            allowed_hours=asks.hours,
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
            origin=mark_of_bundle(row.id),
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


def _point(thousandths: int | None) -> Location | None:
    return None if thousandths is None else Location(0, thousandths / 1000)


def _group_conditions(asks: AsksRow) -> GroupConditions:
    return GroupConditions(
        app_allowed=asks.app,
        tap_only=asks.tap,
        primary_login=asks.primary,
        managed_login=asks.managed,
        geofence_radius=asks.radius,
        proximity=asks.proximity,
        allowed_hours=asks.hours,
    )


@lru_cache(maxsize=10_000)
def _rule(row: RuleRow) -> CalendarRule:
    return CalendarRule(
        id=CalendarRuleId("rule"),
        number=ONE,
        subject=_scope(row.subject),
        consequence=Consequence.ALLOW,
        timing=_timing(row),
        enabled=row.enabled,
        override=row.override,
        created_at=BIRTH,
        updated_at=BIRTH,
    )


def _timing(row: RuleRow) -> Timing:
    if row.span is not None:
        return SingleEvent(*row.span)
    if row.window is None:
        days = tuple(Holiday(day, "a day off") for day in row.days)
        return Holidays(region="XX", observed=False, days=days, through=2026)
    return Weekly(
        window=_window(row.window), time_zone=row.zone or None, exceptions=frozenset(row.exceptions)
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
