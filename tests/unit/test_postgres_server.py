"""The published PostgreSQL server for tests does what its docstrings promise."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from rekey.testing import postgres as module
from rekey.testing.postgres import PostgresFailed, PostgresMissing, PostgresServer


@pytest.fixture(scope="module")
def own_server() -> Iterator[PostgresServer]:
    """A server that these tests may kill."""
    with PostgresServer() as server:
        yield server


async def _rows(url: str) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        return [row["name"] for row in await connection.fetch("SELECT name FROM kept ORDER BY name")]
    finally:
        await connection.close()


def _is_alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_each_test_gets_an_empty_database(postgres: PostgresServer, postgres_url: str) -> None:
    name = postgres_url.rpartition("/")[2]
    assert (
        postgres.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", database=name) == "0"
    )


def test_the_server_syncs_every_commit_to_the_disk(postgres: PostgresServer) -> None:
    settings = [
        postgres.execute(f"SHOW {name}") for name in ("fsync", "synchronous_commit", "full_page_writes")
    ]
    assert settings == ["on", "on", "on"]


def test_a_database_starts_as_a_copy_of_its_template(postgres: PostgresServer) -> None:
    postgres.create_database("original")
    postgres.execute("CREATE TABLE kept (name text); INSERT INTO kept VALUES ('a')", database="original")
    postgres.create_database("copy", template="original")
    assert postgres.execute("SELECT name FROM kept", database="copy") == "a"


def test_a_refused_statement_raises_with_the_words_of_the_server(postgres: PostgresServer) -> None:
    with pytest.raises(PostgresFailed, match='relation "nowhere" does not exist'):
        postgres.execute("SELECT * FROM nowhere")


async def _insert_until_killed(server: PostgresServer, url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute("INSERT INTO kept VALUES ('acknowledged')")
    await connection.execute("BEGIN; INSERT INTO kept VALUES ('unfinished')")
    server.kill()
    connection.terminate()


def test_a_kill_keeps_what_was_committed_and_nothing_else(own_server: PostgresServer) -> None:
    url = own_server.create_database("killed")
    own_server.execute("CREATE TABLE kept (name text)", database="killed")
    asyncio.run(_insert_until_killed(own_server, url))
    own_server.start()
    assert asyncio.run(_rows(url)) == ["acknowledged"]


def test_a_kill_leaves_no_process_behind(own_server: PostgresServer) -> None:
    pids = [own_server.pid, *module._children_of(own_server.pid)]
    own_server.kill()
    assert [pid for pid in pids if _is_alive(pid)] == []
    own_server.start()


def test_a_stopped_server_starts_again_at_the_same_address(own_server: PostgresServer) -> None:
    before = own_server.url("postgres")
    own_server.stop()
    own_server.start()
    assert (own_server.url("postgres"), own_server.execute("SELECT 1")) == (before, "1")


def test_a_server_that_cannot_start_says_why() -> None:
    with pytest.raises(PostgresFailed, match="unrecognized configuration parameter"):
        PostgresServer({"no_such_setting": "on"}).__enter__()


def test_a_machine_without_the_server_is_told_the_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(module, "_DEBIAN_HOMES", tmp_path)
    with pytest.raises(PostgresMissing, match="package `postgresql`"):
        PostgresServer()
