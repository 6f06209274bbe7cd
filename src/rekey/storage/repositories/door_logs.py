"""Door logs, and where each door stands on its own."""

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa

from rekey.domain.canonical import canonical_json
from rekey.domain.door_log import DoorEntry, DoorSync, EntryKind
from rekey.storage.conditions import equals, in_organization
from rekey.storage.engine.clauses import one_of, upsert
from rekey.storage.engine.row import Row
from rekey.storage.engine.statement import Statement
from rekey.storage.rows import Values
from rekey.storage.session import Session
from rekey.storage.tables import door_entries, door_syncs, newest_door_entries
from rekey.storage.times import instant_of, instant_or_none, micros, micros_or_none

_SYNC_PARTS = tuple(column.name for column in door_syncs.c if not column.primary_key)
_SAVE_SYNC = upsert(door_syncs, keys=("organization_id", "door_id"), changes=_SYNC_PARTS)
_SYNC = Statement(
    sa.select(door_syncs).where(in_organization(door_syncs), equals(door_syncs.c.door_id, "door_id"))
)
_APPEND = Statement(sa.insert(door_entries))
_SET_NEWEST = upsert(newest_door_entries, keys=("organization_id", "person_id", "door_id"), changes=("seq",))
_SEQ = sa.bindparam("seq", type_=sa.BigInteger, required=True)
_of_door = (in_organization(door_entries), equals(door_entries.c.door_id, "door_id"))
_since = sa.select(door_entries).where(*_of_door, door_entries.c.seq > _SEQ).order_by(door_entries.c.seq)
_SINCE = Statement(_since)
_BETWEEN = Statement(
    _since.where(door_entries.c.seq <= sa.bindparam("up_to", type_=sa.BigInteger, required=True))
)
_confirm = (
    sa.update(door_entries)
    .where(*_of_door, door_entries.c.seq <= _SEQ, door_entries.c.confirmed_at.is_(None))
    .values(confirmed_at=sa.bindparam("at", type_=sa.BigInteger, required=True))
)
_CONFIRM = Statement(_confirm)
_CONFIRM_DELETES = Statement(
    _confirm.where(
        door_entries.c.kind == EntryKind.DEL.value, sa.not_(one_of(door_entries.c.person_id, "still_listed"))
    )
)
_newest = (
    sa.select(door_entries)
    .join(
        newest_door_entries,
        sa.and_(
            newest_door_entries.c.organization_id == door_entries.c.organization_id,
            newest_door_entries.c.door_id == door_entries.c.door_id,
            newest_door_entries.c.seq == door_entries.c.seq,
        ),
    )
    .where(in_organization(newest_door_entries))
    .order_by(door_entries.c.door_id, door_entries.c.seq)
)
_newest_at_door = _newest.where(equals(newest_door_entries.c.door_id, "door_id"))
_INTENDED = Statement(_newest_at_door)
_INTENDED_FOR = Statement(_newest_at_door.where(one_of(newest_door_entries.c.person_id, "people")))
LISTED = Statement(
    sa.select(newest_door_entries.c.person_id, door_entries.c.terms)
    .join_from(
        newest_door_entries,
        door_entries,
        sa.and_(
            door_entries.c.organization_id == newest_door_entries.c.organization_id,
            door_entries.c.door_id == newest_door_entries.c.door_id,
            door_entries.c.seq == newest_door_entries.c.seq,
            door_entries.c.kind == EntryKind.PUT.value,
        ),
    )
    .where(
        in_organization(newest_door_entries),
        equals(newest_door_entries.c.door_id, "door_id"),
        newest_door_entries.c.person_id > sa.bindparam("after", type_=sa.Text, required=True),
    )
    .order_by(newest_door_entries.c.person_id)
    .limit(sa.bindparam("most", type_=sa.BigInteger, required=True))
)
LINES_OF = Statement(
    sa.select(door_entries)
    .where(*_of_door, equals(door_entries.c.person_id, "person_id"))
    .order_by(door_entries.c.seq)
)
_OF_PERSON = Statement(_newest.where(equals(newest_door_entries.c.person_id, "person_id")))


class SqlDoorLogs:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def sync(self, door_id: str) -> DoorSync:
        """Give where the door stands; at the beginning for a door that was never served."""
        row = await self._session.fetch_one(_SYNC, door_id=door_id)
        return _read_sync(door_id, row)

    async def save_sync(self, sync: DoorSync) -> None:
        await self._session.insert(_SAVE_SYNC, **_write_sync(sync))

    async def append(self, entries: Sequence[DoorEntry]) -> None:
        """Add entries; of two for one person at one door the later in the sequence is the newest."""
        await self._session.insert_many(_APPEND, map(_write_entry, entries))
        newest = {(entry.person_id, entry.door_id): entry.seq for entry in entries}
        await self._session.insert_many(
            _SET_NEWEST,
            ({"person_id": person, "door_id": door, "seq": seq} for (person, door), seq in newest.items()),
        )

    async def confirm(self, door_id: str, up_to_seq: int, at: datetime) -> None:
        await self._session.change(_CONFIRM, door_id=door_id, seq=up_to_seq, at=micros(at))

    async def confirm_deletes(
        self, door_id: str, up_to_seq: int, at: datetime, *, still_listed: Collection[str]
    ) -> None:
        listed = sorted(still_listed)
        await self._session.change(
            _CONFIRM_DELETES, door_id=door_id, seq=up_to_seq, at=micros(at), still_listed=listed
        )

    async def since(self, door_id: str, seq: int, *, up_to: int | None = None) -> tuple[DoorEntry, ...]:
        if up_to is None:
            rows = await self._session.fetch(_SINCE, door_id=door_id, seq=seq)
        else:
            rows = await self._session.fetch(_BETWEEN, door_id=door_id, seq=seq, up_to=up_to)
        return tuple(map(_read_entry, rows))

    async def listed(self, door_id: str, *, after: str, most: int) -> dict[str, str]:
        rows = await self._session.fetch(LISTED, door_id=door_id, after=after, most=most)
        return {row.person_id: row.terms for row in rows}

    async def intended(self, door_id: str, person_ids: Sequence[str] | None = None) -> dict[str, DoorEntry]:
        if person_ids is None:
            rows = await self._session.fetch(_INTENDED, door_id=door_id)
        else:
            rows = await self._session.fetch(_INTENDED_FOR, door_id=door_id, people=list(person_ids))
        return {row.person_id: _read_entry(row) for row in rows}

    async def of_person(self, person_id: str) -> tuple[DoorEntry, ...]:
        return tuple(map(_read_entry, await self._session.fetch(_OF_PERSON, person_id=person_id)))

    async def lines_of(self, door_id: str, person_id: str) -> tuple[DoorEntry, ...]:
        lines = await self._session.fetch(LINES_OF, door_id=door_id, person_id=person_id)
        return tuple(map(_read_entry, lines))


def _read_entry(row: Row) -> DoorEntry:
    return DoorEntry(
        door_id=row.door_id,
        seq=row.seq,
        kind=EntryKind(row.kind),
        person_id=row.person_id,
        terms=row.terms,
        position=row.position,
        head=row.head,
        at=instant_of(row.at),
        confirmed_at=instant_or_none(row.confirmed_at),
        exposed_until=instant_or_none(row.exposed_until),
    )


def _write_entry(entry: DoorEntry) -> Values:
    return {
        "door_id": entry.door_id,
        "seq": entry.seq,
        "kind": entry.kind.value,
        "person_id": entry.person_id,
        "terms": entry.terms,
        "position": entry.position,
        "head": entry.head,
        "at": micros(entry.at),
        "confirmed_at": micros_or_none(entry.confirmed_at),
        "exposed_until": micros_or_none(entry.exposed_until),
    }


def _read_sync(door_id: str, row: Row | None) -> DoorSync:
    if row is None:
        return DoorSync(door_id=door_id)  # type: ignore[arg-type]  # the id of the door asked for
    return DoorSync(
        door_id=row.door_id,
        seq=row.seq,
        head=row.head,
        served_position=row.served_position,
        confirmed_seq=row.confirmed_seq,
        confirmed_position=row.confirmed_position,
        confirmed_at=instant_or_none(row.confirmed_at),
        lease_end=instant_or_none(row.lease_end),
        refuted=frozenset(msgspec.json.decode(row.refuted)),
        problem=row.problem,
    )


def _write_sync(sync: DoorSync) -> Values:
    return {
        "door_id": sync.door_id,
        "seq": sync.seq,
        "head": sync.head,
        "served_position": sync.served_position,
        "confirmed_seq": sync.confirmed_seq,
        "confirmed_position": sync.confirmed_position,
        "confirmed_at": micros_or_none(sync.confirmed_at),
        "lease_end": micros_or_none(sync.lease_end),
        "refuted": canonical_json(sorted(sync.refuted)).decode(),
        "problem": sync.problem,
    }
