"""The tables of the first release.

A revision is history: it says its tables in its own words and never imports those of the code.
"""

import sqlalchemy as sa
from alembic import op

from rekey.storage.migrations.tables_0001 import TABLES, Index, Table

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# SQLite takes one organization for ten rows unless it is told otherwise, and would then read all of an
# organization to find one grant. These are how many rows share the values of an index up to the column;
# they are written down once, so that plans never depend on when somebody last ran ANALYZE.
_ROWS = 1_000_000
_SHARED_BY = {
    "organization_id": _ROWS,
    "kind": 200_000,
    "door_id": 1_000,
    "door_group_id": 20,
    "team_id": 20,
    "id": 2,
}

_TYPES = {"text": sa.Text, "int": sa.BigInteger, "flag": sa.Boolean, "raw": sa.LargeBinary}


def upgrade() -> None:
    for table in TABLES:
        _create(table)
        for index in table.indexes:
            where = sa.text(index.where) if index.where else None
            op.create_index(
                index.name,
                table.name,
                index.columns.split(),
                unique=index.name.startswith("uq_"),
                sqlite_where=where,
                postgresql_where=where,
            )
    if op.get_bind().dialect.name == "sqlite":
        _tell_sqlite()


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


def _tell_sqlite() -> None:
    """Fill the table from which SQLite plans. Source: sqlite.org/fileformat2.html, section 2.6.3."""
    op.execute("ANALYZE")
    told = sa.table("sqlite_stat1", sa.column("tbl"), sa.column("idx"), sa.column("stat"))
    for table in TABLES:
        # The primary key of a table WITHOUT ROWID goes by the table's own name.
        key = Index(table.name, table.key)
        rows = [
            {"tbl": table.name, "idx": index.name, "stat": _statistics(index, is_unique=is_unique)}
            for index, is_unique in [(key, True), *((i, i.name.startswith("uq_")) for i in table.indexes)]
        ]
        op.bulk_insert(told, rows)


def _statistics(index: Index, *, is_unique: bool) -> str:
    shared = [_SHARED_BY.get(column, 10) for column in index.columns.split()]
    for place in range(1, len(shared)):
        shared[place] = min(shared[place], shared[place - 1])
    if is_unique:
        shared[-1] = 1
    return " ".join(map(str, [_ROWS, *shared]))


def _column(written: str) -> "sa.Column[object]":
    name, _, kind = written.partition(":")
    return sa.Column(name, _TYPES[kind.rstrip("?")](), nullable=kind.endswith("?"))
