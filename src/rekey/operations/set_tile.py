"""set_tile, tile_at_door: which doors a tile leads to. A tile opens nothing; whoever scans it still needs access."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from rekey.domain.document import Document, DocumentKind
from rekey.domain.errors import Conflict, Invalid, NotFound
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.find import find_door, find_site
from rekey.ports.listing import WHOLE
from rekey.ports.store import View

MOST_DOORS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A tile's id in lower case, the site where it hangs, and its doors that stand."""

    id: str
    site_id: str
    door_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTile:
    """The whole list of doors, all of one site; none takes the tile away."""

    tile_id: str
    site_id: str
    door_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TileAtDoor:
    """Hang a free tile at a door, or take it from there."""

    tile_id: str
    door_id: str
    hangs: bool


@operation(Permission.ESTATE_WRITE)
async def set_tile(act: Act, wanted: SetTile) -> Tile:
    """Let a tile lead to these doors and no others.

    Needs the power over the site and every door concerned. Raises: NotFound, Gone, Invalid (tile_id, door_ids).
    """
    await act.require(Scope.site(wanted.site_id))
    site = await find_site(act.work, wanted.site_id)
    tile_id, door_ids = _checked_id(wanted.tile_id), tuple(dict.fromkeys(wanted.door_ids))
    if len(door_ids) > MOST_DOORS:
        raise Invalid("door_ids", f"must be at most {MOST_DOORS}")
    for door_id in door_ids:
        await act.require(Scope.door(door_id))
        if (await find_door(act.work, door_id)).site_id != site.id:
            raise Invalid("door_ids", "must be doors of the tile's site")
    kept = await act.work.documents.by_key(DocumentKind.TILE, tile_id)
    if kept is not None and kept.parent_id is not None:
        await act.require(Scope.site(kept.parent_id))
    return await _keep(act, kept, Tile(id=tile_id, site_id=site.id, door_ids=door_ids))


@operation(Permission.ESTATE_WRITE)
async def tile_at_door(act: Act, wanted: TileAtDoor) -> Tile:
    """Hang a tile at a door or take it from there; repeating it changes nothing.

    Raises: NotFound (door, or a tile that does not hang there), Gone, Invalid (tile_id), Conflict for a tile
    that hangs elsewhere.
    """
    await act.require(Scope.door(wanted.door_id))
    door = await find_door(act.work, wanted.door_id)
    tile_id = _checked_id(wanted.tile_id)
    kept = await act.work.documents.by_key(DocumentKind.TILE, tile_id)
    standing = () if kept is None else await _standing(act.work, _doors_in(kept))
    if wanted.hangs:
        if any(other != door.id for other in standing):
            raise Conflict("this tile hangs at another door: take it from there first")
        return await _keep(act, kept, Tile(id=tile_id, site_id=door.site_id, door_ids=(door.id,)))
    if door.id not in standing:
        raise NotFound("tile", tile_id)
    left = tuple(other for other in standing if other != door.id)
    return await _keep(act, kept, Tile(id=tile_id, site_id=door.site_id, door_ids=left))


async def find_tile(view: View, tile_id: str) -> Tile:
    """Find a tile with the doors that stand. Raises: NotFound for one that is unknown or leads nowhere."""
    kept = await view.documents.by_key(DocumentKind.TILE, tile_id.lower())
    if kept is None or kept.parent_id is None:
        raise NotFound("tile", tile_id)
    door_ids = await _standing(view, _doors_in(kept))
    if not door_ids:
        raise NotFound("tile", tile_id)
    return Tile(id=tile_id.lower(), site_id=kept.parent_id, door_ids=door_ids)


async def tiles_of(view: View, site_ids: Iterable[str]) -> dict[str, list[str]]:
    """Give the tiles of each door at these sites, by the door's id."""
    found: dict[str, list[str]] = {}
    for site_id in sorted(set(site_ids)):
        for kept in (await view.documents.list(WHOLE, DocumentKind.TILE, parent_id=site_id)).items:
            for door_id in _doors_in(kept):
                found.setdefault(door_id, []).append(str(kept.key))
    return found


async def _keep(act: Act, kept: Document | None, tile: Tile) -> Tile:
    before = () if kept is None else _doors_in(kept)
    removed = [door_id for door_id in before if door_id not in tile.door_ids]
    for door_id in await _standing(act.work, removed):
        await act.require(Scope.door(door_id))
    await _store(act, kept, tile)
    added = [door_id for door_id in tile.door_ids if door_id not in before]
    concerned = {*added, *removed}
    await act.record(
        "tile.set",
        door_id=concerned.pop() if len(concerned) == 1 else None,
        site_id=tile.site_id,
        detail={"tile": tile.id, "added": [*added], "removed": [*removed]},
    )
    return tile


async def _store(act: Act, kept: Document | None, tile: Tile) -> None:
    if kept is not None and not tile.door_ids:
        await act.work.documents.end(kept.id, act.now)
    elif kept is not None:
        edited = replace(kept, parent_id=tile.site_id, body={"doors": [*tile.door_ids]}, updated_at=act.now)
        await act.work.documents.replace(edited)
    elif tile.door_ids:
        await act.work.documents.add(
            Document(
                id=act.new_id(),
                number=act.next_number(),
                kind=DocumentKind.TILE,
                key=tile.id,
                parent_id=tile.site_id,
                body={"doors": [*tile.door_ids]},
                created_at=act.now,
                updated_at=act.now,
            )
        )


async def _standing(view: View, door_ids: Sequence[str]) -> tuple[str, ...]:
    """Leave out doors that were taken out of service."""
    return tuple([door_id for door_id in door_ids if await view.doors.get(door_id) is not None])


def _doors_in(kept: Document) -> tuple[str, ...]:
    listed = kept.body.get("doors")
    return tuple(str(door_id) for door_id in listed) if isinstance(listed, list) else ()


def _checked_id(tile_id: str) -> str:
    try:
        return str(UUID(tile_id))
    except ValueError as malformed:
        raise Invalid("tile_id", "must be a UUID") from malformed
