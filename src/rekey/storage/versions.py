"""Rows that keep the past: a change ends one version and writes the next."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

import sqlalchemy as sa

from rekey.domain.errors import NotFound
from rekey.ports.repositories.history import Span
from rekey.storage.conditions import current, equals, in_organization
from rekey.storage.engine.clauses import one_of
from rekey.storage.engine.row import Row
from rekey.storage.engine.statement import Statement
from rekey.storage.rows import Condition, Joined, Rows, Values
from rekey.storage.session import Session

T = TypeVar("T")


class Versions(Rows[T]):
    """One row for each version, from the act that wrote it to the one that replaced or ended it."""

    def __init__(
        self,
        table: sa.Table,
        *,
        read: Callable[[Row], T],
        write: Callable[[T], Values],
        unique: tuple[tuple[str, ...], ...] = (),
        filters: "Mapping[str, Condition] | None" = None,
        order: str = "number",
        joined: "Joined | None" = None,
    ) -> None:
        super().__init__(
            table,
            read=read,
            write=write,
            alive=current(table),
            unique=unique,
            filters=filters,
            order=order,
            joined=joined,
        )
        one = (in_organization(table), equals(table.c.id, "key"))
        newest = self._whole(ended=True).where(*one).order_by(table.c.since.desc()).limit(1)
        at = sa.bindparam("known_at", type_=sa.BigInteger, required=True)
        self.known = Statement(newest.where(table.c.since <= at))
        self.known_of = Statement(self._spans(at))
        self._last = Statement(self._whole(ended=True).where(*one).order_by(table.c.since.desc()).limit(1))

    async def add(self, session: Session, value: T, **extra: Any) -> None:
        await super().add(session, value, since=session.carry(), until=None, **extra)

    async def replace(self, session: Session, value: T, **extra: Any) -> None:
        """End the version that stands and write the next. Raises: AlreadyExists; NotFound.

        A version that this same act wrote is changed in place: no instant lies between the two.
        """
        row = self.write(value) | extra
        await self.refuse_duplicates(session, row)
        key, changes = row["id"], {name: new for name, new in row.items() if name != "id"}
        if await session.change(self._update_own(tuple(changes)), key=key, act=session.carry(), **changes):
            return
        if not await self.end(session, key):
            raise NotFound(self.kind, key)
        await session.insert(self.insert, **row, since=session.carry(), until=None)

    async def end(self, session: Session, key: str, **changes: Any) -> bool:
        """End what stands, from this act on; False if nothing stood."""
        return await self.set(session, key, until=session.carry(), **changes)

    async def end_where(self, session: Session, **columns: Any) -> int:
        """End every version that stands with these values and say how many."""
        statement = self._end_where(tuple(columns))
        return await session.change(statement, act=session.carry(), **columns)

    async def known_at(self, session: Session, key: str, position: int) -> T | None:
        """Give the newest version that was written by then, also of a thing that had ended by then."""
        row = await session.fetch_one(self.known, key=key, known_at=position)
        return None if row is None else self.read(row)

    async def spans_at(self, session: Session, keys: Collection[str], position: int) -> dict[str, Span[T]]:
        """Give of several things what `known_at` gives of one, and from when until when it gives it."""
        rows = await session.fetch(self.known_of, keys=list(keys), known_at=position)
        return {row.id: Span(self.read(row), row.since, row.next_since) for row in rows}

    async def last_known(self, session: Session, key: str) -> T | None:
        """Give the newest version, also of a thing that has ended."""
        row = await session.fetch_one(self._last, key=key)
        return None if row is None else self.read(row)

    def _spans(self, at: "sa.BindParameter[int]") -> "sa.Select[Any]":
        """Select the newest versions written by then, each with when the next one was written."""
        table, other = self.table, self.table.alias("other")
        same = (in_organization(other), other.c.id == table.c.id)
        newest = (
            sa.select(sa.func.max(other.c.since))
            .where(*same, other.c.since <= at)
            .correlate(table)
            .scalar_subquery()
        )
        following = (
            sa.select(sa.func.min(other.c.since))
            .where(*same, other.c.since > at)
            .correlate(table)
            .scalar_subquery()
        )
        chosen = self._whole(ended=True).add_columns(following.label("next_since"))
        return chosen.where(one_of(table.c.id, "keys"), table.c.since == newest)

    def _update_own(self, columns: tuple[str, ...]) -> Statement:
        def make() -> sa.Update:
            changes = {
                name: sa.bindparam(name, type_=self.table.c[name].type, required=True) for name in columns
            }
            one = (in_organization(self.table), equals(self.table.c.id, "key"), current(self.table))
            return sa.update(self.table).where(*one, equals(self.table.c.since, "act")).values(changes)

        return self.made(("update own", columns), make)

    def _end_where(self, columns: tuple[str, ...]) -> Statement:
        def make() -> sa.Update:
            same = (equals(self.table.c[name], name) for name in columns)
            act = sa.bindparam("act", type_=sa.BigInteger, required=True)
            standing = sa.update(self.table).where(in_organization(self.table), current(self.table), *same)
            return standing.values(until=act)

        return self.made(("end where", columns), make)
