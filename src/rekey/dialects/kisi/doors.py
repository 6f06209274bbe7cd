"""Locks: list what the caller may see, unlock, lock down. Source: contract section 5.2."""

from rekey.dialects.kisi.attributes import body_tree, unwrap
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
from rekey.dialects.kisi.lists import (
    ESTATE,
    asks_favorite,
    cut,
    flag_of,
    named_like,
    number_of,
    numbers_of,
    order_of,
    paged,
    part_of,
    plain,
    whole,
)
from rekey.dialects.kisi.shapes import Shape, show_lock, with_favorite
from rekey.dialects.kisi.visible import visible_doors
from rekey.domain.block import Block, BlockCause, Subject, SubjectKind
from rekey.domain.decision import DenyReason
from rekey.domain.errors import AccessDenied, NotFound
from rekey.domain.estate import Door, DoorMode, Site
from rekey.domain.scope import Scope
from rekey.operations.add_door import AddDoor, add_door
from rekey.operations.edit_door import EditDoor, edit_door
from rekey.operations.explain_decision import explain_decision
from rekey.operations.lock_down import LockDown, Release, lock_down, release
from rekey.operations.open_door import OpenDoor
from rekey.operations.retire_door import RetireDoor, retire_door
from rekey.operations.use_door import Services, open_and_wait
from rekey.ports.listing import Listing, Part
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

NEW_DOORS_DRIVER = "simulated"
_COUNT = Part(limit=1, with_total=True)
_SIFTED = frozenset({"query", "unlocked", "locked_down"})
_LIMITS = ("geofence_restriction_enabled", "reader_restriction_enabled", "time_restriction_enabled")


class Doors:
    """Handlers of doors as Kisi's locks."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        part = part_of(request, ESTATE, order_of(request, alike=frozenset({"favorite"})))
        shown, _wanted = asks_favorite(request)

        async def look(view: View) -> Reply:
            found = await self._find(view, request, part)
            locks = [with_favorite(await lock_shape(view, door), shown=shown) for door in found.items]
            return paged(locks, part, found.total)

        return await self._kit.look(request, look)

    async def create(self, request: Request) -> Reply:
        lock = unwrap(request, "lock")
        name, place = lock.text("name", required=True), lock.number("place_id", required=True)
        description = lock.text("description")
        lock.refuse_limits(*_LIMITS)
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
            seen = await visible_doors(self._kit.services, view, request)
            if seen is not None and door.id not in {one.door_id for one in seen}:
                raise NotFound("door", str(number))
            return with_favorite(await lock_shape(view, door), shown=asks_favorite(request)[0])

        return plain(await self._kit.look(request, look))

    async def update(self, request: Request) -> Reply:
        lock = unwrap(request, "lock")
        name, description = lock.new_name("name"), lock.new_text("description")
        lock.refuse_limits(*_LIMITS)
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
        body_tree(request)
        door = await self._door(request)
        wanted = OpenDoor(door_id=door.id, person_id=caller_of(request).operator.person_id)
        try:
            await open_and_wait(self._kit.services, actor_of(request), wanted)
        except AccessDenied as denied:
            lockdown = await self._lockdown(request, door, denied)
            if lockdown is None:
                raise
            return lockdown
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

    async def _lockdown(self, request: Request, door: Door, denied: AccessDenied) -> Reply | None:
        """Tell a lockdown before anything else that keeps the caller out; a place's comes before a door's.

        Source: contract section 8.1. The core names a block on the person first.
        """
        person_id, now = caller_of(request).operator.person_id, self._kit.now()

        async def look(view: View) -> list[Block | None]:
            causes = [denied.denied]
            if person_id is not None:
                causes = list((await explain_decision(view, person_id, door.id, now)).refusals)
            locked = [one.cause_id or "" for one in causes if one.reason is DenyReason.LOCKED_DOWN]
            return [await view.blocks.get(block_id) for block_id in locked]

        blocks = [block for block in await self._kit.look(request, look) if block is not None]
        if not blocks:
            return None
        if all(block.subject.kind is SubjectKind.DOOR for block in blocks):
            return plain_error(409, "fad001", "The door is locked down")
        return plain_error(409, "fad002", "The place is locked down")

    async def _find(self, view: View, request: Request, part: Part) -> Listing[Door]:
        if flag_of(request, "online") is not None:
            raise BadQuery("online can't be asked for: what a lock does just now is not known here")
        place, favorite = number_of(request, "place_id"), asks_favorite(request)[1]
        site = None if place is None else await view.sites.by_number(place)
        unknown = place is not None and site is None
        # Nobody has a favourite, every door is configured, and none is on a floor.
        excluded = favorite is True or flag_of(request, "configured") is False
        if unknown or excluded or number_of(request, "floor_id") is not None:
            return Listing((), 0)
        ids, site_id = await _ids(self._kit.services, view, request), None if site is None else site.id
        if not request.query().names() & _SIFTED:
            return await view.doors.list(part, site_id=site_id, ids=ids)
        found = await view.doors.list(
            whole(part), site_id=site_id, ids=ids, query=request.query().one("query")
        )
        return cut([door for door in found.items if await _is_wanted(view, request, door)], part)


async def _ids(services: Services, view: View, request: Request) -> list[str] | None:
    """Give the doors that are both asked for and to be seen; None means all."""
    seen, numbers = await visible_doors(services, view, request), numbers_of(request, "ids")
    ids = None if seen is None else frozenset(str(one.door_id) for one in seen)
    if numbers is not None:
        named = [await view.doors.by_number(number) for number in numbers]
        chosen = frozenset(str(door.id) for door in named if door is not None)
        ids = chosen if ids is None else ids & chosen
    return None if ids is None else sorted(ids)


async def _is_wanted(view: View, request: Request, door: Door) -> bool:
    unlocked, locked_down = flag_of(request, "unlocked"), flag_of(request, "locked_down")
    if not named_like(request)(door.name):
        return False
    if unlocked is not None and unlocked is not (door.mode is DoorMode.UNLOCKED):
        return False
    if locked_down is None:
        return True
    subject = Subject(SubjectKind.DOOR, door.id)
    return locked_down is bool(await view.blocks.standing(subject, cause=BlockCause.LOCKDOWN))


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
