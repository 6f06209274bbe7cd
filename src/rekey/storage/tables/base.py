"""How every table is made: the organization leads each key, times are integers, texts are texts.

Ids are TEXT without a length: PostgreSQL's cast to a limited type cuts a longer value off instead of
refusing it, and a cut value could match.
"""

from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)
CURRENT = sa.text("until IS NULL")


def text(name: str, *, nullable: bool = False, default: str | None = None) -> "sa.Column[Any]":
    """Text; `default` is what a migration gave the rows that were there, in SQL."""
    given = None if default is None else sa.text(default)
    return sa.Column(name, sa.Text, nullable=nullable, server_default=given)


def whole(name: str, *, nullable: bool = False, default: str | None = None) -> "sa.Column[Any]":
    """A number, a position, or an instant in microseconds since 1970 UTC."""
    given = None if default is None else sa.text(default)
    return sa.Column(name, sa.BigInteger, nullable=nullable, server_default=given)


def flag(name: str, *, default: str | None = None) -> "sa.Column[Any]":
    """A yes or no; `default` is what a migration gave the rows that were there, in SQL."""
    given = None if default is None else sa.text(default)
    return sa.Column(name, sa.Boolean, nullable=False, server_default=given)


def raw(name: str, *, nullable: bool = False) -> "sa.Column[Any]":
    return sa.Column(name, sa.LargeBinary, nullable=nullable)


def plain(name: str, *parts: sa.schema.SchemaItem, kind: str, key: tuple[str, ...] = ("id",)) -> sa.Table:
    """Make a table with one row for each thing; `kind` is the word for it in errors."""
    return sa.Table(
        name,
        metadata,
        text("organization_id"),
        *parts,
        sa.PrimaryKeyConstraint("organization_id", *key),
        sqlite_with_rowid=False,
        info={"kind": kind},
    )


def versioned(name: str, *parts: sa.schema.SchemaItem, kind: str) -> sa.Table:
    """Make a table that keeps the past: one row for each version of a thing.

    `since` is the position of the act that wrote the version, `until` that of the act which replaced or
    ended it; no `until` means that it stands.
    """
    return plain(
        name,
        text("id"),
        whole("since"),
        whole("until", nullable=True),
        *parts,
        only_one(name),
        kind=kind,
        key=("id", "since"),
    )


def only_one(table: str, *columns: str) -> sa.Index:
    """Let one standing row have these values; without columns, one standing version have the id."""
    named = columns or ("id",)
    return unique(table, *named, where=CURRENT)


def unique(table: str, *columns: str, where: sa.TextClause | None = None) -> sa.Index:
    name = f"uq_{table}_{'_'.join(columns)}"
    return sa.Index(
        name, "organization_id", *columns, unique=True, sqlite_where=where, postgresql_where=where
    )


def look_up(table: str, *columns: str, where: sa.TextClause | None = None) -> sa.Index:
    name = f"ix_{table}_{'_'.join(columns)}"
    return sa.Index(name, "organization_id", *columns, sqlite_where=where, postgresql_where=where)
