"""Devices and locks: doors as things that are locked and unlocked from afar."""

from rekey.dialects.seam.doors import Placed, fits_device_filters, place, show_devices
from rekey.dialects.seam.errors import InvalidInput, NotSupported, NotThere
from rekey.dialects.seam.kit import Call, Kit, is_found, scan
from rekey.dialects.seam.parameters import exactly_one
from rekey.dialects.seam.replies import reply_ok
from rekey.dialects.seam.translate import show_attempt, show_denied_attempt
from rekey.dialects.seam.wire import Device
from rekey.domain.estate import Door, DoorMode
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.find import find_door
from rekey.operations.open_door import OpenDoor, open_door
from rekey.operations.set_door_mode import SetDoorMode, set_door_mode
from rekey.ports.door_driver import Ability
from rekey.ports.listing import WHOLE
from rekey.ports.store import View
from rekey.webkit.message import Reply

DEFAULT_LIMIT = 500


class Devices:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def get(self, call: Call) -> Reply:
        return reply_ok(device=await self._one(call))

    async def get_lock(self, call: Call) -> Reply:
        device = await self._one(call)
        return reply_ok(device=device, lock=device)

    async def list_devices(self, call: Call) -> Reply:
        devices, last = await self._page(call)
        return reply_ok(devices=devices, pagination=self._kit.pagination(call, last))

    async def list_locks(self, call: Call) -> Reply:
        """List the same under two keys, and, as published, without telling of a further page."""
        devices, _last = await self._page(call)
        return reply_ok(devices=devices, locks=devices)

    async def unlock_door(self, call: Call) -> Reply:
        """Order the door to open; a door that may not is told of as an attempt that has failed."""
        door_id = await self._able(call, Ability.OPEN)
        opening = await self._kit.perform(call, open_door, OpenDoor(door_id=door_id))
        if opening.order is None:
            return reply_ok(action_attempt=show_denied_attempt(opening.row))
        running = self._kit.services.orders.start(call.actor, opening.door, opening.order)
        order = await running if call.args.flag("sync") else opening.order
        return reply_ok(action_attempt=show_attempt(order))

    async def lock_door(self, call: Call) -> Reply:
        """Order the door to stay locked."""
        door_id = await self._able(call, Ability.SET_MODE)
        wanted = SetDoorMode(door_id=door_id, mode=DoorMode.LOCKED)
        chosen = await self._kit.perform(call, set_door_mode, wanted)
        running = self._kit.services.orders.start(call.actor, chosen.door, chosen.order)
        order = await running if call.args.flag("sync") else chosen.order
        return reply_ok(action_attempt=show_attempt(order))

    async def _able(self, call: Call, ability: Ability) -> str:
        """Give the id of the door. Raises: NotFound, NotSupported before anything is ordered."""
        door_id = call.args.required("device_id")
        door = await self._kit.read(
            call, Permission.ESTATE_READ, lambda view: find_door(view, door_id), Scope.door(door_id)
        )
        if ability not in self._kit.abilities_of(door.driver):
            raise NotSupported("this door cannot do that from afar")
        return door.id

    async def _one(self, call: Call) -> Device:
        by = exactly_one(call.args, "device_id", "name")
        named = call.args.required(by)

        async def look(view: View) -> list[Placed]:
            if by == "device_id":
                door = await view.doors.get(named)
                return await place(view, () if door is None else (door,))
            listed = await view.doors.list(WHOLE, query=named)
            return await place(view, [door for door in listed.items if door.name == named])

        found = await self._kit.read(call, Permission.ESTATE_READ, look)
        if not found:
            raise NotThere("device_not_found", {by: named})
        if len(found) > 1:
            raise InvalidInput({"name": ["Several devices have this name"]})
        return (await show_devices(self._kit, call, found))[0]

    async def _page(self, call: Call) -> tuple[list[Device], int | None]:
        page = self._kit.page_of(call, DEFAULT_LIMIT)
        search = call.args.text("search")

        def keep(door: Door) -> bool:
            return fits_device_filters(self._kit, call, door) and is_found(search, (door.name,), (door.id,))

        async def look(view: View) -> tuple[list[Placed], int | None]:
            doors, last = await scan(view.doors.list, lambda door: door.number, page, keep)
            return await place(view, doors), last

        placed, last = await self._kit.read(call, Permission.ESTATE_READ, look)
        return await show_devices(self._kit, call, placed), last
