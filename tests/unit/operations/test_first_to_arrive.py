"""What arm_first_to_arrive and undo_first_to_arrive promise."""

from datetime import timedelta

import pytest

from rekey.domain.calendar import Consequence, SingleEvent
from rekey.domain.errors import AccessDenied, Conflict
from rekey.domain.operator import Actor
from rekey.domain.scope import Scope
from rekey.operations.add_calendar_rule import AddCalendarRule, add_calendar_rule
from rekey.operations.edit_door import EditDoor, edit_door
from rekey.operations.first_to_arrive import (
    ArmFirstToArrive,
    UndoFirstToArrive,
    arm_first_to_arrive,
    undo_first_to_arrive,
)
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio
HOUR = timedelta(hours=1)


async def scheduled(acme: Acme) -> str:
    door, now = await acme.door(), acme.clock.now()
    event = SingleEvent(now + HOUR, now + 4 * HOUR)
    wanted = AddCalendarRule(subject=Scope.door(door), consequence=Consequence.UNLOCK, timing=event)
    await acme.do(add_calendar_rule, wanted)
    return door


async def ada(acme: Acme, door: str | None) -> Actor:
    person = await acme.person("Ada")
    if door is not None:
        await acme.grant(person, door)
    return await acme.account(person)


async def test_who_may_open_the_door_may_arm_it_for_the_next_unlock(acme: Acme) -> None:
    door = await scheduled(acme)
    armed = await acme.do(arm_first_to_arrive, ArmFirstToArrive(door_id=door), by=await ada(acme, door))
    assert armed.armed_until == acme.clock.now() + 4 * HOUR
    assert (await acme.newest()).action == "door.first_to_arrive_armed"


async def test_who_may_not_open_the_door_may_neither_arm_nor_undo(acme: Acme) -> None:
    door = await scheduled(acme)
    stranger = await ada(acme, None)
    with pytest.raises(AccessDenied):
        await acme.do(arm_first_to_arrive, ArmFirstToArrive(door_id=door), by=stranger)
    await acme.do(arm_first_to_arrive, ArmFirstToArrive(door_id=door))
    with pytest.raises(AccessDenied):
        await acme.do(undo_first_to_arrive, UndoFirstToArrive(door_id=door), by=stranger)


async def test_what_the_door_asks_is_asked_of_who_arms_it(acme: Acme) -> None:
    door = await scheduled(acme)
    await acme.do(edit_door, EditDoor(door_id=door, proximity=True))
    with pytest.raises(AccessDenied, match="proximity"):
        await acme.do(arm_first_to_arrive, ArmFirstToArrive(door_id=door), by=await ada(acme, door))


async def test_a_door_without_scheduled_unlocks_has_nothing_to_hold(acme: Acme) -> None:
    with pytest.raises(Conflict, match="nothing to hold"):
        await acme.do(arm_first_to_arrive, ArmFirstToArrive(door_id=await acme.door()))


async def test_what_was_never_armed_cannot_be_undone(acme: Acme) -> None:
    door = await scheduled(acme)
    with pytest.raises(Conflict, match="held"):
        await acme.do(undo_first_to_arrive, UndoFirstToArrive(door_id=door))
