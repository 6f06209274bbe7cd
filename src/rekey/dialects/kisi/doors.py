"""Locks: list what the caller may see, unlock, lock down. Source: contract section 5.2."""

from rekey.dialects.kisi.attributes import unwrap
from rekey.dialects.kisi.errors import BadQuery, Unprocessable, plain_error
from rekey.dialects.kisi.kit import (
    NO_CONTENT,
    Kit,
    actor_of,
    caller_of,
    door_numbered,
    path_number,
    site_numbered,
)
from rekey.dialects.kisi.lists import ESTATE, number_of, numbers_of, paged, part_of, plain, sorting_of
from rekey.dialects.kisi.shapes import Shape, show_lock
from rekey.domain.block import Subject, SubjectKind
from rekey.domain.decision import DenyReason
from rekey.domain.errors import AccessDenied, NotAllowed, NotFound
from rekey.domain.estate import Door, Site
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.add_door import AddDoor, add_door
from rekey.operations.authority import require_permission
from rekey.operations.edit_door import EditDoor, edit_door
from rekey.operations.explain_decision import doors_openable_by
from rekey.operations.lock_down import LockDown, Release, lock_down, release
from rekey.operations.open_door import OpenDoor
from rekey.operations.retire_door import RetireDoor, retire_door
from rekey.operations.use_door import open_and_wait
from rekey.ports.listing import Listing, Part
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

NEW_DOORS_DRIVER = "simulated"
_COUNT = Part(limit=1, with_total=True)
_FLAGS = ("configured", "online", "unlocked", "locked_down")


class Doors:
    """Handlers of doors as Kisi's locks."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        part = part_of(request, ESTATE)
        sorting_of(request, frozenset({"name", "favorite"}))

        async def look(view: View) -> Reply:
            found = await self._find(view, request, part)
            return paged([await lock_shape(view, door) for door in found.items], part, found.total)

        return await self._kit.look(request, look)

    async def create(self, request: Request) -> Reply:
        lock = unwrap(request, "lock")
        name, place = lock.text("name", required=True), lock.number("place_id", required=True)
        description = lock.text("description")
        lock.check()
        site = await self._kit.look(request, lambda view: _site_of_body(view, place or 0))
        wanted = AddDoor(
            name=name or "", site_id=site.id, driver=NEW_DOORS_DRIVER, description=description or ""
        )
        door = await self._kit.perform(request, add_door, wanted)
        return plain(await self._kit.look(request, lambda view: lock_shape(view, door)))

    async def get(self, request: Request) -> Reply:
        number = path_number(request, "door")

        async def look(view: View) -> Shape:
            door = await door_numbered(view, number)
            seen = await self._visible(view, request)
            if seen is not None and door.id not in seen:
                raise NotFound("door", str(number))
            return await lock_shape(view, door)

        return plain(await self._kit.look(request, look))

    async def update(self, request: Request) -> Reply:
        lock = unwrap(request, "lock")
        name, description = lock.text("name"), lock.text("description")
        lock.check()
        door = await self._door(request)
        await self._kit.perform(
            request, edit_door, EditDoor(door_id=door.id, name=name, description=description)
        )
        return NO_CONTENT

    async def delete(self, request: Request) -> Reply:
        door = await self._door(request)
        await self._kit.perform(request, retire_door, RetireDoor(door_id=door.id))
        return NO_CONTENT

    async def unlock(self, request: Request) -> Reply:
        """Open the door by the caller's own access; body and location proofs are optional."""
        door = await self._door(request)
        wanted = OpenDoor(door_id=door.id, person_id=caller_of(request).operator.person_id)
        try:
            await open_and_wait(self._kit.services, actor_of(request), wanted)
        except AccessDenied as denied:
            if denied.denied.reason is DenyReason.LOCKED_DOWN and await self._is_wide(request, denied):
                return plain_error(409, "fad002", "The place is locked down")
            raise
        return plain({"message": "Unlocked!"})

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
        return await self._kit.look(request, lambda view: door_numbered(view, number))

    async def _is_wide(self, request: Request, denied: AccessDenied) -> bool:
        block_id = denied.denied.cause_id or ""
        block = await self._kit.look(request, lambda view: view.blocks.get(block_id))
        return block is not None and block.subject.kind is not SubjectKind.DOOR

    async def _visible(self, view: View, request: Request) -> frozenset[str] | None:
        """Give the doors that the caller may see; None means all."""
        now = self._kit.services.core.clock.now()
        everything = Scope.organization(view.organization_id)
        try:
            await require_permission(view, actor_of(request), Permission.ESTATE_READ, everything, now=now)
        except NotAllowed:
            person_id = caller_of(request).operator.person_id
            openable = () if person_id is None else await doors_openable_by(view, person_id, now)
            return frozenset(one.door.door_id for one in openable)
        return None

    async def _find(self, view: View, request: Request, part: Part) -> Listing[Door]:
        query = request.query()
        for name in _FLAGS:
            if query.one(name) not in {None, "true", "false", "*"}:
                raise BadQuery(f"{name} must be true or false")
        place, numbers = number_of(request, "place_id"), numbers_of(request, "ids")
        site = None if place is None else await view.sites.by_number(place)
        if place is not None and site is None:
            return Listing((), 0)
        ids = await self._visible(view, request)
        if numbers is not None:
            named = [await view.doors.by_number(number) for number in numbers]
            chosen = frozenset(door.id for door in named if door is not None)
            ids = chosen if ids is None else ids & chosen
        return await view.doors.list(
            part,
            site_id=None if site is None else site.id,
            ids=None if ids is None else sorted(ids),
            query=query.one("query"),
        )


async def lock_shape(view: View, door: Door) -> Shape:
    """Show a door with its own lockdown; what it does just now is its driver's to say (see the gaps)."""
    site = await view.sites.get(door.site_id)
    if site is None:
        raise NotFound("site", door.site_id)
    blocks = await view.blocks.standing(Subject(SubjectKind.DOOR, door.id))
    groups = await view.door_groups.list(_COUNT, door_id=door.id)
    return show_lock(door, site, blocks=blocks, groups=groups.total or 0, online=None)


async def _site_of_body(view: View, number: int) -> Site:
    try:
        return await site_numbered(view, number)
    except NotFound as unknown:
        raise Unprocessable({"place": ["must exist"]}) from unknown
