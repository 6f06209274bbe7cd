"""Unlocking a lock by the caller's own access, and holding its scheduled unlock. Source: contract 5.2, 8.1."""

from rekey.dialects.kisi.circumstances import Proofs, circumstances_of, proofs_of, say_why_unproved
from rekey.dialects.kisi.doors import lock_numbered
from rekey.dialects.kisi.errors import DENIALS, plain_error
from rekey.dialects.kisi.kit import NO_CONTENT, In, Kit, actor_of, caller_of, path_number
from rekey.dialects.kisi.lists import plain
from rekey.dialects.kisi.lockdowns import tell_lockdown
from rekey.domain.door_hours import DoorHours
from rekey.domain.errors import AccessDenied
from rekey.domain.estate import Door
from rekey.operations.act import Operation
from rekey.operations.first_to_arrive import (
    ArmFirstToArrive,
    UndoFirstToArrive,
    arm_first_to_arrive,
    undo_first_to_arrive,
)
from rekey.operations.open_door import OpenDoor
from rekey.operations.use_door import open_and_wait
from rekey.webkit.message import Reply, Request


class Unlocking:
    """Handlers of what asks a lock to open by somebody's access."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def unlock(self, request: Request) -> Reply:
        """Open the door by the caller's own access; body and proofs are optional."""
        proofs = proofs_of(request)
        door = await self._door(request)
        wanted = OpenDoor(
            door_id=door.id,
            person_id=caller_of(request).operator.person_id,
            circumstances=circumstances_of(request, proofs),
            unless_free=True,
        )
        try:
            await open_and_wait(self._kit.services, actor_of(request), wanted)
        except AccessDenied as denied:
            refused = await self._refused(request, door, denied, proofs)
            if refused is None:
                raise
            return refused
        return plain({"message": "Unlocked!"})

    async def first_to_arrive(self, request: Request) -> Reply:
        """Hold the scheduled unlock until somebody is admitted."""
        door, proofs = await self._door(request), proofs_of(request)
        wanted = ArmFirstToArrive(door_id=door.id, circumstances=circumstances_of(request, proofs))
        return await self._hold(request, arm_first_to_arrive, wanted, door=door, proofs=proofs)

    async def last_to_leave(self, request: Request) -> Reply:
        """Let go of the scheduled unlock that was held."""
        door, proofs = await self._door(request), proofs_of(request)
        wanted = UndoFirstToArrive(door_id=door.id, circumstances=circumstances_of(request, proofs))
        return await self._hold(request, undo_first_to_arrive, wanted, door=door, proofs=proofs)

    async def _hold(
        self, request: Request, operation: Operation[In, DoorHours], wanted: In, *, door: Door, proofs: Proofs
    ) -> Reply:
        try:
            await self._kit.perform(request, operation, wanted)
        except AccessDenied as denied:
            refused = await self._refused(request, door, denied, proofs)
            if refused is None:
                raise
            return refused
        return NO_CONTENT

    async def _door(self, request: Request) -> Door:
        number = path_number(request, "door")
        return await self._kit.look(request, lambda view: lock_numbered(view, number))

    async def _refused(
        self, request: Request, door: Door, denied: AccessDenied, proofs: Proofs
    ) -> Reply | None:
        """Give the answer that says more than the reason alone; None where the reason says it all."""
        now = self._kit.now()
        lockdown = await self._kit.look(request, lambda view: tell_lockdown(view, door.id, now))
        if lockdown is not None:
            return lockdown
        said = say_why_unproved(denied.denied.reason, proofs)
        return None if said is None else plain_error(DENIALS[denied.denied.reason][0], *said)
