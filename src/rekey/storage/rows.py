"""What all repositories do alike with the rows of one table: add, get, find, list, change."""

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeAlias, TypeVar

import sqlalchemy as sa

from rekey.domain.errors import AlreadyExists, NotFound
from rekey.ports.listing import WHOLE, Listing, Order, Part
from rekey.storage.conditions import equals, in_organization
from rekey.storage.engine.row import Row
from rekey.storage.engine.statement import Statement
from rekey.storage.session import Session

T = TypeVar("T")
Values = dict[str, Any]
Condition: TypeAlias = "sa.ColumnElement[bool] | sa.TextClause"
Joined: TypeAlias = "tuple[sa.FromClause, tuple[sa.ColumnElement[Any], ...]]"


class Rows(Generic[T]):
    """One row for each thing; a value that is kept apart from the thing itself goes in as `extra`.

    Takes: `read` and `write` to turn a row into a value and back; `alive`, which of the rows `find` and
    `list` see; `unique`, the columns whose values no two such rows may share (the last one is named in
    the error); `filters`, the conditions of `list` by name, each with a parameter of that name; `order`,
    the column by which lists go on; `joined`, a wider FROM and the columns that it adds.
    """

    def __init__(
        self,
        table: sa.Table,
        *,
        read: Callable[[Row], T],
        write: Callable[[T], Values],
        alive: "Condition | None" = None,
        unique: tuple[tuple[str, ...], ...] = (),
        filters: "Mapping[str, Condition] | None" = None,
        order: str = "number",
        joined: "Joined | None" = None,
    ) -> None:
        self.table = table
        self.kind: str = table.info["kind"]
        self.read = read
        self.write = write
        self._alive = alive
        self._unique = unique
        self._filters = filters or {}
        self._order = table.c[order]
        self._name: sa.ColumnElement[Any] | None = table.c.get("name")
        self._source, self._added = joined or (table, ())
        self._made: dict[object, Statement] = {}
        self.insert = Statement(sa.insert(table))

    def call_by(self, name: "sa.ColumnElement[Any]") -> None:
        """Sort by this name where rows have none of their own."""
        self._name = name

    async def add(self, session: Session, value: T, **extra: Any) -> None:
        """Insert the row. Raises: AlreadyExists naming the column."""
        row = self.write(value) | extra
        await self.refuse_duplicates(session, row)
        await session.insert(self.insert, **row)

    async def get(self, session: Session, id: str, *, ended: bool = False) -> T | None:  # noqa: A002  # a column
        return await self.find(session, ended=ended, id=id)

    async def find(self, session: Session, *, ended: bool = False, **columns: Any) -> T | None:
        """Find the one row with these values; with `ended` also among those that are not alive."""
        row = await session.fetch_one(self.select(tuple(columns), ended=ended), **columns)
        return None if row is None else self.read(row)

    async def list(
        self,
        session: Session,
        part: Part,
        *,
        newest_first: bool = False,
        always: tuple[str, ...] = (),
        **given: Any,
    ) -> Listing[T]:
        """List the rows that match every filter that is given (a filter of None is not).

        `always` names filters without a parameter.
        """
        params = {name: value for name, value in given.items() if value is not None}
        filters = (*always, *params)
        statement = self.page(filters, newest_first=newest_first, resumes=part.after > 0, sorting=part.order)
        place: Values = {"part_limit": part.limit, "part_offset": part.offset}
        if part.after > 0:
            place["part_after"] = part.after
        rows = await session.fetch(statement, **params, **place)
        total = None
        if part.with_total:
            counted = await session.fetch_one(self._count(filters), **params)
            total = 0 if counted is None else counted.total
        return Listing(tuple(map(self.read, rows)), total)

    async def ids(self, session: Session, **given: Any) -> tuple[str, ...]:
        """Give the ids alone of all rows that match, in the order of lists."""
        params = {name: value for name, value in given.items() if value is not None}
        rows = await session.fetch(self._ids(tuple(params)), **params)
        return tuple(row.id for row in rows)

    async def all(self, session: Session, *, always: tuple[str, ...] = (), **given: Any) -> tuple[T, ...]:
        return (await self.list(session, WHOLE, always=always, **given)).items

    async def replace(self, session: Session, value: T) -> None:
        """Change every column that `write` gives. Raises: AlreadyExists; NotFound."""
        row = self.write(value)
        await self.refuse_duplicates(session, row)
        key = row.pop("id")
        if not await self.set(session, key, **row):
            raise NotFound(self.kind, key)

    async def set(self, session: Session, key: str, **changes: Any) -> bool:
        """Change some columns of one row that is alive, and say whether there was one."""
        return await session.change(self._update(tuple(changes)), key=key, **changes) > 0

    async def refuse_duplicates(self, session: Session, row: Values) -> None:
        """Look before writing: a failed statement would take the whole act with it.

        Nothing comes between: acts on one organization run one after another. The unique indexes
        stand behind this.
        """
        for columns in self._unique:
            given = {name: row[name] for name in columns}
            if None in given.values():
                continue
            if await session.fetch_one(self._clash(columns), key=row["id"], **given):
                raise AlreadyExists(self.kind, columns[-1])

    def made(self, key: object, make: "Callable[[], sa.Select[Any] | sa.Update]") -> Statement:
        """Give the statement of this key, made on first use: each is compiled once."""
        statement = self._made.get(key)
        if statement is None:
            statement = self._made[key] = Statement(make())
        return statement

    def select(self, columns: tuple[str, ...], *, ended: bool = False) -> Statement:
        """Give the statement by which `find` reads."""

        def make() -> "sa.Select[Any]":
            chosen = (equals(self.table.c[name], name) for name in columns)
            found = self._whole(ended=ended).where(*chosen)
            # Only among those that have ended can several share a value; the newest is meant.
            several = ended and columns != ("id",)
            return found.order_by(self._order.desc()).limit(1) if several else found

        return self.made(("select", columns, ended), make)

    def page(
        self,
        filters: tuple[str, ...],
        *,
        newest_first: bool = False,
        resumes: bool = False,
        sorting: Order = Order.MADE,
    ) -> Statement:
        """Give the statement by which `list` reads."""

        def make() -> "sa.Select[Any]":
            after = sa.bindparam("part_after", type_=sa.BigInteger, required=True)
            page = self._filtered(self._whole(), filters)
            order, key = self._order, self.table.c.id
            if resumes:
                page = page.where(order < after if newest_first else order > after)
            page = page.order_by(*self._by_name(sorting))
            page = page.order_by(*((order.desc(), key.desc()) if newest_first else (order, key)))
            limit, offset = (
                sa.bindparam(name, type_=sa.BigInteger, required=True)
                for name in ("part_limit", "part_offset")
            )
            return page.limit(limit).offset(offset)

        return self.made(("page", filters, newest_first, resumes, sorting), make)

    def _by_name(self, sorting: Order) -> "tuple[sa.ColumnElement[Any], ...]":
        if sorting is Order.MADE:
            return ()
        if self._name is None:
            raise ValueError(f"a list of {self.kind} has no names to sort by")
        name = sa.func.lower(self._name)
        # The engines disagree on where rows without a name belong.
        return ((name.desc() if sorting is Order.NAME_DOWN else name.asc()).nulls_last(),)

    def _count(self, filters: tuple[str, ...]) -> Statement:
        def make() -> "sa.Select[Any]":
            counted = self._from_organization(sa.func.count().label("total")).select_from(self.table)
            return self._filtered(counted, filters)

        return self.made(("count", filters), make)

    def _ids(self, filters: tuple[str, ...]) -> Statement:
        def make() -> "sa.Select[Any]":
            chosen = self._from_organization(self.table.c.id).select_from(self.table)
            return self._filtered(chosen, filters).order_by(self._order, self.table.c.id)

        return self.made(("ids", filters), make)

    def _clash(self, columns: tuple[str, ...]) -> Statement:
        def make() -> "sa.Select[Any]":
            same = (equals(self.table.c[name], name) for name in columns)
            other = self.table.c.id != sa.bindparam("key", type_=sa.Text, required=True)
            return self._from_organization(self.table.c.id).where(*same, other).limit(1)

        return self.made(("clash", columns), make)

    def _update(self, columns: tuple[str, ...]) -> Statement:
        def make() -> sa.Update:
            changes = {
                name: sa.bindparam(name, type_=self.table.c[name].type, required=True) for name in columns
            }
            update = sa.update(self.table).where(in_organization(self.table), equals(self.table.c.id, "key"))
            return self._only_alive(update).values(changes)

        return self.made(("update", columns), make)

    def _whole(self, *, ended: bool = False) -> "sa.Select[Any]":
        return self._from_organization(self.table, *self._added, ended=ended).select_from(self._source)

    def _from_organization(self, *what: Any, ended: bool = False) -> "sa.Select[Any]":
        chosen = sa.select(*what).where(in_organization(self.table))
        return chosen if ended or self._alive is None else chosen.where(self._alive)

    def _only_alive(self, update: sa.Update) -> sa.Update:
        return update if self._alive is None else update.where(self._alive)

    def _filtered(self, chosen: "sa.Select[Any]", filters: tuple[str, ...]) -> "sa.Select[Any]":
        return chosen.where(*(self._filters[name] for name in filters))
