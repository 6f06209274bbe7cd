"""Which doors a caller may see: all with the permission to read the estate, else those meant for him.

A lock that is shut for the hour, or locked down, stays to be seen.
"""

from rekey.dialects.kisi.kit import actor_of, caller_of
from rekey.domain.access import DoorRecord
from rekey.domain.errors import NotAllowed
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.authority import require_permission
from rekey.operations.explain_decision import doors_meant_for
from rekey.operations.use_door import Services
from rekey.ports.store import View
from rekey.webkit.message import Request


async def visible_doors(services: Services, view: View, request: Request) -> tuple[DoorRecord, ...] | None:
    """Give the doors that the caller may see; None means all."""
    now = services.core.clock.now()
    everything = Scope.organization(view.organization_id)
    try:
        await require_permission(view, actor_of(request), Permission.ESTATE_READ, everything, now=now)
    except NotAllowed:
        person_id = caller_of(request).operator.person_id
        return () if person_id is None else await doors_meant_for(view, person_id, now)
    return None
