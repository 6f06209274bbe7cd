"""The one writer of this process: acts in a queue, up to 256 in one durable transaction.

On SQLite it is a thread, so that the event loop never waits for the disk. On PostgreSQL it is
a task of the server's own event loop: its connection belongs to that loop, and a second thread
would only pass the interpreter back and forth.
"""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Generic, TypeVar

from rekey.storage.batch import (
    B,
    BatchHooks,
    Done,
    Failed,
    Outcome,
    Ticket,
    UnitOfWork,
    run_batch,
)
from rekey.storage.by_hand import run_by_hand
from rekey.storage.engine.connection import Connection, ConnectionSource
from rekey.storage.engine.errors import (
    SerializationLost,
    StorageBusy,
    StorageError,
    StorageUnavailable,
)
from rekey.storage.feeds import Feed, TaskFeed, ThreadFeed
from rekey.storage.keeper import ConnectionKeeper

T = TypeVar("T")
U = TypeVar("U", bound=UnitOfWork)

BATCH: Final = 256
ATTEMPTS: Final = 5
"""How often a batch runs when other transactions win."""


class Writer(Generic[B, U]):
    """Runs acts one after another and answers each after the commit that holds it.

    After a failed commit every act of the batch gets StorageUnavailable. While the store
    cannot be reached acts are refused at once; it is tried again at most every 5 s.
    """

    def __init__(
        self,
        source: ConnectionSource,
        hooks: BatchHooks[B, U],
        *,
        limit: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._hooks = hooks
        self._limit = limit
        self._keeper = ConnectionKeeper(source, clock)
        self._suspends = source.suspends
        self._feed: Feed
        self._accepts = False

    @property
    def available(self) -> bool:
        """False while the store is known to be out of reach, or the writer is closed."""
        return self._accepts and self._keeper.well

    async def start(self) -> None:
        """Connect and begin to work for the running event loop. Raises StorageError."""
        self._loop = asyncio.get_running_loop()
        self._ended: asyncio.Future[None] = self._loop.create_future()
        await self._keeper.get()
        if self._suspends:
            tasks = self._feed = TaskFeed()
            self._task = self._loop.create_task(self._serve_task(tasks))
        else:
            acts = self._feed = ThreadFeed()
            name = "rekey-writer"
            threading.Thread(target=self._serve_thread, args=(acts,), name=name, daemon=True).start()
        self._accepts = True

    async def submit(self, organization_id: str, act: Callable[[U], Awaitable[T]]) -> T:
        """Run the act and give its result after the commit, or raise what it raised.

        The act may run more than once, each time from the start; only the last run counts.
        A caller that is cancelled stops waiting; its act is run all the same.
        Raises StorageBusy, StorageUnavailable: nothing was acknowledged.
        """
        if not self._accepts:
            raise StorageUnavailable("the writer is closed")
        if self._feed.waiting() >= self._limit:
            raise StorageBusy("too many acts are waiting")
        reply: asyncio.Future[T] = self._loop.create_future()
        self._feed.put(Ticket(organization_id=organization_id, act=act, reply=reply))
        return await reply

    async def close(self) -> None:
        """Run what is queued, then stop."""
        if self._accepts:
            self._accepts = False
            self._feed.end()
            await self._ended

    def _serve_thread(self, feed: ThreadFeed) -> None:
        tickets: list[Ticket] = []
        try:
            while tickets := feed.take(BATCH):
                outcomes = run_by_hand(self._settle(tickets))
                self._loop.call_soon_threadsafe(self._answer, tickets, outcomes)
        finally:
            run_by_hand(self._keeper.drop())
            if not self._loop.is_closed():
                self._loop.call_soon_threadsafe(self._stop, tickets)

    async def _serve_task(self, feed: TaskFeed) -> None:
        tickets: list[Ticket] = []
        try:
            while tickets := await feed.take(BATCH):
                self._answer(tickets, await self._settle(tickets))
        finally:
            await self._keeper.drop()
            self._stop(tickets)

    async def _settle(self, tickets: Sequence[Ticket]) -> list[Outcome]:
        """Run the batch to its end, whatever happens; only an exit of the process passes."""
        try:
            outcomes = await self._run(await self._keeper.get(), tickets)
        except Exception as error:  # noqa: BLE001  # whatever it was, nothing may be acknowledged
            await self._keeper.lose()
            if not isinstance(error, StorageError):
                self._loop.call_soon_threadsafe(self._report, "a batch failed", error)
            return [_unavailable(error) for _ in tickets]
        self._keeper.worked()
        return outcomes

    async def _run(self, connection: Connection, tickets: Sequence[Ticket]) -> list[Outcome]:
        for _ in range(ATTEMPTS - 1):
            try:
                return await run_batch(connection, self._hooks, tickets)
            except SerializationLost:
                await connection.rollback()
        return await run_batch(connection, self._hooks, tickets)

    def _answer(self, tickets: Sequence[Ticket], outcomes: Sequence[Outcome]) -> None:
        # All caches are dropped before anyone is told: a caller may ask about another's act.
        for outcome in outcomes:
            if isinstance(outcome, Done):
                self._run_all(outcome.after_commit)
        for ticket, outcome in zip(tickets, outcomes, strict=True):
            if ticket.reply.done():  # the caller has gone
                continue
            if isinstance(outcome, Done):
                ticket.reply.set_result(outcome.value)
            else:
                ticket.reply.set_exception(outcome.error)

    def _run_all(self, callbacks: Sequence[Callable[[], None]]) -> None:
        for callback in callbacks:
            try:
                callback()
            except Exception as error:  # noqa: BLE001  # the act is durable: its caller must hear so
                self._report("a callback after the commit failed", error)

    def _report(self, message: str, error: Exception) -> None:
        self._loop.call_exception_handler({"message": message, "exception": error})

    def _stop(self, unanswered: Sequence[Ticket]) -> None:
        """Refuse what is left when the writer ends otherwise than by close()."""
        self._accepts = False
        tickets = [*unanswered, *self._feed.left()]
        ended = StorageUnavailable("the writer has ended")
        self._answer(tickets, [_unavailable(ended) for _ in tickets])
        if not self._ended.done():
            self._ended.set_result(None)


def _unavailable(cause: Exception) -> Failed:
    """Make one exception for each caller: a shared one would collect all their tracebacks."""
    error = StorageUnavailable(f"the act was not made durable: {cause}")
    error.__cause__ = cause
    return Failed(error)
