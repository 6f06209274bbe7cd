"""The embedded engine: SQLite in this process, one writing connection, many reading ones.

No method here ever suspends, so the writer's thread can run a coroutine by hand and the
event loop pays a few microseconds for a read instead of a hop to another thread.
"""

import os
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from pysqlite3 import dbapi2

from rekey.storage.engine.data_dir import WriterClaim, refuse_network_disk
from rekey.storage.engine.errors import ActWentOn, StorageUnavailable, UnsoundSqlite
from rekey.storage.engine.row import Row
from rekey.storage.engine.sqlite_errors import RAISED, translate
from rekey.storage.engine.statement import Statement

OLDEST_SOUND: Final = (3, 51, 3)
_IDLE_READERS: Final = 8
_CACHED_STATEMENTS: Final = 1024

_PRAGMAS: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA journal_size_limit = 67108864",
    "PRAGMA cache_size = -65536",
)


_MOST_VALUES: Final = 32_766
_MOST_ROWS: Final = 500
_ONE_ROW: Final = re.compile(r"^INSERT INTO [^?]* VALUES (?P<values>\([?, ]+\))$")


@lru_cache(maxsize=256)
def several(sql: str, width: int) -> tuple[int, str]:
    """Give how many rows one statement takes at once, and its text for so many; others take one.

    One that fails half-way leaves its first rows behind: a failed statement lets an act go back to its mark or
    further only. Keeping the pages for such a statement alone would double what it costs.
    """
    plain = _ONE_ROW.match(sql)
    if plain is None:
        return 1, sql
    size = min(_MOST_ROWS, _MOST_VALUES // width)
    text = sql.replace("INSERT INTO", "INSERT OR FAIL INTO", 1)
    return size, text + f", {plain['values']}" * (size - 1)


def refuse_unsound_sqlite(version: tuple[int, int, int] = dbapi2.sqlite_version_info) -> None:
    """Raise UnsoundSqlite below 3.51.3, which has the WAL-reset defect."""
    if version < OLDEST_SOUND:
        raise UnsoundSqlite(found=".".join(map(str, version)), needed=".".join(map(str, OLDEST_SOUND)))


class SqliteConnection:
    """One connection; used by one thread at a time."""

    def __init__(self, path: Path, *, writes: bool) -> None:
        try:
            self._raw = dbapi2.connect(
                str(path),
                isolation_level=None,
                check_same_thread=False,
                cached_statements=_CACHED_STATEMENTS,
                # A reader shares its thread with every other request: it must not wait long.
                timeout=5.0 if writes else 0.25,
            )
            for pragma in _PRAGMAS:
                self._raw.execute(pragma)
            self._raw.execute(f"PRAGMA query_only = {0 if writes else 1}")
            # One cursor for all: every statement is read to its end before the next.
            self._cursor = self._raw.cursor()
        except RAISED as error:
            raise StorageUnavailable(f"cannot open {path}: {error}") from error
        self._begin = "BEGIN IMMEDIATE" if writes else "BEGIN"
        self._failed = False
        self._closed = False

    @property
    def closed(self) -> bool:
        return self._closed

    async def fetch(self, statement: Statement, /, **params: Any) -> list[Row]:
        compiled = statement.sqlite
        return list(map(statement.sqlite_row, self._run(compiled.sql, compiled.bind(params))))

    async def fetch_one(self, statement: Statement, /, **params: Any) -> Row | None:
        compiled = statement.sqlite
        rows = self._run(compiled.sql, compiled.bind(params))
        return statement.sqlite_row(rows[0]) if rows else None

    async def execute(self, statement: Statement, /, **params: Any) -> int:
        compiled = statement.sqlite
        self._run(compiled.sql, compiled.bind(params))
        return int(self._cursor.rowcount)

    async def execute_many(self, statement: Statement, rows: Sequence[Mapping[str, Any]]) -> None:
        compiled = statement.sqlite
        await self.execute_rows(statement, [compiled.bind(row) for row in rows])

    async def execute_rows(self, statement: Statement, rows: Sequence[Sequence[Any]]) -> None:
        if not rows:
            return
        self._refuse_after_failure()
        compiled = statement.sqlite
        size, text = several(compiled.sql, len(compiled.names))
        done = 0
        try:
            # Each run of a statement gives the interpreter away and waits to have it back.
            while size > 1 and done + size <= len(rows):
                self._cursor.execute(text, [*chain.from_iterable(rows[done : done + size])])
                done += size
            self._cursor.executemany(compiled.sql, rows[done:])
        except RAISED as error:
            raise self._note(error) from error

    async def begin(self) -> None:
        self._control(self._begin)

    async def commit(self) -> None:
        self._refuse_after_failure()
        self._control("COMMIT")

    async def rollback(self) -> None:
        # After some errors SQLite has rolled back by itself; a blind ROLLBACK would fail and
        # hide the cause.
        if not self._closed and self._raw.in_transaction:
            self._control("ROLLBACK")
        self._failed = False

    async def savepoint(self, name: str) -> None:
        self._refuse_after_failure()
        if not self._raw.in_transaction:
            # It would begin a transaction of its own, and its release would commit that.
            raise ActWentOn("a savepoint needs a transaction")
        self._control(f'SAVEPOINT "{name}"')

    async def release(self, name: str) -> None:
        self._refuse_after_failure()
        self._control(f'RELEASE "{name}"')

    async def rollback_to(self, name: str) -> None:
        self._control(f'ROLLBACK TO "{name}"')
        self._failed = False

    async def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._raw.close()

    def _run(self, sql: str, values: Sequence[Any]) -> list[Any]:
        if self._failed:
            self._refuse_after_failure()
        try:
            rows: list[Any] = self._cursor.execute(sql, values).fetchall()
        except RAISED as error:
            raise self._note(error) from error
        return rows

    def _control(self, sql: str) -> None:
        try:
            self._cursor.execute(sql)
        except RAISED as error:
            raise self._note(error) from error

    def _note(self, error: BaseException) -> Exception:
        ours = translate(error)
        if isinstance(ours, StorageUnavailable):
            # SQLite may have ended the transaction: going on would write outside of it.
            if not self._closed:
                self._closed = True
                self._raw.close()
        elif not self._closed:
            self._failed = self._raw.in_transaction
        return ours

    def _refuse_after_failure(self) -> None:
        if self._failed:
            raise ActWentOn("a statement of this transaction has failed: roll back first")


class _ReadBlock:
    def __init__(self, database: "SqliteDatabase") -> None:
        self._database = database

    async def __aenter__(self) -> SqliteConnection:
        self._connection = self._database.take_reader()
        await self._connection.begin()
        return self._connection

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._connection.rollback()
        await self._database.give_back(self._connection)


class SqliteDatabase:
    """An embedded store, claimed by this process until closed."""

    suspends: Final = False

    def __init__(self, path: Path) -> None:
        refuse_unsound_sqlite()
        refuse_network_disk(path)
        self._path = path
        self._claim = WriterClaim(path)
        # SQLite gives its other files the mode of this one.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        self._idle: list[SqliteConnection] = []

    async def connect(self) -> SqliteConnection:
        return SqliteConnection(self._path, writes=True)

    def reading(self) -> _ReadBlock:
        return _ReadBlock(self)

    async def ask(self, statement: Statement, /, **params: Any) -> list[Row]:
        connection = self.take_reader()
        try:
            return await connection.fetch(statement, **params)
        finally:
            await self.give_back(connection)

    async def close(self) -> None:
        while self._idle:
            await self._idle.pop().close()
        self._claim.close()

    def take_reader(self) -> SqliteConnection:
        """Give an idle reading connection, or open one."""
        return self._idle.pop() if self._idle else SqliteConnection(self._path, writes=False)

    async def give_back(self, connection: SqliteConnection) -> None:
        """Keep the connection for the next reader, unless it is broken or there are enough."""
        if not connection.closed and len(self._idle) < _IDLE_READERS:
            self._idle.append(connection)
        else:
            await connection.close()
