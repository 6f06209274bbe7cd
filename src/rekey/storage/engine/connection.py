"""What storage needs of an engine: a connection, and a database that gives them out."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from rekey.storage.engine.row import Row
from rekey.storage.engine.statement import Statement


class Connection(Protocol):
    """One connection to the store; every failure is a StorageError.

    After StorageUnavailable it is closed. After any other failure inside a transaction only
    `rollback_to` and `rollback` are accepted (ActWentOn otherwise), on both engines.
    """

    @property
    def closed(self) -> bool:
        """True once it can only be replaced."""

    async def fetch(self, statement: Statement, /, **params: Any) -> list[Row]:
        """Give all rows, also those of RETURNING."""

    async def fetch_one(self, statement: Statement, /, **params: Any) -> Row | None:
        """Give the first row or None."""

    async def execute(self, statement: Statement, /, **params: Any) -> int:
        """Run it and give the number of rows it changed."""

    async def execute_many(self, statement: Statement, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run it once for each mapping, in one go; all rows or an error."""

    async def execute_rows(self, statement: Statement, rows: Sequence[Sequence[Any]]) -> None:
        """Run an insert of a whole table once for each row, whose values come in the order of its columns."""

    async def begin(self) -> None:
        """Begin: for writing at once, or for reading one state, as the connection is meant."""

    async def commit(self) -> None:
        """Make it durable; returns only when it is."""

    async def rollback(self) -> None:
        """Undo the transaction; harmless when there is none."""

    async def savepoint(self, name: str) -> None:
        """Mark a point to return to."""

    async def release(self, name: str) -> None:
        """Forget the mark and keep what was done since."""

    async def rollback_to(self, name: str) -> None:
        """Undo what was done since the mark; the mark stays."""

    async def close(self) -> None:
        """Close it; an open transaction is undone."""


class ConnectionSource(Protocol):
    """Where the writer gets its connection, again after each loss."""

    @property
    def suspends(self) -> bool:
        """False when no method of a connection ever waits on an event loop (SQLite)."""

    async def connect(self) -> Connection:
        """Open a connection for writing. Raises StorageError."""


class Database(ConnectionSource, Protocol):
    """An open store: connections for the writer, read blocks for everybody else."""

    def reading(self) -> AbstractAsyncContextManager[Connection]:
        """One read-only transaction: all its statements see the same committed state."""

    async def ask(self, statement: Statement, /, **params: Any) -> list[Row]:
        """Run one query by itself, without the cost of a transaction round it."""

    async def close(self) -> None:
        """Close everything and let another process in."""
