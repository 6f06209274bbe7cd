"""The door worker: what was decided is brought to the doors, for as long as it takes."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from rekey.app.concerned import all_doors, concerned_doors
from rekey.app.hours import HoursKeeper
from rekey.app.housekeeping import Housekeeper
from rekey.app.listening import DoorListener
from rekey.app.rounds import Nap, Worker, nap
from rekey.domain.access import DoorRecord
from rekey.domain.errors import CoreError
from rekey.domain.ids import OrganizationId
from rekey.domain.operator import Actor
from rekey.operations.code_keeper import CodeKeeper
from rekey.operations.core import Core
from rekey.operations.door_log_runner import DoorLogRunner
from rekey.operations.order_runner import OrderRunner
from rekey.ports.door_driver import Ability, Simulation
from rekey.ports.store import View
from rekey.webkit.faults import log_fault

LONGEST_PAUSE = 60.0
AT_ONCE = 32
_WHOLE_AT_FIRST, _WHOLE_EACH = 3, 4

_log = structlog.get_logger("rekey.doors")


@dataclass(slots=True, kw_only=True)
class Place:
    """Where the worker stands with one door: when it is due, how often it failed in a row, who serves it now.

    `edge` is when something of its codes changes next by itself.
    """

    organization_id: OrganizationId
    due: datetime
    failures: int = 0
    edge: datetime | None = None
    serving: "asyncio.Task[None] | None" = None
    again: bool = False


class DoorWorker(Worker):
    """Serves every door whose driver keeps a list, each in a task of its own.

    A change serves the doors that it concerns at once. Every door is served again before half of its
    lease is over, and a door with a problem after pauses that grow to a minute, for ever. Orders that wait
    are taken up when their door is back, and end when their time is over. Scheduled unlocks begin and end
    within `every` seconds of their time, and at once after a change.
    """

    name = "doors"
    every = 2.0

    def __init__(
        self,
        core: Core,
        orders: OrderRunner,
        logs: DoorLogRunner,
        *,
        lease: timedelta,
        nap: Nap = nap,
    ) -> None:
        super().__init__(nap=nap)
        self._core = core
        self._logs = logs
        self._renewal = lease / 2
        self._codes = CodeKeeper(core, logs.readings)
        self._house = Housekeeper(core, orders)
        self._hours = HoursKeeper(core, orders, self._house)
        self._listener = DoorListener(core, self._house)
        self._places: dict[str, Place] = {}
        self._seen: dict[OrganizationId, int] = {}
        self._changed: set[OrganizationId] = set()
        self._round_due: datetime | None = None
        self._room = asyncio.Semaphore(AT_ONCE)

    def wake(self, organization_id: OrganizationId) -> None:
        """Have an organization's newest changes looked at soon; cheap, and called before the reply to the change."""
        self._changed.add(organization_id)
        self._woken.set()

    def start(self) -> None:
        super().start()
        self._listener.start()

    async def close(self) -> None:
        """Stop, after the doors that are being served."""
        await self._listener.close()
        await super().close()
        await self._served()

    async def settle(self) -> None:
        """Do all that is due now and nothing that is due later; for tests and for commands without a server."""
        await self.round()
        while self._woken.is_set() or self._hours.busy or any(p.serving for p in self._places.values()):
            await self._served()
            await self.round()

    async def round(self) -> None:
        """Look at every organization, also for changes that another process made, and start what is due."""
        self._woken.clear()
        self._changed.clear()
        await self._listener.hear()
        self._round_due = self._core.clock.now() + timedelta(seconds=self.every)
        await self._each(await self._core.store.directory.all_organizations(), self._keep)
        self._start_due()

    async def turn(self) -> None:
        """Look at what was changed, or when it is time for it at everything."""
        if self._round_due is None or self._core.clock.now() >= self._round_due:
            await self.round()
            return
        self._woken.clear()
        changed, self._changed = self._changed, set()
        for organization_id in sorted(changed):
            await self._look_at(organization_id)
        self._start_due()

    async def _keep(self, organization_id: OrganizationId) -> None:
        await self._look_at(organization_id)
        await self._hours.renew_holidays(organization_id)
        await self._hours.keep(organization_id)
        await self._house.keep(organization_id)

    async def _look_at(self, organization_id: OrganizationId) -> None:
        seen = self._seen.get(organization_id)

        async def look(view: View) -> tuple[int, Iterable[str]]:
            doors = await all_doors(view) if seen is None else await concerned_doors(view, seen)
            return view.position, doors

        position, doors = await self._core.store.read(organization_id, look)
        for door_id in doors:
            await self._due_now(organization_id, door_id)
        await self._hours.keep(organization_id, changed=tuple(doors))
        self._seen[organization_id] = position

    async def _due_now(self, organization_id: OrganizationId, door_id: str) -> None:
        now = self._core.clock.now()
        place = self._places.get(door_id)
        if place is None:
            self._places[door_id] = Place(organization_id=organization_id, due=now)
            await self._set_up(organization_id, door_id)
            return
        place.due = now
        place.again = place.serving is not None

    async def _set_up(self, organization_id: OrganizationId, door_id: str) -> None:
        """Tell a simulated door its switches, and say so if nobody can move the door."""
        door = await self._core.store.read(organization_id, lambda view: view.doors.get(door_id))
        if door is None:
            return
        driver: object = self._core.drivers.get(door.driver)
        if driver is None:
            _log.error("driver_not_configured", door=door_id, driver=door.driver)
        elif isinstance(driver, Simulation):
            try:
                driver.configure(door_id, door.driver_settings)
            except CoreError as unfit:
                _log.error("driver_settings_refused", door=door_id, why=str(unfit))

    def _start_due(self) -> None:
        now = self._core.clock.now()
        for door_id, place in self._places.items():
            if place.serving is None and place.due <= now:
                place.serving = asyncio.ensure_future(self._serve(door_id, place))

    async def _serve(self, door_id: str, place: Place) -> None:
        try:
            async with self._room:
                clean = await self._serve_once(door_id, place)
            place.failures = 0 if clean else place.failures + 1
        except Exception as error:  # noqa: BLE001  # one door's trouble must not stop the others
            place.failures += 1
            log_fault("door_failed", error, door=door_id)
        finally:
            place.serving = None
        now = self._core.clock.now()
        place.due = now + (self._pause(place.failures) if place.failures else self._renewal)
        if place.edge is not None:
            place.due = min(place.due, place.edge)
        if place.again:
            place.again, place.due = False, now
            self._woken.set()

    async def _serve_once(self, door_id: str, place: Place) -> bool:
        # An edge that has come must not count again when this fails: it would be due for ever, without a pause.
        place.edge = None
        organization_id = place.organization_id
        door = await self._core.store.read(organization_id, lambda view: view.access.door(door_id))
        if door is None:
            self._places.pop(door_id, None)
            return True
        actor = await self._house.actor(organization_id)
        clean = await self._logs.serve(actor, door)
        if not clean and _is_sent_whole(place.failures) and await self._is_online(door):
            # It may have lost its list, as a door does that was reset, or a part by somebody's hand.
            clean = await self._serve_again(actor, door)
        await self._listener.look_at(actor, door)
        place.edge = await self._codes.keep(actor, door)
        return clean

    async def _serve_again(self, actor: Actor, door: DoorRecord) -> bool:
        return await self._logs.serve(actor, door, resend=True)

    async def _is_online(self, door: DoorRecord) -> bool:
        driver = self._core.drivers.get(door.driver)
        if driver is None or Ability.KEEPS_LIST not in driver.abilities:
            return False
        return (await driver.observe(door)).online

    def _pause(self, failures: int) -> timedelta:
        return timedelta(seconds=min(LONGEST_PAUSE, 2.0 ** min(failures - 1, 10)))

    async def _served(self) -> None:
        serving = [place.serving for place in self._places.values() if place.serving is not None]
        await asyncio.gather(*serving, return_exceptions=True)
        await self._hours.settled()


def _is_sent_whole(failures: int) -> bool:
    """Say whether a door with a problem gets its whole list: at first each time, then now and then, for ever."""
    return failures < _WHOLE_AT_FIRST or failures % _WHOLE_EACH == 0
