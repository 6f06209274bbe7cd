"""What every background worker is: a turn again and again, whatever one turn met."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterable
from typing import ClassVar

import structlog

from rekey.domain.errors import CoreError
from rekey.domain.ids import OrganizationId
from rekey.webkit.faults import log_fault

_log = structlog.get_logger("rekey.workers")

Nap = Callable[[asyncio.Event, float], Awaitable[None]]


async def nap(woken: asyncio.Event, seconds: float) -> None:
    """Wait until woken, or so many seconds."""
    try:
        await asyncio.wait_for(woken.wait(), seconds)
    except TimeoutError:
        return


class Worker(ABC):
    """Takes a turn, rests for `every` seconds or until woken, and takes the next one, until it is closed.

    `faults` counts what no turn should have met.
    """

    name: ClassVar[str]
    every: ClassVar[float]

    def __init__(self, *, nap: Nap = nap) -> None:
        self.faults = 0
        self._nap = nap
        self._woken = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None

    def wake(self, _organization_id: OrganizationId) -> None:
        """Have the next turn begin soon; cheap, and called before the reply to the act."""
        self._woken.set()

    def start(self) -> None:
        """Begin to work until `close`."""
        self._loop = asyncio.ensure_future(self._run())

    async def close(self) -> None:
        """Stop; what is under way is done again by the next process."""
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)

    @abstractmethod
    async def turn(self) -> None:
        """Do what is due now."""

    async def _run(self) -> None:
        while True:
            await self._go_on(self.turn())
            await self._nap(self._woken, self.every)

    async def _each(
        self, organizations: Iterable[OrganizationId], serve: Callable[[OrganizationId], Awaitable[None]]
    ) -> None:
        """Serve one organization after another, so that the trouble of one is not the others'."""
        for organization_id in organizations:
            await self._go_on(serve(organization_id), organization=organization_id)

    async def _go_on(self, work: Awaitable[None], **facts: str) -> None:
        try:
            await work
        except CoreError as unavailable:
            _log.warning(f"{self.name}_wait", why=str(unavailable), **facts)
        except Exception as error:  # noqa: BLE001  # the next turn must come whatever this one met
            self.faults += 1
            log_fault(f"{self.name}_failed", error, **facts)
