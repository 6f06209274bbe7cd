"""give_up_codes and take_up_code: whether a wire API manages the PINs at a door; the door is kept as before.

A code that is given up stays where it is and is ended with its holder, as any other.
"""

from dataclasses import dataclass, replace

from rekey.domain.door_code import DoorCode, Reserve
from rekey.domain.errors import NotFound
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.code_parts import code_row, find_code
from rekey.operations.edit_codes import end_code_within
from rekey.operations.find import find_door
from rekey.ports.listing import WHOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUpCodes:
    door_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeUpCode:
    code_id: str
    lets_change: bool = False


@operation(Permission.GRANTS_WRITE)
async def give_up_codes(act: Act, wanted: GiveUpCodes) -> tuple[DoorCode, ...]:
    """Give up managing every code at a door; those in its reserve end, as nobody was told them.

    Raises: NotFound, Gone, NotAllowed.
    """
    door = await find_door(act.work, wanted.door_id)
    await act.require(Scope.door(door.id))
    given_up, ended = [], []
    for code in (await act.work.door_codes.list(WHOLE, door_id=door.id)).items:
        credential = None if code.foreign else await act.work.credentials.get(code.id)
        if credential is None or credential.ended_at is not None:
            continue
        if code.reserve is Reserve.WAITING:
            await end_code_within(act, code, credential)
            ended.append(code.id)
            continue
        given_up.append(replace(code, given_up=True, updated_at=act.now))
        await act.work.door_codes.replace(given_up[-1])
    await act.record(
        "codes.given_up",
        door_id=door.id,
        site_id=door.site_id,
        detail={"name": door.name, "codes": [code.id for code in given_up], "ended": [*ended]},
    )
    return tuple(given_up)


@operation(Permission.GRANTS_WRITE)
async def take_up_code(act: Act, wanted: TakeUpCode) -> DoorCode:
    """Manage a code again that was given up. Raises: NotFound, NotAllowed."""
    code, credential = await find_code(act.work, wanted.code_id)
    await act.require(Scope.door(code.door_id))
    if not code.given_up:
        raise NotFound("code", wanted.code_id)
    taken = replace(code, given_up=False, lets_change=wanted.lets_change, updated_at=act.now)
    await act.work.door_codes.replace(taken)
    await act.record("code.taken_up", door_id=code.door_id, detail=code_row(taken, credential.validity))
    return taken
