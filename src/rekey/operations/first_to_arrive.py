"""arm_first_to_arrive, undo_first_to_arrive: a scheduled unlock waits until somebody was admitted, or no longer."""

from dataclasses import dataclass, replace
from datetime import datetime

from rekey.domain.access import DoorRecord, decide
from rekey.domain.calendar import covers, next_change
from rekey.domain.circumstances import UNPROVED, Circumstances
from rekey.domain.decision import Denied
from rekey.domain.door_hours import FAR, DoorHours, HoursRules
from rekey.domain.errors import AccessDenied, Conflict, NotAllowed
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.authority import signed_in
from rekey.operations.door_hours import hours_rules_of
from rekey.operations.find import find_door_record
from rekey.ports.repositories.doors import ChangeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmFirstToArrive:
    """`circumstances` are how it was asked for: who may not open the door now may not arm it either."""

    door_id: str
    circumstances: Circumstances = UNPROVED


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoFirstToArrive:
    door_id: str
    circumstances: Circumstances = UNPROVED


@operation(Permission.DOORS_OPEN)
async def arm_first_to_arrive(act: Act, wanted: ArmFirstToArrive) -> DoorHours:
    """Hold the scheduled unlock under way, or else the next one, until somebody is admitted.

    Raises: NotFound, Gone, NotAllowed, AccessDenied; Conflict if no unlock is scheduled within a week.
    """
    door = await find_door_record(act.work, wanted.door_id)
    await _authorize(act, door, wanted.circumstances)
    return await arm(act, door)


@operation(Permission.DOORS_OPEN)
async def undo_first_to_arrive(act: Act, wanted: UndoFirstToArrive) -> DoorHours:
    """Let go of a scheduled unlock that was held by hand; what the calendar itself asks for stays.

    Raises: NotFound, Gone, NotAllowed, AccessDenied; Conflict if none is held.
    """
    door = await find_door_record(act.work, wanted.door_id)
    await _authorize(act, door, wanted.circumstances)
    return await undo(act, door)


async def arm(act: Act, door: DoorRecord) -> DoorHours:
    """Hold an unlock within an act that is allowed to. Raises: Conflict."""
    rules = await hours_rules_of(act.work, door.door_id, door.zone.key)
    until = _end_of_span(rules, act.now)
    hours = await act.work.door_hours.get(door.door_id)
    if until is None or hours is None:
        raise Conflict("no unlock of this door is scheduled: there is nothing to hold")
    armed = replace(hours, armed_at=act.now, armed_until=until, due_at=act.now)
    await _keep(act, door, armed, "door.first_to_arrive_armed")
    return armed


async def undo(act: Act, door: DoorRecord) -> DoorHours:
    """Let go of an unlock within an act that is allowed to. Raises: Conflict."""
    hours = await act.work.door_hours.get(door.door_id)
    if hours is None or hours.armed_until is None or act.now >= hours.armed_until:
        raise Conflict("no scheduled unlock of this door is held")
    undone = replace(hours, armed_at=None, armed_until=None, due_at=act.now)
    await _keep(act, door, undone, "door.first_to_arrive_undone")
    return undone


async def _keep(act: Act, door: DoorRecord, hours: DoorHours, action: str) -> None:
    await act.work.door_hours.save(hours)
    await act.changed(ChangeKind.DOOR, door.door_id)
    until = None if hours.armed_until is None else hours.armed_until.isoformat()
    await act.record(
        action, door_id=door.door_id, site_id=door.site_id, detail={"name": door.name, "until": until}
    )


async def _authorize(act: Act, door: DoorRecord, given: Circumstances) -> None:
    """Let a person do it who may open the door now, and others with the permission."""
    operator, key = await signed_in(act.work, act.actor, act.now)
    if operator.person_id is None:
        await act.require(Scope.door(door.door_id))
        return
    if key is not None and key.permissions is not None and Permission.DOORS_OPEN not in key.permissions:
        raise NotAllowed("this key may not open doors")
    act.waive("the decision itself says whether the person may")
    holder = await act.work.access.holder(operator.person_id)
    decision = decide(holder, door, act.now, circumstances=given)
    if isinstance(decision, Denied):
        raise AccessDenied(decision)


def _end_of_span(rules: HoursRules, now: datetime) -> datetime | None:
    """Give the end of the unlock under way, or else of the next one; None if none begins within a week."""
    begins = now if covers(rules.unlock, now, rules.zone) else next_change(rules.unlock, now, rules.zone)
    return None if begins is None else next_change(rules.unlock, begins, rules.zone) or begins + FAR
