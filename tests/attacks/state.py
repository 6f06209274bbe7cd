"""All that an organization holds, read past the server, to show that a refusal changed nothing."""

from pathlib import Path
from typing import Any

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
State = dict[str, list[tuple[Any, ...]]]


def state_of(world: World, *, without: frozenset[str] = frozenset()) -> State:
    """Give every row of every table but the books, in a fixed order."""
    return _rows(world, [name for name in metadata.tables if name not in _BOOKS | without])


def texts_of(world: World) -> str:
    """Give every column of every table as one text."""
    return repr(_rows(world, list(metadata.tables)))


def _rows(world: World, names: list[str]) -> State:
    store = world.server.settings.store
    if not isinstance(store, Path):
        raise TypeError("only the embedded store can be read past the server")
    connection = dbapi2.connect(f"file:{store}?mode=ro", uri=True)
    try:
        return {
            name: sorted(connection.execute(f'SELECT * FROM "{name}"'), key=repr)  # our own names
            for name in sorted(names)
        }
    finally:
        connection.close()
