"""Which doors a change concerns: as few as can be told without deciding anything."""

from dataclasses import replace

from rekey.domain.access import HolderRecord
from rekey.domain.scope import ScopeKind
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.doors import Change, ChangeKind
from rekey.ports.store import View


async def all_doors(view: View) -> frozenset[str]:
    listed = await view.doors.list(WHOLE)
    return frozenset(door.id for door in listed.items)


async def concerned_doors(view: View, after: int) -> frozenset[str]:
    """Give the doors whose lists may follow from the changes after a position; too many does no harm."""
    changes = await view.changes.since(after)
    found: set[str] = set()
    for change in dict.fromkeys(replace(change, position=after) for change in changes):
        found |= await _doors_of(view, change)
    return frozenset(found)


async def _doors_of(view: View, change: Change) -> frozenset[str]:
    if change.scope is not None and change.scope.kind is ScopeKind.DOOR:
        return frozenset({change.scope.id})
    match change.kind:
        case ChangeKind.PERSON:
            return await _doors_of_person(view, change.subject_id)
        case ChangeKind.LINK:
            return await _doors_of_link(view, change.subject_id)
        case ChangeKind.DOOR:
            return frozenset({change.subject_id})
        case ChangeKind.SITE:
            listed = await view.doors.list(WHOLE, site_id=change.subject_id)
            return frozenset(door.id for door in listed.items)
        case ChangeKind.TEAM | ChangeKind.DOOR_GROUP | ChangeKind.ORGANIZATION:
            return await all_doors(view)


async def _doors_of_person(view: View, person_id: str) -> frozenset[str]:
    """Give the doors of the person, and those of the links that were made for the person and obey the same blocks."""
    found = await _doors_of_holder(view, person_id, await view.access.holder(person_id))
    links = await view.links.list(WHOLE, for_person_id=person_id)
    for link in links.items:
        found |= await _doors_of_link(view, link.id)
    return found


async def _doors_of_link(view: View, link_id: str) -> frozenset[str]:
    return await _doors_of_holder(view, link_id, await view.access.link(link_id))


async def _doors_of_holder(view: View, holder_id: str, holder: HolderRecord | None) -> frozenset[str]:
    """Give the doors that a grant of the holder reaches now, and those that have the holder on their list."""
    near = () if holder is None else await view.access.doors_near(holder)
    listed = await view.door_logs.of_person(holder_id)
    return frozenset({*near, *(entry.door_id for entry in listed)})
