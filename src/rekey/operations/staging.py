"""Reading a file's lines against the store in turns, so that other acts go between."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Protocol, TypeVar

from rekey.domain.operator import Actor
from rekey.operations.core import Core
from rekey.operations.people_file import MAX_PROBLEMS, Problem, Progress
from rekey.ports.store import View

Line_contra = TypeVar("Line_contra", contravariant=True)
Line = TypeVar("Line")
# So many lines are done before others have their turn: some milliseconds.
TURN = 250


class Staging(Protocol[Line_contra]):
    """What turns lines into rows, some at a time."""

    @property
    def problems(self) -> Sequence[Problem]: ...

    async def take(self, view: View, lines: Sequence[Line_contra]) -> None:
        """Check these lines and make their rows."""


async def take_turns(
    core: Core, actor: Actor, staging: Staging[Line], lines: Sequence[Line], *, progress: Progress
) -> None:
    """Have all lines staged, or as many as it takes to find the most problems that are told."""
    for start in range(0, len(lines), TURN):
        turn = lines[start : start + TURN]
        await core.store.read(actor.organization_id, partial(staging.take, lines=turn))
        progress(min(start + TURN, len(lines)), len(lines))
        if len(staging.problems) >= MAX_PROBLEMS:
            break
        await asyncio.sleep(0)
