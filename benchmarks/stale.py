"""Ratio 14: allows that were given after the reply to the revocation, while readers never stop asking.

Must be none. The store is the embedded one, in one process; the harness of tests/linearizability asks the
same of several processes on PostgreSQL.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.figures import Effort, Ratio, Tell
from benchmarks.machine import scratch
from rekey.app.bootstrap import Server, open_server
from rekey.app.founding import FirstOrganization, found_first
from rekey.app.housekeeping import Housekeeper
from rekey.app.serve import loop_factory
from rekey.app.settings import Settings
from rekey.domain.access import decide
from rekey.domain.decision import Granted
from rekey.domain.grant import Holder
from rekey.domain.ids import OrganizationId
from rekey.domain.operator import Actor
from rekey.domain.scope import Scope
from rekey.operations.add_door import AddDoor, add_door
from rekey.operations.add_person import AddPerson, add_person
from rekey.operations.core import Core
from rekey.operations.grant_access import GrantAccess, NewGrant, grant_access
from rekey.operations.revoke_person import RevokePerson, revoke_person
from rekey.ports.store import View

REVOCATIONS = 2_000
_PEOPLE = 16
_READERS = 4


@dataclass(slots=True)
class _Watch:
    """Who is out since when: set after the reply to the revocation, taken away before the next grant."""

    core: Core
    actor: Actor
    door_id: str
    people: tuple[str, ...]
    left: int
    out: set[str] = field(default_factory=set)
    asked: int = 0
    stale: int = 0

    async def allows(self, person_id: str) -> bool:
        async def look(view: View) -> bool:
            holder, door = await view.access.holder(person_id), await view.access.door(self.door_id)
            return isinstance(decide(holder, door, self.core.clock.now()), Granted)

        return await self.core.store.read(self.actor.organization_id, look)

    async def read_on(self, people: Sequence[str]) -> None:
        while self.left > 0:
            for person_id in people:
                was_out = person_id in self.out
                allowed = await self.allows(person_id)
                self.asked += 1
                # Out before the question and still out after the answer: no grant came between.
                if was_out and person_id in self.out and allowed:
                    self.stale += 1
            await asyncio.sleep(0)

    async def revoke_on(self, person_id: str) -> None:
        scope = Scope.door(self.door_id)
        wanted = GrantAccess(grants=(NewGrant(holder=Holder.person(person_id), scope=scope),))
        while self.left > 0:
            self.left -= 1
            self.out.discard(person_id)
            await self.core.perform(grant_access, self.actor, wanted)
            if not await self.allows(person_id):
                raise AssertionError("a grant that was acknowledged does not open")
            await self.core.perform(revoke_person, self.actor, RevokePerson(person_id=person_id, scope=scope))
            self.out.add(person_id)
            self.stale += await self.allows(person_id)


def run(effort: Effort, tell: Tell) -> list[Ratio]:
    """Grant and revoke until enough revocations were acknowledged."""
    revocations = 200 if effort.quick else REVOCATIONS
    tell(f"{revocations} revocations")
    with scratch() as directory, asyncio.Runner(loop_factory=loop_factory("auto")) as runner:
        watch = runner.run(_hammer(directory, revocations))
    ratio = Ratio(
        number="14",
        name=f"stale allows after {revocations:,} acknowledged revocations",
        rounds=(float(watch.stale),),
        bound=0,
        at_most=True,
        detail=f"{watch.asked:,} decisions by {_READERS} readers meanwhile",
    )
    return [ratio]


async def _hammer(directory: Path, revocations: int) -> _Watch:
    settings = Settings(data=directory / "rekey")
    server = await open_server(settings, new=True, empty=True)
    try:
        watch = await _prepare(server, revocations)
        readers = [asyncio.ensure_future(watch.read_on(watch.people)) for _ in range(_READERS)]
        await asyncio.gather(*(watch.revoke_on(person_id) for person_id in watch.people))
        await asyncio.gather(*readers)
    finally:
        await server.close()
    return watch


async def _prepare(server: Server, revocations: int) -> _Watch:
    made = await found_first(server, FirstOrganization())
    core = server.core
    actor = await Housekeeper(core, server.services.orders).actor(OrganizationId(made["organization"]["id"]))
    wanted = AddDoor(name="Front", site_id=made["site"]["id"], driver="simulated")
    door = await core.perform(add_door, actor, wanted)
    people = [await core.perform(add_person, actor, AddPerson(name=f"Person {n}")) for n in range(_PEOPLE)]
    return _Watch(core, actor, door.id, tuple(person.id for person in people), revocations)
