"""Making simulated doors suffer: only on servers for trying out, and only doors that are simulated."""

from rekey.dialects.seam.errors import NotInSandbox, NotSupported
from rekey.dialects.seam.kit import Call, Kit
from rekey.dialects.seam.replies import reply_ok
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.edit_sandbox import SimulateDoor, simulate_door
from rekey.operations.find import find_door
from rekey.ports.door_driver import Simulation
from rekey.webkit.message import Reply

_YES, _NO = "true", "false"


class Simulate:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def connect(self, call: Call) -> Reply:
        """Bring the door back online."""
        return await self._set(call, disconnected=_NO, offline=_NO)

    async def disconnect(self, call: Call) -> Reply:
        """Cut the door off."""
        return await self._set(call, disconnected=_YES)

    async def connect_to_hub(self, call: Call) -> Reply:
        """Bring the door's hub back."""
        return await self._set(call, hub_offline=_NO)

    async def disconnect_from_hub(self, call: Call) -> Reply:
        """Cut off the door's hub."""
        return await self._set(call, hub_offline=_YES)

    async def paid_subscription(self, call: Call) -> Reply:
        """Let the door's subscription run out, or begin again."""
        return await self._set(call, unpaid=_YES if call.args.flag("is_expired") else _NO)

    async def remove(self, call: Call) -> Reply:
        """Take the door out of its account as its owner would; it stays listed with that error."""
        return await self._set(call, removed=_YES)

    async def _set(self, call: Call, **switches: str) -> Reply:
        if not self._kit.settings.sandbox:
            raise NotInSandbox("this server is in earnest, so nothing is simulated")
        door_id = call.args.required("device_id")
        door = await self._kit.read(
            call, Permission.ESTATE_READ, lambda view: find_door(view, door_id), Scope.door(door_id)
        )
        driver: object = self._kit.services.core.drivers.get(door.driver)
        if not isinstance(driver, Simulation):
            raise NotSupported("this door is not simulated")
        await self._kit.perform(call, simulate_door, SimulateDoor(door_id=door.id, switches=switches))
        driver.configure(door.id, switches.items())
        return reply_ok()
