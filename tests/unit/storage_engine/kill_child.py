"""A server in small, to be killed: eight callers write notes and say which are acknowledged."""

import asyncio
import itertools
import os
import sys

from tests.unit.storage_engine.world import opened, running, writing


async def _serve(location: str, run: str) -> None:
    numbers = itertools.count()

    async def call() -> None:
        while True:
            name = f"{run}-{next(numbers)}"
            await writer.submit("a", writing(name))
            os.write(1, f"{name}\n".encode())

    async with opened(location) as database, running(database) as writer:
        await asyncio.gather(*(call() for _ in range(8)))


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], sys.argv[2]))
