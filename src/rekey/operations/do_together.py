"""do_together: several operations in one act, all of them or none."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rekey.domain.errors import Invalid
from rekey.domain.journal import FURTHER_PARTS, JournalRow, JsonValue
from rekey.operations.act import Act, Operation, operation

MAX_STEPS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One operation and what it takes; `make` makes that of the result of the first step."""

    operation: Operation[Any, Any]
    wanted: Any = None
    make: Callable[[Any], Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoTogether:
    """Steps in their order. The first one gives the act its name in the journal."""

    steps: tuple[Step, ...]


@operation(None)
async def do_together(act: Act, wanted: DoTogether) -> tuple[Any, ...]:
    """Do several operations in one act and give their results; the row names the first and lists the others.

    Each step asks for its own permission as if it stood alone. Raises: what its steps raise, Invalid (steps).
    """
    act.waive("each step asks for its own permission, or says why it needs none")
    if not 1 <= len(wanted.steps) <= MAX_STEPS:
        raise Invalid("steps", f"must be from 1 to {MAX_STEPS}")
    rows: list[JournalRow] = []
    results: list[Any] = []
    for step in wanted.steps:
        given = step.wanted if step.make is None else step.make(results[0])
        results.append(await _do(act, step.operation, given, rows))
    await _record(act, rows)
    return tuple(results)


async def _do(act: Act, step: Operation[Any, Any], given: Any, rows: list[JournalRow]) -> Any:
    inner = replace(act, permission=step.permission, authorized=False, keep=keeping(rows))
    before = len(rows)
    result = await step(inner, given)
    if not inner.authorized:
        raise RuntimeError(f"{step.name} asked for no permission: refusing to commit it")
    if len(rows) != before + 1:
        raise RuntimeError(f"{step.name} left no row, or several: it can't be part of a wider act")
    return result


def keeping(rows: list[JournalRow]) -> Callable[[JournalRow], Awaitable[None]]:
    """Give what an act leaves its row with, if that becomes a part of a wider act's row."""

    async def keep(row: JournalRow) -> None:
        rows.append(row)

    return keep


async def _record(act: Act, rows: list[JournalRow]) -> None:
    first, *others = rows
    await (act.keep or act.work.record)(replace(first, detail=first.detail | further_parts(others)))


def further_parts(rows: Sequence[JournalRow]) -> dict[str, JsonValue]:
    """Give the member of a row's detail that lists what else its act did; nothing where it did nothing else."""
    also: list[JsonValue] = [_line(row) for row in rows]
    return {FURTHER_PARTS: also} if also else {}


def _line(row: JournalRow) -> JsonValue:
    """Say of a further row what the first one has not said."""
    return {
        "action": row.action,
        "person": row.person_id,
        "door": row.door_id,
        "site": row.site_id,
        "detail": row.detail,
    }
