"""Bring a store to this version's schema, both engines, with Alembic and without its ini file.

There is no way down: a restored backup is the way back.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from pysqlite3 import dbapi2
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from rekey.storage.engine.errors import StorageUnavailable, StoreIsNewer
from rekey.storage.engine.location import sqlite_path
from rekey.storage.engine.sqlite import refuse_unsound_sqlite

T = TypeVar("T")

_HERE: Final = Path(__file__).with_name("migrations")
_UPGRADE_LOCK: Final = 0x52454B4559  # "REKEY"; one server at a time upgrades a database


@dataclass(frozen=True, kw_only=True, slots=True)
class Schema:
    """The tables that the code means, and the folder of the revisions that make them."""

    metadata: sa.MetaData
    versions: Path = _HERE / "versions"


async def upgrade(location: str | Path, schema: Schema) -> str | None:
    """Bring the store to the newest revision and give that; all of it or nothing.

    An embedded store is created when it is not there. Two servers that start at once upgrade
    one after the other. Raises StoreIsNewer, StorageUnavailable, ValueError (the location).
    """
    return await _with_connection(location, lambda connection: _upgrade(connection, schema))


async def current_revision(location: str | Path) -> str | None:
    """Give the store's revision, or None before the first upgrade."""
    return await _with_connection(location, _revision)


async def differences(location: str | Path, schema: Schema) -> list[Any]:
    """List where the store's tables differ from the metadata (Alembic's compare_metadata)."""
    return await _with_connection(location, lambda connection: _compare(connection, schema))


def newest_revision(schema: Schema) -> str | None:
    """Give the revision that this code expects."""
    return ScriptDirectory.from_config(_config(schema)).get_current_head()


def add_revision(location: str | Path, schema: Schema, message: str) -> None:
    """Write a new script from the differences of an embedded, upgraded store; for developers."""
    path = sqlite_path(location)
    if path is None:
        raise ValueError("scripts are written from an embedded store")
    with _sqlite(path) as connection:
        command.revision(_config(schema, connection), message, autogenerate=True)


def _upgrade(connection: sa.Connection, schema: Schema) -> str | None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_UPGRADE_LOCK)))
    _refuse_newer(connection, schema)
    command.upgrade(_config(schema, connection), "head")
    if connection.dialect.name == "sqlite":
        _refuse_broken_keys(connection)
    return _revision(connection)


def _refuse_newer(connection: sa.Connection, schema: Schema) -> None:
    found = _revision(connection)
    scripts = ScriptDirectory.from_config(_config(schema)).walk_revisions()
    known = {script.revision for script in scripts}
    if found is not None and found not in known:
        raise StoreIsNewer(revision=found)


def _refuse_broken_keys(connection: sa.Connection) -> None:
    # Foreign keys are off while tables are rebuilt, so they are checked before the commit.
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise StorageUnavailable(f"the upgrade would break a foreign key of {broken[0]}")


def _revision(connection: sa.Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _compare(connection: sa.Connection, schema: Schema) -> list[Any]:
    return list(compare_metadata(MigrationContext.configure(connection), schema.metadata))


def _config(schema: Schema, connection: sa.Connection | None = None) -> Config:
    config = Config()
    # Alembic reads these as ini values, where a percent sign is written twice.
    config.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    config.set_main_option("version_locations", str(schema.versions).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["metadata"] = schema.metadata
    return config


async def _with_connection(location: str | Path, work: Callable[[sa.Connection], T]) -> T:
    path = sqlite_path(location)
    try:
        if path is None:
            return await _on_postgres(str(location), work)
        with _sqlite(path) as connection:
            return work(connection)
    except (sa.exc.DBAPIError, OSError) as error:
        raise StorageUnavailable(f"the schema could not be read or changed: {error}") from error


async def _on_postgres(location: str, work: Callable[[sa.Connection], T]) -> T:
    url = sa.make_url(location).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


@contextmanager
def _sqlite(path: Path) -> Iterator[sa.Connection]:
    refuse_unsound_sqlite()
    engine = sa.create_engine(
        "sqlite+pysqlite://",
        module=dbapi2,
        creator=lambda: dbapi2.connect(str(path), isolation_level=None),
        poolclass=NullPool,
    )
    # The driver would begin only before a change of rows and leave each change of a table to
    # commit by itself.
    sa.event.listen(engine, "begin", lambda c: c.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()
