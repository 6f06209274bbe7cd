"""Bringing a store to the schema of the code."""

import asyncio
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from rekey.storage.engine.errors import StorageUnavailable, StoreIsNewer
from rekey.storage.migrate import add_revision, current_revision, differences, newest_revision, upgrade
from tests.unit.storage_engine.schema import SCHEMA
from tests.unit.storage_engine.world import METADATA

pytestmark = pytest.mark.anyio

BROKEN = replace(SCHEMA, versions=Path(__file__).with_name("revisions_broken"))


async def test_a_new_store_has_no_revision(location: str) -> None:
    assert await current_revision(location) is None


async def test_an_upgrade_reaches_the_newest_revision(location: str) -> None:
    assert await upgrade(location, SCHEMA) == newest_revision(SCHEMA) == "0001"
    assert await current_revision(location) == "0001"


async def test_a_second_upgrade_changes_nothing(location: str) -> None:
    await upgrade(location, SCHEMA)
    assert await upgrade(location, SCHEMA) == "0001"


async def test_an_upgraded_store_has_the_tables_of_the_metadata(location: str) -> None:
    await upgrade(location, SCHEMA)
    assert await differences(location, SCHEMA) == []


async def test_a_table_without_a_revision_is_a_difference(location: str) -> None:
    await upgrade(location, SCHEMA)
    more = sa.MetaData()
    for table in METADATA.tables.values():
        table.to_metadata(more)
    sa.Table("extra", more, sa.Column("id", sa.String, primary_key=True))
    found = await differences(location, replace(SCHEMA, metadata=more))
    assert [kind for kind, *_ in found] == ["add_table"]


async def test_a_revision_that_fails_leaves_nothing_behind(location: str) -> None:
    with pytest.raises(StorageUnavailable):
        await upgrade(location, BROKEN)
    assert await current_revision(location) is None
    assert await differences(location, replace(SCHEMA, metadata=sa.MetaData())) == []


async def test_a_store_of_a_newer_version_is_refused(location: str, tmp_path: Path) -> None:
    newer = tmp_path / "newer"
    shutil.copytree(SCHEMA.versions, newer, ignore=shutil.ignore_patterns("__pycache__"))
    text = (newer / "0001_first.py").read_text()
    (newer / "0001_first.py").write_text(text.replace('revision = "0001"', 'revision = "9999"', 1))
    await upgrade(location, replace(SCHEMA, versions=newer))
    with pytest.raises(StoreIsNewer, match="revision 9999"):
        await upgrade(location, SCHEMA)


async def test_servers_that_start_together_upgrade_one_after_the_other(postgres_url: str) -> None:
    assert await asyncio.gather(*(upgrade(postgres_url, SCHEMA) for _ in range(4))) == ["0001"] * 4


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(StorageUnavailable):
        await upgrade("postgresql://nobody@127.0.0.1:1/none", SCHEMA)


async def test_a_new_revision_is_written_from_the_differences(tmp_path: Path) -> None:
    path, versions = tmp_path / "rekey.db", tmp_path / "versions"
    versions.mkdir()
    fresh = replace(SCHEMA, versions=versions)
    await upgrade(path, fresh)
    add_revision(path, fresh, "first")
    await upgrade(path, fresh)
    assert await differences(path, fresh) == []
