"""Grants."""

from datetime import datetime

import sqlalchemy as sa

from rekey.domain.grant import Grant, Holder, HolderKind
from rekey.domain.role import Role
from rekey.domain.schedule import Schedule
from rekey.domain.scope import Scope, ScopeKind
from rekey.ports.listing import Listing, Part
from rekey.ports.repositories.rights import GrantFilter
from rekey.storage.conditions import current, equals, in_organization
from rekey.storage.engine.clauses import one_of
from rekey.storage.engine.row import Row
from rekey.storage.engine.statement import Statement
from rekey.storage.repositories.base import NumberedRepository
from rekey.storage.repositories.schedules import read_schedule
from rekey.storage.rows import Values
from rekey.storage.session import Session
from rekey.storage.tables import grants, people, schedules
from rekey.storage.times import instant_of, micros, micros_or_none, validity_of
from rekey.storage.versions import Versions

SCHEDULE_PARTS = (
    schedules.c.name.label("schedule_name"),
    schedules.c.windows.label("schedule_windows"),
    schedules.c.exceptions.label("schedule_exceptions"),
)
_EVERY = GrantFilter()


def read_grant(row: Row) -> Grant:
    """Read a grant with the parts of its schedule; it had not ended when it was read."""
    return Grant(
        id=row.id,
        number=row.number,
        holder=Holder(HolderKind(row.holder_kind), row.holder_id),
        scope=Scope(ScopeKind(row.scope_kind), row.scope_id),
        role=Role(row.role),
        validity=validity_of(row.valid_from, row.valid_until),
        schedule=None if row.schedule_id is None else _read_schedule(row),
        named_at=row.named_at,
        by_automation=row.by_automation,
        made_by=row.made_by,
        origin=row.origin,
        created_at=instant_of(row.created_at),
        updated_at=instant_of(row.updated_at),
    )


def _read_schedule(row: Row) -> Schedule:
    if row.schedule_name is None:
        # A grant whose hours are not known must not become one without hours.
        return read_schedule(row.schedule_id, "", "[]", "[]")
    return read_schedule(row.schedule_id, row.schedule_name, row.schedule_windows, row.schedule_exceptions)


def _write(grant: Grant) -> Values:
    return {
        "id": grant.id,
        "number": grant.number,
        "holder_kind": grant.holder.kind.value,
        "holder_id": grant.holder.id,
        "scope_kind": grant.scope.kind.value,
        "scope_id": grant.scope.id,
        "role": grant.role.value,
        "valid_from": micros_or_none(grant.validity.start),
        "valid_until": micros_or_none(grant.validity.end),
        "schedule_id": None if grant.schedule is None else grant.schedule.id,
        "named_at": grant.named_at,
        "by_automation": grant.by_automation,
        "made_by": grant.made_by,
        "origin": grant.origin,
        "created_at": micros(grant.created_at),
        "updated_at": micros(grant.updated_at),
        "ended_at": micros_or_none(grant.ended_at),
    }


_WITH_SCHEDULE = grants.outerjoin(
    schedules,
    sa.and_(
        schedules.c.organization_id == grants.c.organization_id,
        schedules.c.id == grants.c.schedule_id,
        schedules.c.until.is_(None),
    ),
)
_PERSONS_NAME = (
    sa.select(people.c.name)
    .where(
        in_organization(people),
        current(people),
        people.c.id == grants.c.holder_id,
        grants.c.holder_kind == HolderKind.PERSON.value,
    )
    .correlate(grants)
    .scalar_subquery()
)
GRANTS = Versions(
    grants,
    read=read_grant,
    write=_write,
    filters={
        "holder_id": equals(grants.c.holder_id, "holder_id"),
        "holder_ids": one_of(grants.c.holder_id, "holder_ids"),
        "holder_kind": equals(grants.c.holder_kind, "holder_kind"),
        "holder_kinds": one_of(grants.c.holder_kind, "holder_kinds"),
        "scope_id": equals(grants.c.scope_id, "scope_id"),
        "scope_kinds": one_of(grants.c.scope_kind, "scope_kinds"),
        "roles": one_of(grants.c.role, "roles"),
        "origin": equals(grants.c.origin, "origin"),
        "made_by": equals(grants.c.made_by, "made_by"),
        "ids": one_of(grants.c.id, "ids"),
    },
    joined=(_WITH_SCHEDULE, SCHEDULE_PARTS),
)
GRANTS.call_by(_PERSONS_NAME)
HOLDERS_AT = Statement(
    sa.select(grants.c.holder_kind, grants.c.holder_id)
    .where(
        in_organization(grants),
        equals(grants.c.scope_id, "scope_id"),
        equals(grants.c.scope_kind, "scope_kind"),
        current(grants),
    )
    .distinct()
)


class SqlGrants(NumberedRepository[Grant]):
    def __init__(self, session: Session) -> None:
        super().__init__(session, GRANTS)

    async def list(self, part: Part, matching: GrantFilter = _EVERY) -> Listing[Grant]:
        holder, scope, kinds = matching.holder, matching.scope, matching.scope_kinds
        if scope is not None and kinds and scope.kind not in kinds:
            return Listing((), 0 if part.with_total else None)
        kinds = kinds if scope is None else (scope.kind,)
        return await GRANTS.list(
            self._session,
            part,
            holder_id=None if holder is None else holder.id,
            holder_kind=None if holder is None else holder.kind.value,
            holder_kinds=[holder_kind.value for holder_kind in matching.holder_kinds] or None,
            scope_id=None if scope is None else scope.id,
            scope_kinds=[kind.value for kind in kinds] or None,
            roles=[str(role) for role in matching.roles] or None,
            origin=matching.origin,
            made_by=matching.made_by,
            ids=None if matching.ids is None else list(matching.ids),
            holder_ids=None if matching.holder_ids is None else list(matching.holder_ids),
        )

    async def holders_at(self, scope: Scope) -> frozenset[Holder]:
        rows = await self._session.fetch(HOLDERS_AT, scope_id=scope.id, scope_kind=scope.kind.value)
        return frozenset(Holder(HolderKind(row.holder_kind), row.holder_id) for row in rows)

    async def end(self, grant_id: str, at: datetime) -> bool:
        return await GRANTS.end(self._session, grant_id, ended_at=micros(at))
