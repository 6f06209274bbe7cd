"""Locks: list what the caller may see, unlock, lock down. Source: contract section 5.2."""

from collections.abc import Sequence
from dataclasses import replace

from rekey.dialects.kisi.attributes import Attributes, unwrap
from rekey.dialects.kisi.errors import Unprocessable
from rekey.dialects.kisi.estate_shapes import show_lock
from rekey.dialects.kisi.favorites import Favorites, favorites_of, mark
from rekey.dialects.kisi.floors import document_numbered
from rekey.dialects.kisi.kit import (
    NO_CONTENT,
    Kit,
    door_numbered,
    path_number,
    site_numbered,
)
from rekey.dialects.kisi.lists import ESTATE, cut, order_of, paged, part_of, plain
from rekey.dialects.kisi.lock_facts import SeenLock, seen_locks
from rekey.dialects.kisi.lock_filters import FoundLocks, asks_observed, find_locks, suits_observed
from rekey.dialects.kisi.notes import note, note_beside_new
from rekey.dialects.kisi.observing import observe
from rekey.dialects.kisi.restrictions import door_changes, new_door_conditions, refuse_other_zone
from rekey.dialects.kisi.shapes import Shape
from rekey.dialects.kisi.visible import visible_to_caller
from rekey.dialects.kisi.where import whereabouts_of
from rekey.domain.document import DocumentBody, DocumentKind
from rekey.domain.errors import NotFound
from rekey.domain.estate import Door, DoorKind, Site
from rekey.domain.scope import Scope
from rekey.operations.add_door import AddDoor, add_door
from rekey.operations.annotate import AnnotatedKind, keep_preference
from rekey.operations.do_together import Step
from rekey.operations.edit_door import edit_door
from rekey.operations.lock_down import LockDown, Release, lock_down, release
from rekey.operations.retire_door import RetireDoor, retire_door
from rekey.ports.listing import Part
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

NEW_DOORS_DRIVER = "simulated"
_NUMBERS = ("order_id", "integration_id")


class Doors:
    """Handlers of doors as Kisi's locks."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        """List locks; what they do just now is asked of their drivers once the store was read."""
        part = part_of(request, ESTATE, order_of(request, alike=frozenset({"favorite"})))
        liked, found = await self._kit.look(request, lambda view: self._find(view, request, part))
        listing = found.listing
        if asks_observed(request):
            suiting = await self._suiting(request, listing.items, liked)
            listing = cut(suiting, part)
        elif found.is_whole:
            listing = cut(listing.items, part)
        shown = await self._shown(request, listing.items, liked)
        return paged(shown, part, listing.total)

    async def create(self, request: Request) -> Reply:
        lock = unwrap(request, "lock")
        name, place = lock.text("name", required=True), lock.number("place_id", required=True)
        description, where = lock.text("description"), whereabouts_of(lock)
        favorite = lock.flag("favorite") is True
        beside, floor, asked = _beside(lock), lock.number("floor_id"), new_door_conditions(lock)
        lock.check()
        site = await self._kit.look(request, lambda view: _site_of_body(view, place or 0))
        refuse_other_zone(lock, site)
        lock.check()
        if floor is not None:
            beside["floor"] = await self._kit.look(request, lambda view: _floor_of_body(view, floor, site.id))
        wanted = AddDoor(
            name=name or "",
            site_id=site.id,
            driver=NEW_DOORS_DRIVER,
            description=description or "",
            location=where.location,
            conditions=asked,
        )
        steps = [
            Step(operation=add_door, wanted=wanted),
            *note_beside_new(AnnotatedKind.DOOR, beside),
        ]
        if favorite:
            steps.append(Step(operation=keep_preference, make=lambda door: mark(door.id, favorite=True)))
        made = await self._kit.together(request, *steps)
        return plain(await self._one(request, made[0]))

    async def get(self, request: Request) -> Reply:
        door = await self._kit.look(request, lambda view: self._visible(view, request))
        return plain(await self._one(request, door))

    async def update(self, request: Request) -> Reply:
        lock = unwrap(request, "lock")
        name, description = lock.new_name("name"), lock.new_text("description")
        favorite = lock.flag("favorite")
        door = await self._door(request)
        where, beside, floor = whereabouts_of(lock, door.location), _beside(lock), lock.number("floor_id")
        asks = door_changes(door.id, lock, door.settings.conditions)
        refuse_other_zone(lock, await self._kit.look(request, lambda view: view.sites.get(door.site_id)))
        lock.check()
        if floor is not None:
            beside["floor"] = await self._kit.look(
                request, lambda view: _floor_of_body(view, floor, door.site_id)
            )
        elif lock.has("floor_id"):
            beside["floor"] = None
        wanted = replace(
            asks,
            name=name,
            description=description,
            location=where.location,
            clears_location=where.clears,
        )
        steps = [Step(operation=edit_door, wanted=wanted), *note(AnnotatedKind.DOOR, door.id, beside)]
        if favorite is not None:
            steps.append(Step(operation=keep_preference, wanted=mark(door.id, favorite=favorite)))
        await self._kit.together(request, *steps)
        return NO_CONTENT

    async def delete(self, request: Request) -> Reply:
        door = await self._door(request)
        await self._kit.perform(request, retire_door, RetireDoor(door_id=door.id))
        return NO_CONTENT

    async def favorite(self, request: Request) -> Reply:
        return await self._mark(request, favorite=True)

    async def unfavorite(self, request: Request) -> Reply:
        return await self._mark(request, favorite=False)

    async def lock_down(self, request: Request) -> Reply:
        door = await self._door(request)
        await self._kit.perform(request, lock_down, LockDown(scope=Scope.door(door.id)))
        return NO_CONTENT

    async def cancel_lockdown(self, request: Request) -> Reply:
        door = await self._door(request)
        await self._kit.perform(request, release, Release(scope=Scope.door(door.id)))
        return NO_CONTENT

    async def _door(self, request: Request) -> Door:
        number = path_number(request, "door")
        return await self._kit.look(request, lambda view: lock_numbered(view, number))

    async def _mark(self, request: Request, *, favorite: bool) -> Reply:
        door = await self._kit.look(request, lambda view: self._visible(view, request))
        await self._kit.perform(request, keep_preference, mark(door.id, favorite=favorite))
        return NO_CONTENT

    async def _visible(self, view: View, request: Request) -> Door:
        """Find a lock that the caller may see. Raises: NotFound."""
        number = path_number(request, "door")
        door = await lock_numbered(view, number)
        seen = await visible_to_caller(self._kit.services, view, request)
        if seen is not None and door.id not in seen.door_ids:
            raise NotFound("door", str(number))
        return door

    async def _find(self, view: View, request: Request, part: Part) -> tuple[Favorites, FoundLocks]:
        liked = await favorites_of(view, request)
        return liked, await find_locks(self._kit.services, view, request, part, liked=liked)

    async def _suiting(self, request: Request, doors: tuple[Door, ...], liked: Favorites) -> tuple[Door, ...]:
        seen = await self._seen(request, doors, liked)
        states = await observe(self._kit.services.core, [one.record for one in seen])
        return tuple(
            one.door
            for one, state in zip(seen, states, strict=True)
            if suits_observed(request, one.door, state)
        )

    async def _shown(self, request: Request, doors: tuple[Door, ...], liked: Favorites) -> tuple[Shape, ...]:
        seen = await self._seen(request, doors, liked)
        states = await observe(self._kit.services.core, [one.record for one in seen])
        return tuple(show_lock(one.door, one.facts, state) for one, state in zip(seen, states, strict=True))

    async def _seen(self, request: Request, doors: tuple[Door, ...], liked: Favorites) -> Sequence[SeenLock]:
        core = self._kit.services.core
        return await self._kit.look(request, lambda view: seen_locks(view, core, doors, liked))

    async def _one(self, request: Request, door: Door) -> Shape:
        liked = await self._kit.look(request, lambda view: favorites_of(view, request))
        return (await self._shown(request, (door,), liked))[0]


async def lock_numbered(view: View, number: int) -> Door:
    """Raises: NotFound, also for a door that is an elevator's stop."""
    door = await door_numbered(view, number)
    if door.kind is not DoorKind.DOOR:
        raise NotFound("door", str(number))
    return door


def _beside(lock: Attributes) -> DocumentBody:
    """Read what is kept beside a lock and means nothing here."""
    return {name: lock.number(name) for name in _NUMBERS if lock.has(name)}


async def _floor_of_body(view: View, number: int, site_id: str) -> str:
    """Name the floor, which must be one of the lock's own place. Raises: Unprocessable."""
    try:
        floor = await document_numbered(view, DocumentKind.FLOOR, number)
    except NotFound as unknown:
        raise Unprocessable({"floor": ["must exist"]}) from unknown
    if floor.parent_id != site_id:
        raise Unprocessable({"floor": ["must be of the same place"]})
    return floor.id


async def _site_of_body(view: View, number: int) -> Site:
    try:
        return await site_numbered(view, number)
    except NotFound as unknown:
        raise Unprocessable({"place": ["must exist"]}) from unknown
