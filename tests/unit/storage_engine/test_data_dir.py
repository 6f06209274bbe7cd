"""Who may write to an embedded store, and where it may lie."""

import subprocess
import sys
from pathlib import Path

import pytest

from rekey.storage.engine.data_dir import WriterClaim, refuse_network_disk
from rekey.storage.engine.errors import StorageUnavailable, StoreInUse, UnsafeFileSystem, UnsoundSqlite
from rekey.storage.engine.location import open_database, sqlite_path
from rekey.storage.engine.sqlite import SqliteConnection, SqliteDatabase, refuse_unsound_sqlite

pytestmark = pytest.mark.anyio

HOLD = """
import sys
from pathlib import Path
from rekey.storage.engine.data_dir import WriterClaim
claim = WriterClaim(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""
MOUNTS = "/dev/vda / ext4 rw 0 0\nserver:/x /srv/shared nfs4 rw 0 0\n/dev/vdb /srv/shared/local xfs rw 0 0\n"


def modes(folder: Path) -> set[int]:
    """Give the permissions of the folder's files."""
    return {path.stat().st_mode & 0o777 for path in folder.iterdir()}


def test_a_second_process_is_told_who_writes(tmp_path: Path) -> None:
    path = tmp_path / "rekey.db"
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StoreInUse, match=f"in use by process {holder.pid}"):
            SqliteDatabase(path)
        holder.kill()
    WriterClaim(path).close()


async def test_a_second_opening_in_one_process_is_refused_until_the_first_closes(tmp_path: Path) -> None:
    path = tmp_path / "rekey.db"
    first = SqliteDatabase(path)
    with pytest.raises(StoreInUse):
        SqliteDatabase(path)
    await first.close()
    await SqliteDatabase(path).close()


async def test_the_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path / "rekey.db")
    connection = await database.connect()
    assert modes(tmp_path) == {0o600}
    await connection.close()
    await database.close()


def test_a_network_disk_is_refused() -> None:
    with pytest.raises(UnsafeFileSystem, match="nfs4"):
        refuse_network_disk(Path("/srv/shared/rekey.db"), mounts=MOUNTS)


@pytest.mark.parametrize("path", ["/srv/shared/local/rekey.db", "/var/rekey.db"])
def test_a_local_disk_is_accepted(path: str) -> None:
    refuse_network_disk(Path(path), mounts=MOUNTS)


def test_an_sqlite_with_the_wal_defect_is_refused() -> None:
    with pytest.raises(UnsoundSqlite, match=r"3\.51\.2 is unsound"):
        refuse_unsound_sqlite((3, 51, 2))


def test_the_first_sound_sqlite_is_accepted() -> None:
    refuse_unsound_sqlite((3, 51, 3))


def test_a_writing_connection_is_durable_and_strict(tmp_path: Path) -> None:
    raw = SqliteConnection(tmp_path / "rekey.db", writes=True)._raw
    settings = ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "busy_timeout")
    found = [raw.execute(f"PRAGMA {name}").fetchone()[0] for name in settings]
    raw.close()
    assert found == ["wal", 2, 1, 0, 5000]


def test_a_directory_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable, match="cannot open"):
        SqliteConnection(tmp_path / "missing" / "rekey.db", writes=True)


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("data/rekey.db", Path("data/rekey.db")),
        (Path("/x/rekey.db"), Path("/x/rekey.db")),
        ("sqlite:////x/rekey.db", Path("/x/rekey.db")),
        ("sqlite:///x/rekey.db", Path("x/rekey.db")),
        ("postgresql://host/name", None),
    ],
)
def test_a_location_is_a_file_or_a_postgres_url(location: str | Path, path: Path | None) -> None:
    assert sqlite_path(location) == path


def test_any_other_url_is_refused() -> None:
    with pytest.raises(ValueError, match="mysql:// is no store"):
        open_database("mysql://host/name")


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(StorageUnavailable, match="cannot reach PostgreSQL"):
        await open_database("postgresql://nobody@127.0.0.1:1/none").connect()
