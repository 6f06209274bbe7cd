"""The statements of decisions. Each is a look-up by an index on both engines; docs/schema.md has the plans.

Each exists twice, for what stands and for what stood after a past act; one class makes both, so that
they cannot drift apart.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeAlias

import sqlalchemy as sa

from rekey.domain.block import SubjectKind
from rekey.domain.calendar import Consequence
from rekey.domain.grant import HolderKind
from rekey.storage.conditions import AS_OF, as_of, current, equals, in_organization
from rekey.storage.engine.clauses import one_of
from rekey.storage.engine.statement import Statement
from rekey.storage.repositories.grants import SCHEDULE_PARTS
from rekey.storage.tables import (
    blocks,
    calendar_rules,
    credentials,
    door_group_doors,
    door_groups,
    doors,
    enrolments,
    grants,
    journal,
    links,
    memberships,
    people,
    revocations,
    schedules,
    sites,
)

Stands: TypeAlias = Callable[[sa.FromClause], "sa.ColumnElement[bool]"]
Query: TypeAlias = "sa.Select[Any]"
Column: TypeAlias = "sa.Column[Any]"

POSITION_AT = Statement(
    sa.select(journal.c.position)
    .where(in_organization(journal), journal.c.at <= sa.bindparam("at", type_=sa.BigInteger, required=True))
    .order_by(journal.c.at.desc(), journal.c.position.desc())
    .limit(1)
)


class AccessStatements:
    """All of them, for rows that stand by the given condition."""

    def __init__(self, stands: Stands) -> None:
        self._stands = stands
        self.person = Statement(self._person())
        self.grants = Statement(sa.union_all(self._held_by(HolderKind.PERSON), self._team_grants()))
        self.enrolments = Statement(self._of_person(enrolments).order_by(enrolments.c.number))
        self.holder_blocks = Statement(self._holder_blocks())
        self.link = Statement(self._standing(links).where(equals(links.c.id, "person")))
        self.link_grants = Statement(self._held_by(HolderKind.LINK))
        self.link_blocks = Statement(self._link_blocks())
        self.links_near = Statement(self._links_near())
        self.door = Statement(self._door())
        self.groups = Statement(self._groups())
        self.calendar = Statement(self._calendar())
        self.door_blocks = Statement(self._door_blocks())
        self.people_near = Statement(self._people_near())
        self.doors_near = Statement(self._doors_near())
        self.all_doors = Statement(self._standing(doors, doors.c.id).order_by(doors.c.number))

    def _standing(self, table: sa.Table, *columns: Any) -> Query:
        return sa.select(*(columns or (table,))).where(in_organization(table), self._stands(table))

    def _of_person(self, table: sa.Table, *columns: Any) -> Query:
        return self._standing(table, *columns).where(equals(table.c.person_id, "person"))

    def _same(self, table: sa.Table, *pairs: "tuple[Column, Column]") -> "sa.ColumnElement[bool]":
        """Join a table to one that is there already, within the organization."""
        _, there = pairs[0]
        whose = table.c.organization_id == there.table.c.organization_id
        return sa.and_(whose, self._stands(table), *(ours == theirs for ours, theirs in pairs))

    def _person(self) -> Query:
        """The memberships; one row of nulls for a person in no team, no row for no such person."""
        joined = people.outerjoin(
            memberships, self._same(memberships, (memberships.c.person_id, people.c.id))
        )
        found = self._standing(people, memberships).select_from(joined)
        return found.where(equals(people.c.id, "person")).order_by(memberships.c.number)

    def _held_by(self, kind: HolderKind) -> Query:
        """The grants that the holder, who goes by the parameter `person` whatever the kind, holds alone."""
        grants_found = self._with_schedule(self._standing(grants, grants, *SCHEDULE_PARTS), grants)
        return grants_found.where(grants.c.holder_kind == _word(kind), equals(grants.c.holder_id, "person"))

    def _team_grants(self) -> Query:
        held = self._same(grants, (grants.c.holder_id, memberships.c.team_id))
        joined = memberships.join(grants, held)
        grants_found = self._with_schedule(self._of_person(memberships, grants, *SCHEDULE_PARTS), joined)
        return grants_found.where(grants.c.holder_kind == _word(HolderKind.TEAM))

    def _with_schedule(self, query: Query, source: sa.FromClause) -> Query:
        on = self._same(schedules, (schedules.c.id, grants.c.schedule_id))
        return query.select_from(source.outerjoin(schedules, on))

    def _holder_blocks(self) -> sa.CompoundSelect[Any]:
        of_person = self._standing(blocks).where(
            blocks.c.subject_kind == _word(SubjectKind.PERSON), equals(blocks.c.subject_id, "person")
        )
        return sa.union_all(
            of_person,
            self._blocks_on(SubjectKind.ENROLMENT, self._of_person(enrolments, blocks), enrolments.c.id),
            self._blocks_on(SubjectKind.TEAM, self._of_person(memberships, blocks), memberships.c.team_id),
            self._blocks_on(SubjectKind.CREDENTIAL, _credentials_of_person(), credentials.c.id),
        )

    def _link_blocks(self) -> sa.CompoundSelect[Any]:
        on_link = self._standing(blocks).where(
            blocks.c.subject_kind == _word(SubjectKind.LINK), equals(blocks.c.subject_id, "person")
        )
        return sa.union_all(
            on_link, self._blocks_on(SubjectKind.CREDENTIAL, _credentials_of_person(), credentials.c.id)
        )

    def _links_near(self) -> Query:
        themselves = grants.join(links, self._same(links, (links.c.id, grants.c.holder_id)))
        reached = self._standing(grants, links.c.id, links.c.number.label("number")).select_from(themselves)
        held = grants.c.holder_kind == _word(HolderKind.LINK)
        return reached.where(one_of(grants.c.scope_id, "scopes"), held).distinct().order_by("number")

    def _blocks_on(self, kind: SubjectKind, query: Query, subject: "Column") -> Query:
        joined = subject.table.join(blocks, self._same(blocks, (blocks.c.subject_id, subject)))
        return query.select_from(joined).where(blocks.c.subject_kind == _word(kind))

    def _door(self) -> Query:
        joined = doors.join(sites, self._same(sites, (sites.c.id, doors.c.site_id)))
        whereabouts = sites.c.location.label("site_location")
        found = self._standing(doors, doors, sites.c.time_zone, whereabouts).select_from(joined)
        return found.where(equals(doors.c.id, "door"))

    def _groups(self) -> Query:
        places = door_group_doors
        joined = places.join(door_groups, self._same(door_groups, (door_groups.c.id, places.c.door_group_id)))
        found = self._standing(places, places.c.door_group_id, door_groups.c.conditions).select_from(joined)
        return found.where(equals(places.c.door_id, "door"))

    def _calendar(self) -> Query:
        """The rules that allow hours of these doors and groups."""
        rules = self._standing(calendar_rules).where(one_of(calendar_rules.c.subject_id, "subjects"))
        allowing = rules.where(calendar_rules.c.consequence == _word(Consequence.ALLOW))
        return allowing.order_by(calendar_rules.c.number)

    def _door_blocks(self) -> Query:
        # The ids lead to the index, the kinds make it exact.
        subjects = (
            (SubjectKind.DOOR, "door"),
            (SubjectKind.SITE, "site"),
            (SubjectKind.ORGANIZATION, "organization"),
        )
        named = [sa.bindparam(name, type_=sa.Text, required=True) for _, name in subjects]
        exact = (
            sa.and_(blocks.c.subject_kind == _word(kind), equals(blocks.c.subject_id, name))
            for kind, name in subjects
        )
        return self._standing(blocks).where(blocks.c.subject_id.in_(named), sa.or_(*exact))

    def _people_near(self) -> sa.CompoundSelect[Any]:
        reached = one_of(grants.c.scope_id, "scopes")
        known = (people.c.id, people.c.number.label("number"))
        themselves = grants.join(people, self._same(people, (people.c.id, grants.c.holder_id)))
        in_team = self._same(memberships, (memberships.c.team_id, grants.c.holder_id))
        members = grants.join(memberships, in_team).join(
            people, self._same(people, (people.c.id, memberships.c.person_id))
        )
        own = self._standing(grants, *known).select_from(themselves).where(reached)
        through_team = self._standing(grants, *known).select_from(members).where(reached)
        return sa.union(
            own.where(grants.c.holder_kind == _word(HolderKind.PERSON)),
            through_team.where(grants.c.holder_kind == _word(HolderKind.TEAM)),
        ).order_by("number")

    def _doors_near(self) -> sa.CompoundSelect[Any]:
        known, places = (doors.c.id, doors.c.number.label("number")), door_group_doors
        grouped = places.join(doors, self._same(doors, (doors.c.id, places.c.door_id)))
        return sa.union(
            self._standing(doors, *known).where(one_of(doors.c.id, "doors")),
            self._standing(places, *known)
            .select_from(grouped)
            .where(one_of(places.c.door_group_id, "groups")),
            self._standing(doors, *known).where(one_of(doors.c.site_id, "sites")),
        ).order_by("number")


def _word(kind: StrEnum) -> "sa.ColumnElement[str]":
    """Write a word of ours into the statement itself: one parameter less to bind each time."""
    return sa.literal_column(f"'{kind.value}'", sa.Text)


def _credentials_of_person() -> Query:
    return sa.select(blocks).where(in_organization(credentials), equals(credentials.c.person_id, "person"))


_revocations = sa.select(revocations).where(
    in_organization(revocations), equals(revocations.c.person_id, "person")
)
REVOCATIONS = Statement(_revocations.order_by(revocations.c.position))
REVOCATIONS_THEN = Statement(
    _revocations.where(revocations.c.position <= AS_OF).order_by(revocations.c.position)
)
NOW = AccessStatements(current)
THEN = AccessStatements(as_of)
