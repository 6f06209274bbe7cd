"""Locks as their users see them."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

from rekey.dialects.doordeck.kit import (
    DOOR,
    EMPTY,
    SITE,
    VIA,
    Kit,
    id_of,
    reply_json,
    signed_in_of,
    version_of,
)
from rekey.dialects.doordeck.lock_update import steps_of
from rekey.dialects.doordeck.lock_wire import LockUpdate
from rekey.dialects.doordeck.observation import OFFLINE, observe
from rekey.dialects.doordeck.translate import LockParts, is_favourite, lock_name, show_lock
from rekey.domain.document import DocumentBody
from rekey.operations.annotate import annotations_of, preferences_of
from rekey.operations.do_together import DoTogether, do_together
from rekey.operations.find import find_door, find_site
from rekey.operations.held_doors import HeldDoor, held_door, held_doors
from rekey.operations.open_hours import open_hours_of
from rekey.operations.set_tile import tiles_of
from rekey.ports.door_driver import Ability
from rekey.ports.repositories.journal import JournalFilter
from rekey.ports.store import View
from rekey.webkit.body import decode
from rekey.webkit.message import Reply, Request

_VERSIONS = (1, 2, 3)
_OPERATIONS = frozenset({"door.opened", "door.unlocked", "door.secured"})


class Locks:
    """Handlers of `/device` and `/site/{id}/device`."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        return await self._reply_all(request, lambda _parts: True)

    async def list_of_site(self, request: Request) -> Reply:
        site_id = id_of(request, SITE)
        await self._kit.look(request, lambda view: find_site(view, site_id))
        return await self._reply_all(request, lambda parts: parts.door.site_id == site_id)

    async def list_favourites(self, request: Request) -> Reply:
        """Give the locks that the caller pinned."""
        return await self._reply_all(request, lambda parts: is_favourite(parts.liked))

    async def list_shareable(self, request: Request) -> Reply:
        me = signed_in_of(request).person_id

        async def look(view: View) -> list[tuple[HeldDoor, DocumentBody]]:
            held = [one for one in await held_doors(view, me, self._kit.now) if one.administers]
            liked = await preferences_of(view, VIA, me, [one.door.door_id for one in held])
            return [(one, liked[one.door.door_id]) for one in held]

        found = await self._kit.look(request, look)
        return reply_json(
            [{"id": one.door.door_id, "name": lock_name(one.door.name, liked)} for one, liked in found]
        )

    async def get(self, request: Request) -> Reply:
        version_of(request, _VERSIONS)
        me, door_id = signed_in_of(request).person_id, id_of(request, DOOR)

        async def look(view: View) -> list[LockParts]:
            return await _parts(view, me, [await held_door(view, me, door_id, self._kit.now)])

        (parts,) = await self._kit.look(request, look)
        return reply_json(show_lock(await self._observed(parts)))

    async def edit(self, request: Request) -> Reply:
        """Change what the caller likes about a lock, and for its administrators the lock; all of it or nothing."""
        update, door_id = decode(request.body, LockUpdate), id_of(request, DOOR)
        me = signed_in_of(request)
        await self._kit.look(request, lambda view: held_door(view, me.person_id, door_id, self._kit.now))
        steps = steps_of(update, door_id)
        if len(steps) == 1:
            (only,) = steps
            await self._kit.core.perform(only.operation, me.actor, only.wanted, door_id=door_id)
        elif steps:
            await self._kit.core.perform(do_together, me.actor, DoTogether(steps=steps), door_id=door_id)
        return Reply(200, EMPTY)

    async def _reply_all(self, request: Request, wanted: Callable[[LockParts], bool]) -> Reply:
        me = signed_in_of(request).person_id

        async def look(view: View) -> Sequence[LockParts]:
            return await _parts(view, me, await held_doors(view, me, self._kit.now))

        found = [parts for parts in await self._kit.look(request, look) if wanted(parts)]
        shown = await asyncio.gather(*(self._observed(parts) for parts in found))
        return reply_json([show_lock(parts) for parts in shown])

    async def _observed(self, parts: LockParts) -> LockParts:
        """Add what the door is observed to be, and what its driver can do."""
        driver = self._kit.core.drivers.get(parts.held.door.driver)
        return replace(
            parts,
            state=await observe(self._kit.core, parts.held.door),
            abilities=frozenset() if driver is None else driver.abilities,
        )


async def _parts(view: View, person_id: str, held: Sequence[HeldDoor]) -> list[LockParts]:
    """Gather all that the store knows of these locks in one look."""
    ids = [one.door.door_id for one in held]
    tiles = await tiles_of(view, {one.door.site_id for one in held})
    notes, liked = await annotations_of(view, VIA, ids), await preferences_of(view, VIA, person_id, ids)
    found = []
    for one in held:
        door_id = one.door.door_id
        newest = await view.journal.rows(
            limit=1, matching=JournalFilter(door_id=door_id, actions=_OPERATIONS), newest_first=True
        )
        found.append(
            LockParts(
                held=one,
                door=await find_door(view, door_id),
                zone=one.door.zone.key,
                open_hours=await open_hours_of(view, door_id),
                state=OFFLINE,
                abilities=_NONE,
                tiles=tuple(tiles.get(door_id, ())),
                notes=notes[door_id],
                liked=liked[door_id],
                last_operation=newest[0].row.at if newest else None,
            )
        )
    return found


_NONE: frozenset[Ability] = frozenset()
