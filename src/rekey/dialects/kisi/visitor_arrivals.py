"""Visitors who hold the scheduled unlock of a lock, or let go of it. Source: contract 5.2, "all four schemes"."""

from rekey.dialects.kisi.doors import lock_numbered
from rekey.dialects.kisi.errors import plain_error
from rekey.dialects.kisi.kit import NO_CONTENT, Kit, path_number
from rekey.dialects.kisi.visitors import DEAD, Visits, visitor_of
from rekey.domain.door_hours import DoorHours
from rekey.domain.errors import AccessDenied
from rekey.operations.act import Operation
from rekey.operations.first_to_arrive_by_link import (
    HoldByLink,
    arm_first_to_arrive_by_link,
    undo_first_to_arrive_by_link,
)
from rekey.webkit.message import Reply, Request


class VisitorArrivals:
    """Handlers for whoever shows the secret of a link or an access key."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def first_to_arrive(self, request: Request) -> Reply:
        return await self._hold(request, arm_first_to_arrive_by_link)

    async def last_to_leave(self, request: Request) -> Reply:
        return await self._hold(request, undo_first_to_arrive_by_link)

    async def _hold(self, request: Request, operation: Operation[HoldByLink, DoorHours]) -> Reply:
        visitor, core, number = visitor_of(request), self._kit.services.core, path_number(request, "door")
        door = await core.store.read(visitor.actor.organization_id, lambda view: lock_numbered(view, number))
        wanted = HoldByLink(
            door_id=door.id, fingerprint=visitor.credential.fingerprint, address=request.client
        )
        try:
            await core.perform(operation, visitor.actor, wanted)
        except AccessDenied as denied:
            if denied.denied.reason in DEAD:
                return plain_error(403, "f29aef", "Link invalid")
            lockdown = await Visits(self._kit).lockdown(visitor, door.id)
            if lockdown is None:
                raise
            return lockdown
        return NO_CONTENT
