"""What linking a directory's teams to the door groups of their names promises."""

from typing import Any

import pytest

from rekey.domain.role import Role
from rekey.domain.scope import Scope
from rekey.operations.add_door_group import AddDoorGroup, add_door_group
from rekey.operations.change_provisioned_team import ChangeProvisionedTeam, change_provisioned_team
from rekey.operations.edit_directory import EditDirectory, edit_directory
from rekey.operations.end_grant import EndGrant, end_grant
from rekey.operations.provision_team import ProvisionTeam, provision_team
from rekey.operations.provisioned import ProvisionedTeam
from rekey.operations.put_door_in_group import PutDoorInGroup, put_door_in_group
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.rights import GrantFilter
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio


async def group(acme: Acme, name: str, *doors: str) -> str:
    made = await acme.do(add_door_group, AddDoorGroup(name=name, site_id=acme.world.site_id))
    for door in doors:
        await acme.do(put_door_in_group, PutDoorInGroup(door_group_id=made.id, door_id=door))
    return str(made.id)


async def linking(acme: Acme) -> None:
    await acme.do(edit_directory, EditDirectory(links_door_groups=True))


async def pushed(acme: Acme, name: str, *people: str) -> ProvisionedTeam:
    wanted = ProvisionTeam(name=name, attributes={"displayName": name}, members=people)
    return await acme.do(provision_team, wanted, by=await acme.automation())


async def says(acme: Acme, known: ProvisionedTeam, name: str, *people: str) -> None:
    wanted = ChangeProvisionedTeam(
        team_id=known.team.id, name=name, external_id=None, attributes={"displayName": name}, members=people
    )
    await acme.do(change_provisioned_team, wanted, by=await acme.automation())


async def grants_at(acme: Acme, door_group: str) -> list[Any]:
    wanted = GrantFilter(scope=Scope.door_group(door_group))
    return list((await acme.read(lambda view: view.grants.list(WHOLE, wanted))).items)


async def test_it_is_off_until_an_operator_wants_it(acme: Acme) -> None:
    labs = await group(acme, "Labs")
    await pushed(acme, "Labs")
    assert await grants_at(acme, labs) == []


async def test_the_group_of_that_name_whatever_its_case_opens_to_the_members(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    labs = await group(acme, "LABS", door)
    await linking(acme)
    await pushed(acme, "labs", ada)
    assert await acme.may(ada, door)
    (grant,) = await grants_at(acme, labs)
    assert (grant.role, grant.by_automation) == (Role.BASIC, True)


async def test_a_group_whose_name_only_holds_the_teams_is_not_linked(acme: Acme) -> None:
    labs = await group(acme, "Labs East")
    await linking(acme)
    await pushed(acme, "Labs")
    assert await grants_at(acme, labs) == []


async def test_of_two_groups_of_one_name_none_is_linked(acme: Acme) -> None:
    both = [await group(acme, "Labs"), await group(acme, "labs")]
    await linking(acme)
    await pushed(acme, "Labs")
    assert [await grants_at(acme, one) for one in both] == [[], []]


async def test_another_name_links_another_group_and_ends_the_link_before(acme: Acme) -> None:
    labs, shop = await group(acme, "Labs"), await group(acme, "Shop")
    await linking(acme)
    team = await pushed(acme, "Labs")
    await says(acme, team, "Shop")
    assert (await grants_at(acme, labs), len(await grants_at(acme, shop))) == ([], 1)


async def test_a_link_that_an_operator_ended_does_not_come_back_with_the_next_push(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    labs = await group(acme, "Labs", door)
    await linking(acme)
    team = await pushed(acme, "Labs")
    (grant,) = await grants_at(acme, labs)
    await acme.do(end_grant, EndGrant(grant_id=grant.id))
    await says(acme, team, "Labs", ada)
    assert not await acme.may(ada, door)


async def test_a_link_brings_nobody_back_whom_an_operator_revoked(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await group(acme, "Labs", door)
    await linking(acme)
    team = await pushed(acme, "Crew", ada)
    await acme.revoke(ada, door)
    await says(acme, team, "Labs", ada)
    assert not await acme.may(ada, door)
