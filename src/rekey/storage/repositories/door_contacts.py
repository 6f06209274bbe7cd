"""Whether doors are in contact."""

from collections.abc import Collection

import sqlalchemy as sa

from rekey.domain.door_contact import DoorContact, Trouble
from rekey.storage.conditions import equals, in_organization
from rekey.storage.engine.clauses import one_of, upsert
from rekey.storage.engine.row import Row
from rekey.storage.engine.statement import Statement
from rekey.storage.session import Session
from rekey.storage.tables.doors import door_contacts
from rekey.storage.times import instant_of, instant_or_none, micros, micros_or_none

_PARTS = tuple(column.name for column in door_contacts.c if not column.primary_key)
_SAVE = upsert(door_contacts, keys=("organization_id", "door_id"), changes=_PARTS)
_all = sa.select(door_contacts).where(in_organization(door_contacts)).order_by(door_contacts.c.door_id)
GET = Statement(_all.where(equals(door_contacts.c.door_id, "door_id")))
OF = Statement(_all.where(one_of(door_contacts.c.door_id, "door_ids")))


class SqlDoorContacts:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def get(self, door_id: str) -> DoorContact | None:
        row = await self._session.fetch_one(GET, door_id=door_id)
        return None if row is None else _read(row)

    async def of(self, door_ids: Collection[str]) -> dict[str, DoorContact]:
        if not door_ids:
            return {}
        rows = await self._session.fetch(OF, door_ids=sorted(door_ids))
        return {row.door_id: _read(row) for row in rows}

    async def save(self, contact: DoorContact) -> None:
        await self._session.insert(
            _SAVE,
            door_id=contact.door_id,
            trouble="" if contact.trouble is None else contact.trouble.value,
            since=micros(contact.since),
            relocked_at=micros_or_none(contact.relocked_at),
        )


def _read(row: Row) -> DoorContact:
    return DoorContact(
        door_id=row.door_id,
        trouble=Trouble(row.trouble) if row.trouble else None,
        since=instant_of(row.since),
        relocked_at=instant_or_none(row.relocked_at),
    )
