"""The writer's connection: opened anew after each loss, with a growing pause between attempts."""

from collections.abc import Callable
from typing import Final

from rekey.storage.engine.connection import Connection, ConnectionSource
from rekey.storage.engine.errors import StorageUnavailable

FIRST_PAUSE: Final = 0.1
LONGEST_PAUSE: Final = 5.0


class ConnectionKeeper:
    """Holds one connection. Nobody waits for a pause: until it is over, the answer is no."""

    def __init__(self, source: ConnectionSource, clock: Callable[[], float]) -> None:
        self._source = source
        self._clock = clock
        self._connection: Connection | None = None
        self._losses = 0
        self._try_at = 0.0

    @property
    def well(self) -> bool:
        """True when the last work with the connection came to its end."""
        return self._losses == 0

    async def get(self) -> Connection:
        """Give the connection, opened if need be. Raises StorageUnavailable during a pause."""
        if self._connection is None:
            if self._clock() < self._try_at:
                raise StorageUnavailable("the store is out of reach")
            self._connection = await self._connect()
        return self._connection

    def worked(self) -> None:
        """Say that a batch was committed."""
        self._losses = 0

    async def lose(self) -> None:
        """Throw the connection away; the first replacement is opened without a pause."""
        if self._connection is not None:
            self._pause()
        await self.drop()

    async def drop(self) -> None:
        """Close the connection, whatever state it is in."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    async def _connect(self) -> Connection:
        try:
            return await self._source.connect()
        except Exception:
            self._pause()
            raise

    def _pause(self) -> None:
        pause = FIRST_PAUSE * 2.0 ** min(self._losses - 1, 10) if self._losses else 0.0
        self._losses += 1
        self._try_at = self._clock() + min(pause, LONGEST_PAUSE)
