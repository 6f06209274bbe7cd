"""Choosing a PIN that every door concerned can hold and tell from the others."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from rekey.domain.code_rules import NO_RULES, CodeRule, CodeRules, broken_by_name, broken_rule
from rekey.domain.credential import CredentialKind
from rekey.domain.errors import AlreadyExists, Conflict, Invalid
from rekey.domain.grant import Holder
from rekey.domain.validity import Validity
from rekey.operations.act import Act
from rekey.operations.imprints import pin_imprint, reveal_code
from rekey.ports.door_driver import ComputesCodes
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.people import CredentialFilter

SHORTEST, LONGEST = 4, 12
TRIES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorFacts:
    """What a door's hardware can do: the lengths of codes that its keypad takes, none if it can't be given any.

    `computer` works out codes as the door's lock does, None where the lock does not.
    """

    door_id: str
    lengths: tuple[int, ...] = ()
    rules: CodeRules = NO_RULES
    computer: ComputesCodes | None = None


async def is_taken(act: Act, digits: str, door_id: str) -> bool:
    """Say whether the door could not tell this PIN from another one, ours or a foreign one."""
    fingerprint = act.secrets.fingerprint(digits)
    alike = await act.work.credentials.sharing(CredentialKind.PIN, fingerprint)
    if any(credential.counts_at(door_id) for credential in alike):
        return True
    known = await act.work.door_codes.list(WHOLE, door_id=door_id)
    return any(code.foreign and code.fingerprint == fingerprint for code in known.items)


async def refusing(
    act: Act, digits: str, doors: Iterable[DoorFacts], *, chosen: bool = False
) -> tuple[str, ...]:
    """Name the doors that can't have this PIN, which somebody may have chosen."""
    return tuple([door.door_id for door in doors if await _refuses(act, digits, door, chosen=chosen)])


async def _refuses(act: Act, digits: str, door: DoorFacts, *, chosen: bool) -> bool:
    if len(digits) not in door.lengths or await is_taken(act, digits, door.door_id):
        return True
    if chosen and CodeRule.CANNOT_SPECIFY_PIN_CODE in door.rules.rules:
        return True
    return broken_rule(digits, door.rules, await _others(act, door)) is not None


async def _others(act: Act, door: DoorFacts) -> list[str]:
    """Give the PINs at a door, where the door's rules ask for them."""
    if CodeRule.UNIQUE_FIRST_FOUR_DIGITS not in door.rules.rules:
        return []
    known = []
    for code in (await act.work.door_codes.list(WHOLE, door_id=door.door_id)).items:
        credential = None if code.foreign else await act.work.credentials.get(code.id)
        sealed = code.sealed_part if credential is None else credential.sealed_part
        with suppress(ValueError):
            known.append(act.secrets.unseal(sealed).decode())
    return known


async def free_pin(act: Act, doors: Sequence[DoorFacts], *, length: int | None = None) -> str:
    """Make a PIN that all these doors can have. Raises: Invalid (code: no such length), Conflict (none is free)."""
    lengths = sorted(set.intersection(*(set(door.lengths) for door in doors)))
    fit = [one for one in lengths if SHORTEST <= one <= LONGEST]
    if length is not None:
        fit = [one for one in fit if one == length]
    if not fit:
        raise Invalid("code", "has no length that every door takes")
    presets = _presets(doors)
    for turn in range(TRIES if presets is None else len(presets)):
        digits = random_digits(act, fit[0]) if presets is None else presets[turn]
        if not await refusing(act, digits, doors):
            return digits
    raise Conflict("no code is free at these doors: end some first")


async def known_pin(act: Act, person_id: str, doors: Sequence[DoorFacts]) -> str | None:
    """Give a PIN that the person has elsewhere and that all these doors can have."""
    matching = CredentialFilter(holder=Holder.person(person_id))
    held = await act.work.credentials.list(WHOLE, kind=CredentialKind.PIN, matching=matching)
    for credential in held.items:
        if credential.computed:
            continue  # a lock's own codes would open there after they were taken back here
        try:
            digits = reveal_code(act.secrets, credential)
        except Conflict:
            continue  # another server sealed it
        if digits is not None and not await refusing(act, digits, doors, chosen=True):
            return digits
    return None


def _presets(doors: Iterable[DoorFacts]) -> tuple[str, ...] | None:
    """Give the PINs of the first door that takes no other ones; None if each takes any."""
    rule = CodeRule.PIN_CODE_MATCHES_EXISTING_SET
    return next((door.rules.presets for door in doors if rule in door.rules.rules), None)


async def require_free(act: Act, digits: str, door: DoorFacts) -> None:
    """Refuse a PIN that was chosen and can't be had. Raises: Invalid (code), AlreadyExists (code: fingerprint)."""
    pin_imprint(act.secrets, digits)
    if not SHORTEST <= len(digits) <= LONGEST:
        raise Invalid("code", f"must be {SHORTEST} to {LONGEST} digits")
    if len(digits) not in door.lengths:
        lengths = ", ".join(map(str, sorted(door.lengths)))
        raise Invalid("code", f"must have one of these numbers of digits at this door: {lengths}")
    if CodeRule.CANNOT_SPECIFY_PIN_CODE in door.rules.rules:
        raise Invalid("code", "cannot be chosen at this door: leave it out")
    broken = broken_rule(digits, door.rules, await _others(act, door))
    if broken is not None:
        raise Invalid("code", f"breaks a rule of this door: {broken.value}")
    if await is_taken(act, digits, door.door_id):
        raise AlreadyExists("code", "code")


async def require_terms(
    act: Act, name: str, validity: Validity, door: DoorFacts, *, besides: str = ""
) -> None:
    """Refuse a name or a window that a door's keypad does not take. Raises: Invalid (code_name, start)."""
    asked = door.rules
    others = [
        code.name
        for code in (await act.work.door_codes.list(WHOLE, door_id=door.door_id)).items
        if code.id != besides and not code.foreign
    ]
    broken = broken_by_name(name, asked, others)
    if broken is not None:
        raise Invalid("code_name", f"breaks a rule of this door: {broken.value}")
    starts_now = validity.start is not None and validity.start <= act.now
    if CodeRule.START_DATE_IN_FUTURE in asked.rules and starts_now:
        raise Invalid("start", f"breaks a rule of this door: {CodeRule.START_DATE_IN_FUTURE.value}")


def random_digits(act: Act, length: int) -> str:
    """Make digits, each as likely as the others."""
    digits = ""
    while len(digits) < length:
        digits += "".join(str(byte % 10) for byte in act.entropy.token_bytes(length) if byte < 250)
    return digits[:length]
