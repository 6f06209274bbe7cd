"""What retire_site, edit_site, edit_team and edit_organization promise."""

import pytest

from rekey.domain.circumstances import Location
from rekey.domain.decision import DenyReason
from rekey.domain.door_order import OrderState
from rekey.domain.errors import Invalid, NotAllowed, NotFound
from rekey.domain.estate import SignInRules
from rekey.domain.grant import Holder
from rekey.domain.role import Role
from rekey.domain.scope import Scope
from rekey.operations.add_door_group import AddDoorGroup, add_door_group
from rekey.operations.edit_organization import EditOrganization, edit_organization
from rekey.operations.edit_site import EditSite, edit_site
from rekey.operations.edit_team import EditTeam, edit_team
from rekey.operations.open_door import OpenDoor
from rekey.operations.retire_site import RetireSite, retire_site
from rekey.operations.use_door import order_opening
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio


async def test_a_site_ends_with_its_doors_groups_grants_and_enrolments(acme: Acme) -> None:
    ada, annex = await acme.person("Ada"), await acme.another_site()
    door = await acme.world.add_door("annex", site_id=annex.id)
    group = await acme.do(add_door_group, AddDoorGroup(name="annex", site_id=annex.id))
    await acme.join(door, Scope.door_group(group.id))
    for scope in (door, Scope.door_group(group.id), annex):
        await acme.grant(ada, scope)
    retired = await acme.do(retire_site, RetireSite(site_id=annex.id))
    assert [found.id for found in retired.doors] == [door]
    assert [found.id for found in retired.door_groups] == [group.id]
    assert (retired.ended_grants, retired.ended_enrolments) == (3, 1)
    assert await acme.why_not(ada, door) is DenyReason.DOOR_UNKNOWN
    row = await acme.newest()
    assert (row.action, row.site_id, row.detail["doors"]) == ("site.retired", annex.id, [door])


async def test_another_site_goes_on_without_the_one_that_ended(acme: Acme) -> None:
    ada, door, annex = await acme.person("Ada"), await acme.door(), await acme.another_site()
    await acme.grant(ada, door)
    await acme.do(retire_site, RetireSite(site_id=annex.id))
    assert await acme.may(ada, door)
    with pytest.raises(NotFound):
        await acme.do(retire_site, RetireSite(site_id=annex.id))


async def test_an_order_that_waits_at_a_site_ends_with_it(acme: Acme) -> None:
    annex = await acme.another_site()
    door = await acme.world.add_door("annex", site_id=annex.id, offline="true")
    later = acme.clock.now().replace(hour=23)
    opened = await order_opening(
        acme.world.services, acme.service, OpenDoor(door_id=door, expires_at=later, waits=True)
    )
    assert opened.order is not None
    await acme.world.services.orders.finish(acme.service, opened.door, opened.order)
    await acme.do(retire_site, RetireSite(site_id=annex.id))
    assert (await acme.order(opened.order)).state is OrderState.CANCELLED


async def test_a_site_is_not_retired_by_its_own_administrator(acme: Acme) -> None:
    ada, annex = await acme.person("Ada"), await acme.another_site()
    await acme.grant(ada, annex, role=Role.ADMINISTRATOR)
    with pytest.raises(NotAllowed):
        await acme.do(retire_site, RetireSite(site_id=annex.id), by=await acme.account(ada))


async def test_a_site_is_placed_on_the_map_and_taken_off_it(acme: Acme) -> None:
    place = Location(48.137154, 11.576124)
    site = await acme.do(edit_site, EditSite(site_id=acme.site.id, location=place, address="Marienplatz 1"))
    assert (site.location, site.address) == (place, "Marienplatz 1")
    assert (await acme.do(edit_site, EditSite(site_id=acme.site.id, name="HQ"))).location == place
    assert (await acme.do(edit_site, EditSite(site_id=acme.site.id, clears_location=True))).location is None


async def test_a_team_is_renamed_and_nobodys_access_changes(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    team = await acme.team(ada)
    await acme.grant(Holder.team(team), door)
    edited = await acme.do(edit_team, EditTeam(team_id=team, name="Night shift"))
    assert (edited.name, await acme.may(ada, door)) == ("Night shift", True)
    with pytest.raises(Invalid, match="name"):
        await acme.do(edit_team, EditTeam(team_id=team, name=" "))
    with pytest.raises(NotFound):
        await acme.do(edit_team, EditTeam(team_id=door, name="Door"))


async def test_the_organization_keeps_its_name_and_its_rules_for_signing_in(acme: Acme) -> None:
    edited = await acme.do(edit_organization, EditOrganization(name="Acme Ltd"))
    assert (edited.name, edited.sign_in) == ("Acme Ltd", SignInRules())
    hour = SignInRules(idle_session_seconds=3600)
    edited = await acme.do(edit_organization, EditOrganization(sign_in=hour))
    assert (edited.name, edited.sign_in) == ("Acme Ltd", hour)
    for seconds in (-1, 31_536_001):
        with pytest.raises(Invalid, match="idle_session_seconds"):
            await acme.do(
                edit_organization, EditOrganization(sign_in=SignInRules(idle_session_seconds=seconds))
            )


async def test_who_only_looks_after_access_does_not_edit_the_organization(acme: Acme) -> None:
    ada = await acme.person("Ada")
    await acme.grant(ada, acme.everywhere, role=Role.ACCESS_MANAGER)
    with pytest.raises(NotAllowed):
        await acme.do(edit_organization, EditOrganization(name="Mine"), by=await acme.account(ada))
