"""Codes at doors as Seam's access codes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from msgspec import UNSET

from rekey.dialects.seam.code_problems import Standing, errors_of, mutations_of, warnings_of
from rekey.dialects.seam.doors import LENGTHS, NAMESPACE, UNMANAGED, Placed, computer_of, place, show_devices
from rekey.dialects.seam.kit import Call, Kit
from rekey.dialects.seam.translate import instant
from rekey.dialects.seam.wire import Problem
from rekey.dialects.seam.wire_access import AccessCode, AccessProblem, UnmanagedAccessCode
from rekey.domain.credential import Credential, CredentialKind
from rekey.domain.door_code import CodeStage, DoorCode, Reserve
from rekey.domain.errors import Conflict
from rekey.operations.annotate import annotations_of
from rekey.operations.code_progress import code_progress
from rekey.operations.imprints import reveal_code
from rekey.operations.pins import DoorFacts
from rekey.ports.door_driver import Ability, Keypad
from rekey.ports.listing import WHOLE
from rekey.ports.store import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen(Standing):
    """A code with all that is shown of it, as far as the store knows."""

    placed: Placed
    reserve_waits: bool


async def see_codes(kit: Kit, view: View, codes: Iterable[DoorCode]) -> list[Seen]:
    """Look at codes of ours; those that have gone from doors that are there no more are left out."""
    seen = []
    doors: dict[str, tuple[Placed, tuple[DoorCode, ...]]] = {}
    for code in codes:
        if code.door_id not in doors:
            door = await view.doors.get(code.door_id)
            if door is None:
                continue
            at_door = (await view.door_codes.list(WHOLE, door_id=code.door_id)).items
            doors[code.door_id] = ((await place(view, [door]))[0], at_door)
        placed, at_door = doors[code.door_id]
        one = await _see(kit, view, code, placed=placed, at_door=at_door)
        if one is not None:
            seen.append(one)
    return seen


async def _see(
    kit: Kit, view: View, code: DoorCode, *, placed: Placed, at_door: tuple[DoorCode, ...]
) -> Seen | None:
    credential = await view.credentials.get(code.id)
    door = await view.access.door(code.door_id)
    if code.foreign or code.given_up or credential is None or door is None or not placed.managed:
        return None
    driver = kit.services.core.drivers.get(door.driver)
    progress = await code_progress(view, code, credential, door=door, driver=driver, now=kit.now)
    if progress.gone:
        return None
    pulled = next((one.id for one in at_door if one.stands_in_for == code.id), None)
    return Seen(
        code=code,
        credential=credential,
        progress=progress,
        placed=placed,
        digits=digits_of(kit, credential),
        former=await _former_digits(kit, view, code),
        altered=_unsealed(kit, code.altered_part),
        pulled_id=pulled,
        reserve_waits=any(one.reserve is Reserve.WAITING for one in at_door),
        is_full=_is_full(driver, code.door_id, at_door),
    )


async def _former_digits(kit: Kit, view: View, code: DoorCode) -> str | None:
    if code.wish is None or not code.wish.new_digits:
        return None
    return _unsealed(kit, await view.door_codes.former(code.id, code.wish.position - 1) or b"")


def _unsealed(kit: Kit, sealed: bytes) -> str | None:
    """Give what was sealed; None for nothing, or for what another server sealed."""
    try:
        return kit.services.core.secrets.unseal(sealed).decode() if sealed else None
    except ValueError:
        return None


def digits_of(kit: Kit, credential: Credential) -> str | None:
    """Give the digits of a PIN; None for one that another server sealed."""
    try:
        return reveal_code(kit.services.core.secrets, credential)
    except Conflict:
        return None


def _is_full(driver: object, door_id: str, at_door: tuple[DoorCode, ...]) -> bool:
    if not isinstance(driver, Keypad):
        return False
    most = driver.limits(door_id).most
    held = sum(code.stage in {CodeStage.SET, CodeStage.SCHEDULED} for code in at_door)
    return most is not None and held >= most


async def show_codes(kit: Kit, call: Call, seen: Sequence[Seen]) -> list[AccessCode]:
    """Show codes, with what is wrong with their doors just now."""
    placed = {one.placed.door.id: one.placed for one in seen}
    devices = await show_devices(kit, call, [*placed.values()])
    troubles = {device.device_id: device.errors for device in devices}
    return [_show(one, troubles.get(one.code.door_id, []), kit.now, call.workspace_id) for one in seen]


def _show(one: Seen, troubles: Sequence[Problem], now: datetime, workspace_id: str) -> AccessCode:
    code, validity = one.code, one.credential.validity
    bound = validity.start is not None or validity.end is not None
    status = _status(one, now)
    return AccessCode(
        access_code_id=code.id,
        workspace_id=workspace_id,
        device_id=code.door_id,
        name=code.name or None,
        code=one.digits,
        common_code_key=code.common_key,
        type="time_bound" if bound else "ongoing",
        status=status,
        display_status=_SAYS[status],
        starts_at=instant(validity.start or code.created_at) if bound else UNSET,
        ends_at=(None if validity.end is None else instant(validity.end)) if bound else UNSET,
        is_managed=True,
        is_backup=code.reserve is Reserve.PULLED,
        is_backup_access_code_available=one.reserve_waits,
        pulled_backup_access_code_id=one.pulled_id,
        is_external_modification_allowed=code.lets_change,
        is_offline_access_code=one.credential.computed,
        is_one_time_use=one.credential.max_uses == 1,
        is_scheduled_on_device=one.progress.stage is CodeStage.SCHEDULED,
        is_waiting_for_code_assignment=False,
        pending_mutations=mutations_of(one),
        errors=[*errors_of(one), *map(_of_device, troubles)],
        warnings=warnings_of(one),
        created_at=instant(code.created_at),
    )


_SAYS = {
    "unset": "The code is not on the device.",
    "setting": "The code is being set on the device.",
    "set": "The code is set on the device.",
    "removing": "The code is being removed from the device.",
    "unknown": "It is not known whether the code is on the device.",
}


def _status(one: Seen, now: datetime) -> str:
    if one.placed.severed_at is not None:
        return "unknown"
    start = one.credential.validity.start
    match one.progress.stage:
        case CodeStage.SET:
            return "set"
        case CodeStage.SETTING:
            return "setting" if start is None or start <= now else "unset"
        case CodeStage.REMOVING:
            return "removing"
        case CodeStage.UNSET | CodeStage.SCHEDULED:
            return "unset"


def _of_device(problem: Problem) -> AccessProblem:
    return AccessProblem(
        error_code=problem.error_code,
        message=problem.message,
        created_at=problem.created_at,
        is_device_error=problem.is_device_error,
        is_connected_account_error=problem.is_connected_account_error,
    )


async def show_foreign(kit: Kit, view: View, code: DoorCode) -> UnmanagedAccessCode:
    """Show a code that was programmed at the door itself, or that is managed here no more."""
    status, starts_at, ends_at = "set", None, None
    if code.given_up:
        credential = await view.credentials.get(code.id)
        status = "set" if code.stage is CodeStage.SET else "unset" if credential is None else "setting"
        starts_at = None if credential is None else credential.validity.start
        ends_at = None if credential is None else credential.validity.end
    bound = starts_at is not None or ends_at is not None
    return UnmanagedAccessCode(
        access_code_id=code.id,
        workspace_id=view.organization_id,
        device_id=code.door_id,
        name=code.name or None,
        code=await unmanaged_digits(kit, view, code),
        type="time_bound" if bound else "ongoing",
        status="set",
        display_status=_SAYS["removing" if code.erasing else status],
        starts_at=instant(starts_at or code.created_at) if bound else UNSET,
        ends_at=(None if ends_at is None else instant(ends_at)) if bound else UNSET,
        is_managed=False,
        errors=[],
        warnings=[],
        created_at=instant(code.created_at),
    )


def is_unmanaged(code: DoorCode) -> bool:
    """Say whether a code is nobody's here, or is managed here no more."""
    return code.foreign or code.given_up


async def unmanaged_digits(kit: Kit, view: View, code: DoorCode) -> str | None:
    """Give the digits of an unmanaged code; None for one that another server sealed."""
    credential = await view.credentials.get(code.id) if code.given_up else None
    return foreign_digits(kit, code) if credential is None else digits_of(kit, credential)


def proposed_code(id_: str, door_id: str, digits: str, *, now: datetime, workspace_id: str) -> AccessCode:
    """Show a PIN that a device could have; nothing of it is kept."""
    return AccessCode(
        access_code_id=id_,
        workspace_id=workspace_id,
        device_id=door_id,
        name=None,
        code=digits,
        common_code_key=None,
        type="ongoing",
        status="unset",
        display_status=_SAYS["unset"],
        starts_at=UNSET,
        ends_at=UNSET,
        is_managed=True,
        is_backup=False,
        is_backup_access_code_available=False,
        pulled_backup_access_code_id=None,
        is_external_modification_allowed=False,
        is_offline_access_code=False,
        is_one_time_use=False,
        is_scheduled_on_device=False,
        is_waiting_for_code_assignment=False,
        pending_mutations=[],
        errors=[],
        warnings=[],
        created_at=instant(now),
    )


def foreign_digits(kit: Kit, code: DoorCode) -> str | None:
    return _unsealed(kit, code.sealed_part)


async def facts_of_doors(kit: Kit, view: View, door_ids: Iterable[str]) -> tuple[DoorFacts, ...]:
    """Say what the hardware of these doors can do; managed doors alone can have codes."""
    ids = [*dict.fromkeys(door_ids)]
    doors = (await view.doors.list(WHOLE, ids=ids)).items if ids else ()
    notes = await annotations_of(view, NAMESPACE, ids) if ids else {}
    return tuple(_facts(kit, door.id, door.driver, dict(notes[door.id])) for door in doors)


def _facts(kit: Kit, door_id: str, driver_name: str, notes: dict[str, object]) -> DoorFacts:
    abilities = kit.abilities_of(driver_name)
    driver: object = kit.services.core.drivers.get(driver_name)
    bare = DoorFacts(door_id=door_id)
    if notes.get(UNMANAGED) is True:
        return bare
    bare = replace(bare, computer=computer_of(driver, door_id))
    if Ability.KEYPAD not in abilities or not isinstance(driver, Keypad):
        return bare
    limits = driver.limits(door_id)
    lengths = limits.lengths
    told = notes.get(LENGTHS)
    kept = {one for one in told if isinstance(one, int)} if isinstance(told, list) else set(lengths)
    fit = tuple(length for length in lengths if length in kept)
    return replace(bare, lengths=fit, rules=limits.rules)


async def code_by_digits(kit: Kit, view: View, door_id: str, digits: str) -> str | None:
    """Find which code of ours, or which foreign one, this is at the door."""
    fingerprint = kit.services.core.secrets.fingerprint(digits)
    alike = await view.credentials.sharing(CredentialKind.PIN, fingerprint)
    found = next((one.id for one in alike if one.counts_at(door_id)), None)
    if found is not None:
        return found
    at_door = (await view.door_codes.list(WHOLE, door_id=door_id)).items
    return next((one.id for one in at_door if one.foreign and one.fingerprint == fingerprint), None)
