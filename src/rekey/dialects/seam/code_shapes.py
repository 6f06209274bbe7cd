"""Codes at doors as Seam's access codes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from msgspec import UNSET

from rekey.dialects.seam.doors import NAMESPACE, UNMANAGED, Placed, place, show_devices
from rekey.dialects.seam.kit import Call, Kit
from rekey.dialects.seam.translate import instant
from rekey.dialects.seam.wire import Problem
from rekey.dialects.seam.wire_access import AccessCode, AccessProblem, Mutation, UnmanagedAccessCode
from rekey.domain.credential import Credential, CredentialKind, CredentialState
from rekey.domain.door_code import CodeStage, DoorCode, Lateness, Reserve
from rekey.domain.errors import Conflict
from rekey.operations.annotate import annotations_of
from rekey.operations.code_progress import CodeProgress, code_progress
from rekey.operations.imprints import reveal_code
from rekey.operations.pins import DoorFacts
from rekey.ports.door_driver import Ability, Keypad
from rekey.ports.listing import WHOLE
from rekey.ports.store import View

LENGTHS = "code_lengths"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A code with all that is shown of it, as far as the store knows."""

    code: DoorCode
    credential: Credential
    progress: CodeProgress
    placed: Placed
    digits: str | None
    pulled_id: str | None
    reserve_waits: bool
    is_full: bool


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
    if code.foreign or credential is None or door is None or not placed.managed:
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
        pulled_id=pulled,
        reserve_waits=any(one.reserve is Reserve.WAITING for one in at_door),
        is_full=_is_full(driver, code.door_id, at_door),
    )


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
        is_offline_access_code=False,
        is_one_time_use=one.credential.max_uses == 1,
        is_scheduled_on_device=one.progress.stage is CodeStage.SCHEDULED,
        is_waiting_for_code_assignment=False,
        pending_mutations=_mutations(one),
        errors=[*_errors(one), *map(_of_device, troubles)],
        warnings=_warnings(one),
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


def _mutations(one: Seen) -> list[Mutation]:
    code, since = one.code, instant(one.code.updated_at)
    if one.credential.ended_at is not None:
        return [Mutation(mutation_code="deleting", message="It is to be removed.", created_at=since)]
    rests = one.credential.state is CredentialState.INACTIVE and code.changed_at_door is None
    if rests and code.due_at is not None:
        said = "It is programmed when its time comes."
        due = instant(code.due_at)
        return [
            Mutation(mutation_code="deferring_creation", message=said, created_at=since, scheduled_at=due)
        ]
    if one.progress.stage is CodeStage.SETTING:
        return [Mutation(mutation_code="creating", message="It is to be programmed.", created_at=since)]
    return []


def _errors(one: Seen) -> list[AccessProblem]:
    stage, late = one.progress.stage, one.progress.lateness
    since = instant(one.code.stage_since)
    errors = []
    if stage is CodeStage.SETTING and late is Lateness.FAILED and one.is_full:
        errors.append(_error("no_space_for_access_code_on_device", "The device holds no more codes.", since))
    elif stage is CodeStage.SETTING and late is Lateness.FAILED:
        errors.append(_error("failed_to_set_on_device", "The device does not take it; it is retried.", since))
    if stage is CodeStage.REMOVING and late is Lateness.FAILED:
        said = "The device still has it; its removal is retried."
        errors.append(_error("failed_to_remove_from_device", said, since))
    standing = one.credential.ended_at is None and one.credential.state is CredentialState.ACTIVE
    if standing and not one.progress.at.intended:
        errors.append(_error("access_code_inactive", "Access behind it was ended or is blocked.", since))
    if one.code.changed_at_door is not None and not one.code.lets_change:
        at = instant(one.code.changed_at_door)
        said = "It was changed at the device, and is programmed again."
        errors.append(_removed(_error("conflicting_external_modification", said, at)))
    return errors


def _removed(problem: AccessProblem) -> AccessProblem:
    problem.change_type = "removed"
    return problem


def _warnings(one: Seen) -> list[AccessProblem]:
    stage, since = one.progress.stage, instant(one.code.stage_since)
    warnings = []
    if one.progress.lateness is not Lateness.IN_TIME:
        verb = "removing_from" if stage is CodeStage.REMOVING else "setting_on"
        warnings.append(_warning(f"delay_in_{verb}_device", "The device takes longer than usual.", since))
    if one.credential.ended_at is not None:
        since = instant(one.credential.ended_at)
        warnings.append(_warning("being_deleted", "It may open until the device proves otherwise.", since))
    if one.pulled_id is not None:
        said = "A backup code stands in for it."
        warnings.append(_warning("using_backup_access_code", said, instant(one.code.updated_at)))
    if one.code.changed_at_door is not None and one.code.lets_change:
        at = instant(one.code.changed_at_door)
        changed = _warning("external_modification_in_effect", "It was changed at the device.", at)
        warnings.append(_removed(changed))
    return warnings


def _error(code: str, message: str, at: str) -> AccessProblem:
    return AccessProblem(error_code=code, message=message, created_at=at, is_access_code_error=True)


def _warning(code: str, message: str, at: str) -> AccessProblem:
    return AccessProblem(warning_code=code, message=message, created_at=at)


def _of_device(problem: Problem) -> AccessProblem:
    return AccessProblem(
        error_code=problem.error_code,
        message=problem.message,
        created_at=problem.created_at,
        is_device_error=problem.is_device_error,
        is_connected_account_error=problem.is_connected_account_error,
    )


def show_foreign(kit: Kit, code: DoorCode, *, workspace_id: str) -> UnmanagedAccessCode:
    """Show a code that was programmed at the door itself."""
    return UnmanagedAccessCode(
        access_code_id=code.id,
        workspace_id=workspace_id,
        device_id=code.door_id,
        name=code.name or None,
        code=foreign_digits(kit, code),
        type="ongoing",
        status="set",
        display_status=_SAYS["removing" if code.erasing else "set"],
        is_managed=False,
        errors=[],
        warnings=[],
        created_at=instant(code.created_at),
    )


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
    try:
        return kit.services.core.secrets.unseal(code.sealed_part).decode()
    except ValueError:
        return None


async def facts_of_doors(kit: Kit, view: View, door_ids: Iterable[str]) -> tuple[DoorFacts, ...]:
    """Say what the hardware of these doors can do; managed doors alone can have codes."""
    ids = [*dict.fromkeys(door_ids)]
    doors = (await view.doors.list(WHOLE, ids=ids)).items if ids else ()
    notes = await annotations_of(view, NAMESPACE, ids) if ids else {}
    return tuple(_facts(kit, door.id, door.driver, dict(notes[door.id])) for door in doors)


def _facts(kit: Kit, door_id: str, driver_name: str, notes: dict[str, object]) -> DoorFacts:
    abilities = kit.abilities_of(driver_name)
    driver: object = kit.services.core.drivers.get(driver_name)
    bare = DoorFacts(door_id=door_id, holds_stays=bool(abilities & {Ability.KEYPAD, Ability.READER}))
    if Ability.KEYPAD not in abilities or not isinstance(driver, Keypad) or notes.get(UNMANAGED) is True:
        return bare
    lengths = driver.limits(door_id).lengths
    told = notes.get(LENGTHS)
    kept = {one for one in told if isinstance(one, int)} if isinstance(told, list) else set(lengths)
    return replace(bare, lengths=tuple(length for length in lengths if length in kept))


async def code_by_digits(kit: Kit, view: View, door_id: str, digits: str) -> str | None:
    """Find which code of ours, or which foreign one, this is at the door."""
    fingerprint = kit.services.core.secrets.fingerprint(digits)
    alike = await view.credentials.sharing(CredentialKind.PIN, fingerprint)
    found = next((one.id for one in alike if one.counts_at(door_id)), None)
    if found is not None:
        return found
    at_door = (await view.door_codes.list(WHOLE, door_id=door_id)).items
    return next((one.id for one in at_door if one.foreign and one.fingerprint == fingerprint), None)
