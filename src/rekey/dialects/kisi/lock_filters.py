"""Which locks a list shows. Source: contract section 5.2."""

from dataclasses import dataclass

from rekey.dialects.kisi.estate_shapes import is_unlocked
from rekey.dialects.kisi.favorites import Favorites
from rekey.dialects.kisi.lists import by_favorite, flag_of, named_like, number_of, numbers_of, whole
from rekey.dialects.kisi.notes import notes_of_all
from rekey.dialects.kisi.visible import visible_to_caller
from rekey.domain.block import BlockCause, Subject, SubjectKind
from rekey.domain.document import DocumentKind
from rekey.domain.estate import Door, DoorKind
from rekey.operations.use_door import Services
from rekey.ports.door_driver import DoorState
from rekey.ports.listing import Listing, Part
from rekey.ports.store import View
from rekey.webkit.message import Request

_SIFTED = frozenset({"query", "unlocked", "online", "locked_down", "configured", "floor_id"})


@dataclass(frozen=True, slots=True)
class FoundLocks:
    """Locks that were found; `is_whole` says that they are all, still to be sifted and cut."""

    listing: Listing[Door]
    is_whole: bool


async def find_locks(
    services: Services, view: View, request: Request, part: Part, *, liked: Favorites
) -> FoundLocks:
    """List what the filters leave that the store can answer. Raises: BadQuery."""
    place = number_of(request, "place_id")
    site = None if place is None else await view.sites.by_number(place)
    if place is not None and site is None:
        return FoundLocks(Listing((), 0), is_whole=False)
    ids, site_id = await _ids(services, view, request), None if site is None else site.id
    sifts = bool(request.query().names() & _SIFTED) or liked.wanted is not None
    if not sifts and by_favorite(request) is None:
        listed = await view.doors.list(part, site_id=site_id, ids=ids, kind=DoorKind.DOOR)
        return FoundLocks(listed, is_whole=False)
    everything = await view.doors.list(
        whole(part), site_id=site_id, ids=ids, query=request.query().one("query"), kind=DoorKind.DOOR
    )
    on_floor = await _on_floor(view, request, everything.items)
    chosen = [
        door
        for door in everything.items
        if door.id in on_floor and liked.keeps(door.id) and await _is_wanted(services, view, request, door)
    ]
    if (down := by_favorite(request)) is not None:
        chosen.sort(key=lambda door: door.id in liked.ids, reverse=down)
    return FoundLocks(Listing(tuple(chosen), len(chosen)), is_whole=True)


def asks_observed(request: Request) -> bool:
    """Say whether the list is sifted by what locks do just now."""
    return bool(request.query().names() & {"online", "unlocked"})


def suits_observed(request: Request, door: Door, state: DoorState) -> bool:
    """Say whether what a lock does just now is what is asked for."""
    online, unlocked = flag_of(request, "online"), flag_of(request, "unlocked")
    if online is not None and state.online is not online:
        return False
    return unlocked is None or is_unlocked(door, state) is unlocked


async def _ids(services: Services, view: View, request: Request) -> list[str] | None:
    """Give the doors that are both asked for and to be seen; None means all."""
    seen, numbers = await visible_to_caller(services, view, request), numbers_of(request, "ids")
    ids = None if seen is None else seen.door_ids
    if numbers is not None:
        named = [await view.doors.by_number(number) for number in numbers]
        chosen = frozenset(str(door.id) for door in named if door is not None)
        ids = chosen if ids is None else ids & chosen
    return None if ids is None else sorted(ids)


async def _on_floor(view: View, request: Request, doors: tuple[Door, ...]) -> frozenset[str]:
    number, ids = number_of(request, "floor_id"), frozenset(str(door.id) for door in doors)
    if number is None:
        return ids
    floor = await view.documents.by_number(DocumentKind.FLOOR, number)
    noted = await notes_of_all(view, ids)
    return frozenset(one for one in ids if floor is not None and noted[one].get("floor") == floor.id)


async def _is_wanted(services: Services, view: View, request: Request, door: Door) -> bool:
    configured, locked_down = flag_of(request, "configured"), flag_of(request, "locked_down")
    if not named_like(request)(door.name):
        return False
    if configured is not None and (door.driver in services.core.drivers) is not configured:
        return False
    if locked_down is None:
        return True
    subject = Subject(SubjectKind.DOOR, door.id)
    return locked_down is bool(await view.blocks.standing(subject, cause=BlockCause.LOCKDOWN))
