"""What locks do just now, from their drivers: asked after the store was read, all at once, within a bound."""

import asyncio
from collections.abc import Sequence

from rekey.domain.access import DoorRecord
from rekey.operations.core import Core
from rekey.ports.door_driver import DoorState

OBSERVE_SECONDS = 1.0
UNSEEN = DoorState(online=False)


async def observe(core: Core, doors: Sequence[DoorRecord]) -> list[DoorState]:
    """Say of each door what it is; one that is slow to answer, or has no driver here, counts as offline."""
    return await asyncio.gather(*(_observe(core, door) for door in doors))


async def _observe(core: Core, door: DoorRecord) -> DoorState:
    driver = core.drivers.get(door.driver)
    if driver is None:
        return UNSEEN
    try:
        return await asyncio.wait_for(driver.observe(door), OBSERVE_SECONDS)
    except TimeoutError:
        return UNSEEN
