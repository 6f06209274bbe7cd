"""What a door's hours and conditions do to those who come: asked from the start, seen while shut, open to all."""

from datetime import timedelta

import pytest

from rekey.domain.calendar import Consequence, SingleEvent
from rekey.domain.conditions import DoorConditions
from rekey.domain.credential import CredentialKind
from rekey.domain.decision import Denied, DenyReason, Granted
from rekey.domain.errors import AccessDenied, Conflict, DoorFree, Invalid, NotFound
from rekey.domain.journal import Outcome
from rekey.domain.scope import Scope
from rekey.operations.add_calendar_rule import AddCalendarRule, add_calendar_rule
from rekey.operations.add_door import AddDoor, add_door
from rekey.operations.explain_decision import doors_meant_for
from rekey.operations.first_to_arrive_by_link import (
    HoldByLink,
    arm_first_to_arrive_by_link,
    undo_first_to_arrive_by_link,
)
from rekey.operations.issue_credential import IssueCredential, issue_credential
from rekey.operations.lock_down import LockDown, lock_down
from rekey.operations.open_door import OpenDoor, open_door
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio
HOUR = timedelta(hours=1)
PRINT = "a" * 64


async def unlock_for(acme: Acme, door: str, hours: int = 2) -> None:
    event = SingleEvent(acme.clock.now(), acme.clock.now() + hours * HOUR)
    wanted = AddCalendarRule(subject=Scope.door(door), consequence=Consequence.UNLOCK, timing=event)
    await acme.do(add_calendar_rule, wanted)


async def test_a_new_door_asks_what_it_was_made_to_ask(acme: Acme) -> None:
    wanted = AddDoor(
        name="lab",
        site_id=acme.site.id,
        driver="simulated",
        conditions=DoorConditions(allowed_hours=True, permitted_addresses=("10.0.0.1",)),
    )
    assert (await acme.do(add_door, wanted)).settings.conditions == wanted.conditions
    unreadable = AddDoor(
        name="lab", site_id=acme.site.id, driver="x", conditions=DoorConditions(permitted_addresses=("?",))
    )
    with pytest.raises(Invalid, match="addresses"):
        await acme.do(add_door, unreadable)


async def test_a_door_that_is_free_is_not_opened_again_for_who_asks_so(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    await unlock_for(acme, door)
    asked = OpenDoor(door_id=door, person_id=ada, unless_free=True)
    assert (await acme.do(open_door, asked)).order is not None
    await acme.world.settle()
    with pytest.raises(DoorFree):
        await acme.do(open_door, asked)
    row = await acme.newest()
    assert (row.outcome, row.detail["refusal"]) == (Outcome.REFUSED, "DoorFree")
    assert isinstance((await acme.do(open_door, OpenDoor(door_id=door, person_id=ada))).decision, Granted)
    acme.pass_time(hours=2)
    assert (await acme.do(open_door, asked)).order is not None


async def test_who_may_not_open_a_free_door_is_told_just_that(acme: Acme) -> None:
    door, eve = await acme.door(), await acme.person("Eve")
    await unlock_for(acme, door)
    await acme.world.settle()
    opening = await acme.do(open_door, OpenDoor(door_id=door, person_id=eve, unless_free=True))
    assert isinstance(opening.decision, Denied)
    assert opening.decision.reason is DenyReason.NO_GRANT


async def test_a_door_is_meant_for_who_will_be_let_in_later(acme: Acme) -> None:
    wanted = AddDoor(
        name="lab",
        site_id=acme.site.id,
        driver="simulated",
        conditions=DoorConditions(allowed_hours=True),
    )
    door, ada, eve = (await acme.do(add_door, wanted)).id, await acme.person("Ada"), await acme.person("Eve")
    await acme.grant(ada, door)

    async def meant(person: str) -> list[str]:
        found = await acme.read(lambda view: doors_meant_for(view, person, acme.clock.now()))
        return [one.door_id for one in found]

    assert (await acme.why_not(ada, door), await meant(ada)) == (DenyReason.OUTSIDE_ALLOWED_HOURS, [door])
    await acme.do(lock_down, LockDown(scope=Scope.door(door)))
    assert (await meant(ada), await meant(eve)) == ([door], [])
    await acme.revoke(ada, door)
    assert await meant(ada) == []


async def test_who_shows_a_link_holds_the_unlock_of_a_door_that_it_opens(acme: Acme) -> None:
    door, other, ada = await acme.door(), await acme.door("other"), await acme.person("Ada")
    await acme.grant(ada, door)
    wanted = IssueCredential(person_id=ada, kind=CredentialKind.LINK, fingerprint=PRINT)
    await acme.do(issue_credential, wanted)
    shown, elsewhere = (HoldByLink(door_id=one, fingerprint=PRINT) for one in (door, other))
    with pytest.raises(Conflict):
        await acme.do(arm_first_to_arrive_by_link, shown)
    await unlock_for(acme, door)
    armed = await acme.do(arm_first_to_arrive_by_link, shown)
    assert armed.armed_until == acme.clock.now() + 2 * HOUR
    assert (await acme.newest()).action == "door.first_to_arrive_armed"
    assert (await acme.do(undo_first_to_arrive_by_link, shown)).armed_until is None
    with pytest.raises(AccessDenied):
        await acme.do(arm_first_to_arrive_by_link, elsewhere)
    with pytest.raises(NotFound):
        await acme.do(undo_first_to_arrive_by_link, HoldByLink(door_id=door, fingerprint="b" * 64))
    await acme.revoke(ada, door)
    with pytest.raises(AccessDenied):
        await acme.do(undo_first_to_arrive_by_link, shown)
