"""add_computed_code: a PIN that a door's lock works out by itself, for whoever is told it."""

from dataclasses import dataclass
from datetime import timedelta

from rekey.domain.errors import Invalid
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.domain.validity import Validity
from rekey.operations.act import Act, operation
from rekey.operations.code_parts import CodesDone, code_row, new_code, put_code
from rekey.operations.computed_codes import ROUNDING, computed_pin
from rekey.operations.pins import DoorFacts, require_terms
from rekey.operations.texts import clean_text


@dataclass(frozen=True, slots=True, kw_only=True)
class AddComputedCode:
    """`once` lets it open a single time. Each bound of the window may move outward by less than `rounding`."""

    door: DoorFacts
    name: str = ""
    validity: Validity
    once: bool = False
    rounding: timedelta = ROUNDING


@operation(Permission.GRANTS_WRITE)
async def add_computed_code(act: Act, wanted: AddComputedCode) -> CodesDone:
    """Add a code, with a link of its own, that its lock takes until its window ends, in reach or not.

    Raises: NotFound, Gone, NotAllowed, Unsupported (no such lock), Invalid (code_name, start, end), Conflict (the
    lock has no other code for this window).
    """
    await act.require(Scope.door(wanted.door.door_id))
    if wanted.validity.is_over(act.now):
        raise Invalid("end", "must be in the future")
    await require_terms(act, wanted.name, wanted.validity, wanted.door)
    pin = await computed_pin(act, wanted.door, wanted.validity, once=wanted.once, rounding=wanted.rounding)
    new = new_code(act, wanted.door.door_id, clean_text(wanted.name, "code_name", limit=200))
    code = await put_code(
        act,
        new,
        digits=pin.digits,
        validity=pin.window,
        max_uses=1 if wanted.once else None,
        computed=True,
    )
    line = code_row(code, pin.window) | {"computed": True}
    row = await act.record("code.added", door_id=code.door_id, detail={"codes": [line], "reserve": []})
    return CodesDone(codes=(code,), row=row)
