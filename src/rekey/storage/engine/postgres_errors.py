"""asyncpg's exceptions as ours. Total over the SQLSTATE classes that asyncpg knows.

Source: PostgreSQL manual, appendix A (error codes). A class we do not know counts as
unavailable: the outcome is then open, and nothing is acknowledged.
"""

import re
from typing import Final

import asyncpg
from asyncpg import exceptions

from rekey.storage.engine.errors import (
    ForeignKeyMissing,
    SerializationLost,
    StatementRefused,
    StorageError,
    StorageUnavailable,
    UniqueConflict,
)

UNAVAILABLE: Final = frozenset({"08", "25", "28", "3D", "40", "53", "55", "57", "58", "72", "F0", "XX"})
"""Connection, transaction state, sign-in, database gone, rollback, resources, locks, operator,
system, snapshot, configuration, internal."""

REFUSED: Final = frozenset(
    {
        *("01", "02", "03", "09", "0A", "0B", "0F", "0L", "0P", "0Z", "10", "20", "21", "22"),
        *("23", "24", "26", "27", "2B", "2D", "2F", "34", "38", "39", "3B", "3F", "42", "44"),
        *("54", "HV", "P0"),
    }
)
"""A statement or a value that no repetition makes right."""

SERIALIZATION: Final = frozenset({"40001", "40P01"})
FOREIGN_KEY: Final = frozenset({"23503", "23001"})
UNIQUE: Final = "23505"
FAILED_BEFORE: Final = "25P02"

RAISED: Final = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    exceptions.InternalClientError,
    asyncpg.PostgresWarning,
    asyncpg.InterfaceWarning,
    OSError,
    TimeoutError,
    EOFError,
)
"""Everything that asyncpg raises while it connects or runs a statement."""

_KEY = re.compile(r"Key \((?P<columns>[^)]*)\)=")


def translate(error: BaseException) -> StorageError:
    """Give our error for one of RAISED."""
    if isinstance(error, (exceptions.InvalidCachedStatementError, exceptions.OutdatedSchemaCacheError)):
        # The schema changed beneath a prepared statement; the next run prepares it anew.
        return SerializationLost("the schema changed beneath a prepared statement")
    if isinstance(error, (exceptions.DataError, asyncpg.InterfaceWarning)):
        return StatementRefused(str(error))
    state: str | None = getattr(error, "sqlstate", None)
    return StorageUnavailable(f"PostgreSQL: {error!r}") if state is None else _of(state, error)


def _of(state: str, error: BaseException) -> StorageError:
    if state == UNIQUE:
        return _unique(error)
    if state in FOREIGN_KEY:
        return ForeignKeyMissing(
            table=_field(error, "table_name"), constraint=_field(error, "constraint_name")
        )
    if state in SERIALIZATION:
        return SerializationLost(str(error))
    if state == FAILED_BEFORE or state[:2] in REFUSED:
        return StatementRefused(f"{state}: {error}")
    return StorageUnavailable(f"PostgreSQL {state}: {error}")


def _unique(error: BaseException) -> UniqueConflict:
    found = _KEY.match(_field(error, "detail"))
    return UniqueConflict(
        table=_field(error, "table_name"),
        columns=tuple(found["columns"].split(", ")) if found else (),
        constraint=_field(error, "constraint_name"),
    )


def _field(error: BaseException, name: str) -> str:
    return getattr(error, name, None) or ""
