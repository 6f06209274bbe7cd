"""Joining a team hands out all that the team holds: nobody gets by it what could not be given by hand."""

import pytest

from rekey.domain.document import DocumentKind
from rekey.domain.errors import NotAllowed
from rekey.domain.grant import Holder
from rekey.domain.operator import Actor
from rekey.domain.role import Permission, Role
from rekey.operations.add_team_member import AddTeamMember, add_team_member
from rekey.operations.authority import highest_rank
from rekey.operations.change_provisioned_team import ChangeProvisionedTeam, change_provisioned_team
from rekey.operations.edit_directory import EditDirectory, edit_directory
from rekey.operations.import_people import ImportPeople, import_people
from rekey.operations.keep_document import AddDocument, add_document
from rekey.operations.people_file import no_progress, read_people_file
from rekey.operations.staged_people import stage_people
from rekey.ports.listing import WHOLE
from tests.unit.operations.acme import Acme
from tests.unit.operations.test_linked_door_groups import pushed, says

pytestmark = pytest.mark.anyio


async def with_role(acme: Acme, role: Role, name: str = "Ada") -> tuple[str, Actor]:
    person = await acme.person(name)
    await acme.grant(person, acme.everywhere, role)
    return person, await acme.account(person)


async def administrators(acme: Acme, *people: str) -> str:
    """Make a team by hand whose members administer everything."""
    team = await acme.team(*people, name="Administrators")
    await acme.grant(Holder.team(team), acme.everywhere, Role.ADMINISTRATOR)
    return team


async def administers(acme: Acme, person: str) -> bool:
    rank = await acme.read(
        lambda view: highest_rank(
            view, person, Permission.OPERATORS_WRITE, acme.everywhere, now=acme.clock.now()
        )
    )
    return rank is not None


async def said_of(acme: Acme, team: str, name: str, *people: str) -> None:
    """Let the directory say who is in a team that it did not make."""
    wanted = ChangeProvisionedTeam(
        team_id=team, name=name, external_id=None, attributes={"displayName": name}, members=people
    )
    await acme.do(change_provisioned_team, wanted, by=await acme.automation())


async def imported(acme: Acme, content: bytes, by: Actor) -> None:
    lines = read_people_file(content).people
    document = await acme.do(add_document, AddDocument(kind=DocumentKind.IMPORT, body={}), by=by)
    staged = await stage_people(acme.core, by, lines, origin="", progress=no_progress)
    await acme.do(import_people, ImportPeople(import_id=document.id, staged=staged), by=by)


async def test_nobody_puts_himself_or_a_friend_into_a_team_whose_role_is_above_his_own(acme: Acme) -> None:
    team, ben = await administrators(acme), await acme.person("Ben")
    ada, session = await with_role(acme, Role.ACCESS_MANAGER)
    for person in ada, ben:
        with pytest.raises(NotAllowed):
            await acme.do(add_team_member, AddTeamMember(team_id=team, person_id=person), by=session)
        assert not await administers(acme, person)


async def test_an_administrator_puts_people_into_a_team_of_administrators(acme: Acme) -> None:
    team, ben = await administrators(acme), await acme.person("Ben")
    _ada, session = await with_role(acme, Role.ADMINISTRATOR)
    await acme.do(add_team_member, AddTeamMember(team_id=team, person_id=ben), by=session)
    assert await administers(acme, ben)


async def test_no_file_joins_anybody_to_a_team_whose_role_is_above_the_importers(acme: Acme) -> None:
    await administrators(acme)
    _ada, session = await with_role(acme, Role.ACCESS_MANAGER)
    with pytest.raises(NotAllowed):
        await imported(acme, b"email,teams\nben@acme.test,Administrators\n", session)


async def test_no_file_of_who_was_revoked_at_a_door_joins_a_friend_to_a_team_that_opens_it(
    acme: Acme,
) -> None:
    door = await acme.door()
    team = await acme.team(name="Night")
    await acme.grant(Holder.team(team), await acme.door_group(door, name="Lobby"))
    ada, session = await with_role(acme, Role.ACCESS_MANAGER)
    await acme.revoke(ada, door)
    with pytest.raises(NotAllowed):
        await imported(acme, b"email,teams\nfriend@acme.test,Night\n", session)


async def test_a_directory_puts_nobody_into_a_team_with_powers_that_operators_made(acme: Acme) -> None:
    owner, mallory = await acme.owner(), await acme.person("Mallory")
    team = await administrators(acme, owner)
    acme.pass_time(minutes=1)
    for _again in range(2):
        await said_of(acme, team, "Administrators", owner, mallory)
        assert not await administers(acme, mallory)
    (conflict,) = (await acme.read(lambda view: view.conflicts.list(WHOLE, person_id=mallory))).items
    assert conflict.wanted == "membership of team Administrators"


async def test_a_directory_fills_its_own_team_to_which_an_operator_gave_powers(acme: Acme) -> None:
    ada = await acme.person("Ada")
    known = await pushed(acme, "IT")
    await acme.grant(Holder.team(known.team.id), acme.everywhere, Role.ADMINISTRATOR)
    await says(acme, known, "IT", ada)
    assert await administers(acme, ada)


async def test_a_link_by_name_does_not_bring_back_who_was_revoked_before(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.door_group(door, name="Vault")
    await acme.grant(ada, door)
    await acme.revoke(ada, door)
    known = await pushed(acme, "Cleaners")
    await acme.do(add_team_member, AddTeamMember(team_id=known.team.id, person_id=ada))
    await acme.do(edit_directory, EditDirectory(links_door_groups=True))
    await says(acme, known, "Vault", ada)
    assert not await acme.may(ada, door)


async def test_joining_by_hand_what_a_directory_had_linked_before_brings_back(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.door_group(door, name="Vault")
    await acme.revoke(ada, door)
    await acme.do(edit_directory, EditDirectory(links_door_groups=True))
    known = await pushed(acme, "Vault")
    await acme.do(add_team_member, AddTeamMember(team_id=known.team.id, person_id=ada))
    assert await acme.may(ada, door)
