"""Clauses that read alike on both engines: membership in a list, insert or update."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from rekey.storage.engine.statement import Statement


class _OneOf(FunctionElement[bool]):
    name = "one_of"
    type = sa.Boolean()
    inherit_cache = False

    def self_group(self, against: Any = None) -> "_OneOf":
        """Stay bare: SQLAlchemy would write `... = 1` on SQLite, and no index would serve."""
        return self


def one_of(column: sa.ColumnElement[Any], name: str) -> sa.ColumnElement[bool]:
    """Say whether the column's value is in the list parameter; an empty list holds nothing.

    One statement text for every length, so it stays prepared; an index on the column serves.
    """
    values = sa.bindparam(name, type_=sa.ARRAY(column.type), required=True)
    return _OneOf(column, values)


@compiles(_OneOf, "sqlite")
def _one_of_sqlite(element: _OneOf, compiler: SQLCompiler, **options: Any) -> str:
    column, values = element.clauses
    inner = compiler.process(values, **options)
    outer = compiler.process(column, **options)
    return f"{outer} IN (SELECT value FROM json_each({inner}))"  # noqa: S608  # both are compiled


@compiles(_OneOf, "postgresql")
def _one_of_postgres(element: _OneOf, compiler: SQLCompiler, **options: Any) -> str:
    column, values = element.clauses
    return f"{compiler.process(column, **options)} = ANY({compiler.process(values, **options)})"


def upsert(
    table: sa.Table,
    *,
    keys: Sequence[str],
    changes: Sequence[str] = (),
    returning: Sequence[str] = (),
) -> Statement:
    """Insert every column; on a row with the same keys set `changes`, or leave it if none.

    `keys` must be the columns of one unique constraint. With no changes a row that was there
    gives no returned row and counts 0.
    """
    return Statement(
        _upsert(sqlite.insert(table), keys, changes, returning),
        postgres=_upsert(postgresql.insert(table), keys, changes, returning),
    )


def _upsert(
    insert: sqlite.Insert | postgresql.Insert,
    keys: Sequence[str],
    changes: Sequence[str],
    returning: Sequence[str],
) -> sa.Insert:
    if changes:
        new = {name: insert.excluded[name] for name in changes}
        done = insert.on_conflict_do_update(index_elements=list(keys), set_=new)
    else:
        done = insert.on_conflict_do_nothing(index_elements=list(keys))
    if not returning:
        return done
    return done.returning(*(done.table.c[name] for name in returning))
