"""Where a repository reads and writes: one organization, on one connection, at one position."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from rekey.domain.ids import Number, OrganizationId, Position
from rekey.storage.engine.connection import Connection
from rekey.storage.engine.row import Row
from rekey.storage.engine.statement import Statement


def _refuse_number() -> Number:
    raise RuntimeError("a view for reading gives no numbers")


class Session:
    """Adds the organization to every statement, so that no repository can forget it.

    Every statement has a parameter `organization`; every inserted row its column `organization_id`.
    """

    __slots__ = ("_carried", "_sealed", "connection", "next_number", "organization_id", "position")

    def __init__(
        self,
        connection: Connection,
        organization_id: OrganizationId,
        position: Position,
        next_number: Callable[[], Number] = _refuse_number,
    ) -> None:
        self.connection = connection
        self.organization_id = organization_id
        self.position = position
        self.next_number = next_number
        self._carried = False
        self._sealed = False

    def carry(self) -> Position:
        """Give the act's position to a row. Raises: RuntimeError in an act that uses none."""
        if self._sealed:
            raise RuntimeError("an act that keeps books has no position for a row to carry")
        self._carried = True
        return self.position

    def seal(self) -> None:
        """Let no row carry the position. Raises: RuntimeError if one does."""
        if self._carried:
            raise RuntimeError("a row carries this act's position: it does more than keep books")
        self._sealed = True

    def fetch(self, statement: Statement, /, **params: Any) -> Awaitable[list[Row]]:
        return self.connection.fetch(statement, organization=self.organization_id, **params)

    def fetch_one(self, statement: Statement, /, **params: Any) -> Awaitable[Row | None]:
        return self.connection.fetch_one(statement, organization=self.organization_id, **params)

    def change(self, statement: Statement, /, **params: Any) -> Awaitable[int]:
        """Run an update or a delete and give the number of its rows."""
        return self.connection.execute(statement, organization=self.organization_id, **params)

    def insert(self, statement: Statement, /, **row: Any) -> Awaitable[int]:
        return self.connection.execute(statement, organization_id=self.organization_id, **row)

    def insert_many(self, statement: Statement, rows: Iterable[Mapping[str, Any]]) -> Awaitable[None]:
        whole = [{"organization_id": self.organization_id, **row} for row in rows]
        return self.connection.execute_many(statement, whole)
