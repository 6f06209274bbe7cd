"""The engine that users grow into: PostgreSQL through asyncpg, always on the primary.

A decision must never come from a replica, so every connection asks for the primary.
"""

import asyncio
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Final

import asyncpg

from rekey.storage.engine.errors import ActWentOn, StorageError, StorageUnavailable
from rekey.storage.engine.postgres_errors import RAISED, translate
from rekey.storage.engine.row import Row
from rekey.storage.engine.statement import Statement

_CACHED_STATEMENTS: Final = 1024
_TIMEOUT: Final = 30.0
"""Seconds until an answer counts as lost; a connection in a black hole must not hold a batch."""

_COMMON: Final = {"application_name": "rekey", "jit": "off", "lock_timeout": "5s"}
_WRITES: Final = {**_COMMON, "default_transaction_isolation": "read committed"}
_READS: Final = {
    **_COMMON,
    "default_transaction_isolation": "repeatable read",
    "default_transaction_read_only": "on",
}
# An administrator's stronger setting (remote_apply) stays as it is.
_DURABLE: Final = (
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
)


class PostgresConnection:
    """One connection; used by one task at a time.

    Marks (savepoint, release, rollback_to) are sent together with what comes next, in one round
    trip; a mark around nothing is never sent.
    """

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self._owed: list[str] = []
        self._failed = False

    @property
    def closed(self) -> bool:
        return bool(self._raw.is_closed())

    async def fetch(self, statement: Statement, /, **params: Any) -> list[Row]:
        compiled = statement.postgres
        values = compiled.bind(params)
        await self._settle()
        try:
            records = await self._raw.fetch(compiled.sql, *values)
        except RAISED as error:
            raise self._note(error) from error
        return list(map(statement.row, records))

    async def fetch_one(self, statement: Statement, /, **params: Any) -> Row | None:
        compiled = statement.postgres
        values = compiled.bind(params)
        await self._settle()
        try:
            record = await self._raw.fetchrow(compiled.sql, *values)
        except RAISED as error:
            raise self._note(error) from error
        return None if record is None else statement.row(record)

    async def execute(self, statement: Statement, /, **params: Any) -> int:
        compiled = statement.postgres
        values = compiled.bind(params)
        await self._settle()
        try:
            # With no values asyncpg would not prepare it.
            status = await self._raw.execute(compiled.sql, *values)
        except RAISED as error:
            raise self._note(error) from error
        count = status.rpartition(" ")[2]
        return int(count) if count.isdigit() else 0

    async def execute_many(self, statement: Statement, rows: Sequence[Mapping[str, Any]]) -> None:
        compiled = statement.postgres
        await self.execute_rows(statement, [compiled.bind(row) for row in rows])

    async def execute_rows(self, statement: Statement, rows: Sequence[Sequence[Any]]) -> None:
        if not rows:
            return
        await self._settle()
        try:
            await self._raw.executemany(statement.postgres.sql, rows)
        except RAISED as error:
            raise self._note(error) from error

    async def begin(self) -> None:
        await self._control("BEGIN")

    async def commit(self) -> None:
        self._refuse_after_failure()
        status = await self._control("COMMIT")
        if status != "COMMIT":
            # PostgreSQL answers COMMIT of a failed transaction with a silent ROLLBACK.
            raise StorageUnavailable(f"PostgreSQL answered COMMIT with {status}")

    async def rollback(self) -> None:
        self._owed.clear()
        self._failed = False
        if not self.closed and self._raw.is_in_transaction():
            await self._control("ROLLBACK")

    async def savepoint(self, name: str) -> None:
        self._refuse_after_failure()
        self._owed.append(f'SAVEPOINT "{name}"')

    async def release(self, name: str) -> None:
        self._refuse_after_failure()
        if self._owed and self._owed[-1] == f'SAVEPOINT "{name}"':
            self._owed.pop()
        else:
            self._owed.append(f'RELEASE SAVEPOINT "{name}"')

    async def rollback_to(self, name: str) -> None:
        self._failed = False
        mark = f'SAVEPOINT "{name}"'
        if mark in self._owed:
            del self._owed[self._owed.index(mark) + 1 :]
        else:
            self._owed.append(f"ROLLBACK TO {mark}")

    async def close(self) -> None:
        self._raw.terminate()

    async def _settle(self) -> None:
        self._refuse_after_failure()
        if self._owed:
            await self._control("")

    async def _control(self, sql: str) -> str:
        text = "; ".join([*self._owed, sql] if sql else self._owed)
        self._owed.clear()
        try:
            return str(await self._raw.execute(text))
        except RAISED as error:
            raise self._note(error) from error

    def _note(self, error: BaseException) -> StorageError:
        ours = translate(error)
        if isinstance(ours, StorageUnavailable):
            self._raw.terminate()
        else:
            self._failed = bool(self._raw.is_in_transaction())
        return ours

    def _refuse_after_failure(self) -> None:
        if self._failed:
            raise ActWentOn("a statement of this transaction has failed: roll back first")


class _ReadBlock:
    def __init__(self, database: "PostgresDatabase") -> None:
        self._database = database

    async def __aenter__(self) -> PostgresConnection:
        self._connection = await self._database.take_reader()
        try:
            await self._connection.begin()
        except BaseException:
            await self._database.give_back(self._connection, clean=False)
            raise
        return self._connection

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        clean = False
        try:
            await self._connection.rollback()
            clean = True
        finally:
            await self._database.give_back(self._connection, clean=clean)


class PostgresDatabase:
    """A store on a PostgreSQL server; used from one event loop."""

    suspends: Final = True

    def __init__(self, url: str, *, readers: int = 10) -> None:
        self._url = url
        self._idle: list[PostgresConnection] = []
        self._free = asyncio.Semaphore(readers)

    async def connect(self) -> PostgresConnection:
        raw = await self._open(_WRITES)
        try:
            await raw.execute(_DURABLE)
        except RAISED as error:
            raw.terminate()
            raise translate(error) from error
        return PostgresConnection(raw)

    def reading(self) -> _ReadBlock:
        return _ReadBlock(self)

    async def ask(self, statement: Statement, /, **params: Any) -> list[Row]:
        connection = await self.take_reader()
        clean = False
        try:
            rows = await connection.fetch(statement, **params)
            clean = True
        finally:
            await self.give_back(connection, clean=clean)
        return rows

    async def close(self) -> None:
        while self._idle:
            await self._idle.pop().close()

    async def take_reader(self) -> PostgresConnection:
        """Wait for a free place, then give an idle reading connection or open one."""
        await self._free.acquire()
        try:
            while self._idle:
                connection = self._idle.pop()
                if not connection.closed:
                    return connection
            return PostgresConnection(await self._open(_READS))
        except BaseException:
            self._free.release()
            raise

    async def give_back(self, connection: PostgresConnection, *, clean: bool) -> None:
        """Keep the connection for the next reader; one that was cut off mid-way is closed."""
        if clean and not connection.closed:
            self._idle.append(connection)
        else:
            await connection.close()
        self._free.release()

    async def _open(self, settings: Mapping[str, str]) -> Any:
        try:
            return await asyncpg.connect(
                self._url,
                server_settings=dict(settings),
                target_session_attrs="primary",
                statement_cache_size=_CACHED_STATEMENTS,
                # Prepared plans do not age: the statements are few and written by us.
                max_cached_statement_lifetime=0,
                command_timeout=_TIMEOUT,
                timeout=5.0,
            )
        except (*RAISED, ValueError) as error:
            raise StorageUnavailable(f"cannot reach PostgreSQL: {error!r}") from error
