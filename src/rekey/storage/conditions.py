"""Conditions that the statements of all repositories share."""

from typing import Any

import sqlalchemy as sa

AS_OF = sa.bindparam("as_of", type_=sa.BigInteger, required=True)
_ESCAPE = "!"


def in_organization(table: sa.FromClause) -> sa.ColumnElement[bool]:
    return equals(table.c.organization_id, "organization")


def equals(column: "sa.ColumnElement[Any]", name: str) -> sa.ColumnElement[bool]:
    return column == sa.bindparam(name, type_=column.type, required=True)


def current(table: sa.FromClause) -> sa.ColumnElement[bool]:
    """The version that stands; the text must stay what the partial indexes say."""
    return table.c.until.is_(None)


def as_of(table: sa.FromClause) -> sa.ColumnElement[bool]:
    """The version that stood after the act at the position `as_of`."""
    return sa.and_(table.c.since <= AS_OF, sa.or_(table.c.until.is_(None), table.c.until > AS_OF))


def contains(name: str, *columns: "sa.ColumnElement[Any]") -> sa.ColumnElement[bool]:
    """Say whether one of the columns holds the text, whatever the case; bind it with `pattern`.

    Both sides are folded by the engine, so that they fold alike: SQLite folds ASCII only.
    """
    sought = sa.func.lower(sa.bindparam(name, type_=sa.Text, required=True))
    return sa.or_(*(sa.func.lower(column).like(sought, escape=_ESCAPE) for column in columns))


def pattern(query: str | None) -> str | None:
    """Give the LIKE pattern that finds the text literally, anywhere."""
    if query is None:
        return None
    for special in (_ESCAPE, "%", "_"):
        query = query.replace(special, _ESCAPE + special)
    return f"%{query}%"
