"""A server killed at any moment loses nothing that it acknowledged, and keeps no act by half."""

import multiprocessing
import random
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from rekey.app.bootstrap import Server, open_server
from rekey.app.settings import Settings
from rekey.app.verify_journal import verify_journal
from rekey.domain.grant import HolderKind
from rekey.domain.ids import OrganizationId
from rekey.ports.listing import WHOLE
from rekey.ports.store import View
from tests.durability.child import Job, serve
from tests.support.asgi import AsgiClient
from tests.support.world import open_world

pytestmark = pytest.mark.anyio

# Children of a process that has imported everything begin at once.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.durability.child"])
CYCLES = 20
SOAK_CYCLES = 1000
MOST_ACKNOWLEDGED = 80
PEOPLE = 6
MOST_CANARY_CYCLES = 20


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@dataclass(frozen=True)
class Killed:
    """A store on disk, what a server needs to go on with it, and a key to read its journal."""

    job: Job
    key: str


@pytest.fixture
async def founded(tmp_path: Path, anyio_backend: str) -> Killed:
    async with open_world(tmp_path) as world:
        people = [await world.add_person(f"person {number}") for number in range(PEOPLE)]
        door = await world.add_door("front")
        organization_id, key = world.organization_id, world.keys["rekey"]
    data = str(tmp_path / "rekey")
    return Killed(Job(data=data, organization_id=organization_id, people=people, door_id=door), key)


def killed_run(job: Job, acknowledgements: int) -> list[tuple[str, str]]:
    """Run the child until it has acknowledged so many acts, kill it, and give all that it acknowledged."""
    ours, theirs = FORKS.Pipe(duplex=False)
    child = FORKS.Process(target=serve, args=(job, theirs))
    child.start()
    theirs.close()
    told = [ours.recv() for _ in range(acknowledgements)]
    child.kill()
    # What was being told when the child died comes by half, and ends the list.
    with ours, suppress(EOFError):
        while True:
            told.append(ours.recv())
    child.join()
    child.close()
    return [(kind, id_) for kind, id_ in map(str.split, told)]


@dataclass(frozen=True)
class Found:
    """What a restarted server finds: what stands in its tables, and what its journal says of it."""

    standing: set[str]
    revocations: set[str]
    granted: set[str]
    ended: set[str]
    revoked: set[str]
    positions: list[int]

    def lost(self, acknowledged: set[tuple[str, str]]) -> set[tuple[str, str]]:
        kept = {("grant", id_) for id_ in self.granted} | {("revocation", id_) for id_ in self.revoked}
        return acknowledged - kept

    @property
    def holds_half_an_act(self) -> bool:
        dense = self.positions == list(range(1, len(self.positions) + 1))
        fits = self.standing == self.granted - self.ended and self.revocations == self.revoked
        return not (dense and fits)


async def restarted(killed: Killed) -> Found:
    """Open the store again, check its journal's export with the public key alone, and look at it."""
    server = await open_server(Settings(data=Path(killed.job.data)))
    try:
        await verify(server, killed.key)
        return await server.store.read(OrganizationId(killed.job.organization_id), look)
    finally:
        await server.close()


async def verify(server: Server, key: str) -> None:
    headers = {"authorization": f"Bearer {key}"}
    exported = await AsgiClient(server.app).send("GET", "/api/v1/journal/export", headers)
    assert exported.status == 200
    verified = verify_journal(exported.body.decode(), server.journal_key)
    assert verified.rows == verified.covered


async def look(view: View) -> Found:
    rows = [stored.row for stored in await view.journal.rows(limit=10_000_000)]
    details: dict[str, list[dict[str, Any]]] = {"access.granted": [], "person.revoked": []}
    for row in rows:
        details.get(row.action, []).append(dict(row.detail))
    grants = (await view.grants.list(WHOLE)).items
    return Found(
        standing={g.id for g in grants if g.holder.kind is HolderKind.PERSON and g.origin != "founding"},
        revocations={revocation.id for revocation in (await view.revocations.list(WHOLE)).items},
        granted={line["grant"] for detail in details["access.granted"] for line in detail["grants"]},
        ended={id_ for detail in details["person.revoked"] for id_ in detail["ended_grants"]},
        revoked={detail["revocation"] for detail in details["person.revoked"]},
        positions=[row.position for row in rows],
    )


async def cycles(killed: Killed, count: int) -> None:
    moments = random.Random(21)
    acknowledged: set[tuple[str, str]] = set()
    for _ in range(count):
        acknowledged |= set(killed_run(killed.job, moments.randint(1, MOST_ACKNOWLEDGED)))
        found = await restarted(killed)
        assert found.lost(acknowledged) == set()
        assert not found.holds_half_an_act
    assert len(acknowledged) > count


async def test_a_server_that_answers_too_early_is_caught(founded: Killed) -> None:
    faulty = msgspec.structs.replace(founded.job, replies_early=True)
    moments = random.Random(21)
    for _ in range(MOST_CANARY_CYCLES):
        acknowledged = set(killed_run(faulty, moments.randint(1, MOST_ACKNOWLEDGED)))
        if (await restarted(founded)).lost(acknowledged):
            return
    pytest.fail(f"{MOST_CANARY_CYCLES} kills did not catch the planted fault")


async def test_kill_minus_nine_loses_nothing_acknowledged(founded: Killed) -> None:
    await cycles(founded, CYCLES)


@pytest.mark.soak
async def test_a_thousand_kills_lose_nothing_acknowledged(founded: Killed) -> None:
    await cycles(founded, SOAK_CYCLES)
