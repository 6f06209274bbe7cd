"""What place_block, lift_block, lock_down and release promise."""

from datetime import timedelta

import pytest

from rekey.domain.block import BlockCause, Subject, SubjectKind
from rekey.domain.decision import DenyReason
from rekey.domain.door_order import OrderState
from rekey.domain.errors import AccessDenied, Invalid, LastOwner, NotAllowed
from rekey.domain.estate import DoorMode
from rekey.domain.grant import Holder
from rekey.domain.role import Role
from rekey.domain.scope import Scope
from rekey.operations.lock_down import LockDown, Release, lock_down, release
from rekey.operations.open_door import OpenDoor
from rekey.operations.place_block import LiftBlock, PlaceBlock, lift_block, place_block
from rekey.operations.set_door_mode import SetDoorMode, set_door_mode
from rekey.operations.use_door import open_and_wait
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio

SWITCHES = (BlockCause.OPERATOR, BlockCause.ACCESS_SWITCH, BlockCause.DIRECTORY, BlockCause.SUSPENSION)


def person(person_id: str) -> Subject:
    return Subject(SubjectKind.PERSON, person_id)


@pytest.mark.parametrize("lifted", SWITCHES)
async def test_lifting_one_cause_leaves_every_other_one(acme: Acme, lifted: BlockCause) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    for cause in SWITCHES:
        await acme.do(place_block, PlaceBlock(subject=person(ada), cause=cause))
    now = await acme.do(lift_block, LiftBlock(subject=person(ada), cause=lifted))
    assert {block.cause for block in now.standing} == set(SWITCHES) - {lifted}
    assert await acme.why_not(ada, door) is DenyReason.BLOCKED


async def test_when_the_last_cause_is_lifted_the_old_grants_count_again(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    for cause in SWITCHES:
        await acme.do(place_block, PlaceBlock(subject=person(ada), cause=cause))
    for cause in SWITCHES:
        await acme.do(lift_block, LiftBlock(subject=person(ada), cause=cause))
    assert await acme.may(ada, door)


async def test_a_new_grant_lifts_no_block(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.do(place_block, PlaceBlock(subject=person(ada), cause=BlockCause.OPERATOR))
    await acme.grant(ada, door)
    assert await acme.why_not(ada, door) is DenyReason.BLOCKED


async def test_a_block_with_an_end_stands_until_then(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    until = acme.clock.now() + timedelta(hours=1)
    await acme.do(place_block, PlaceBlock(subject=person(ada), cause=BlockCause.SUSPENSION, until=until))
    acme.pass_time(minutes=59)
    assert not await acme.may(ada, door)
    acme.pass_time(minutes=1)
    assert await acme.may(ada, door)


async def test_an_end_in_the_past_is_refused(acme: Acme) -> None:
    wanted = PlaceBlock(
        subject=person(await acme.person("Ada")), cause=BlockCause.OPERATOR, until=acme.clock.now()
    )
    with pytest.raises(Invalid, match="until"):
        await acme.do(place_block, wanted)


async def test_placing_it_again_is_not_an_error_and_leaves_one_block(acme: Acme) -> None:
    wanted = PlaceBlock(subject=person(await acme.person("Ada")), cause=BlockCause.OPERATOR)
    await acme.do(place_block, wanted)
    again = await acme.do(place_block, wanted)
    assert (again.changed, len(again.standing)) == (False, 1)


async def test_lifting_what_does_not_stand_is_not_an_error(acme: Acme) -> None:
    wanted = LiftBlock(subject=person(await acme.person("Ada")), cause=BlockCause.OPERATOR)
    assert not (await acme.do(lift_block, wanted)).changed


async def test_an_automation_may_not_lift_an_operators_block(acme: Acme) -> None:
    ada = await acme.person("Ada")
    await acme.do(place_block, PlaceBlock(subject=person(ada), cause=BlockCause.DIRECTORY))
    wanted = LiftBlock(subject=person(ada), cause=BlockCause.DIRECTORY)
    with pytest.raises(NotAllowed):
        await acme.do(lift_block, wanted, by=await acme.automation())


@pytest.mark.parametrize("cause", [BlockCause.LEAVER, BlockCause.LOCKDOWN])
async def test_a_leavers_block_and_a_lockdown_are_not_lifted_this_way(acme: Acme, cause: BlockCause) -> None:
    ada = await acme.person("Ada")
    await acme.revoke_everywhere(ada)
    with pytest.raises(Invalid, match="cause"):
        await acme.do(lift_block, LiftBlock(subject=person(ada), cause=cause))


async def test_the_last_owner_cannot_be_blocked(acme: Acme) -> None:
    wanted = PlaceBlock(subject=person(await acme.owner()), cause=BlockCause.OPERATOR)
    with pytest.raises(LastOwner):
        await acme.do(place_block, wanted)


async def test_an_owner_who_is_blocked_does_not_count_as_the_other_owner(acme: Acme) -> None:
    ada = await acme.person("Ada")
    await acme.grant(ada, acme.everywhere, Role.OWNER)
    await acme.do(place_block, PlaceBlock(subject=person(ada), cause=BlockCause.OPERATOR))
    owner = await acme.owner()
    with pytest.raises(LastOwner):
        await acme.do(place_block, PlaceBlock(subject=person(owner), cause=BlockCause.OPERATOR))
    with pytest.raises(LastOwner):
        await acme.revoke_everywhere(owner)


async def test_a_person_whose_role_is_above_ones_own_cannot_be_blocked(acme: Acme) -> None:
    ada, ben = await acme.person("Ada"), await acme.person("Ben")
    await acme.grant(ada, acme.everywhere, Role.USER_MANAGER)
    await acme.grant(ben, acme.everywhere, Role.ADMINISTRATOR)
    manager = await acme.account(ada)
    wanted = PlaceBlock(subject=person(ben), cause=BlockCause.ACCESS_SWITCH)
    with pytest.raises(NotAllowed, match="above your own"):
        await acme.do(place_block, wanted, by=manager)
    basic = PlaceBlock(subject=person(await acme.person("Cleo")), cause=BlockCause.ACCESS_SWITCH)
    assert (await acme.do(place_block, basic, by=manager)).changed


async def test_an_automation_may_not_shorten_an_operators_block(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    await acme.do(place_block, PlaceBlock(subject=person(ada), cause=BlockCause.DIRECTORY))
    until = acme.clock.now() + timedelta(seconds=1)
    shorter = PlaceBlock(subject=person(ada), cause=BlockCause.DIRECTORY, until=until)
    await acme.do(place_block, shorter, by=await acme.automation())
    acme.pass_time(hours=1)
    assert await acme.why_not(ada, door) is DenyReason.BLOCKED


async def test_a_block_on_a_team_closes_the_paths_through_it_alone(acme: Acme) -> None:
    front, back = await acme.door("front"), await acme.door("back")
    ada = await acme.person("Ada")
    team = await acme.team(ada)
    await acme.grant(Holder.team(team), front)
    await acme.grant(ada, back)
    subject = Subject(SubjectKind.TEAM, team)
    await acme.do(place_block, PlaceBlock(subject=subject, cause=BlockCause.OPERATOR))
    assert await acme.why_not(ada, front) is DenyReason.TEAM_BLOCKED
    assert await acme.may(ada, back)


async def test_a_block_on_an_enrolment_closes_that_site_alone(acme: Acme) -> None:
    front, ada = await acme.door("front"), await acme.person("Ada")
    away = await acme.world.add_door("away", site_id=(await acme.another_site()).id)
    await acme.grant(ada, front)
    await acme.grant(ada, away)
    enrolment = await acme.read(lambda view: view.enrolments.at(ada, acme.world.site_id))
    subject = Subject(SubjectKind.ENROLMENT, enrolment.id)
    await acme.do(place_block, PlaceBlock(subject=subject, cause=BlockCause.SUSPENSION))
    assert await acme.why_not(ada, front) is DenyReason.BLOCKED
    assert await acme.may(ada, away)


async def test_a_blocked_administrator_has_no_powers_until_another_lifts_the_block(acme: Acme) -> None:
    door, ada, ben = await acme.door(), await acme.person("Ada"), await acme.person("Ben")
    await acme.grant(ada, acme.everywhere, Role.ADMINISTRATOR)
    session = await acme.account(ada)
    await acme.do(place_block, PlaceBlock(subject=person(ada), cause=BlockCause.OPERATOR))
    with pytest.raises(NotAllowed, match="blocked"):
        await acme.grant(ben, door, by=session)
    await acme.do(lift_block, LiftBlock(subject=person(ada), cause=BlockCause.OPERATOR))
    await acme.grant(ben, door, by=session)
    assert await acme.may(ben, door)


async def test_a_switch_that_speaks_of_doors_alone_leaves_the_powers(acme: Acme) -> None:
    """Kisi's access_enabled keeps sign-in, keys and powers; only the doors refuse."""
    door, ada, ben = await acme.door(), await acme.person("Ada"), await acme.person("Ben")
    await acme.grant(ada, acme.everywhere, Role.ADMINISTRATOR)
    session = await acme.account(ada)
    await acme.do(place_block, PlaceBlock(subject=person(ada), cause=BlockCause.ACCESS_SWITCH))
    await acme.grant(ben, door, by=session)
    assert await acme.may(ben, door)
    assert not await acme.may(ada, door)


async def test_the_powers_that_come_through_a_blocked_team_rest(acme: Acme) -> None:
    door, ada, ben = await acme.door(), await acme.person("Ada"), await acme.person("Ben")
    team = await acme.team(ada)
    await acme.grant(Holder.team(team), acme.site, Role.ADMINISTRATOR)
    session = await acme.account(ada)
    subject = Subject(SubjectKind.TEAM, team)
    await acme.do(place_block, PlaceBlock(subject=subject, cause=BlockCause.OPERATOR))
    with pytest.raises(NotAllowed):
        await acme.grant(ben, door, by=session)


async def test_a_lockdown_refuses_every_entry_also_by_permission(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    await acme.do(lock_down, LockDown(scope=Scope.door(door)))
    assert await acme.why_not(ada, door) is DenyReason.LOCKED_DOWN
    for person_id in (ada, None):
        wanted = OpenDoor(door_id=door, person_id=person_id)
        with pytest.raises(AccessDenied, match="locked_down"):
            await open_and_wait(acme.world.services, acme.service, wanted)


async def test_a_door_that_is_locked_down_cannot_be_left_unlocked(acme: Acme) -> None:
    door = await acme.door()
    await acme.do(lock_down, LockDown(scope=acme.site))
    with pytest.raises(AccessDenied):
        await acme.do(set_door_mode, SetDoorMode(door_id=door, mode=DoorMode.UNLOCKED))


async def test_release_ends_the_lockdown_of_its_own_scope_and_a_wider_one_stays(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    for scope in (Scope.door(door), acme.site):
        await acme.do(lock_down, LockDown(scope=scope))
    assert await acme.do(release, Release(scope=Scope.door(door)))
    assert not await acme.may(ada, door)
    assert await acme.do(release, Release(scope=acme.site))
    assert await acme.may(ada, door)


async def test_a_release_without_a_lockdown_changes_nothing(acme: Acme) -> None:
    assert not await acme.do(release, Release(scope=Scope.door(await acme.door())))


async def test_orders_that_wait_are_cancelled_by_a_lockdown(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    acme.simulated.switches(door).offline = True
    waiting = OpenDoor(door_id=door, person_id=ada, waits=True)
    order = await open_and_wait(acme.world.services, acme.service, waiting)
    await acme.do(lock_down, LockDown(scope=acme.everywhere))
    assert (await acme.order(order)).state is OrderState.CANCELLED


async def test_a_door_group_cannot_be_locked_down(acme: Acme) -> None:
    group = await acme.door_group(await acme.door())
    with pytest.raises(Invalid, match="scope"):
        await acme.do(lock_down, LockDown(scope=group))
