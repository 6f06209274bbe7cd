"""Which doors a caller may see: all with the permission to read the estate, else those meant for him.

A lock that is shut for the hour, or locked down, stays to be seen.
"""

from dataclasses import dataclass

from rekey.dialects.kisi.kit import actor_of, caller_of
from rekey.domain.errors import NotAllowed
from rekey.domain.role import Permission
from rekey.operations.explain_decision import doors_meant_for
from rekey.operations.held_powers import EVERYWHERE, Powers, powers_of
from rekey.operations.use_door import Services
from rekey.ports.listing import WHOLE
from rekey.ports.store import View
from rekey.webkit.message import Request


@dataclass(frozen=True, slots=True)
class Visible:
    """The doors that a caller may see, and the sites: those of these doors, and those where he may look."""

    door_ids: frozenset[str]
    site_ids: frozenset[str]


async def visible_to_caller(services: Services, view: View, request: Request) -> Visible | None:
    """Say what the caller may see; None means all."""
    now = services.core.clock.now()
    try:
        powers = await powers_of(view, actor_of(request), Permission.ESTATE_READ, now)
    except NotAllowed:
        powers = Powers()
    if powers == EVERYWHERE:
        return None
    person_id = caller_of(request).operator.person_id
    meant = () if person_id is None else await doors_meant_for(view, person_id, now)
    doors: dict[str, str] = {door.door_id: door.site_id for door in meant}
    for site_id in powers.site_ids:
        doors |= {door.id: site_id for door in (await view.doors.list(WHOLE, site_id=site_id)).items}
    if powers.door_ids:
        named = await view.doors.list(WHOLE, ids=sorted(powers.door_ids))
        doors |= {door.id: door.site_id for door in named.items}
    return Visible(frozenset(doors), powers.site_ids | frozenset(doors.values()))
