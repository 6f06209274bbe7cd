"""What revoke_person promises: a "no" holds until an act that names the person lifts it."""

import pytest

from rekey.domain.decision import DenyReason
from rekey.domain.door_order import OrderFailure, OrderState
from rekey.domain.errors import Invalid, LastOwner, NotAllowed, NotFound
from rekey.domain.grant import Holder
from rekey.domain.role import Role
from rekey.domain.scope import Scope
from rekey.operations.open_door import OpenDoor
from rekey.operations.revoke_person import RevokePerson, revoke_person
from rekey.operations.show_receipt import plan_receipt
from rekey.operations.use_door import open_and_wait
from rekey.ports.listing import WHOLE
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio


async def test_at_a_door_the_direct_grants_end(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    grant = await acme.grant(ada, door)
    revoked = await acme.revoke(ada, door)
    assert [ended.id for ended in revoked.ended_grants] == [grant.id]
    assert not await acme.may(ada, door)


async def test_at_a_door_wider_grants_are_silenced_there_and_open_elsewhere(acme: Acme) -> None:
    front, back, ada = await acme.door("front"), await acme.door("back"), await acme.person("Ada")
    wide = await acme.grant(ada, acme.site)
    revoked = await acme.revoke(ada, front)
    assert revoked.ended_grants == ()
    assert await acme.read(lambda view: view.grants.get(wide.id)) is not None
    assert await acme.why_not(ada, front) is DenyReason.REVOKED
    assert await acme.may(ada, back)


async def test_at_a_site_what_lies_inside_ends_and_other_sites_stay(acme: Acme) -> None:
    front, ada = await acme.door("front"), await acme.person("Ada")
    annex = await acme.another_site()
    away = await acme.world.add_door("away", site_id=annex.id)
    direct = await acme.grant(ada, front)
    await acme.grant(ada, away)
    revoked = await acme.revoke(ada, acme.site)
    assert [ended.id for ended in revoked.ended_grants] == [direct.id]
    assert not await acme.may(ada, front)
    assert await acme.may(ada, away)


async def test_at_a_site_a_path_through_a_team_is_silenced(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(Holder.team(await acme.team(ada)), door)
    await acme.revoke(ada, acme.site)
    assert await acme.why_not(ada, door) is DenyReason.REVOKED


async def test_everywhere_without_leaving_a_later_grant_counts(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, acme.site)
    await acme.revoke(ada, acme.everywhere)
    assert not await acme.may(ada, door)
    await acme.grant(ada, door)
    assert await acme.may(ada, door)


async def test_a_door_that_joins_a_group_later_brings_nobody_back(acme: Acme) -> None:
    front, back, ada = await acme.door("front"), await acme.door("back"), await acme.person("Ada")
    group = await acme.door_group(back)
    await acme.grant(ada, group)
    await acme.revoke(ada, front)
    await acme.join(front, group)
    assert await acme.why_not(ada, front) is DenyReason.REVOKED
    assert await acme.may(ada, back)


async def test_a_new_grant_to_a_team_brings_nobody_back(acme: Acme) -> None:
    door, ada, ben = await acme.door(), await acme.person("Ada"), await acme.person("Ben")
    team = await acme.team(ada, ben)
    await acme.revoke(ada, door)
    await acme.grant(Holder.team(team), door)
    assert await acme.why_not(ada, door) is DenyReason.REVOKED
    assert await acme.may(ben, door)


async def test_a_new_grant_that_names_the_person_opens_again(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    await acme.revoke(ada, door)
    await acme.grant(ada, door)
    assert await acme.may(ada, door)


async def test_a_new_membership_that_names_the_person_opens_again(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.revoke(ada, door)
    await acme.grant(Holder.team(await acme.team(ada)), door)
    assert await acme.may(ada, door)


async def test_an_automations_grant_does_not_open_again_and_is_a_visible_conflict(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    revoked = await acme.revoke(ada, door)
    await acme.grant(ada, door, by=await acme.automation())
    assert await acme.why_not(ada, door) is DenyReason.REVOKED
    conflicts = await acme.read(lambda view: view.conflicts.list(WHOLE, person_id=ada))
    assert [conflict.against for conflict in conflicts.items] == [revoked.revocation.id]


async def test_an_automations_own_revocation_is_lifted_by_its_own_grant(acme: Acme) -> None:
    door, ada, directory = await acme.door(), await acme.person("Ada"), await acme.automation()
    await acme.revoke(ada, door, by=directory)
    await acme.grant(ada, door, by=directory)
    assert await acme.may(ada, door)


async def test_a_queued_order_is_cancelled_and_never_runs(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    acme.simulated.switches(door).offline = True
    order = await open_and_wait(
        acme.world.services, acme.service, OpenDoor(door_id=door, person_id=ada, waits=True)
    )
    assert order.state is OrderState.QUEUED
    revoked = await acme.revoke(ada, door)
    assert [cancelled.id for cancelled in revoked.cancelled_orders] == [order.id]
    acme.simulated.switches(door).offline = False
    await acme.world.settle()
    ended = await acme.order(order)
    assert (ended.state, ended.failure) == (OrderState.CANCELLED, OrderFailure.PERSON_REVOKED)
    assert acme.simulated.openings(door) == ()


async def test_an_order_at_another_door_still_runs(acme: Acme) -> None:
    front, back, ada = await acme.door("front"), await acme.door("back"), await acme.person("Ada")
    await acme.grant(ada, acme.site)
    acme.simulated.switches(back).offline = True
    await open_and_wait(acme.world.services, acme.service, OpenDoor(door_id=back, person_id=ada, waits=True))
    assert (await acme.revoke(ada, front)).cancelled_orders == ()
    acme.simulated.switches(back).offline = False
    await acme.world.settle()
    assert len(acme.simulated.openings(back)) == 1


async def test_repeating_a_revocation_is_not_an_error(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    first, second = await acme.revoke(ada, door), await acme.revoke(ada, door)
    assert first.revocation.id != second.revocation.id
    assert not await acme.may(ada, door)


async def test_a_person_may_give_up_an_own_access_to_a_door(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    await acme.revoke(ada, door, by=await acme.account(ada))
    assert not await acme.may(ada, door)


async def test_a_person_may_not_revoke_another_without_the_permission(acme: Acme) -> None:
    door, ada, ben = await acme.door(), await acme.person("Ada"), await acme.person("Ben")
    await acme.grant(ada, door)
    await acme.grant(ben, door)
    with pytest.raises(NotAllowed):
        await acme.revoke(ben, door, by=await acme.account(ada))


async def test_a_person_whose_role_is_above_ones_own_cannot_be_revoked(acme: Acme) -> None:
    door, ada, ben = await acme.door(), await acme.person("Ada"), await acme.person("Ben")
    await acme.grant(ada, door, Role.MANAGER)
    await acme.grant(ben, door, Role.ADMINISTRATOR)
    with pytest.raises(NotAllowed, match="above your own"):
        await acme.revoke(ben, door, by=await acme.account(ada))


async def test_the_last_administrator_of_a_door_cannot_be_revoked_there(acme: Acme) -> None:
    door, owner = await acme.door(), await acme.owner()
    with pytest.raises(LastOwner):
        await acme.revoke(owner, door)
    await acme.grant(await acme.person("Ada"), door, Role.ADMINISTRATOR)
    await acme.revoke(owner, door)
    assert not await acme.may(owner, door)


async def test_the_last_owner_cannot_be_revoked_everywhere(acme: Acme) -> None:
    with pytest.raises(LastOwner):
        await acme.revoke_everywhere(await acme.owner())


async def test_a_door_group_is_no_scope_of_a_revocation(acme: Acme) -> None:
    group, ada = await acme.door_group(await acme.door()), await acme.person("Ada")
    with pytest.raises(Invalid, match="scope"):
        await acme.revoke(ada, group)


async def test_leaving_goes_with_everywhere_alone(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    with pytest.raises(Invalid, match="leaving"):
        await acme.revoke(ada, door, leaving=True)


@pytest.mark.parametrize("scope", [Scope.door("nowhere"), Scope.site("nowhere"), Scope.organization("other")])
async def test_a_scope_that_names_nothing_here_is_not_found(acme: Acme, scope: Scope) -> None:
    ada = await acme.person("Ada")
    with pytest.raises(NotFound):
        await acme.revoke(ada, scope)


async def test_shares_that_the_person_gave_are_listed_and_stay(acme: Acme) -> None:
    door, ada, ben = await acme.door(), await acme.person("Ada"), await acme.person("Ben")
    await acme.grant(ada, door, Role.MANAGER)
    share = await acme.grant(ben, door, by=await acme.account(ada))
    revoked = await acme.revoke_everywhere(ada)
    assert [grant.id for grant in revoked.given_to_others] == [share.id]
    assert await acme.may(ben, door)


async def test_with_cascade_shares_that_the_person_gave_end(acme: Acme) -> None:
    door, ada, ben = await acme.door(), await acme.person("Ada"), await acme.person("Ben")
    await acme.grant(ada, door, Role.MANAGER)
    await acme.grant(ben, door, by=await acme.account(ada))
    await acme.revoke_everywhere(ada, cascade=True)
    assert not await acme.may(ben, door)


async def test_a_plan_tells_what_would_happen_and_keeps_nothing(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    grant = await acme.grant(ada, door)
    before, rows = await acme.state(), await acme.world.journal_size()
    planned = await acme.core.rehearse(
        revoke_person, acme.service, RevokePerson(person_id=ada, scope=Scope.door(door))
    )
    assert [ended.id for ended in planned.ended_grants] == [grant.id]
    receipt = await acme.read(lambda view: plan_receipt(view, planned.revocation))
    assert [line.door_id for line in receipt.doors] == [door]
    assert (await acme.state(), await acme.world.journal_size()) == (before, rows)
    assert await acme.may(ada, door)
