"""Where a store is, as the operator writes it: a path or a PostgreSQL URL."""

from pathlib import Path

from rekey.storage.engine.connection import Database
from rekey.storage.engine.postgres import PostgresDatabase
from rekey.storage.engine.sqlite import SqliteDatabase


def sqlite_path(location: str | Path) -> Path | None:
    """Give the database file of an embedded store, or None for a PostgreSQL URL.

    Raises ValueError for any other URL.
    """
    if isinstance(location, Path):
        return location
    scheme, found, rest = location.partition("://")
    if not found:
        return Path(location)
    if scheme == "sqlite" and rest.startswith("/"):
        return Path(rest[1:])
    if scheme in {"postgresql", "postgres"}:
        return None
    raise ValueError(f"{scheme}:// is no store: give a file, sqlite:///FILE or postgresql://...")


def open_database(location: str | Path) -> Database:
    """Open an embedded store (and claim it), or a PostgreSQL one (connects on first use).

    Raises StoreNotOpened, or ValueError for a location that is neither.
    """
    path = sqlite_path(location)
    return PostgresDatabase(str(location)) if path is None else SqliteDatabase(path)
