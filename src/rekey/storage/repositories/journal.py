"""The journal: read here, written by the unit of work alone."""

from datetime import datetime, timedelta
from heapq import merge
from itertools import islice
from operator import attrgetter
from typing import Any

import msgspec
import sqlalchemy as sa

from rekey.domain.canonical import canonical_json
from rekey.domain.journal import JournalRow, Outcome
from rekey.ports.listing import Part
from rekey.ports.repositories.journal import JournalFilter, StoredRow
from rekey.storage.conditions import equals, in_organization
from rekey.storage.engine.clauses import one_of
from rekey.storage.engine.row import Row
from rekey.storage.engine.statement import Statement
from rekey.storage.rows import Rows, Values
from rekey.storage.session import Session
from rekey.storage.tables import checkpoints, journal
from rekey.storage.times import instant_of, micros, micros_or_none

_EVERY = JournalFilter()
# How far clocks may have been set back, so that rows in the order of their positions are not in that of time.
_SLACK = timedelta(minutes=5)
# So many actions are looked up one by one and put in order here; more are sifted on the way.
_FEW = 8


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
        "has_parts": row.has_parts,
    }


def _read_stored(row: Row) -> StoredRow:
    return StoredRow(read_row(row), row.leaf)


def _write_stored(stored: StoredRow) -> Values:
    return write_row(stored.row) | {"leaf": stored.leaf}


# Rows come by position, so no index on anything else may tempt the engine to read them all and sort them.
_ZERO: "sa.ColumnElement[int]" = sa.literal_column("0", sa.BigInteger)


def _sifted(column: "sa.ColumnElement[Any]") -> "sa.ColumnElement[Any]":
    return column.concat(sa.literal_column("''", sa.Text))


def _edge(*, before: bool) -> Statement:
    """Give the row next to an instant, by time."""
    instant = sa.bindparam("instant", type_=sa.BigInteger, required=True)
    side = journal.c.at < instant if before else journal.c.at >= instant
    by = journal.c.at.desc() if before else journal.c.at
    return Statement(
        sa.select(journal.c.position).where(in_organization(journal), side).order_by(by).limit(1)
    )


_LAST_BEFORE, _FIRST_FROM = _edge(before=True), _edge(before=False)
_BETWEEN = Statement(
    sa.select(journal)
    .where(
        in_organization(journal),
        journal.c.id >= sa.bindparam("first", type_=sa.Text, required=True),
        journal.c.id <= sa.bindparam("last", type_=sa.Text, required=True),
    )
    .order_by(journal.c.id)
    .limit(1)
)
_NEWEST_OF_PEOPLE = Statement(
    sa.select(journal.c.person_id, sa.func.max(journal.c.at).label("newest"))
    .where(
        in_organization(journal),
        equals(journal.c.action, "action"),
        journal.c.person_id.is_not(None),
    )
    .group_by(journal.c.person_id)
)
JOURNAL = Rows(
    journal,
    read=_read_stored,
    write=_write_stored,
    order="position",
    filters={
        "person_id": equals(journal.c.person_id, "person_id"),
        "door_id": equals(journal.c.door_id, "door_id"),
        "site_id": equals(_sifted(journal.c.site_id), "site_id"),
        "operator_id": equals(_sifted(journal.c.operator_id), "operator_id"),
        "action": equals(journal.c.action, "action"),
        "actions": one_of(_sifted(journal.c.action), "actions"),
        # Written out, not bound, so that it is the same condition as that of the index.
        "has_parts": sa.text("journal.has_parts"),
        "outcome": equals(_sifted(journal.c.outcome), "outcome"),
        "since": (journal.c.at + _ZERO) >= sa.bindparam("since", type_=sa.BigInteger, required=True),
        "before": (journal.c.at + _ZERO) < sa.bindparam("before", type_=sa.BigInteger, required=True),
        "above": journal.c.position >= sa.bindparam("above", type_=sa.BigInteger, required=True),
        "below": journal.c.position <= sa.bindparam("below", type_=sa.BigInteger, required=True),
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
        chosen = await self._chosen(matching)
        several = chosen.pop("actions", None)
        if several is None or len(several) > _FEW or matching.person_id or matching.door_id:
            sets: tuple[Values, ...] = ({} if several is None else {"actions": several},)
        else:
            sets = tuple({"action": action} for action in several)
        lists = [
            await JOURNAL.list(
                self._session,
                Part(limit=limit, after=after),
                newest_first=newest_first,
                always=("has_parts",) if matching.has_parts else (),
                **(chosen | one),
            )
            for one in sets
        ]
        ordered = merge(
            *(listing.items for listing in lists), key=attrgetter("row.position"), reverse=newest_first
        )
        return tuple(islice(ordered, limit))

    async def _chosen(self, matching: JournalFilter) -> dict[str, Any]:
        """Give the filters with their values; a span of time also as one of positions."""
        since, before = matching.since, matching.before
        several = None if matching.actions is None else sorted(matching.actions)
        # A person has fewer rows than an action, which the engine can't know: they are walked and sifted.
        by_person = matching.person_id is not None and matching.action is not None and several is None
        if by_person:
            several = [str(matching.action)]
        return {
            "person_id": matching.person_id,
            "door_id": matching.door_id,
            "site_id": matching.site_id,
            "operator_id": matching.operator_id,
            "action": None if by_person else matching.action,
            "actions": several,
            "outcome": None if matching.outcome is None else matching.outcome.value,
            "since": micros_or_none(since),
            "before": micros_or_none(before),
            "above": None if since is None else await self._edge(_LAST_BEFORE, micros(since - _SLACK)),
            "below": None if before is None else await self._edge(_FIRST_FROM, micros(before + _SLACK)),
        }

    async def _edge(self, statement: Statement, instant: int) -> int | None:
        row = await self._session.fetch_one(statement, instant=instant)
        return None if row is None else int(row.position)

    async def by_id(self, row_id: str) -> StoredRow | None:
        return await JOURNAL.get(self._session, row_id)

    async def by_id_between(self, first: str, last: str) -> StoredRow | None:
        row = await self._session.fetch_one(_BETWEEN, first=first, last=last)
        return None if row is None else _read_stored(row)

    async def newest_of_people(self, action: str) -> dict[str, datetime]:
        rows = await self._session.fetch(_NEWEST_OF_PEOPLE, action=action)
        return {row.person_id: instant_of(row.newest) for row in rows}

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
