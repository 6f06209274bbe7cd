"""What the operations do with what a door or a door group asks."""

from dataclasses import replace
from typing import Any

import pytest

from rekey.domain.circumstances import AT_READER, UNPROVED, Circumstances, Location, Means
from rekey.domain.conditions import GroupConditions, UsageWindow
from rekey.domain.decision import Denied, DenyReason
from rekey.domain.door_order import OrderFailure, OrderState
from rekey.domain.errors import AccessDenied, Invalid
from rekey.domain.estate import DoorKind, DoorMode
from rekey.domain.schedule import Weekday, WeeklyWindow
from rekey.domain.scope import Scope
from rekey.operations.add_door import AddDoor, add_door
from rekey.operations.edit_door import EditDoor, edit_door
from rekey.operations.edit_door_group import EditDoorGroup, edit_door_group
from rekey.operations.edit_site import EditSite, edit_site
from rekey.operations.list_reachable_doors import list_reachable_doors
from rekey.operations.lock_down import LockDown, lock_down
from rekey.operations.open_door import OpenDoor, Opening, open_door
from rekey.operations.set_door_mode import SetDoorMode, set_door_mode
from rekey.operations.settle_order import ClaimOrder, claim_order
from rekey.operations.use_door import order_opening
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio
OFFICE = Circumstances(address="10.1.2.3")


async def ask(acme: Acme, door: str, **asked: Any) -> None:
    await acme.do(edit_door, EditDoor(door_id=door, **asked))


async def opening(acme: Acme, door: str, given: Circumstances, person: str | None = None) -> Opening:
    return await acme.do(open_door, OpenDoor(door_id=door, person_id=person, circumstances=given))


def reason(opened: Opening) -> DenyReason | None:
    return opened.decision.reason if isinstance(opened.decision, Denied) else None


async def test_an_address_that_is_not_permitted_opens_nothing_and_is_in_the_row(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    await ask(acme, door, permitted_addresses=("10.0.0.0/8",))
    refused = await opening(acme, door, Circumstances(address="192.0.2.1"), ada)
    assert (reason(refused), refused.order) == (DenyReason.ADDRESS_NOT_PERMITTED, None)
    assert (refused.row.detail["address"], refused.row.detail["means"]) == ("192.0.2.1", "app")
    assert reason(await opening(acme, door, OFFICE, ada)) is None


async def test_what_a_door_asks_binds_an_operators_permission_too(acme: Acme) -> None:
    door = await acme.door()
    await ask(acme, door, permitted_addresses=("10.0.0.0/8",))
    assert reason(await opening(acme, door, UNPROVED)) is DenyReason.ADDRESS_NOT_PERMITTED
    assert reason(await opening(acme, door, OFFICE)) is None


async def test_a_door_cannot_be_unlocked_around_what_it_asks(acme: Acme) -> None:
    door = await acme.door()
    await ask(acme, door, permitted_addresses=("10.0.0.0/8",))
    with pytest.raises(AccessDenied, match="address_not_permitted"):
        await acme.do(set_door_mode, SetDoorMode(door_id=door, mode=DoorMode.UNLOCKED))
    await acme.do(set_door_mode, SetDoorMode(door_id=door, mode=DoorMode.UNLOCKED, circumstances=OFFICE))
    await acme.do(set_door_mode, SetDoorMode(door_id=door, mode=DoorMode.LOCKED))


async def test_an_order_that_waited_is_judged_by_how_it_was_asked_for(acme: Acme) -> None:
    door, ada = await acme.door(offline="true"), await acme.person("Ada")
    await acme.grant(ada, door)
    later = acme.clock.now().replace(hour=23)
    wanted = OpenDoor(door_id=door, person_id=ada, expires_at=later, waits=True, circumstances=OFFICE)
    opened = await order_opening(acme.world.services, acme.service, wanted)
    assert opened.order is not None
    await acme.world.services.orders.finish(acme.service, opened.door, opened.order)
    await ask(acme, door, permitted_addresses=("10.0.0.0/8",))
    claimed = await acme.do(claim_order, ClaimOrder(order_id=opened.order.id))
    assert claimed.state is OrderState.SENT


@pytest.mark.parametrize("by_permission", [False, True])
async def test_an_order_that_waited_does_not_run_once_the_door_asks_for_more(
    acme: Acme, by_permission: bool
) -> None:
    door, ada = await acme.door(offline="true"), await acme.person("Ada")
    await acme.grant(ada, door)
    later = acme.clock.now().replace(hour=23)
    person = None if by_permission else ada
    wanted = OpenDoor(door_id=door, person_id=person, expires_at=later, waits=True)
    opened = await order_opening(acme.world.services, acme.service, wanted)
    assert opened.order is not None
    await acme.world.services.orders.finish(acme.service, opened.door, opened.order)
    await ask(acme, door, proximity=True)
    claimed = await acme.do(claim_order, ClaimOrder(order_id=opened.order.id))
    assert (claimed.state, claimed.failure is OrderFailure.DOOR_REFUSED) == (
        OrderState.CANCELLED,
        by_permission,
    )


async def test_a_geofence_is_around_the_door_or_else_around_its_site(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    await ask(acme, door, geofence_radius=300)
    here = Circumstances(location=Location(51.5, 0))
    assert reason(await opening(acme, door, here, ada)) is DenyReason.DOOR_LOCATION_UNKNOWN
    await acme.do(edit_site, EditSite(site_id=acme.site.id, location=Location(51.5, 0)))
    assert reason(await opening(acme, door, here, ada)) is None
    await ask(acme, door, location=Location(51.6, 0))
    assert reason(await opening(acme, door, here, ada)) is DenyReason.TOO_FAR
    await ask(acme, door, clears_location=True)
    assert reason(await opening(acme, door, here, ada)) is None


async def test_what_a_door_asks_is_taken_away_as_it_was_set(acme: Acme) -> None:
    door = await acme.door()
    day = WeeklyWindow(frozenset(Weekday), acme.clock.now().time(), acme.clock.now().time())
    await ask(acme, door, permitted_addresses=("10.0.0.1",), geofence_radius=5, proximity=True)
    await ask(acme, door, usage_windows=(UsageWindow(day, "UTC"),), allowed_hours=True, hidden=True)
    found = await acme.read(lambda view: view.doors.get(door))
    assert found.settings.hidden
    assert found.settings.conditions.usage_windows == (UsageWindow(day, "UTC"),)
    await ask(acme, door, permitted_addresses=(), usage_windows=(), geofence_radius=0)
    await ask(acme, door, proximity=False, allowed_hours=False)
    found = await acme.read(lambda view: view.doors.get(door))
    assert found.settings.conditions == replace(found.settings.conditions.__class__())


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"permitted_addresses": ("10.0.0.1/8",)}, "permitted_addresses"),
        ({"permitted_addresses": ("anywhere",)}, "permitted_addresses"),
        ({"geofence_radius": -1}, "geofence_radius"),
        ({"open_seconds": 61}, "open_seconds"),
        ({"open_seconds": -1}, "open_seconds"),
    ],
)
async def test_what_cannot_be_checked_is_not_kept(acme: Acme, asked: Any, field: str) -> None:
    door = await acme.door()
    before = await acme.read(lambda view: view.doors.get(door))
    with pytest.raises(Invalid) as refused:
        await ask(acme, door, **asked)
    assert refused.value.field == field
    assert await acme.read(lambda view: view.doors.get(door)) == before


async def test_a_window_in_an_unknown_zone_is_refused(acme: Acme) -> None:
    door = await acme.door()
    day = WeeklyWindow(frozenset(Weekday), acme.clock.now().time(), acme.clock.now().time())
    with pytest.raises(Invalid, match="time_zone"):
        await ask(acme, door, usage_windows=(UsageWindow(day, "Mars/Olympus"),))


async def test_a_door_may_lock_again_at_once(acme: Acme) -> None:
    door = await acme.door()
    await ask(acme, door, open_seconds=0)
    assert (await acme.read(lambda view: view.doors.get(door))).settings.open_seconds == 0


async def test_a_group_may_leave_the_reader_alone_as_its_way_in(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    group = await acme.door_group(door)
    await acme.grant(ada, group)
    asked = GroupConditions(tap_only=True)
    await acme.do(edit_door_group, EditDoorGroup(door_group_id=group.id, conditions=asked))
    assert reason(await opening(acme, door, UNPROVED, ada)) is DenyReason.TAP_REQUIRED
    assert reason(await opening(acme, door, AT_READER, ada)) is None
    assert reason(await opening(acme, door, Circumstances(means=Means.LINK), ada)) is DenyReason.TAP_REQUIRED


async def test_a_door_that_asks_something_is_still_within_reach(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    await ask(acme, door, allowed_hours=True, proximity=True)
    now = acme.clock.now()
    reachable = await acme.read(lambda view: list_reachable_doors(view, ada, now))
    assert [found.door_id for found in reachable] == [door]


async def test_the_stop_of_an_elevator_is_a_door_like_any(acme: Acme) -> None:
    ada = await acme.person("Ada")
    wanted = AddDoor(name="Floor 3", site_id=acme.site.id, driver="simulated", kind=DoorKind.ELEVATOR_STOP)
    stop = await acme.do(add_door, wanted)
    assert (await acme.read(lambda view: view.doors.get(stop.id))).kind is DoorKind.ELEVATOR_STOP
    await acme.grant(ada, stop.id)
    assert await acme.may(ada, stop.id)
    await acme.do(lock_down, LockDown(scope=Scope.door(stop.id)))
    assert await acme.why_not(ada, stop.id) is DenyReason.LOCKED_DOWN
