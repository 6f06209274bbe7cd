"""The journal: read here, written by the unit of work alone."""

import msgspec
import sqlalchemy as sa

from rekey.domain.canonical import canonical_json
from rekey.domain.journal import JournalRow, Outcome
from rekey.ports.listing import Part
from rekey.ports.repositories.journal import JournalFilter, StoredRow
from rekey.storage.conditions import equals, in_organization
from rekey.storage.engine.row import Row
from rekey.storage.engine.statement import Statement
from rekey.storage.rows import Rows, Values
from rekey.storage.session import Session
from rekey.storage.tables import checkpoints, journal
from rekey.storage.times import instant_of, micros, micros_or_none

_EVERY = JournalFilter()


def read_row(row: Row) -> JournalRow:
    return JournalRow(
        position=row.position,
        id=row.id,
        at=instant_of(row.at),
        action=row.action,
        outcome=Outcome(row.outcome),
        via=row.via,
        operator_id=row.operator_id,
        key_id=row.key_id,
        person_id=row.person_id,
        door_id=row.door_id,
        site_id=row.site_id,
        detail=msgspec.json.decode(row.detail),
    )


def write_row(row: JournalRow) -> Values:
    return {
        "position": row.position,
        "id": row.id,
        "at": micros(row.at),
        "action": row.action,
        "outcome": row.outcome.value,
        "via": row.via,
        "operator_id": row.operator_id,
        "key_id": row.key_id,
        "person_id": row.person_id,
        "door_id": row.door_id,
        "site_id": row.site_id,
        "detail": canonical_json(row.detail).decode(),
    }


def _read_stored(row: Row) -> StoredRow:
    return StoredRow(read_row(row), row.leaf)


def _write_stored(stored: StoredRow) -> Values:
    return write_row(stored.row) | {"leaf": stored.leaf}


JOURNAL = Rows(
    journal,
    read=_read_stored,
    write=_write_stored,
    order="position",
    filters={
        "person_id": equals(journal.c.person_id, "person_id"),
        "door_id": equals(journal.c.door_id, "door_id"),
        "action": equals(journal.c.action, "action"),
        "since": journal.c.at >= sa.bindparam("since", type_=sa.BigInteger, required=True),
        "before": journal.c.at < sa.bindparam("before", type_=sa.BigInteger, required=True),
    },
)
_ROWS_AFTER = sa.bindparam("after", type_=sa.BigInteger, required=True)
_LIMIT = sa.bindparam("most", type_=sa.BigInteger, required=True)
_LEAVES = Statement(
    sa.select(journal.c.leaf)
    .where(
        in_organization(journal),
        journal.c.position >= sa.bindparam("first", type_=sa.BigInteger, required=True),
        journal.c.position <= sa.bindparam("last", type_=sa.BigInteger, required=True),
    )
    .order_by(journal.c.position)
)
_CHECKPOINTS = Statement(
    sa.select(checkpoints.c.note)
    .where(in_organization(checkpoints), checkpoints.c.size > _ROWS_AFTER)
    .order_by(checkpoints.c.size)
    .limit(_LIMIT)
)
_NEWEST = Statement(
    sa.select(checkpoints.c.note)
    .where(in_organization(checkpoints))
    .order_by(checkpoints.c.size.desc())
    .limit(1)
)


class SqlJournal:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def rows(
        self,
        *,
        after: int = 0,
        limit: int = 100,
        matching: JournalFilter = _EVERY,
        newest_first: bool = False,
    ) -> tuple[StoredRow, ...]:
        """Give rows by position; with `newest_first` those before `after`, or the last ones without."""
        listing = await JOURNAL.list(
            self._session,
            Part(limit=limit, after=after),
            newest_first=newest_first,
            person_id=matching.person_id,
            door_id=matching.door_id,
            action=matching.action,
            since=micros_or_none(matching.since),
            before=micros_or_none(matching.before),
        )
        return listing.items

    async def by_id(self, row_id: str) -> StoredRow | None:
        return await JOURNAL.get(self._session, row_id)

    async def leaves(self, *, first: int, last: int) -> tuple[bytes, ...]:
        rows = await self._session.fetch(_LEAVES, first=first, last=last)
        return tuple(row.leaf for row in rows)

    async def checkpoints(self, *, after_size: int = 0, limit: int = 1000) -> tuple[str, ...]:
        rows = await self._session.fetch(_CHECKPOINTS, after=after_size, most=limit)
        return tuple(row.note for row in rows)

    async def newest_checkpoint(self) -> str | None:
        row = await self._session.fetch_one(_NEWEST)
        note: str | None = None if row is None else row.note
        return note
