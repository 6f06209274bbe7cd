"""What doors tell and how they are is noted: whether they are in contact, and when they locked by themselves."""

import asyncio

from rekey.app.housekeeping import Housekeeper
from rekey.app.rounds import Nap, Worker, nap
from rekey.domain.access import DoorRecord
from rekey.domain.door_contact import Relocking, Trouble
from rekey.domain.errors import DoorOffline, DoorRefused, DoorTimedOut
from rekey.domain.ids import OrganizationId
from rekey.domain.operator import Actor
from rekey.operations.core import Core
from rekey.operations.note_contact import NoteContact, is_news, note_contact
from rekey.operations.note_relocking import NoteRelocking, note_relocking
from rekey.ports.door_driver import DoorState, TellsRelocking

DEADLINE = 8.0
AT_ONCE = 64


class DoorListener(Worker):
    """Hears what doors tell, beside the worker that serves them; an opening waits for nothing here."""

    name = "listening"
    every = 1.0

    def __init__(self, core: Core, house: Housekeeper, *, nap: Nap = nap) -> None:
        super().__init__(nap=nap)
        self._core = core
        self._house = house

    async def turn(self) -> None:
        """Hear all that doors have told."""
        while await self.hear():
            pass

    async def hear(self) -> bool:
        """Note what doors have told since they were last heard; say whether it was anything."""
        told = [
            (driver, organization_id, relocking)
            for driver in self._core.drivers.values()
            if isinstance(driver, TellsRelocking)
            for organization_id, relocking in driver.relockings()
        ][:AT_ONCE]
        await asyncio.gather(*(self._note(*one) for one in told))
        return bool(told)

    async def look_at(self, actor: Actor, door: DoorRecord) -> None:
        """Note whether a door is in contact, if that is otherwise than before."""
        driver = self._core.drivers.get(door.driver)
        if driver is None:
            return
        try:
            async with asyncio.timeout(DEADLINE):
                state = await driver.observe(door)
        except (DoorOffline, DoorTimedOut, DoorRefused, TimeoutError):
            state = DoorState(online=False)
        wanted = NoteContact(door=door, trouble=trouble_in(state))
        if await self._core.store.read(actor.organization_id, lambda view: is_news(view, wanted)):
            await self._core.perform(note_contact, actor, wanted)

    async def _note(
        self, driver: TellsRelocking, organization_id: OrganizationId, relocking: Relocking
    ) -> None:
        actor = await self._house.actor(organization_id)
        await self._core.perform(note_relocking, actor, NoteRelocking(relocking=relocking))
        driver.heard(relocking)


def trouble_in(state: DoorState) -> Trouble | None:
    """Name what is wrong with a door as it was observed; one that is not online is out of reach at least."""
    if state.trouble is None and not state.online:
        return Trouble.UNREACHABLE
    return state.trouble
