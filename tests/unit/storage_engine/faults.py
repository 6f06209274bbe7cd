"""A source whose connections fail at the k-th call, once or for ever."""

from collections.abc import Mapping, Sequence
from typing import Any

from rekey.storage.engine.connection import Connection, ConnectionSource
from rekey.storage.engine.errors import SerializationLost, StorageError, StorageUnavailable
from rekey.storage.engine.row import Row
from rekey.storage.engine.statement import Statement


class Faults:
    """Counts the calls of all connections and says which of them fails."""

    def __init__(
        self, *, at: int = 0, forever: bool = False, kind: type[StorageError] = StorageUnavailable
    ) -> None:
        self.at = at
        self.forever = forever
        self.kind = kind
        self.calls = 0
        self.names: list[str] = []

    def strike(self, name: str) -> None:
        self.calls += 1
        self.names.append(name)
        if self.at and (self.calls == self.at or (self.forever and self.calls > self.at)):
            raise self.kind(f"injected at call {self.calls} ({name})")


class FaultySource:
    """Gives out connections that may fail."""

    def __init__(self, source: ConnectionSource, faults: Faults) -> None:
        self.suspends = source.suspends
        self._source = source
        self._faults = faults

    async def connect(self) -> "FaultyConnection":
        return FaultyConnection(await self._source.connect(), self._faults)


class FaultyConnection:
    """Passes every call on, unless it is the one that fails."""

    def __init__(self, inner: Connection, faults: Faults) -> None:
        self._inner = inner
        self._faults = faults

    @property
    def closed(self) -> bool:
        return self._inner.closed

    async def fetch(self, statement: Statement, /, **params: Any) -> list[Row]:
        await self._strike("fetch")
        return await self._inner.fetch(statement, **params)

    async def fetch_one(self, statement: Statement, /, **params: Any) -> Row | None:
        await self._strike("fetch_one")
        return await self._inner.fetch_one(statement, **params)

    async def execute(self, statement: Statement, /, **params: Any) -> int:
        await self._strike("execute")
        return await self._inner.execute(statement, **params)

    async def execute_many(self, statement: Statement, rows: Sequence[Mapping[str, Any]]) -> None:
        await self._strike("execute_many")
        await self._inner.execute_many(statement, rows)

    async def execute_rows(self, statement: Statement, rows: Sequence[Sequence[Any]]) -> None:
        await self._strike("execute_rows")
        await self._inner.execute_rows(statement, rows)

    async def begin(self) -> None:
        await self._strike("begin")
        await self._inner.begin()

    async def commit(self) -> None:
        await self._strike("commit")
        await self._inner.commit()

    async def rollback(self) -> None:
        await self._inner.rollback()

    async def savepoint(self, name: str) -> None:
        await self._strike("savepoint")
        await self._inner.savepoint(name)

    async def release(self, name: str) -> None:
        await self._strike("release")
        await self._inner.release(name)

    async def rollback_to(self, name: str) -> None:
        await self._strike("rollback_to")
        await self._inner.rollback_to(name)

    async def close(self) -> None:
        await self._inner.close()

    async def _strike(self, name: str) -> None:
        try:
            self._faults.strike(name)
        except SerializationLost:
            raise
        except StorageError:
            await self._inner.close()
            raise
