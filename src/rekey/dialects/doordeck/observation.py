"""What a lock is observed to be; one that is slow to say counts as not connected."""

import asyncio

from rekey.domain.access import DoorRecord
from rekey.operations.core import Core
from rekey.ports.door_driver import DoorState

_OBSERVE_SECONDS = 1.0
OFFLINE = DoorState(online=False)


async def observe(core: Core, door: DoorRecord) -> DoorState:
    """Ask the door what it is."""
    driver = core.drivers.get(door.driver)
    if driver is None:
        return OFFLINE
    try:
        return await asyncio.wait_for(driver.observe(door), _OBSERVE_SECONDS)
    except TimeoutError:
        return OFFLINE
