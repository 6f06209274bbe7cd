"""The writer's queue, for a thread and for a task.

The end is a mark in the queue itself, so that everything submitted before it is still run.
"""

import asyncio
import queue
from collections import deque
from typing import Protocol

from rekey.storage.batch import Ticket


class Feed(Protocol):
    """A queue with one taker; all methods here belong to the event loop."""

    def put(self, ticket: Ticket) -> None:
        """Add a ticket."""

    def end(self) -> None:
        """Let nothing more in."""

    def waiting(self) -> int:
        """How many tickets wait."""

    def left(self) -> list[Ticket]:
        """Give all that is left, once the taker has gone."""


class ThreadFeed:
    """Tickets for a writer thread; the taker sleeps in C and is woken by the first put."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Ticket | None] = queue.SimpleQueue()
        self._ended = False

    def put(self, ticket: Ticket) -> None:
        self._queue.put(ticket)

    def end(self) -> None:
        self._queue.put(None)

    def waiting(self) -> int:
        return self._queue.qsize()

    def take(self, most: int) -> list[Ticket]:
        """Wait for a ticket, then give what is there, at most so many; empty at the end."""
        tickets: list[Ticket] = []
        while not self._ended and len(tickets) < most:
            try:
                ticket = self._queue.get(block=not tickets)
            except queue.Empty:
                break  # no waiting to make the batch larger: the next one takes what comes now
            if ticket is None:
                self._ended = True
            else:
                tickets.append(ticket)
        return tickets

    def left(self) -> list[Ticket]:
        found = [self._queue.get() for _ in range(self._queue.qsize())]
        return [ticket for ticket in found if ticket is not None]


class TaskFeed:
    """Tickets for a writer task on the same event loop."""

    def __init__(self) -> None:
        self._queue: deque[Ticket] = deque()
        self._filled = asyncio.Event()
        self._ended = False

    def put(self, ticket: Ticket) -> None:
        self._queue.append(ticket)
        self._filled.set()

    def end(self) -> None:
        self._ended = True
        self._filled.set()

    def waiting(self) -> int:
        return len(self._queue)

    async def take(self, most: int) -> list[Ticket]:
        """Wait for a ticket, then give what is there, at most so many; empty at the end."""
        while not self._queue and not self._ended:
            self._filled.clear()
            await self._filled.wait()
        return [self._queue.popleft() for _ in range(min(most, len(self._queue)))]

    def left(self) -> list[Ticket]:
        found = list(self._queue)
        self._queue.clear()
        return found
