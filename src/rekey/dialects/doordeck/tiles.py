"""Tiles: marks at doors by whose id a phone finds the lock."""

from rekey.dialects.doordeck.errors import BadRequest, NoDevices
from rekey.dialects.doordeck.ids import is_uuid
from rekey.dialects.doordeck.kit import DOOR, EMPTY, Kit, body_of, id_of, reply_json, version_of
from rekey.dialects.doordeck.links import base_url, shows_page
from rekey.dialects.doordeck.platform_wire import TileDoors
from rekey.dialects.doordeck.tile_page import tile_page
from rekey.domain.errors import NotFound
from rekey.operations.set_tile import SetTile, Tile, TileAtDoor, find_tile, set_tile, tile_at_door
from rekey.webkit.message import Reply, Request

TILE = "tile"
_VERSIONS = (1, 2, 3)
_SET_VERSIONS = (2, 3)
_ACCEPTED = Reply(202, EMPTY)


class Tiles:
    """Handlers of `/tile/{id}` and `/device/{id}/tile/{tileId}`."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def get(self, request: Request) -> Reply:
        """Lead to the lock (1), name the first lock (2) or all (3); a browser gets the landing page."""
        if request.caller is None and shows_page(request):
            return await self.page(request)
        version, tile = version_of(request, _VERSIONS), await self._find(request)
        first = tile.door_ids[0]
        if version == 1:
            location = f"{base_url(self._kit.settings, request)}/device/{first}"
            return Reply(303, headers=(("Location", location),))
        if version == 2:
            return reply_json({"deviceId": first})
        return reply_json({"siteId": tile.site_id, "tileId": tile.id, "deviceIds": [*tile.door_ids]})

    async def page(self, request: Request) -> Reply:
        """Show what to do with a tile. It is the same for every tile, known or not, and tells nothing of doors."""
        return tile_page(id_of(request, TILE))

    async def set(self, request: Request) -> Reply:
        version_of(request, _SET_VERSIONS)
        body, tile_id = body_of(request, TileDoors), id_of(request, TILE)
        for name, value in (("siteId", body.site_id), *(("devices", one) for one in body.devices)):
            if not is_uuid(value):
                raise BadRequest(f"{name} must hold UUIDs")
        wanted = SetTile(
            tile_id=tile_id,
            site_id=body.site_id.lower(),
            door_ids=tuple(door_id.lower() for door_id in body.devices),
        )
        tile = await self._kit.perform(request, set_tile, wanted)
        return reply_json({"siteId": tile.site_id, "devices": [*tile.door_ids]})

    async def hang(self, request: Request) -> Reply:
        await self._at_door(request, hangs=True)
        return _ACCEPTED

    async def take(self, request: Request) -> Reply:
        await self._at_door(request, hangs=False)
        return _ACCEPTED

    async def _at_door(self, request: Request, *, hangs: bool) -> None:
        wanted = TileAtDoor(tile_id=id_of(request, TILE), door_id=id_of(request, DOOR), hangs=hangs)
        await self._kit.perform(request, tile_at_door, wanted)

    async def _find(self, request: Request) -> Tile:
        tile_id = id_of(request, TILE)
        try:
            return await self._kit.look(request, lambda view: find_tile(view, tile_id))
        except NotFound as nowhere:
            raise NoDevices("No devices associated with this tile") from nowhere
