"""Run a coroutine that never waits, without an event loop."""

from collections.abc import Coroutine
from typing import Any, Final, TypeVar

T = TypeVar("T")

_PATIENCE: Final = 8


class ActWaited(RuntimeError):
    """An act on the embedded store waited on the event loop, which the writer's thread has not.

    A defect of the act: everything it waits for has to be known before it is submitted.
    """


def run_by_hand(work: Coroutine[Any, Any, T]) -> T:
    """Give the coroutine's result.

    ActWaited is raised inside it, at the place where it waits; if it goes on waiting, here.
    """
    try:
        work.send(None)
        for _ in range(_PATIENCE):
            work.throw(ActWaited("an act on the embedded store must not wait"))
    except StopIteration as done:
        result: T = done.value
        return result
    work.close()
    raise ActWaited("an act on the embedded store keeps waiting")
