"""What a statement is on each engine."""

import pytest
import sqlalchemy as sa

from rekey.storage.engine.statement import Statement
from tests.unit.storage_engine.world import AMONG, BY_ID, HEADS, INSERT, LOCK_HEADS, NOTES, REPLACE


def test_parameters_are_question_marks_on_sqlite() -> None:
    assert BY_ID.sqlite.sql.endswith("WHERE notes.id = ?")
    assert BY_ID.sqlite.names == ("id",)


def test_parameters_are_numbered_on_postgres() -> None:
    assert BY_ID.postgres.sql.endswith("WHERE notes.id = $1::VARCHAR")


def test_a_statement_is_compiled_once() -> None:
    assert INSERT.sqlite is INSERT.sqlite
    assert INSERT.postgres is INSERT.postgres


def test_an_insert_takes_its_columns() -> None:
    assert INSERT.sqlite.names == ("id", "size", "done", "body", "parent_id")


def test_rows_are_locked_on_postgres_alone() -> None:
    assert LOCK_HEADS.postgres.sql.endswith("FOR UPDATE")
    assert "FOR UPDATE" not in LOCK_HEADS.sqlite.sql


def test_a_list_is_one_parameter_on_both_engines() -> None:
    assert "notes.id IN (SELECT value FROM json_each(?))" in AMONG.sqlite.sql
    assert "notes.id = ANY($1::VARCHAR[])" in AMONG.postgres.sql
    assert AMONG.sqlite.bind({"ids": ["a", "b"]}) == ('["a","b"]',)
    assert AMONG.postgres.bind({"ids": ["a", "b"]}) == (["a", "b"],)


def test_an_upsert_reads_alike_on_both_engines() -> None:
    tail = "ON CONFLICT (id) DO UPDATE SET size = excluded.size, done = excluded.done"
    assert tail in REPLACE.sqlite.sql
    assert tail in REPLACE.postgres.sql


def test_values_in_the_element_need_no_parameter() -> None:
    few = Statement(sa.select(NOTES.c.id).where(NOTES.c.size > 3, NOTES.c.id == sa.bindparam("id")).limit(2))
    assert few.sqlite.bind({"id": "n"})[:2] == (3, "n")
    assert few.postgres.bind({"id": "n"}) == (3, "n", 2)


def test_a_name_used_twice_is_given_once() -> None:
    twice = Statement(
        sa.select(NOTES.c.id).where(
            (NOTES.c.id == sa.bindparam("x")) | (NOTES.c.parent_id == sa.bindparam("x"))
        )
    )
    assert twice.sqlite.bind({"x": "n"}) == ("n", "n")


def test_a_missing_parameter_is_named() -> None:
    with pytest.raises(TypeError, match="missing: id; unknown: none"):
        BY_ID.sqlite.bind({})


def test_an_unknown_parameter_is_named() -> None:
    with pytest.raises(TypeError, match="missing: id; unknown: di"):
        BY_ID.postgres.bind({"di": "n"})


@pytest.mark.parametrize("kind", [sa.DateTime, sa.Float, sa.JSON, sa.Uuid], ids=str)
def test_a_column_type_that_engines_treat_differently_is_refused(
    kind: type[sa.types.TypeEngine[object]],
) -> None:
    table = sa.Table("t", sa.MetaData(), sa.Column("c", kind))
    with pytest.raises(TypeError, match="is not str, int, bytes, bool"):
        _ = Statement(sa.select(table)).sqlite


def test_a_default_made_in_python_is_refused() -> None:
    table = sa.Table(
        "t", sa.MetaData(), sa.Column("a", sa.String), sa.Column("b", sa.String, default=lambda: "x")
    )
    with pytest.raises(TypeError, match="a column default runs in Python"):
        _ = Statement(sa.insert(table).values(a=sa.bindparam("x"))).sqlite


def test_postgres_returns_nothing_that_was_not_asked_for() -> None:
    table = sa.Table(
        "t", sa.MetaData(), sa.Column("number", sa.Integer, primary_key=True), sa.Column("b", sa.String)
    )
    assert "RETURNING" not in Statement(sa.insert(table).values(b=sa.bindparam("x"))).postgres.sql


def test_a_row_takes_its_names_from_the_labels() -> None:
    head = Statement(sa.select(HEADS.c.position.label("reached")))
    assert head.row((7,)).reached == 7
