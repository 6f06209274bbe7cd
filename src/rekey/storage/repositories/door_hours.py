"""How doors stand on their calendars."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from rekey.domain.door_hours import DoorHours
from rekey.storage.conditions import equals, in_organization
from rekey.storage.engine.clauses import one_of, upsert
from rekey.storage.engine.row import Row
from rekey.storage.engine.statement import Statement
from rekey.storage.rows import Values
from rekey.storage.session import Session
from rekey.storage.tables import door_hours
from rekey.storage.times import instant_or_none, micros, micros_or_none

_PARTS = tuple(column.name for column in door_hours.c if not column.primary_key)
_SAVE = upsert(door_hours, keys=("organization_id", "door_id"), changes=_PARTS)
_all = sa.select(door_hours).where(in_organization(door_hours)).order_by(door_hours.c.door_id)
GET = Statement(_all.where(equals(door_hours.c.door_id, "door_id")))
OF = Statement(_all.where(one_of(door_hours.c.door_id, "door_ids")))
DUE = Statement(_all.where(door_hours.c.due_at <= sa.bindparam("now", type_=sa.BigInteger, required=True)))
_FORGET = Statement(
    sa.delete(door_hours).where(in_organization(door_hours), equals(door_hours.c.door_id, "door_id"))
)


class SqlDoorHours:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def get(self, door_id: str) -> DoorHours | None:
        row = await self._session.fetch_one(GET, door_id=door_id)
        return None if row is None else _read(row)

    async def save(self, hours: DoorHours) -> None:
        await self._session.insert(_SAVE, **_write(hours))

    async def of(self, door_ids: Collection[str]) -> tuple[DoorHours, ...]:
        rows = await self._session.fetch(OF, door_ids=sorted(door_ids))
        return tuple(map(_read, rows))

    async def due(self, now: datetime) -> tuple[DoorHours, ...]:
        rows = await self._session.fetch(DUE, now=micros(now))
        return tuple(map(_read, rows))

    async def forget(self, door_id: str) -> None:
        await self._session.change(_FORGET, door_id=door_id)


def _read(row: Row) -> DoorHours:
    return DoorHours(
        door_id=row.door_id,
        free_since=instant_or_none(row.free_since),
        free_until=instant_or_none(row.free_until),
        armed_at=instant_or_none(row.armed_at),
        armed_until=instant_or_none(row.armed_until),
        arrived_at=instant_or_none(row.arrived_at),
        paused_until=instant_or_none(row.paused_until),
        order_id=row.order_id,
        tries=row.tries,
        due_at=instant_or_none(row.due_at),
    )


def _write(hours: DoorHours) -> Values:
    return {
        "door_id": hours.door_id,
        "free_since": micros_or_none(hours.free_since),
        "free_until": micros_or_none(hours.free_until),
        "armed_at": micros_or_none(hours.armed_at),
        "armed_until": micros_or_none(hours.armed_until),
        "arrived_at": micros_or_none(hours.arrived_at),
        "paused_until": micros_or_none(hours.paused_until),
        "order_id": hours.order_id,
        "tries": hours.tries,
        "due_at": micros_or_none(hours.due_at),
    }
