"""propose_pin: a PIN that a door could have now; nothing is kept of it."""

from dataclasses import dataclass

from rekey.domain.errors import Invalid
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.find import find_door
from rekey.operations.pins import DoorFacts, free_pin


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposePin:
    door: DoorFacts


@operation(Permission.GRANTS_WRITE)
async def propose_pin(act: Act, wanted: ProposePin) -> str:
    """Propose a PIN; meant to be rehearsed. Raises: NotFound, Gone, NotAllowed, Invalid (no keypad), Conflict."""
    door = await find_door(act.work, wanted.door.door_id)
    await act.require(Scope.door(door.id))
    if not wanted.door.lengths:
        raise Invalid("door_ids", "must name a door with a keypad")
    digits = await free_pin(act, [wanted.door])
    await act.record("code.proposed", door_id=door.id)
    return digits
