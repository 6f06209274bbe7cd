"""One act: all of it or nothing, at one position, with one journal row."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from rekey.domain.ids import Number, OrganizationId, Position
from rekey.domain.journal import JournalRow
from rekey.storage.engine.connection import Connection
from rekey.storage.engine.statement import Statement
from rekey.storage.heads import Head
from rekey.storage.repositories.journal import write_row
from rekey.storage.session import Session
from rekey.storage.tables import journal
from rekey.storage.view import SqlView

_RECORD = Statement(sa.insert(journal))


class SqlUnitOfWork(SqlView):
    """Works on a head of its own, which becomes the organization's when the act has succeeded."""

    def __init__(self, connection: Connection, organization_id: OrganizationId, head: Head | None) -> None:
        self.is_founding = head is None
        self.head = head or Head()
        self.callbacks: list[Callable[[], None]] = []
        self._recorded = False
        self._keeps_books = False
        act = Position(self.head.position + 1)
        super().__init__(Session(connection, organization_id, act, self.next_number))

    def next_number(self) -> Number:
        return self.next_numbers(1)

    def next_numbers(self, count: int) -> Number:
        number = self.head.next_number
        self.head = replace(self.head, next_number=number + count)
        return Number(number)

    async def record(self, row: JournalRow) -> None:
        """Add the act's journal row.

        Raises: RuntimeError on a second call, or in an act that keeps books; ValueError for a row of
        another position, or a time that is not given in UTC (it would read back in another spelling,
        under which its leaf no longer fits).
        """
        if self._recorded or self._keeps_books:
            raise RuntimeError("an act records one journal row, not two, and one that keeps books none")
        if row.position != self.position:
            raise ValueError(f"a journal row of position {row.position} in the act at {self.position}")
        if row.at.utcoffset() != timedelta(0):
            raise ValueError("a journal row gives its time in UTC")
        leaf = row.leaf()
        await self.session.insert(_RECORD, **write_row(row), leaf=leaf)
        self.head = Head(self.position, self.head.next_number, self.head.frontier.append(leaf))
        self._recorded = True

    def keep_books(self) -> None:
        """Declare that this act uses no position and records no row.

        Raises: RuntimeError in an act that has recorded one, or has changed what carries a position.
        """
        if self._recorded:
            raise RuntimeError("an act that has recorded its journal row does more than keep books")
        self._keeps_books = True
        self.session.seal()

    def after_commit(self, callback: Callable[[], None]) -> None:
        self.callbacks.append(callback)

    async def finish(self) -> None:
        """Check that the act may be kept.

        Raises: RuntimeError for an act without a journal row; NotFound for one on an organization that
        neither was there nor has been founded by it.
        """
        if not self._recorded and not self._keeps_books:
            raise RuntimeError("an act must record its journal row before it returns")
        if self.is_founding:
            await self.organizations.get()
