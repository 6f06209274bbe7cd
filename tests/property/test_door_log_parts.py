"""Whatever comes between the parts of a serving: a lease only at a complete head, and the list the rule wants."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest

from rekey.domain.door_credentials import listed_terms
from rekey.domain.door_log import EMPTY_HEAD, DoorEntry, EntryKind, chain
from rekey.domain.grant import Holder
from rekey.operations.core import Core
from rekey.operations.door_log_runner import DoorLogRunner
from rekey.operations.end_grant import EndGrant, end_grant
from rekey.operations.serve_door_log import Served
from rekey.ports.store import View
from rekey.testing.frozen_clock import FrozenClock
from tests.support.world import open_world
from tests.unit.operations.acme import Acme

PEOPLE = 14
STEPS = 25
FEW = 3


def replayed(entries: tuple[DoorEntry, ...], up_to: int) -> dict[str, str]:
    """Give the list that the log's lines up to one say."""
    shown: dict[str, str] = {}
    for entry in entries[:up_to]:
        if entry.kind is EntryKind.PUT:
            shown[entry.person_id] = entry.terms
        else:
            shown.pop(entry.person_id, None)
    return shown


class Tale:
    """One organization with a door, and everything random that happens to it."""

    def __init__(self, acme: Acme, seed: int) -> None:
        self.acme, self.chance = acme, Random(seed)
        self.leases: list[Served] = []
        self.grants: list[str] = []

    async def begin(self) -> None:
        self.door = await self.acme.door()
        self.people = [await self.acme.person(f"P{number}") for number in range(PEOPLE)]
        half = self.chance.sample(self.people, PEOPLE // 2)
        self.teams = [await self.acme.team(*self.people), await self.acme.team(*half, name="half")]

    async def happen(self) -> None:
        """Do one act that may concern the door."""
        acts: list[Callable[[], Awaitable[Any]]] = [self._revoke, self._grant, self._grant_team, self._end]
        await self.chance.choice(acts)()

    async def _revoke(self) -> None:
        await self.acme.revoke(self.chance.choice(self.people), self.door)

    async def _grant(self) -> None:
        self.grants.append((await self.acme.grant(self.chance.choice(self.people), self.door)).id)

    async def _grant_team(self) -> None:
        team = Holder.team(self.chance.choice(self.teams))
        self.grants.append((await self.acme.grant(team, self.door)).id)

    async def _end(self) -> None:
        if self.grants:
            gone = self.grants.pop(self.chance.randrange(len(self.grants)))
            with suppress(Exception):
                await self.acme.do(end_grant, EndGrant(grant_id=gone))

    async def serve(self, runner: DoorLogRunner) -> bool:
        return await runner.serve(self.acme.service, await self.acme.record(self.door))

    async def intended_at(self, position: int) -> dict[str, str]:
        """Give the list that the rule wants, from the records as they stood after an act."""

        async def look(view: View) -> dict[str, str]:
            door = await view.access.door(self.door, position)  # type: ignore[arg-type]  # it is one
            assert door is not None
            wanted: dict[str, str] = {}
            for person in self.people:
                holder = await view.access.holder(person, position)  # type: ignore[arg-type]  # it is one
                terms = None if holder is None else listed_terms(holder, door, ())
                if terms is not None:
                    wanted[person] = terms
            return wanted

        found: dict[str, str] = await self.acme.read(look)
        return found

    async def log(self) -> tuple[DoorEntry, ...]:
        found: tuple[DoorEntry, ...] = await self.acme.read(lambda view: view.door_logs.since(self.door, 0))
        return found


async def meddled_serving(tale: Tale) -> None:
    """Serve the door by two servers, of which either may stop at any act, while other acts come in between."""
    servers = [DoorLogRunner(tale.acme.core) for _ in range(2)]
    under_way: list[asyncio.Task[bool]] = []
    for _ in range(STEPS):
        under_way.append(asyncio.ensure_future(tale.serve(tale.chance.choice(servers))))
        for _ in range(tale.chance.randrange(4)):
            await tale.happen()
            for _ in range(tale.chance.randrange(30)):
                await asyncio.sleep(0)
        if tale.chance.random() < 0.3:
            tale.chance.choice(under_way).cancel()
    await asyncio.gather(*under_way, return_exceptions=True)


def spy(monkeypatch: pytest.MonkeyPatch, leases: list[Served]) -> None:
    perform = Core.perform

    async def spied(core: Core, operation: Any, actor: Any, wanted: Any, **how: Any) -> Any:
        result = await perform(core, operation, actor, wanted, **how)
        if isinstance(result, Served) and result.lease_end is not None:
            leases.append(result)
        return result

    monkeypatch.setattr(Core, "perform", spied)


async def check(tale: Tale) -> None:
    log = await tale.log()
    head = EMPTY_HEAD
    for entry in log:
        head = chain(head, seq=entry.seq, kind=entry.kind, person_id=entry.person_id, terms=entry.terms)
        assert entry.head == head
    for person in tale.people:
        lines = [(entry.kind, entry.terms) for entry in log if entry.person_id == person]
        assert all(before != after for before, after in pairwise(lines)), "a line was doubled"
    for lease in tale.leases:
        wanted = await tale.intended_at(lease.position)
        shown = replayed(log, lease.sync.seq)
        assert {person: shown[person] for person in tale.people if person in shown} == wanted
    assert tale.leases
    for person in tale.people:
        assert tale.acme.simulated.present(tale.door, person) == await tale.acme.may(person, tale.door)


@pytest.mark.parametrize("seed", range(8))
def test_every_lease_is_at_a_complete_head_and_the_door_comes_to_what_the_rule_says(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rekey.operations.serve_door_log.MOST_AT_ONCE", FEW)
    monkeypatch.setattr("rekey.operations.door_log_runner.MOST_AT_ONCE", FEW)

    async def run() -> None:
        clock = FrozenClock()
        async with open_world(tmp_path, clock=clock, dialects=()) as world:
            tale = Tale(Acme(world, clock), seed)
            await tale.begin()
            spy(monkeypatch, tale.leases)
            await meddled_serving(tale)
            assert await tale.serve(DoorLogRunner(world.core))
            await check(tale)

    asyncio.run(run())
