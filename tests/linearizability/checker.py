"""Checks histories of one (person, door) for a legal order that respects real time.

The search of Wing and Gong with Lowe's memory of visited configurations. The state is one bit: may the
person open the door. A call without an answer (its process was killed) may have happened or not.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Call:
    """One call as a client saw it: what, when begun, when answered (inf: never), and a decision's answer."""

    kind: str
    begun: float
    answered: float
    allowed: bool | None = None


def is_linearizable(calls: Sequence[Call], *, allowed_at_first: bool = False) -> bool:
    """Say whether the calls can be put into an order that explains every answer."""
    everything = frozenset(range(len(calls)))
    stack, seen = [(everything, allowed_at_first)], set()
    while stack:
        left, allowed = stack.pop()
        if all(calls[index].answered == math.inf for index in left):
            return True
        if (left, allowed) in seen:
            continue
        seen.add((left, allowed))
        earliest_answer = min(calls[index].answered for index in left)
        for index in left:
            call = calls[index]
            if call.begun <= earliest_answer and (after := step(call, allowed=allowed)) is not None:
                stack.append((left - {index}, after))
    return False


def step(call: Call, *, allowed: bool) -> bool | None:
    """Give the state after the call, or None if the call's answer is impossible in this state."""
    if call.kind == "grant":
        return True
    if call.kind == "revoke":
        return False
    return allowed if call.allowed in (allowed, None) else None
