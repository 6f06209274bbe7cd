"""Many callers grant, revoke and decide on few (person, door) pairs; every pair gives one short history.

Times are of the machine's monotonic clock, which all its processes share, so that histories of several
processes can be laid together.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from rekey.domain.decision import Granted
from rekey.domain.grant import Holder
from rekey.domain.operator import Actor
from rekey.domain.scope import Scope
from rekey.operations.core import Core
from rekey.operations.explain_decision import explain_decision
from rekey.operations.grant_access import GrantAccess, NewGrant, grant_access
from rekey.operations.open_door import OpenDoor, open_door
from rekey.operations.revoke_person import RevokePerson, revoke_person
from tests.linearizability.checker import Call, is_linearizable

MOST_CALLS = 12
KINDS = ("grant", "revoke", "decide", "decide", "decide", "open")


@dataclass(frozen=True, slots=True)
class Pair:
    person_id: str
    door_id: str


class Subject:
    """The server under test, asked as a dialect would ask it; a fault is planted by overriding a method."""

    def __init__(self, core: Core, actor: Actor) -> None:
        self.core = core
        self.actor = actor

    async def grant(self, pair: Pair) -> None:
        new = NewGrant(holder=Holder.person(pair.person_id), scope=Scope.door(pair.door_id))
        await self.core.perform(grant_access, self.actor, GrantAccess(grants=(new,)))

    async def revoke(self, pair: Pair) -> None:
        wanted = RevokePerson(person_id=pair.person_id, scope=Scope.door(pair.door_id))
        await self.core.perform(revoke_person, self.actor, wanted)

    async def decide(self, pair: Pair) -> bool:
        explanation = await self.core.store.read(
            self.actor.organization_id,
            lambda view: explain_decision(view, pair.person_id, pair.door_id, self.core.clock.now()),
        )
        return isinstance(explanation.decision, Granted)

    async def open(self, pair: Pair) -> bool:
        """Decide within an act, as every opening does; the order stays with the server."""
        wanted = OpenDoor(door_id=pair.door_id, person_id=pair.person_id)
        return (await self.core.perform(open_door, self.actor, wanted)).order is not None


@dataclass(frozen=True, slots=True)
class Round:
    """How many callers meet at each pair, and how many calls each of them makes."""

    callers: int
    calls: int


async def play(subject: Subject, pairs: Sequence[Pair], size: Round, seed: int) -> list[list[Call]]:
    """Play one round on all pairs at once and give the history of each."""
    histories: list[list[Call]] = [[] for _ in pairs]
    dice = random.Random(seed)
    await asyncio.gather(
        *(
            _call_often(subject, pair, history, calls=size.calls, dice=random.Random(dice.random()))
            for pair, history in zip(pairs, histories, strict=True)
            for _ in range(size.callers)
        )
    )
    return histories


async def _call_often(
    subject: Subject, pair: Pair, history: list[Call], *, calls: int, dice: random.Random
) -> None:
    verbs: dict[str, Callable[[Pair], Awaitable[bool | None]]] = {
        "grant": subject.grant,
        "revoke": subject.revoke,
        "decide": subject.decide,
        "open": subject.open,
    }
    for _ in range(calls):
        kind = dice.choice(KINDS)
        begun = time.monotonic()
        allowed = await verbs[kind](pair)
        history.append(Call("decide" if kind == "open" else kind, begun, time.monotonic(), allowed))


async def first_states(subject: Subject, pairs: Sequence[Pair]) -> list[bool]:
    """Give what holds while nothing is under way."""
    return [await subject.decide(pair) for pair in pairs]


def broken(histories: Sequence[Sequence[Call]], states: Sequence[bool]) -> list[Sequence[Call]]:
    """Give the histories that no order explains."""
    return [
        history
        for history, allowed in zip(histories, states, strict=True)
        if not is_linearizable(history, allowed_at_first=allowed)
    ]
