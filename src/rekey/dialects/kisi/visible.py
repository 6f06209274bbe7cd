"""Which doors a caller may see: all with the permission to read the estate, else those that open to him."""

from rekey.dialects.kisi.kit import actor_of, caller_of
from rekey.domain.access import DoorRecord
from rekey.domain.errors import NotAllowed
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.authority import require_permission
from rekey.operations.explain_decision import doors_openable_by
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
        openable = () if person_id is None else await doors_openable_by(view, person_id, now)
        return tuple(one.door for one in openable)
    return None
