"""The doors that a person holds: with what terms, and which of them the person administers."""

from dataclasses import dataclass
from datetime import datetime

from rekey.domain.access import DoorRecord, HolderRecord, standing_paths
from rekey.domain.decision import Path
from rekey.domain.errors import NotAllowed
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.authority import highest_rank
from rekey.operations.find import find_door_record
from rekey.ports.store import View


@dataclass(frozen=True, slots=True)
class HeldDoor:
    """A door that somebody may open now or will later, by which path, and whether it is his to administer."""

    door: DoorRecord
    path: Path
    administers: bool


@dataclass(frozen=True, slots=True)
class DoorHolder:
    """Somebody who holds a door."""

    person_id: str
    held: HeldDoor


async def held_doors(view: View, person_id: str, now: datetime) -> tuple[HeldDoor, ...]:
    """List the doors that the person holds, those whose validity has yet to start included."""
    holder = await view.access.holder(person_id)
    if holder is None:
        return ()
    found = []
    for door_id in await view.access.doors_near(holder):
        door = await view.access.door(door_id)
        held = None if door is None else await _held(view, holder, door, now)
        if held is not None:
            found.append(held)
    return tuple(found)


async def held_door(view: View, person_id: str, door_id: str, now: datetime) -> HeldDoor:
    """Give one door that the person holds. Raises: NotFound, Gone, NotAllowed if the person does not hold it."""
    door = await find_door_record(view, door_id)
    holder = await view.access.holder(person_id)
    held = None if holder is None else await _held(view, holder, door, now)
    if held is None:
        raise NotAllowed("you do not hold this door")
    return held


async def door_holders(view: View, door_id: str, now: datetime) -> tuple[DoorHolder, ...]:
    """List who holds the door. Raises: NotFound, Gone."""
    door = await find_door_record(view, door_id)
    found = []
    for person_id in await view.access.people_near(door):
        holder = await view.access.holder(person_id)
        held = None if holder is None else await _held(view, holder, door, now)
        if held is not None:
            found.append(DoorHolder(person_id, held))
    return tuple(found)


async def _held(view: View, holder: HolderRecord, door: DoorRecord, now: datetime) -> HeldDoor | None:
    paths = [path for path in standing_paths(holder, door) if not path.grant.validity.is_over(now)]
    if not paths:
        return None
    # One that counts now beats one that will, and among equals the newest is the one that decides.
    best = max(paths, key=lambda path: (path.grant.validity.covers(now), path.named_at, path.grant.id))
    scope = Scope.door(door.door_id)
    rank = await highest_rank(view, holder.holder.id, Permission.GRANTS_WRITE, scope, now=now)
    return HeldDoor(door, best, administers=rank is not None)
