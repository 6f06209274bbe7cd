"""Servers with a planted fault. The harness must catch each, or its green run would count for nothing."""

import asyncio

from rekey.domain.operator import Actor
from rekey.operations.core import Core
from tests.linearizability.harness import Pair, Subject

SLOW_READERS_PAUSE = 0.002


class StaleCache(Subject):
    """A cache of decisions that no revocation drops."""

    def __init__(self, core: Core, actor: Actor) -> None:
        super().__init__(core, actor)
        self.cache: dict[Pair, bool] = {}

    async def grant(self, pair: Pair) -> None:
        await super().grant(pair)
        self.cache.pop(pair, None)

    async def decide(self, pair: Pair) -> bool:
        if pair not in self.cache:
            self.cache[pair] = await super().decide(pair)
        return self.cache[pair]


class LateFill(StaleCache):
    """A cache that every act drops, but into which a slow reader puts what it read before the act."""

    async def revoke(self, pair: Pair) -> None:
        await super().revoke(pair)
        self.cache.pop(pair, None)

    async def decide(self, pair: Pair) -> bool:
        if pair in self.cache:
            return self.cache[pair]
        read = await Subject.decide(self, pair)
        await asyncio.sleep(SLOW_READERS_PAUSE)
        self.cache[pair] = read
        return read


class EarlyAnswer(Subject):
    """A server that answers a revocation before it is durable."""

    def __init__(self, core: Core, actor: Actor) -> None:
        super().__init__(core, actor)
        self.under_way: set[asyncio.Task[None]] = set()

    async def revoke(self, pair: Pair) -> None:
        task = asyncio.ensure_future(super().revoke(pair))
        self.under_way.add(task)
        task.add_done_callback(self.under_way.discard)
        await asyncio.sleep(0)
