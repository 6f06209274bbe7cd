"""What a directory deletes and adds anew: an operator's "no" outlives it."""

import pytest

from rekey.domain.block import BlockCause, Subject, SubjectKind
from rekey.domain.errors import NotAllowed
from rekey.domain.grant import Holder
from rekey.domain.role import Role
from rekey.operations.add_team_member import AddTeamMember, add_team_member
from rekey.operations.change_provisioned_person import ChangeProvisionedPerson, change_provisioned_person
from rekey.operations.merge_people import MergePeople, merge_people
from rekey.operations.place_block import LiftBlock, PlaceBlock, lift_block, place_block
from rekey.operations.provision_person import ProvisionPerson, provision_person
from rekey.operations.remove_provisioned_person import RemoveProvisionedPerson, remove_provisioned_person
from tests.unit.operations.acme import Acme
from tests.unit.operations.test_provisioning import change
from tests.unit.operations.test_provisioning import provisioned as told_of

pytestmark = pytest.mark.anyio


async def provisioned(acme: Acme, name: str) -> str:
    email = f"{name}@acme.test"
    wanted = ProvisionPerson(name=name, email=email, user_name=email, attributes={"userName": email})
    return (await acme.do(provision_person, wanted, by=await acme.automation())).person.id


async def added_anew(acme: Acme, person: str, name: str, team: str) -> str:
    """Let the directory delete the person, add the same one anew and put it into a team."""
    directory = await acme.automation()
    await acme.do(remove_provisioned_person, RemoveProvisionedPerson(person_id=person), by=directory)
    again = await provisioned(acme, name)
    await acme.do(add_team_member, AddTeamMember(team_id=team, person_id=again), by=directory)
    return again


async def a_team_with(acme: Acme, door: str) -> str:
    team = await acme.team()
    await acme.grant(Holder.team(team), door)
    return team


async def test_nobody_is_let_in_by_being_deleted_and_added_anew_who_was_revoked_at_the_door(
    acme: Acme,
) -> None:
    front, back, ada = await acme.door("front"), await acme.door("back"), await provisioned(acme, "ada")
    team = await a_team_with(acme, front)
    await acme.grant(Holder.team(team), back)
    await acme.revoke(ada, front)
    again = await added_anew(acme, ada, "ada", team)
    assert not await acme.may(again, front)
    assert await acme.may(again, back)


async def test_an_operators_block_goes_with_whoever_the_directory_adds_anew(acme: Acme) -> None:
    door, ada = await acme.door(), await provisioned(acme, "ada")
    team = await a_team_with(acme, door)
    await acme.do(
        place_block, PlaceBlock(subject=Subject(SubjectKind.PERSON, ada), cause=BlockCause.OPERATOR)
    )
    again = await added_anew(acme, ada, "ada", team)
    assert not await acme.may(again, door)
    lifting = LiftBlock(subject=Subject(SubjectKind.PERSON, again), cause=BlockCause.OPERATOR)
    with pytest.raises(NotAllowed):
        await acme.do(lift_block, lifting, by=await acme.automation())


async def test_the_address_of_a_merged_record_brings_nobody_back_whose_survivor_was_revoked(
    acme: Acme,
) -> None:
    door, ada = await acme.door(), await acme.person("Ada", email="ada@acme.test")
    twin = await acme.person("Twin", email="twin@acme.test")
    team = await a_team_with(acme, door)
    await acme.do(merge_people, MergePeople(survivor_id=ada, merged_ids=(twin,)))
    await acme.revoke_everywhere(ada)
    again = await provisioned(acme, "twin")
    joining = AddTeamMember(team_id=team, person_id=again)
    await acme.do(add_team_member, joining, by=await acme.automation())
    assert not await acme.may(again, door)


async def test_a_directory_that_renames_a_leaver_and_adds_the_address_anew_brings_nobody_back(
    acme: Acme,
) -> None:
    door, ada = await acme.door(), await provisioned(acme, "ada")
    team, directory = await a_team_with(acme, door), await acme.automation()
    await acme.revoke_everywhere(ada)
    renaming = ChangeProvisionedPerson(
        person_id=ada, user_name="old", external_id=None, attributes={}, active=True, email="old@acme.test"
    )
    await acme.do(change_provisioned_person, renaming, by=directory)
    again = await provisioned(acme, "ada")
    await acme.do(add_team_member, AddTeamMember(team_id=team, person_id=again), by=directory)
    assert not await acme.may(again, door)


async def test_a_directory_does_not_say_where_the_mail_of_somebody_with_powers_goes(acme: Acme) -> None:
    ada = await told_of(acme, "ada")
    await acme.grant(ada.person.id, acme.everywhere, Role.ADMINISTRATOR)
    changed = await change(acme, ada, user_name="thief@evil.test", email="thief@evil.test")
    assert changed.now.person.email == "ada@acme.test"
    assert "email_refused" in (await acme.newest()).detail


async def test_a_directory_renames_the_mailbox_of_who_does_nothing_but_open(acme: Acme) -> None:
    ada = await told_of(acme, "ada")
    changed = await change(acme, ada, user_name="lovelace@acme.test", email="lovelace@acme.test")
    assert changed.now.person.email == "lovelace@acme.test"
