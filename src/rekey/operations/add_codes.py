"""add_codes: a PIN at a door, or the same PIN at several, for whoever is told it."""

from dataclasses import dataclass, field, replace

from rekey.domain.errors import AlreadyExists, Conflict, Invalid
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.domain.validity import ALWAYS, Validity
from rekey.operations.act import Act, operation
from rekey.operations.code_parts import CodesDone, code_row, door_in_common, fill_reserve, new_code, put_code
from rekey.operations.pins import DoorFacts, free_pin, refusing, require_free, require_terms
from rekey.operations.texts import clean_text

MAX_CODES = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class AddCodes:
    """One code for each door, all or nothing.

    `digits` is the PIN that is asked for, else one is made of `length` or of the shortest that fits. Where
    doors can't share it, `own_digits` gives each that refuses it one of its own. `native` lets the hardware
    hold a code before and after its window. `with_reserve` keeps codes at each door that can stand in.
    """

    doors: tuple[DoorFacts, ...]
    digits: str | None = field(default=None, repr=False)
    length: int | None = None
    own_digits: bool = False
    name: str = ""
    validity: Validity = ALWAYS
    native: bool = True
    lets_change: bool = False
    max_uses: int | None = None
    with_reserve: bool = False


@operation(Permission.GRANTS_WRITE)
async def add_codes(act: Act, wanted: AddCodes) -> CodesDone:
    """Add codes; each has a link of its own, so that it ends alone.

    Raises: NotFound, Gone, NotAllowed, Invalid (code, code_name, start, end), AlreadyExists (code: taken
    at a door), Conflict (no code is free).
    """
    doors = tuple({door.door_id: door for door in wanted.doors}.values())
    if not 1 <= len(doors) <= MAX_CODES:
        raise Invalid("door_ids", f"must be from 1 to {MAX_CODES}")
    if wanted.validity.is_over(act.now):
        raise Invalid("end", "must be in the future")
    for door in doors:
        await act.require(Scope.door(door.door_id))
        await require_terms(act, wanted.name, wanted.validity, door)
    digits = await _digits(act, wanted, doors)
    shared = wanted.digits is None and len(doors) > 1 and len({*digits.values()}) == 1
    common_key = act.new_id() if shared else None
    codes = []
    for door in doors:
        new = replace(
            new_code(act, door.door_id, clean_text(wanted.name, "code_name", limit=200)),
            common_key=common_key,
            native=wanted.native,
            lets_change=wanted.lets_change,
        )
        codes.append(
            await put_code(
                act, new, digits=digits[door.door_id], validity=wanted.validity, max_uses=wanted.max_uses
            )
        )
    reserve = [one for door in doors for one in await fill_reserve(act, door)] if wanted.with_reserve else []
    row = await act.record(
        "code.added",
        door_id=door_in_common(codes),
        detail={
            "codes": [code_row(code, wanted.validity) for code in codes],
            "reserve": [code.id for code in reserve],
        },
    )
    return CodesDone(codes=tuple(codes), row=row)


async def _digits(act: Act, wanted: AddCodes, doors: tuple[DoorFacts, ...]) -> dict[str, str]:
    """Choose each door's PIN; the same one wherever that can be."""
    if any(not door.lengths for door in doors):
        raise Invalid("door_ids", "must name doors with a keypad")
    digits = wanted.digits
    if digits is None:
        try:
            digits = await free_pin(act, doors, length=wanted.length)
        except (Conflict, Invalid):
            if not wanted.own_digits:
                raise
            return {door.door_id: await free_pin(act, [door]) for door in doors}
    elif not wanted.own_digits:
        for door in doors:
            await require_free(act, digits, door)
    odd = await refusing(act, digits, doors, chosen=wanted.digits is not None)
    if odd and not wanted.own_digits:
        raise AlreadyExists("code", "code")
    return {door.door_id: await free_pin(act, [door]) if door.door_id in odd else digits for door in doors}
