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
        # Not `wait_for`: before Python 3.12 it loses a cancellation that comes with the answer, and a stream of
        # events would then outlive its reader.
        async with asyncio.timeout(_OBSERVE_SECONDS):
            return await driver.observe(door)
    except TimeoutError:
        return OFFLINE
