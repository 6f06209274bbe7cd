"""How a revision writes its tables down, and how they are made from that."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from alembic import op

# SQLite takes one organization for ten rows unless it is told otherwise, and would then read all of an
# organization to find one grant. These are how many rows share the values of an index up to the column;
# they are written down once, so that plans never depend on when somebody last ran ANALYZE.
_ROWS = 1_000_000
_SHARED_BY = {
    "organization_id": _ROWS,
    "kind": 200_000,
    # Fewer than there are, so that lists by kinds, which name several, are read by their index.
    "scope_kind": 5_000,
    "holder_kind": 1_000,
    "door_id": 1_000,
    "door_group_id": 20,
    "team_id": 20,
    "id": 2,
}

_TYPES = {"text": sa.Text, "int": sa.BigInteger, "flag": sa.Boolean, "raw": sa.LargeBinary}


@dataclass(frozen=True, slots=True)
class Index:
    """Unique if its name begins with uq_; `rows` is how many it is said to hold, few for a rare condition."""

    name: str
    columns: str
    where: str = ""
    rows: int = _ROWS


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Columns are written name:type, with a question mark if they may be null."""

    name: str
    key: str
    columns: str
    indexes: tuple[Index, ...] = ()
    refers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Added:
    """A column added to a table that is there: `column` is written name:type; `default` fills the rows that exist."""

    table: str
    column: str
    default: str | None = None


def create_tables(tables: Iterable[Table]) -> None:
    """Create the tables with their indexes."""
    for table in tables:
        _create(table)
        create_indexes((table.name, index) for index in table.indexes)


def create_indexes(indexes: Iterable[tuple[str, Index]]) -> None:
    """Create indexes, each given with its table's name."""
    for table, index in indexes:
        where = sa.text(index.where) if index.where else None
        op.create_index(
            index.name,
            table,
            index.columns.split(),
            unique=index.name.startswith("uq_"),
            sqlite_where=where,
            postgresql_where=where,
        )


def add_column(table: str, written: str, default: str | None = None) -> None:
    """Add a column; `default` is what the rows that are there get, in SQL."""
    column = _column(written)
    if default is not None:
        column.server_default = sa.DefaultClause(sa.text(default))
    op.add_column(table, column)


def tell_sqlite(indexes: Iterable[tuple[str, Index]], *, analyze: bool) -> None:
    """Fill the table from which SQLite plans. Source: sqlite.org/fileformat2.html, section 2.6.3."""
    if op.get_bind().dialect.name != "sqlite":
        return
    if analyze:
        op.execute("ANALYZE")
    told = sa.table("sqlite_stat1", sa.column("tbl"), sa.column("idx"), sa.column("stat"))
    rows = [{"tbl": table, "idx": index.name, "stat": _statistics(table, index)} for table, index in indexes]
    if rows:
        op.bulk_insert(told, rows)


def keys_and_indexes(tables: Iterable[Table]) -> list[tuple[str, Index]]:
    """List what SQLite can look up by: the primary key of a table WITHOUT ROWID goes by the table's own name."""
    listed: list[tuple[str, Index]] = []
    for table in tables:
        listed.append((table.name, Index(table.name, table.key)))
        listed.extend((table.name, index) for index in table.indexes)
    return listed


def _create(table: Table) -> None:
    op.create_table(
        table.name,
        *map(_column, table.columns.split()),
        sa.PrimaryKeyConstraint(*table.key.split(), name=f"pk_{table.name}"),
        *(
            sa.ForeignKeyConstraint([column], [target], name=f"fk_{table.name}_{column}")
            for column, target in table.refers
        ),
        sqlite_with_rowid=False,
    )


def _statistics(table: str, index: Index) -> str:
    shared = [_SHARED_BY.get(column, 10) for column in index.columns.split()]
    for place in range(1, len(shared)):
        shared[place] = min(shared[place], shared[place - 1])
    if index.name == table or index.name.startswith("uq_"):
        shared[-1] = 1
    return " ".join(map(str, [index.rows, *(min(part, index.rows) for part in shared)]))


def _column(written: str) -> "sa.Column[object]":
    name, _, kind = written.partition(":")
    return sa.Column(name, _TYPES[kind.rstrip("?")](), nullable=kind.endswith("?"))
