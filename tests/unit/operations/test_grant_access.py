"""What grant_access promises."""

from datetime import timedelta

import pytest

from rekey.domain.decision import DenyReason
from rekey.domain.errors import Invalid, LastOwner, NotAllowed, NotFound, PersonLeft
from rekey.domain.grant import Holder
from rekey.domain.role import Role
from rekey.domain.scope import Scope
from rekey.domain.validity import Validity
from rekey.operations.grant_access import GrantAccess, OnRepeat, grant_access
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.rights import GrantFilter
from tests.unit.operations.acme import Acme, new_grant

pytestmark = pytest.mark.anyio


async def test_a_granted_person_may_open_the_door(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    assert not await acme.may(ada, door)
    await acme.grant(ada, door)
    assert await acme.may(ada, door)


async def test_a_batch_is_given_in_the_order_asked_with_one_journal_row(acme: Acme) -> None:
    door = await acme.door()
    people = [await acme.person(name) for name in ("Ada", "Ben", "Cleo")]
    before = await acme.world.journal_size()
    given = await acme.do(grant_access, GrantAccess(grants=tuple(new_grant(one, door) for one in people)))
    assert [grant.holder.id for grant in given.grants] == people
    assert await acme.world.journal_size() == before + 1
    assert (await acme.newest()).action == "access.granted"


async def test_a_batch_is_all_or_nothing(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    wanted = GrantAccess(grants=(new_grant(ada, door), new_grant("nobody", door)))
    before = await acme.state()
    with pytest.raises(NotFound):
        await acme.do(grant_access, wanted)
    assert await acme.state() == before
    assert not await acme.may(ada, door)


@pytest.mark.parametrize("count", [0, 1001])
async def test_a_batch_has_one_to_a_thousand_grants(acme: Acme, count: int) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    with pytest.raises(Invalid, match="grants"):
        await acme.do(grant_access, GrantAccess(grants=(new_grant(ada, door),) * count))


async def test_a_role_above_ones_own_is_refused(acme: Acme) -> None:
    door, ada, ben = await acme.door(), await acme.person("Ada"), await acme.person("Ben")
    await acme.grant(ada, door, Role.MANAGER)
    manager = await acme.account(ada)
    await acme.grant(ben, door, Role.MANAGER, by=manager)
    with pytest.raises(NotAllowed, match="above your own"):
        await acme.grant(ben, door, Role.ADMINISTRATOR, by=manager)


async def test_nobody_grants_where_he_has_no_permission(acme: Acme) -> None:
    front, back = await acme.door("front"), await acme.door("back")
    ada, ben = await acme.person("Ada"), await acme.person("Ben")
    await acme.grant(ada, front, Role.MANAGER)
    with pytest.raises(NotAllowed):
        await acme.grant(ben, back, by=await acme.account(ada))


async def test_a_basic_person_grants_nothing(acme: Acme) -> None:
    door, ada, ben = await acme.door(), await acme.person("Ada"), await acme.person("Ben")
    await acme.grant(ada, door)
    with pytest.raises(NotAllowed):
        await acme.grant(ben, door, by=await acme.account(ada))


async def test_an_end_in_the_past_is_refused(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    past = Validity(end=acme.clock.now() - timedelta(seconds=1))
    with pytest.raises(Invalid, match="future"):
        await acme.grant(ada, door, validity=past)


async def test_an_end_in_the_past_is_kept_and_opens_nothing_where_that_is_meant(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    past = Validity(end=acme.clock.now() - timedelta(seconds=1))
    await acme.do(grant_access, GrantAccess(grants=(new_grant(ada, door, validity=past, may_be_over=True),)))
    assert await acme.why_not(ada, door) is DenyReason.GRANT_EXPIRED


async def test_a_role_is_refused_at_a_scope_that_it_does_not_fit(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    with pytest.raises(Invalid, match="owner"):
        await acme.grant(ada, door, Role.OWNER)


async def test_a_leaver_is_refused_and_the_error_names_the_revocation(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    revoked = await acme.revoke_everywhere(ada)
    with pytest.raises(PersonLeft) as refused:
        await acme.grant(ada, door)
    assert refused.value.revocation_id == revoked.revocation.id


async def test_replace_ends_the_holders_other_grants_at_that_scope(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    await acme.grant(ada, door)
    newest = await acme.grant(ada, door, Role.MANAGER, on_repeat=OnRepeat.REPLACE)
    matching = GrantFilter(holder=Holder.person(ada), scope=Scope.door(door))
    listed = await acme.read(lambda view: view.grants.list(WHOLE, matching))
    assert [grant.id for grant in listed.items] == [newest.id]


async def test_without_replace_a_second_grant_stands_beside_the_first(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    first, second = await acme.grant(ada, door), await acme.grant(ada, door)
    assert first.id != second.id
    assert first.number != second.number


async def test_a_grant_at_a_door_enrols_the_person_at_its_site(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    site = acme.world.site_id
    assert (await acme.read(lambda view: view.enrolments.at(ada, site))).site_id == site


async def test_a_grant_counts_from_its_start_up_to_its_end(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    now = acme.clock.now()
    hour = Validity(start=now + timedelta(hours=1), end=now + timedelta(hours=2))
    await acme.grant(ada, door, validity=hour)
    seen = []
    for _ in range(3):
        seen.append(await acme.may(ada, door))
        acme.pass_time(hours=1)
    assert seen == [False, True, False]


async def test_what_is_granted_at_a_door_group_a_site_or_a_team_opens_their_doors(acme: Acme) -> None:
    door = await acme.door()
    people = [await acme.person(name) for name in ("Ada", "Ben", "Cleo")]
    await acme.grant(people[0], await acme.door_group(door))
    await acme.grant(people[1], acme.site)
    await acme.grant(Holder.team(await acme.team(people[2])), door)
    assert [await acme.may(person, door) for person in people] == [True, True, True]


async def test_a_revoked_manager_can_no_longer_grant(acme: Acme) -> None:
    door, ada, ben = await acme.door(), await acme.person("Ada"), await acme.person("Ben")
    await acme.grant(ada, door, Role.MANAGER)
    manager = await acme.account(ada)
    await acme.revoke(ada, door)
    with pytest.raises(NotAllowed):
        await acme.grant(ben, door, by=manager)


async def test_replacing_never_leaves_a_door_without_an_administrator_but_a_batch_may_hand_it_over(
    acme: Acme,
) -> None:
    door, ada, ben = await acme.door(), await acme.person("Ada"), await acme.person("Ben")
    await acme.grant(ada, door, Role.ADMINISTRATOR)
    await acme.revoke(await acme.owner(), door)
    lowered = new_grant(ada, door, on_repeat=OnRepeat.REPLACE)
    later = Validity(start=acme.clock.now() + timedelta(hours=1))
    before = await acme.state()
    for wanted in (
        lowered,
        new_grant(ada, door, Role.ADMINISTRATOR, validity=later, on_repeat=OnRepeat.REPLACE),
    ):
        with pytest.raises(LastOwner):
            await acme.do(grant_access, GrantAccess(grants=(wanted,)))
    assert await acme.state() == before
    handed = GrantAccess(grants=(lowered, new_grant(ben, door, Role.ADMINISTRATOR)))
    assert len((await acme.do(grant_access, handed)).grants) == 2
