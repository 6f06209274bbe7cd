"""All that an organization holds, watched past the server, to show that a refusal changed nothing."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from pysqlite3 import dbapi2

from rekey.storage.tables import metadata
from tests.support.world import World

# Books that grow with every request that is refused, and say so.
_BOOKS = frozenset(
    {
        "journal",
        "checkpoints",
        "organization_heads",
        "seen_operations",
        "directory_calls",
        "directory_states",
    }
)
State = dict[str, int]
_WATCH = "CREATE TABLE IF NOT EXISTS watched_changes (name TEXT PRIMARY KEY, changes INTEGER NOT NULL)"
_COUNT = (
    "INSERT INTO watched_changes VALUES ('{name}', 1) ON CONFLICT (name) DO UPDATE SET changes = changes + 1"
)


def state_of(world: World, *, without: frozenset[str] = frozenset()) -> State:
    """Say how often a row of each table but the books was added, changed or deleted since the first call.

    Reading every row would cost more with every row that a test adds, so triggers count instead. A row that
    was written as it stood has not changed.
    """
    connection = _connect(world, "rw")
    try:
        if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'watched_changes'").fetchone():
            _watch(connection)
        counted = connection.execute("SELECT name, changes FROM watched_changes ORDER BY name").fetchall()
        return {name: changes for name, changes in counted if name not in _BOOKS | without}
    finally:
        connection.close()


def rows_of(world: World) -> dict[str, list[tuple[Any, ...]]]:
    """Give every row of every table but the books, in a fixed order."""
    return {name: sorted(rows, key=repr) for name, rows in _read(world).items() if name not in _BOOKS}


def texts_of(world: World) -> str:
    """Give every column of every table as one text."""
    return repr(_read(world))


def _read(world: World) -> dict[str, list[tuple[Any, ...]]]:
    connection = _connect(world, "ro")
    try:
        return {
            name: connection.execute(f'SELECT * FROM "{name}"').fetchall()  # our own names
            for name in sorted(metadata.tables)
        }
    finally:
        connection.close()


def _watch(connection: Any) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(_WATCH)
    for name, table in metadata.tables.items():
        if name in _BOOKS:
            continue
        count = _COUNT.format(name=name)
        for verb, when in (("INSERT", ""), ("DELETE", ""), ("UPDATE", f"WHEN {_differs(table)}")):
            connection.execute(
                f'CREATE TRIGGER "watch_{name}_{verb}" AFTER {verb} ON "{name}" {when} BEGIN {count}; END'
            )
    connection.execute("COMMIT")


def _differs(table: sa.Table) -> str:
    return " OR ".join(f'OLD."{column.name}" IS NOT NEW."{column.name}"' for column in table.columns)


def _connect(world: World, mode: str) -> Any:
    store = world.server.settings.store
    if not isinstance(store, Path):
        raise TypeError("only the embedded store can be watched past the server")
    return dbapi2.connect(f"file:{store}?mode={mode}", uri=True, isolation_level=None, timeout=10)
