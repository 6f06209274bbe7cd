"""The records that decisions are made from."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from rekey.domain.access import DoorRecord, HolderRecord
from rekey.domain.bundle import bundle_of, mark_of_bundle
from rekey.domain.conditions import NO_GROUP_CONDITIONS, GroupConditions
from rekey.domain.estate import DoorMode, zone_named
from rekey.domain.grant import Grant, Holder
from rekey.domain.ids import Position
from rekey.domain.scope import ScopeKind
from rekey.storage.access_statements import NOW, POSITION_AT, REVOCATIONS, REVOCATIONS_THEN, THEN
from rekey.storage.asked import read_group_conditions, read_location, read_settings
from rekey.storage.engine.row import Row
from rekey.storage.repositories.blocks import read_block
from rekey.storage.repositories.bundles import TAKEOVERS, TAKEOVERS_THEN
from rekey.storage.repositories.calendar import read_rule
from rekey.storage.repositories.enrolments import read_enrolment
from rekey.storage.repositories.grants import read_grant
from rekey.storage.repositories.links import read_link
from rekey.storage.repositories.revocations import read_revocation
from rekey.storage.repositories.teams import read_membership
from rekey.storage.session import Session
from rekey.storage.times import micros

_number = attrgetter("number")


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo:
    """Keep the zones: the library itself keeps only a few of those that nothing refers to."""
    return zone_named(name)


class SqlAccess:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def holder(self, person_id: str, as_of: Position | None = None) -> HolderRecord | None:
        """Give the record, or None for a person who is not there (at that position)."""
        fetch, statements = self._session.fetch, NOW if as_of is None else THEN
        asked: dict[str, Any] = {"person": person_id} | _at(as_of)
        found = await fetch(statements.person, **asked)
        if not found:
            return None
        grants = await fetch(statements.grants, **asked)
        enrolments = await fetch(statements.enrolments, **asked)
        revocations = await fetch(REVOCATIONS if as_of is None else REVOCATIONS_THEN, **asked)
        blocks = await fetch(statements.holder_blocks, **asked)
        held = tuple(sorted(map(read_grant, grants), key=_number))
        return HolderRecord(
            organization_id=self._session.organization_id,
            holder=Holder.person(person_id),
            grants=held,
            memberships=tuple(read_membership(row) for row in found if row.id is not None),
            enrolments=tuple(map(read_enrolment, enrolments)),
            revocations=tuple(map(read_revocation, revocations)),
            blocks=tuple(map(read_block, blocks)),
            lost=await self._lost(held, as_of),
        )

    async def _lost(self, grants: Iterable[Grant], as_of: Position | None) -> frozenset[tuple[str, str]]:
        """Ask what later stays took over only for who holds anything that was given with a bundle."""
        bundles = sorted({id_ for grant in grants if (id_ := bundle_of(grant.origin)) is not None})
        if not bundles:
            return frozenset()
        statement = TAKEOVERS if as_of is None else TAKEOVERS_THEN
        rows = await self._session.fetch(statement, bundles=bundles, **_at(as_of))
        return frozenset((mark_of_bundle(row.bundle_id), row.door_id) for row in rows)

    async def link(self, link_id: str, as_of: Position | None = None) -> HolderRecord | None:
        """Give the record, or None for a link that is not there (at that position), or whose person is not."""
        fetch, statements = self._session.fetch, NOW if as_of is None else THEN
        asked: dict[str, Any] = {"person": link_id} | _at(as_of)
        row = await self._session.fetch_one(statements.link, **asked)
        if row is None:
            return None
        link = read_link(row)
        person = None if link.for_person_id is None else await self.holder(link.for_person_id, as_of)
        if link.for_person_id is not None and person is None:
            return None
        grants = await fetch(statements.link_grants, **asked)
        revocations = await fetch(REVOCATIONS if as_of is None else REVOCATIONS_THEN, **asked)
        blocks = await fetch(statements.link_blocks, **asked)
        return HolderRecord(
            organization_id=self._session.organization_id,
            holder=link.holder,
            grants=tuple(sorted(map(read_grant, grants), key=_number)),
            enrolments=() if person is None else person.enrolments,
            revocations=(*map(read_revocation, revocations), *(() if person is None else person.revocations)),
            blocks=(*map(read_block, blocks), *(() if person is None else person.blocks)),
            link=link,
        )

    async def door(self, door_id: str, as_of: Position | None = None) -> DoorRecord | None:
        """Give the record, or None for a door that is not there (at that position), or whose site is not."""
        session, statements = self._session, NOW if as_of is None else THEN
        asked: dict[str, Any] = {"door": door_id} | _at(as_of)
        row = await session.fetch_one(statements.door, **asked)
        if row is None:
            return None
        groups = await session.fetch(statements.groups, **asked)
        blocks = await session.fetch(statements.door_blocks, site=row.site_id, **asked)
        conditions = {group.door_group_id: read_group_conditions(group.conditions) for group in groups}
        record = self._door_record(row, conditions, blocks)
        subjects = _with_hours(record)
        if not subjects:
            return record
        rules = await session.fetch(statements.calendar, subjects=subjects, **_at(as_of))
        return replace(record, calendar=tuple(map(read_rule, rules)))

    async def people_near(self, door: DoorRecord, as_of: Position | None = None) -> tuple[str, ...]:
        scopes = [door.door_id, door.site_id, door.organization_id, *door.group_ids]
        statements = NOW if as_of is None else THEN
        rows = await self._session.fetch(statements.people_near, scopes=scopes, **_at(as_of))
        return tuple(row.id for row in rows)

    async def links_near(self, door: DoorRecord, as_of: Position | None = None) -> tuple[str, ...]:
        scopes = [door.door_id, door.site_id, door.organization_id, *door.group_ids]
        statements = NOW if as_of is None else THEN
        rows = await self._session.fetch(statements.links_near, scopes=scopes, **_at(as_of))
        return tuple(row.id for row in rows)

    async def doors_near(self, holder: HolderRecord, as_of: Position | None = None) -> tuple[str, ...]:
        statements = NOW if as_of is None else THEN
        if any(grant.scope.kind is ScopeKind.ORGANIZATION for grant in holder.grants):
            rows = await self._session.fetch(statements.all_doors, **_at(as_of))
        else:
            scopes = {
                "doors": _scopes(holder.grants, ScopeKind.DOOR),
                "groups": _scopes(holder.grants, ScopeKind.DOOR_GROUP),
                "sites": _scopes(holder.grants, ScopeKind.SITE),
            }
            rows = await self._session.fetch(statements.doors_near, **scopes, **_at(as_of))
        return tuple(row.id for row in rows)

    async def position_at(self, instant: datetime) -> Position:
        """Give the position of the last act by the clock; where clocks stepped back, the later time counts."""
        row = await self._session.fetch_one(POSITION_AT, at=micros(instant))
        return Position(0 if row is None else row.position)

    def _door_record(
        self, row: Row, conditions: dict[str, GroupConditions], blocks: Iterable[Row]
    ) -> DoorRecord:
        return DoorRecord(
            organization_id=self._session.organization_id,
            door_id=row.id,
            name=row.name,
            site_id=row.site_id,
            zone=_zone(row.time_zone),
            driver=row.driver,
            mode=DoorMode(row.mode),
            settings=read_settings(row.settings),
            group_ids=frozenset(conditions),
            group_conditions={
                key: asked for key, asked in conditions.items() if asked != NO_GROUP_CONDITIONS
            },
            location=read_location(row.location) or read_location(row.site_location),
            blocks=tuple(map(read_block, blocks)),
        )


def _with_hours(door: DoorRecord) -> list[str]:
    """List whose calendars the decision asks: the door's, and those of its groups."""
    groups = [key for key, asked in door.group_conditions.items() if asked.allowed_hours]
    return sorted(groups) + ([door.door_id] if door.settings.conditions.allowed_hours else [])


def _at(as_of: Position | None) -> dict[str, Any]:
    return {} if as_of is None else {"as_of": as_of}


def _scopes(grants: Iterable[Grant], kind: ScopeKind) -> list[str]:
    return sorted({grant.scope.id for grant in grants if grant.scope.kind is kind})
