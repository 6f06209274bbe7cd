"""Locks as their users see them."""

import asyncio
from collections.abc import Sequence
from functools import partial

from msgspec import UNSET

from rekey.dialects.doordeck.errors import BadRequest
from rekey.dialects.doordeck.kit import (
    DOOR,
    EMPTY,
    SITE,
    Kit,
    body_of,
    id_of,
    reply_json,
    signed_in_of,
    version_of,
)
from rekey.dialects.doordeck.observation import observe
from rekey.dialects.doordeck.translate import LockParts, Object, show_lock
from rekey.dialects.doordeck.wire import LockUpdate
from rekey.domain.access import DoorRecord
from rekey.domain.calendar import CalendarRule
from rekey.domain.estate import Door
from rekey.operations.edit_door import EditDoor, edit_door
from rekey.operations.find import find_door, find_site
from rekey.operations.held_doors import HeldDoor, held_door, held_doors
from rekey.operations.open_hours import open_hours_of
from rekey.operations.set_tile import tiles_of
from rekey.ports.door_driver import DoorState
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

_VERSIONS = (1, 2, 3)
_OBSERVE_SECONDS = 1.0
_OFFLINE = DoorState(online=False)


class Locks:
    """Handlers of `/device` and `/site/{id}/device`."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        return await self._reply_all(request, await self._held(request))

    async def list_of_site(self, request: Request) -> Reply:
        site_id = id_of(request, SITE)
        await self._kit.look(request, lambda view: find_site(view, site_id))
        held = await self._held(request)
        return await self._reply_all(request, [one for one in held if one.door.site_id == site_id])

    async def list_favourites(self, _request: Request) -> Reply:
        """Give the locks that the caller pinned: none, since a pin can't be stored yet."""
        return reply_json([])

    async def list_shareable(self, request: Request) -> Reply:
        held = await self._held(request)
        return reply_json(
            [{"id": one.door.door_id, "name": one.door.name} for one in held if one.administers]
        )

    async def get(self, request: Request) -> Reply:
        version_of(request, _VERSIONS)
        me, door_id = signed_in_of(request).person_id, id_of(request, DOOR)
        held = await self._kit.look(request, lambda view: held_door(view, me, door_id, self._kit.now))
        return await self._reply_all(request, [held], alone=True)

    async def edit(self, request: Request) -> Reply:
        """Change the lock's own name; what can't be stored yet is refused rather than forgotten."""
        update = body_of(request, LockUpdate)
        unserved = update.unserved()
        if unserved:
            raise BadRequest(f"Not supported by this server yet: {', '.join(unserved)}")
        door_id = id_of(request, DOOR)
        if update.settings is UNSET or update.settings.default_name is UNSET:
            me = signed_in_of(request).person_id
            await self._kit.look(request, lambda view: held_door(view, me, door_id, self._kit.now))
            return Reply(200, EMPTY)
        wanted = EditDoor(door_id=door_id, name=update.settings.default_name)
        await self._kit.core.perform(edit_door, signed_in_of(request).actor, wanted, door_id=door_id)
        return Reply(200, EMPTY)

    async def _held(self, request: Request) -> tuple[HeldDoor, ...]:
        me = signed_in_of(request).person_id
        return await self._kit.look(request, lambda view: held_doors(view, me, self._kit.now))

    async def _reply_all(self, request: Request, held: Sequence[HeldDoor], *, alone: bool = False) -> Reply:
        sites = {one.door.site_id for one in held}
        tiles = await self._kit.look(request, lambda view: tiles_of(view, sites))
        shown = await asyncio.gather(
            *(self._show(request, one, tiles.get(one.door.door_id, [])) for one in held)
        )
        return reply_json(shown[0] if alone else shown)

    async def _show(self, request: Request, held: HeldDoor, tiles: Sequence[str]) -> Object:
        state = await observe(self._kit.core, held.door)
        door, hours = await self._kit.look(request, partial(_door_and_hours, held.door.door_id))
        zone = held.door.zone.key
        return show_lock(
            LockParts(held=held, door=door, zone=zone, open_hours=hours, state=state, tiles=tuple(tiles))
        )

    async def _observe(self, door: DoorRecord) -> DoorState:
        """Ask the door what it is; one that takes too long to say counts as not connected."""
        driver = self._kit.core.drivers.get(door.driver)
        if driver is None:
            return _OFFLINE
        try:
            return await asyncio.wait_for(driver.observe(door), _OBSERVE_SECONDS)
        except TimeoutError:
            return _OFFLINE


async def _door_and_hours(door_id: str, view: View) -> tuple[Door, CalendarRule | None]:
    door = await find_door(view, door_id)
    return door, await open_hours_of(view, door_id)
