"""A background worker goes on, whatever one of its turns met."""

import asyncio

import pytest

from rekey.app.rounds import Worker
from rekey.domain.errors import StoreUnavailable
from rekey.domain.ids import OrganizationId

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Scripted(Worker):
    """Serves three organizations; the second one meets what the script says."""

    name = "scripted"
    every = 1.0

    def __init__(self, trouble: Exception | None = None) -> None:
        self.served: list[str] = []
        self.turns = 0
        self.rested: list[float] = []
        self.done = asyncio.Event()
        self._trouble = trouble
        super().__init__(nap=self._rest)

    async def turn(self) -> None:
        self.turns += 1
        await self._each([OrganizationId(name) for name in ("acme", "broken", "city")], self._serve)

    async def _serve(self, organization_id: OrganizationId) -> None:
        if organization_id == "broken" and self._trouble is not None:
            raise self._trouble
        self.served.append(organization_id)

    async def _rest(self, woken: asyncio.Event, seconds: float) -> None:
        self.rested.append(seconds)
        if self.turns == 3:
            self.done.set()
            await asyncio.Event().wait()


async def test_the_trouble_of_one_organization_is_not_that_of_the_others() -> None:
    worker = Scripted(RuntimeError("unforeseen"))
    await worker.turn()
    assert worker.served == ["acme", "city"]
    assert worker.faults == 1


async def test_a_store_that_is_away_for_now_is_no_fault() -> None:
    worker = Scripted(StoreUnavailable("the disk is full"))
    await worker.turn()
    assert worker.served == ["acme", "city"]
    assert worker.faults == 0


async def test_after_a_turn_that_failed_the_next_one_comes() -> None:
    worker = Scripted(RuntimeError("unforeseen"))
    worker.start()
    await worker.done.wait()
    await worker.close()
    assert worker.rested == [1.0, 1.0, 1.0]
    assert worker.served == ["acme", "city"] * 3


async def test_a_worker_that_was_never_started_closes_all_the_same() -> None:
    worker = Scripted()
    await worker.close()
    assert worker.turns == 0
