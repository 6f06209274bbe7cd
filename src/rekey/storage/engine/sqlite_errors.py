"""pysqlite3's exceptions as ours. Total over SQLite's primary result codes.

Source: sqlite.org/rescode.html. pysqlite3 0.6.1 gives the primary code only, so the kinds of
a broken constraint are told apart by the fixed beginning of SQLite's message.
"""

import re
from typing import Final

from pysqlite3 import dbapi2

from rekey.storage.engine.errors import (
    ForeignKeyMissing,
    StatementRefused,
    StorageError,
    StorageUnavailable,
    UniqueConflict,
)

UNAVAILABLE: Final = frozenset(
    {
        "SQLITE_ABORT",
        "SQLITE_AUTH",
        "SQLITE_BUSY",
        "SQLITE_CANTOPEN",
        "SQLITE_CORRUPT",
        "SQLITE_FULL",
        "SQLITE_INTERNAL",
        "SQLITE_INTERRUPT",
        "SQLITE_IOERR",
        "SQLITE_LOCKED",
        "SQLITE_MISUSE",
        "SQLITE_NOLFS",
        "SQLITE_NOMEM",
        "SQLITE_NOTADB",
        "SQLITE_PERM",
        "SQLITE_PROTOCOL",
        "SQLITE_READONLY",
    }
)
REFUSED: Final = frozenset(
    {
        "SQLITE_CONSTRAINT",
        "SQLITE_EMPTY",
        "SQLITE_ERROR",
        "SQLITE_FORMAT",
        "SQLITE_MISMATCH",
        "SQLITE_NOTFOUND",
        "SQLITE_RANGE",
        "SQLITE_SCHEMA",
        "SQLITE_TOOBIG",
    }
)
RAISED: Final = (dbapi2.Error, dbapi2.Warning, OverflowError, UnicodeEncodeError, MemoryError)
"""Everything that pysqlite3 raises while it runs a statement."""

_UNIQUE = re.compile(r"UNIQUE constraint failed: (?:index '(?P<index>[^']*)'|(?P<columns>.*))")


def translate(error: BaseException) -> StorageError:
    """Give our error for one of RAISED; a code we do not know counts as unavailable."""
    name = getattr(error, "sqlite_errorname", None)
    if name == "SQLITE_CONSTRAINT":
        return _constraint(str(error))
    if name in REFUSED:
        return StatementRefused(str(error))
    if name is None and _is_about_a_value(error):
        return StatementRefused(str(error))
    return StorageUnavailable(f"SQLite: {error}")


def _constraint(message: str) -> StorageError:
    if message.startswith("FOREIGN KEY constraint failed"):
        return ForeignKeyMissing()
    found = _UNIQUE.match(message)
    if not found:
        return StatementRefused(message)
    if found["index"] is not None:
        return UniqueConflict(table="", constraint=found["index"])
    pairs = [column.partition(".") for column in found["columns"].split(", ")]
    return UniqueConflict(table=pairs[0][0], columns=tuple(pair[2] for pair in pairs))


def _is_about_a_value(error: BaseException) -> bool:
    if isinstance(error, dbapi2.ProgrammingError):
        return "closed" not in str(error)
    return isinstance(error, (OverflowError, UnicodeEncodeError, dbapi2.InterfaceError, dbapi2.DataError))
