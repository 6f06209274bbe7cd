"""What storage can fail with. No exception of pysqlite3 or asyncpg leaves this room.

StorageError
├── StorageUnavailable      connection lost, disk full, I/O error, locked longer than 5 s
│                           (is the core's StoreUnavailable)
├── StorageBusy             the writer's queue is full (is the core's StoreUnavailable)
├── SerializationLost       another transaction won; the writer runs the batch again
├── UniqueConflict          a unique value is taken (table, columns, constraint)
├── ForeignKeyMissing       a row names another that is not there, or is still named
├── StatementRefused        the engine rejects the statement or a value: a defect of ours
│   └── ActWentOn               an act went on after a failed statement without a savepoint
└── StoreNotOpened          refused at the start, with what to do
    ├── StoreInUse              another process writes to this data directory (pid)
    ├── UnsafeFileSystem        the directory lies on a network file system
    ├── UnsoundSqlite           this SQLite can lose committed rows
    └── StoreIsNewer            a newer Rekey has migrated this database (revision)
"""

from pathlib import Path

from rekey.domain.errors import StoreUnavailable


class StorageError(Exception):
    """Base of all; the text holds no value of any row."""


class StorageUnavailable(StorageError, StoreUnavailable):
    """The engine could not do it now; the connection is closed and must be replaced."""


class StorageBusy(StorageError, StoreUnavailable):
    """The writer's queue is full; nothing was queued."""


class SerializationLost(StorageError):
    """Another transaction won (PostgreSQL 40001, 40P01); the whole batch may be run again."""


class UniqueConflict(StorageError):
    """A unique value is taken.

    `table` is known on both engines. `columns` is empty on a PostgreSQL that answers in
    another language than English, `constraint` is empty on SQLite.
    """

    def __init__(self, *, table: str, columns: tuple[str, ...] = (), constraint: str = "") -> None:
        super().__init__(f"a unique value of {table} is taken: {', '.join(columns) or constraint}")
        self.table = table
        self.columns = columns
        self.constraint = constraint


class ForeignKeyMissing(StorageError):
    """A row names another that is not there, or is still named; SQLite does not say which."""

    def __init__(self, *, table: str = "", constraint: str = "") -> None:
        where = f" in {table} ({constraint})" if table else ""
        super().__init__(f"a foreign key is broken{where}")
        self.table = table
        self.constraint = constraint


class StatementRefused(StorageError):
    """The engine rejects the statement or a value in it: a defect of ours, not weather."""


class ActWentOn(StatementRefused):
    """An act went on after a failed statement.

    PostgreSQL refuses everything after the first failure; SQLite would go on. Both refuse
    here, so that an act behaves the same. Use a savepoint, or ON CONFLICT, to expect a failure.
    """


class StoreNotOpened(StorageError):
    """Refused at the start; the text says what to do."""


class StoreInUse(StoreNotOpened):
    """Another process writes to this data directory."""

    def __init__(self, *, path: Path, pid: str) -> None:
        super().__init__(
            f"{path} is in use by process {pid or 'unknown'}: "
            "stop it first, or use PostgreSQL for several server processes"
        )
        self.path = path
        self.pid = pid


class UnsafeFileSystem(StoreNotOpened):
    """The directory lies on a network file system, where SQLite's locks do not hold."""

    def __init__(self, *, path: Path, kind: str) -> None:
        super().__init__(f"{path} lies on {kind}: use a local disk, or PostgreSQL for storage on the network")
        self.path = path
        self.kind = kind


class UnsoundSqlite(StoreNotOpened):
    """This SQLite carries the WAL-reset defect and can lose committed rows.

    Source: sqlite.org/wal.html#walresetbug (3.7.0 to 3.51.2).
    """

    def __init__(self, *, found: str, needed: str) -> None:
        super().__init__(f"SQLite {found} is unsound: {needed} or later is needed")
        self.found = found


class StoreIsNewer(StoreNotOpened):
    """A newer Rekey has migrated this database."""

    def __init__(self, *, revision: str) -> None:
        super().__init__(
            f"the database is at revision {revision}, which this version of Rekey does not know: "
            "start the version that last used it, or a newer one"
        )
        self.revision = revision
