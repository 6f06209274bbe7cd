"""The store on SQLite or PostgreSQL: acts through the one writer, reads beside it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from rekey.domain.errors import AlreadyExists
from rekey.domain.ids import OrganizationId
from rekey.ports.secrets import JournalSigner
from rekey.ports.store import UnitOfWork, View
from rekey.storage import heads
from rekey.storage.directory import SqlDirectory
from rekey.storage.engine.connection import Connection, Database
from rekey.storage.engine.errors import UniqueConflict
from rekey.storage.engine.location import open_database
from rekey.storage.heads import Head
from rekey.storage.migrate import Schema, upgrade
from rekey.storage.session import Session
from rekey.storage.tables import metadata
from rekey.storage.unit_of_work import SqlUnitOfWork
from rekey.storage.view import SqlView
from rekey.storage.writer import Writer

T = TypeVar("T")

SCHEMA: Final = Schema(metadata=metadata)


@dataclass(slots=True)
class Batch:
    """The heads as they were locked, and as the acts of the batch have moved them."""

    connection: Connection
    locked: dict[str, Head]
    moved: dict[str, Head] = field(default_factory=dict)


class Act:
    """What the writer runs; its unit of work replaces the head only if all went well."""

    def __init__(self, batch: Batch, organization_id: str) -> None:
        head = batch.moved.get(organization_id) or batch.locked.get(organization_id)
        self._batch = batch
        self.unit = SqlUnitOfWork(batch.connection, OrganizationId(organization_id), head)

    @property
    def after_commit(self) -> Sequence[Callable[[], None]]:
        return self.unit.callbacks

    async def run(self, work: Callable[[UnitOfWork], Awaitable[T]]) -> T:
        try:
            result = await work(self.unit)
            await self.unit.finish()
        except UniqueConflict as taken:
            raise _already_exists(taken) from taken
        self._batch.moved[self.unit.organization_id] = self.unit.head
        return result


class Hooks:
    """What the tables add to a batch of the writer: locked heads before it, signed ones after it."""

    def __init__(self, signer: JournalSigner) -> None:
        self._signer = signer

    async def open_batch(self, connection: Connection, organization_ids: Sequence[str]) -> Batch:
        return Batch(connection, await heads.lock(connection, organization_ids))

    def snapshot(self, batch: Batch, organization_id: str) -> Head | None:
        return batch.moved.get(organization_id)

    def begin(self, batch: Batch, organization_id: str) -> Act:
        return Act(batch, organization_id)

    def undo(self, batch: Batch, organization_id: str, snapshot: object) -> None:
        if isinstance(snapshot, Head):
            batch.moved[organization_id] = snapshot
        else:
            batch.moved.pop(organization_id, None)

    async def close_batch(self, batch: Batch) -> None:
        await heads.save(batch.connection, batch.locked, batch.moved, self._signer)


class SqlStore:
    """An open store; made by `open_store`, used on the event loop that it was opened on."""

    def __init__(self, database: Database, writer: Writer[Batch, Act]) -> None:
        self._database = database
        self._writer = writer
        self._directory = SqlDirectory(database)

    @property
    def directory(self) -> SqlDirectory:
        return self._directory

    @property
    def available(self) -> bool:
        """False while the store is known to be out of reach."""
        return self._writer.available

    async def act(self, organization_id: OrganizationId, work: Callable[[UnitOfWork], Awaitable[T]]) -> T:
        return await self._writer.submit(organization_id, lambda act: act.run(work))

    async def read(self, organization_id: OrganizationId, work: Callable[[View], Awaitable[T]]) -> T:
        async with self._database.reading() as connection:
            position = await heads.position_of(connection, organization_id)
            return await work(SqlView(Session(connection, organization_id, position)))

    async def close(self) -> None:
        """Run the acts that are queued, then close."""
        await self._writer.close()
        await self._database.close()


async def open_store(location: str | Path, signer: JournalSigner) -> SqlStore:
    """Open a store, created or brought to this version's schema first.

    Takes: location, a file for SQLite or a postgresql:// URL.
    Raises: StoreNotOpened (what to do is in its text), StorageUnavailable, ValueError (the location).
    """
    database = open_database(location)
    try:
        await upgrade(location, SCHEMA)
        writer = Writer(database, Hooks(signer))
        await writer.start()
    except BaseException:
        await database.close()
        raise
    return SqlStore(database, writer)


def _already_exists(taken: UniqueConflict) -> AlreadyExists:
    """Name what is taken in the core's words; reached only by races that no look-up before could see."""
    table = metadata.tables.get(taken.table)
    kind = taken.table if table is None else table.info["kind"]
    named = taken.columns or (taken.constraint.removeprefix(f"uq_{taken.table}_"),)
    field_name = named[-1]
    return AlreadyExists(kind, "id" if field_name in ("organization_id", "since") else field_name)
