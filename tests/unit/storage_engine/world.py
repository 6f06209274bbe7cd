"""A small world: two organizations with a head each, and notes."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from rekey.storage.engine.clauses import one_of, upsert
from rekey.storage.engine.connection import Connection, ConnectionSource, Database
from rekey.storage.engine.location import open_database
from rekey.storage.engine.statement import Statement
from rekey.storage.writer import Writer

METADATA = sa.MetaData()
HEADS = sa.Table(
    "heads",
    METADATA,
    sa.Column("organization_id", sa.String, primary_key=True),
    sa.Column("position", sa.BigInteger, nullable=False),
)
NOTES = sa.Table(
    "notes",
    METADATA,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("done", sa.Boolean, nullable=False),
    sa.Column("body", sa.LargeBinary),
    sa.Column("parent_id", sa.String, sa.ForeignKey("notes.id")),
    sa.UniqueConstraint("size", "body", name="uq_notes_size_body"),
)
INSERT = Statement(sa.insert(NOTES))
BY_ID = Statement(sa.select(NOTES).where(NOTES.c.id == sa.bindparam("id")))
ALL_IDS = Statement(sa.select(NOTES.c.id).order_by(NOTES.c.id))
COUNT = Statement(sa.select(sa.func.count().label("total")).select_from(NOTES))
AMONG = Statement(sa.select(NOTES.c.id).where(one_of(NOTES.c.id, "ids")).order_by(NOTES.c.id))
RESIZE = Statement(
    sa.update(NOTES).where(NOTES.c.id == sa.bindparam("key")).values(size=sa.bindparam("new_size"))
)
REPLACE = upsert(NOTES, keys=("id",), changes=("size", "done"))
INSERT_ONCE = upsert(NOTES, keys=("id",), returning=("id",))
LOCK_HEADS = Statement(
    sa.select(HEADS)
    .where(one_of(HEADS.c.organization_id, "ids"))
    .order_by(HEADS.c.organization_id)
    .with_for_update()
)
HEAD = Statement(sa.select(HEADS.c.position).where(HEADS.c.organization_id == sa.bindparam("id")))
MOVE_HEAD = Statement(
    sa.update(HEADS)
    .where(HEADS.c.organization_id == sa.bindparam("id"))
    .values(position=sa.bindparam("reached"))
)


def note(name: str, *, size: int = 1, parent: str | None = None) -> dict[str, Any]:
    """Make the parameters of a note."""
    return {"id": name, "size": size, "done": False, "body": None, "parent_id": parent}


@dataclass
class Unit:
    """The unit of work of one act."""

    connection: Connection
    positions: dict[str, int]
    organization_id: str
    after_commit: list[Callable[[], None]] = field(default_factory=list)

    async def write(self, name: str, **more: Any) -> int:
        """Write a note and give the position of its act."""
        self.positions[self.organization_id] += 1
        await self.connection.execute(INSERT, **note(name, **more))
        return self.positions[self.organization_id]


@dataclass
class Batch:
    connection: Connection
    positions: dict[str, int]


class Hooks:
    """Counts a head per organization, as the journal will."""

    def __init__(self) -> None:
        self.opened: list[list[str]] = []

    async def open_batch(self, connection: Connection, organization_ids: Sequence[str]) -> Batch:
        self.opened.append(list(organization_ids))
        rows = await connection.fetch(LOCK_HEADS, ids=list(organization_ids))
        return Batch(connection, {row.organization_id: row.position for row in rows})

    def snapshot(self, batch: Batch, organization_id: str) -> object:
        return batch.positions.get(organization_id)

    def begin(self, batch: Batch, organization_id: str) -> Unit:
        if organization_id not in batch.positions:
            raise LookupError(organization_id)
        return Unit(batch.connection, batch.positions, organization_id)

    def undo(self, batch: Batch, organization_id: str, snapshot: object) -> None:
        if isinstance(snapshot, int):
            batch.positions[organization_id] = snapshot

    async def close_batch(self, batch: Batch) -> None:
        rows = [{"id": name, "reached": reached} for name, reached in batch.positions.items()]
        await batch.connection.execute_many(MOVE_HEAD, rows)


def writing(name: str, **more: Any) -> Callable[[Unit], Any]:
    """Make an act that writes one note."""

    async def act(unit: Unit) -> int:
        return await unit.write(name, **more)

    return act


@asynccontextmanager
async def opened(location: str | Path) -> AsyncIterator[Database]:
    """Open the store and close it at the end."""
    database = open_database(location)
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def running(source: ConnectionSource, **options: Any) -> AsyncIterator[Writer[Batch, Unit]]:
    """Run a writer and close it at the end."""
    writer: Writer[Batch, Unit] = Writer(source, options.pop("hooks", None) or Hooks(), **options)
    await writer.start()
    try:
        yield writer
    finally:
        await writer.close()


async def ids(database: Database) -> list[str]:
    """Give the names of all notes in the store."""
    return [row.id for row in await database.ask(ALL_IDS)]
