"""keep_reserve: whether codes wait at a door to stand in for others."""

from dataclasses import dataclass

from rekey.domain.errors import Invalid
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.code_parts import fill_reserve, reserve_at
from rekey.operations.edit_codes import end_code_within
from rekey.operations.find import find_door
from rekey.operations.pins import DoorFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepReserve:
    door: DoorFacts
    wanted: bool


@operation(Permission.GRANTS_WRITE)
async def keep_reserve(act: Act, wanted: KeepReserve) -> int:
    """Fill a door's reserve, or end what waits in it; say how many codes that were.

    Raises: NotFound, Gone, NotAllowed, Invalid (a door without a keypad).
    """
    door = await find_door(act.work, wanted.door.door_id)
    await act.require(Scope.door(door.id))
    if wanted.wanted and not wanted.door.lengths:
        raise Invalid("door_ids", "must name a door with a keypad")
    codes = await fill_reserve(act, wanted.door) if wanted.wanted else await reserve_at(act.work, door.id)
    if not wanted.wanted:
        for code in codes:
            credential = await act.work.credentials.get(code.id)
            if credential is not None:
                await end_code_within(act, code, credential)
    await act.record(
        "reserve.kept",
        door_id=door.id,
        site_id=door.site_id,
        detail={"name": door.name, "wanted": wanted.wanted, "codes": [code.id for code in codes]},
    )
    return len(codes)
