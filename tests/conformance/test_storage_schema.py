"""The migrations make exactly the tables that the code means, on both engines."""

import asyncio
import re
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa
from pysqlite3 import dbapi2
from sqlalchemy.dialects import registry

from rekey.ports.store import View
from rekey.storage.migrate import differences, upgrade
from rekey.storage.store import SCHEMA
from rekey.storage.tables import metadata
from rekey.storage.view import SqlView

_COLUMNS = """
    SELECT table_name, column_name, data_type, is_nullable
    FROM information_schema.columns WHERE table_schema = 'public'
"""
_CONSTRAINTS = "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype IN ('p', 'u', 'f')"
_INDEXES = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"


_IS_NOT_OURS = re.compile("alembic_version|sqlite_stat")


def _ddl(engine: str) -> list[str]:
    dialect = registry.load(engine)()
    made = [str(sa.schema.CreateTable(table).compile(dialect=dialect)) for table in metadata.sorted_tables]
    indexes = (index for table in metadata.sorted_tables for index in table.indexes)
    return made + [str(sa.schema.CreateIndex(index).compile(dialect=dialect)) for index in indexes]


_BETWEEN_COLUMNS = re.compile(r", (?![^()]*\))")
_DEFAULT = re.compile(r" DEFAULT (?:'[^']*'|\w+)")


def _sqlite_schema(path: Path) -> set[frozenset[str]]:
    """Give the parts of each table and index: a column that was added later stands last, with a default."""
    connection = dbapi2.connect(str(path))
    try:
        found = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    finally:
        connection.close()
    return {_parts(" ".join(sql.split())) for (sql,) in found if not _IS_NOT_OURS.search(sql)}


def _parts(sql: str) -> frozenset[str]:
    if not sql.startswith("CREATE TABLE"):
        return frozenset({sql})
    head, _, rest = _DEFAULT.sub("", sql).partition(" ( ")
    return frozenset({head, *(part.strip() for part in _BETWEEN_COLUMNS.split(rest.replace(" )", ", )")))})


def test_the_embedded_store_gets_the_tables_that_the_code_means(tmp_path: Path) -> None:
    asyncio.run(upgrade(tmp_path / "migrated.db", SCHEMA))
    connection = dbapi2.connect(str(tmp_path / "meant.db"))
    for sql in _ddl("sqlite"):
        connection.execute(sql)
    connection.close()
    assert _sqlite_schema(tmp_path / "migrated.db") == _sqlite_schema(tmp_path / "meant.db")


def test_postgresql_gets_the_tables_that_the_code_means(postgres_url: str) -> None:
    async def run() -> None:
        await upgrade(postgres_url, SCHEMA)
        assert await differences(postgres_url, SCHEMA) == []
        connection: Any = await asyncpg.connect(postgres_url)
        try:
            await connection.execute("DROP TABLE alembic_version")
            migrated = await _postgres_schema(connection)
            await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
            for sql in _ddl("postgresql"):
                await connection.execute(sql)
            assert migrated == await _postgres_schema(connection)
        finally:
            await connection.close()

    asyncio.run(run())


async def _postgres_schema(connection: Any) -> set[tuple[str, ...]]:
    queries = (_COLUMNS, _CONSTRAINTS, _INDEXES)
    return {tuple(row) for query in queries for row in await connection.fetch(query)}


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_the_organization_leads_every_key(table: sa.Table) -> None:
    assert next(iter(table.primary_key)).name == "organization_id"


def test_a_view_has_every_repository_that_the_port_names() -> None:
    assert {name for name in View.__annotations__ if name not in vars(SqlView)} == {"organization_id"}
