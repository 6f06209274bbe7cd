"""One batch of acts in one transaction, each act in a savepoint of its own."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeAlias, TypeVar

from rekey.storage.engine.connection import Connection
from rekey.storage.engine.errors import SerializationLost, StorageUnavailable

_MARK: Final = "act"


class UnitOfWork(Protocol):
    """What one act works with; made by the hooks."""

    @property
    def after_commit(self) -> Sequence[Callable[[], None]]:
        """What to run on the event loop after the commit and before any reply; cheap."""


B = TypeVar("B")
U_co = TypeVar("U_co", bound=UnitOfWork, covariant=True)


class BatchHooks(Protocol[B, U_co]):
    """What the tables add to a batch. All acts may run again, on a new batch."""

    async def open_batch(self, connection: Connection, organization_ids: Sequence[str]) -> B:
        """Lock and read the heads of the organizations, which come sorted and once each.

        An unknown organization must not raise here, where it would sink the whole batch;
        `begin` raises for its act.
        """

    def snapshot(self, batch: B, organization_id: str) -> object:
        """Remember what an act of this organization can change in memory."""

    def begin(self, batch: B, organization_id: str) -> U_co:
        """Make the unit of work of one act."""

    def undo(self, batch: B, organization_id: str, snapshot: object) -> None:
        """Put the memory back; the rows are already undone."""

    async def close_batch(self, batch: B) -> None:
        """Write what the whole batch has in common: heads, checkpoints. Called for every batch."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ticket:
    """One act in the queue, and the caller who waits for it."""

    organization_id: str
    act: Callable[[Any], Awaitable[Any]]
    reply: "asyncio.Future[Any]"


@dataclass(frozen=True, slots=True)
class Done:
    """The act's result, valid once the batch is committed."""

    value: Any
    after_commit: Sequence[Callable[[], None]]


@dataclass(frozen=True, slots=True)
class Failed:
    """The act's own failure; it changed nothing."""

    error: Exception


Outcome: TypeAlias = Done | Failed


class ActCancelledItself(RuntimeError):
    """The act awaited something that was cancelled; it changed nothing."""


async def run_batch(
    connection: Connection, hooks: BatchHooks[B, U_co], tickets: Sequence[Ticket]
) -> list[Outcome]:
    """Run all acts and commit; an outcome for each ticket, in order.

    Raises when nothing of the batch was committed: SerializationLost (run it again) or any
    other exception (StorageUnavailable, or a defect of the hooks).
    """
    await connection.begin()
    batch = await hooks.open_batch(connection, sorted({t.organization_id for t in tickets}))
    outcomes = [await _run_act(connection, hooks, batch, ticket) for ticket in tickets]
    await hooks.close_batch(batch)
    await connection.commit()
    return outcomes


async def _run_act(connection: Connection, hooks: BatchHooks[B, U_co], batch: B, ticket: Ticket) -> Outcome:
    snapshot = hooks.snapshot(batch, ticket.organization_id)
    await connection.savepoint(_MARK)
    try:
        unit = hooks.begin(batch, ticket.organization_id)
        value = await ticket.act(unit)
        await connection.release(_MARK)
    except (StorageUnavailable, SerializationLost):
        raise
    except Exception as error:  # noqa: BLE001  # the act's failure of any kind is its caller's answer
        failed = Failed(error)
    except asyncio.CancelledError as error:
        if _writer_is_cancelled():
            raise
        failed = Failed(_cancelled(error))
    else:
        return Done(value, unit.after_commit)
    await connection.rollback_to(_MARK)
    await connection.release(_MARK)
    hooks.undo(batch, ticket.organization_id, snapshot)
    return failed


def _cancelled(cause: asyncio.CancelledError) -> ActCancelledItself:
    error = ActCancelledItself("the act awaited something that was cancelled")
    error.__cause__ = cause
    return error


def _writer_is_cancelled() -> bool:
    try:
        task = asyncio.current_task()
    except RuntimeError:  # the writer's thread has no event loop
        return False
    return task is not None and task.cancelling() > 0
