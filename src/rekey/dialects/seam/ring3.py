"""What is not about access: climate, noise, cameras. Lists are empty, the rest says that no door can do it."""

from rekey.dialects.seam.errors import InvalidInput, NotSupported, NotThere
from rekey.dialects.seam.kit import Call, Kit
from rekey.dialects.seam.replies import reply_ok
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.ports.store import View
from rekey.webkit.message import Reply


class Elsewhere:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def noise_sensors(self, call: Call) -> Reply:
        await self._allowed(call)
        return reply_ok(devices=[], noise_sensors=[])

    async def thermostats(self, call: Call) -> Reply:
        await self._allowed(call)
        return reply_ok(devices=[], thermostats=[])

    async def noise_thresholds(self, call: Call) -> Reply:
        await self._device(call)
        return reply_ok(noise_thresholds=[])

    async def schedules(self, call: Call) -> Reply:
        await self._device(call)
        return reply_ok(thermostat_schedules=[])

    async def refuse(self, call: Call) -> Reply:
        """Refuse what no door can do; a door that is unknown is told of first."""
        if call.args.text("device_id") is not None:
            await self._device(call)
        else:
            await self._allowed(call)
        raise NotSupported("no device of this workspace has this capability")

    async def _allowed(self, call: Call) -> None:
        await self._kit.read(call, Permission.ESTATE_READ, _nothing)

    async def _device(self, call: Call) -> None:
        device_id = call.args.text("device_id")
        if device_id is None:
            raise InvalidInput({"device_id": ["Required"]})

        async def look(view: View) -> bool:
            return await view.doors.get(device_id) is not None

        if not await self._kit.read(call, Permission.ESTATE_READ, look, Scope.door(device_id)):
            raise NotThere("device_not_found", {"device_id": device_id})


async def _nothing(_view: View) -> None:
    """Look at nothing, where only the permission is asked for."""
