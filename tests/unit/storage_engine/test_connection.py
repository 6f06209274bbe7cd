"""What a connection promises, on both engines."""

from collections.abc import AsyncIterator

import pytest
import sqlalchemy as sa

from rekey.storage.engine.connection import Connection, Database
from rekey.storage.engine.errors import (
    ActWentOn,
    ForeignKeyMissing,
    StatementRefused,
    StorageUnavailable,
    UniqueConflict,
)
from rekey.storage.engine.statement import Statement
from tests.unit.storage_engine.world import (
    ALL_IDS,
    AMONG,
    BY_ID,
    COUNT,
    INSERT,
    INSERT_ONCE,
    NOTES,
    REPLACE,
    RESIZE,
    ids,
    note,
)

pytestmark = pytest.mark.anyio


@pytest.fixture
async def connection(database: Database) -> AsyncIterator[Connection]:
    """Give a writing connection inside a transaction."""
    connection = await database.connect()
    await connection.begin()
    yield connection
    await connection.close()


async def test_a_row_is_read_by_name_and_by_position(connection: Connection) -> None:
    await connection.execute(INSERT, id="n", size=2**53 + 1, done=True, body=b"\x00\xff", parent_id=None)
    row = await connection.fetch_one(BY_ID, id="n")
    assert row is not None
    assert (row.id, row.size, row.body, row.parent_id) == (row[0], row[1], row[3], row[4])
    assert row == ("n", 2**53 + 1, True, b"\x00\xff", None)


async def test_a_boolean_comes_back_as_a_boolean(connection: Connection) -> None:
    await connection.execute(INSERT, id="n", size=1, done=True, body=None, parent_id=None)
    row = await connection.fetch_one(BY_ID, id="n")
    assert row is not None
    assert row.done is True


async def test_no_row_is_none(connection: Connection) -> None:
    assert await connection.fetch_one(BY_ID, id="nobody") is None


async def test_execute_counts_the_rows_it_changed(connection: Connection) -> None:
    await connection.execute(INSERT, **note("n"))
    assert await connection.execute(RESIZE, key="n", new_size=7) == 1
    assert await connection.execute(RESIZE, key="nobody", new_size=7) == 0


async def test_execute_many_writes_every_row(connection: Connection) -> None:
    await connection.execute_many(INSERT, [note(f"n{i}") for i in range(300)])
    row = await connection.fetch_one(COUNT)
    assert row is not None
    assert row.total == 300


async def test_execute_many_of_nothing_does_nothing(connection: Connection) -> None:
    await connection.execute_many(INSERT, [])
    assert await connection.fetch(ALL_IDS) == []


async def test_a_list_parameter_finds_its_members(connection: Connection) -> None:
    await connection.execute_many(INSERT, [note("a"), note('b"\\'), note("c")])
    found = await connection.fetch(AMONG, ids=['b"\\', "c", "nobody"])
    assert [row.id for row in found] == ['b"\\', "c"]


async def test_an_empty_list_finds_nothing(connection: Connection) -> None:
    await connection.execute(INSERT, **note("a"))
    assert await connection.fetch(AMONG, ids=[]) == []


async def test_an_upsert_changes_the_row_that_is_there(connection: Connection) -> None:
    await connection.execute(INSERT, **note("n", size=1))
    assert await connection.execute(REPLACE, **note("n", size=9)) == 1
    row = await connection.fetch_one(BY_ID, id="n")
    assert row is not None
    assert row.size == 9


async def test_an_upsert_without_changes_leaves_the_row_and_returns_none(connection: Connection) -> None:
    assert await connection.fetch(INSERT_ONCE, **note("n", size=1)) == [("n",)]
    assert await connection.fetch(INSERT_ONCE, **note("n", size=2)) == []


async def test_a_taken_value_names_its_table_and_columns(connection: Connection) -> None:
    await connection.execute(INSERT, **note("n"))
    with pytest.raises(UniqueConflict) as caught:
        await connection.execute(INSERT, **note("n", size=2))
    assert (caught.value.table, caught.value.columns) == ("notes", ("id",))


async def test_a_taken_pair_names_both_columns(connection: Connection) -> None:
    await connection.execute(INSERT, id="n", size=1, done=False, body=b"x", parent_id=None)
    with pytest.raises(UniqueConflict) as caught:
        await connection.execute(INSERT, id="m", size=1, done=False, body=b"x", parent_id=None)
    assert caught.value.columns == ("size", "body")


async def test_a_missing_parent_is_a_missing_foreign_key(connection: Connection) -> None:
    with pytest.raises(ForeignKeyMissing):
        await connection.execute(INSERT, **note("n", parent="nobody"))


async def test_an_empty_required_column_is_refused(connection: Connection) -> None:
    with pytest.raises(StatementRefused):
        await connection.execute(INSERT, id="n", size=None, done=False, body=None, parent_id=None)


@pytest.mark.parametrize("value", [2**70, "\ud800", object()], ids=["too large", "no text", "no value"])
async def test_a_value_that_no_column_can_hold_is_refused(connection: Connection, value: object) -> None:
    bad = {**note("n"), ("id" if isinstance(value, str) else "size"): value}
    with pytest.raises(StatementRefused):
        await connection.execute(INSERT, **bad)


async def test_a_statement_on_a_table_that_is_not_there_is_refused(connection: Connection) -> None:
    missing = sa.Table("nowhere", sa.MetaData(), sa.Column("id", sa.String))
    with pytest.raises(StatementRefused):
        await connection.fetch(Statement(sa.select(missing)))


async def test_nothing_goes_on_after_a_failed_statement(connection: Connection) -> None:
    await connection.execute(INSERT, **note("n"))
    with pytest.raises(UniqueConflict):
        await connection.execute(INSERT, **note("n"))
    with pytest.raises(ActWentOn):
        await connection.fetch(ALL_IDS)
    with pytest.raises(ActWentOn):
        await connection.commit()


async def test_a_savepoint_lets_an_act_expect_a_failure(connection: Connection, database: Database) -> None:
    await connection.execute(INSERT, **note("n"))
    await connection.savepoint("attempt")
    with pytest.raises(UniqueConflict):
        await connection.execute(INSERT, **note("n"))
    await connection.rollback_to("attempt")
    await connection.release("attempt")
    await connection.execute(INSERT, **note("m"))
    await connection.commit()
    assert await ids(database) == ["m", "n"]


async def test_rolling_back_to_a_mark_undoes_also_what_inner_marks_kept(
    connection: Connection, database: Database
) -> None:
    await connection.savepoint("outer")
    await connection.execute(INSERT, **note("a"))
    await connection.savepoint("inner")
    await connection.execute(INSERT, **note("b"))
    await connection.release("inner")
    await connection.rollback_to("outer")
    await connection.release("outer")
    await connection.execute(INSERT, **note("c"))
    await connection.commit()
    assert await ids(database) == ["c"]


async def test_marks_around_nothing_leave_what_came_before(
    connection: Connection, database: Database
) -> None:
    await connection.execute(INSERT, **note("a"))
    await connection.savepoint("outer")
    await connection.savepoint("inner")
    await connection.rollback_to("outer")
    await connection.release("outer")
    await connection.commit()
    assert await ids(database) == ["a"]


async def test_a_rollback_leaves_nothing(connection: Connection, database: Database) -> None:
    await connection.execute(INSERT, **note("n"))
    await connection.rollback()
    await connection.rollback()
    assert await ids(database) == []


async def test_closing_undoes_an_open_transaction(connection: Connection, database: Database) -> None:
    await connection.execute(INSERT, **note("n"))
    await connection.close()
    assert connection.closed
    assert await ids(database) == []


async def test_a_closed_connection_is_unavailable(connection: Connection) -> None:
    await connection.close()
    with pytest.raises(StorageUnavailable):
        await connection.fetch(ALL_IDS)


async def test_a_read_block_sees_one_state_to_its_end(connection: Connection, database: Database) -> None:
    async with database.reading() as view:
        assert await view.fetch(ALL_IDS) == []
        await connection.execute(INSERT, **note("n"))
        await connection.commit()
        assert await view.fetch(ALL_IDS) == []
    assert await ids(database) == ["n"]


async def test_a_read_block_cannot_write(database: Database) -> None:
    async with database.reading() as view:
        with pytest.raises(StorageUnavailable):
            await view.execute(INSERT, **note("n"))
    assert await ids(database) == []


async def test_read_blocks_run_beside_each_other(database: Database) -> None:
    async with database.reading() as one, database.reading() as other:
        assert one is not other
        assert await one.fetch(ALL_IDS) == await other.fetch(ALL_IDS)


async def test_an_update_without_parameters_is_counted(connection: Connection) -> None:
    await connection.execute(INSERT, **note("n"))
    assert await connection.execute(Statement(sa.update(NOTES).values(size=NOTES.c.size + 1))) == 1
