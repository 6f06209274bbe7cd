"""Doors, groups, sites, teams and enrolments: what their coming and going does to access."""

import pytest

from rekey.domain.credential import CredentialKind, CredentialState
from rekey.domain.decision import DenyReason
from rekey.domain.door_order import OrderState
from rekey.domain.errors import AccessDenied, AlreadyExists, Conflict, Gone, Invalid, NotAllowed, NotFound
from rekey.domain.grant import Holder
from rekey.domain.role import Role
from rekey.domain.scope import Scope
from rekey.operations.add_door import AddDoor, add_door
from rekey.operations.add_site import AddSite, add_site
from rekey.operations.edit_door import EditDoor, edit_door
from rekey.operations.edit_person import EditPerson, edit_person
from rekey.operations.end_credential import EndCredential, end_credential
from rekey.operations.end_door_group import EndDoorGroup, end_door_group
from rekey.operations.end_enrolment import EndEnrolment, end_enrolment
from rekey.operations.end_team import EndTeam, end_team
from rekey.operations.enrol_person import EnrolPerson, enrol_person
from rekey.operations.issue_credential import IssueCredential, issue_credential
from rekey.operations.open_door import OpenDoor
from rekey.operations.remove_team_member import RemoveTeamMember, remove_team_member
from rekey.operations.retire_door import RetireDoor, retire_door
from rekey.operations.revoke_people import RevokePeople, revoke_people
from rekey.operations.suspend_credential import SuspendCredential, suspend_credential
from rekey.operations.take_door_out_of_group import TakeDoorOutOfGroup, take_door_out_of_group
from rekey.operations.use_door import open_and_wait
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio


async def test_a_door_opens_for_so_many_seconds_as_its_settings_say(acme: Acme) -> None:
    door = await acme.door()
    await acme.do(edit_door, EditDoor(door_id=door, open_seconds=12))
    order = await open_and_wait(acme.world.services, acme.service, OpenDoor(door_id=door))
    assert (order.state, order.seconds) == (OrderState.CONFIRMED, 12)


@pytest.mark.parametrize("seconds", [-1, 61])
async def test_a_door_opens_for_up_to_sixty_seconds(acme: Acme, seconds: int) -> None:
    wanted = AddDoor(name="d", site_id=acme.world.site_id, driver="simulated", open_seconds=seconds)
    with pytest.raises(Invalid, match="open_seconds"):
        await acme.do(add_door, wanted)


async def test_a_site_needs_a_time_zone_that_there_is(acme: Acme) -> None:
    with pytest.raises(Invalid, match="time_zone"):
        await acme.do(add_site, AddSite(name="Moon", time_zone="Moon/Tranquility"))


async def test_a_door_that_was_retired_opens_to_nobody_and_is_gone(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    await acme.do(retire_door, RetireDoor(door_id=door))
    assert await acme.why_not(ada, door) is DenyReason.DOOR_UNKNOWN
    with pytest.raises(Gone):
        await open_and_wait(acme.world.services, acme.service, OpenDoor(door_id=door, person_id=ada))


async def test_a_door_that_leaves_a_group_is_no_longer_opened_by_it(acme: Acme) -> None:
    front, back, ada = await acme.door("front"), await acme.door("back"), await acme.person("Ada")
    group = await acme.door_group(front, back)
    await acme.grant(ada, group)
    await acme.do(take_door_out_of_group, TakeDoorOutOfGroup(door_group_id=group.id, door_id=front))
    assert not await acme.may(ada, front)
    assert await acme.may(ada, back)


async def test_a_door_is_in_a_group_once(acme: Acme) -> None:
    door = await acme.door()
    group = await acme.door_group(door)
    with pytest.raises(AlreadyExists):
        await acme.join(door, group)


async def test_who_may_not_work_on_a_door_cannot_put_it_into_an_own_group(acme: Acme) -> None:
    front, ada = await acme.door("front"), await acme.person("Ada")
    group = await acme.door_group()
    await acme.grant(ada, group, Role.ADMINISTRATOR)
    with pytest.raises(NotAllowed):
        await acme.join(front, group, by=await acme.account(ada))


async def test_with_a_door_group_its_grants_end(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    group = await acme.door_group(door)
    grant = await acme.grant(ada, group)
    await acme.do(end_door_group, EndDoorGroup(door_group_id=group.id))
    assert not await acme.may(ada, door)
    assert await acme.read(lambda view: view.grants.get(grant.id)) is None


async def test_who_leaves_a_team_loses_that_path_alone(acme: Acme) -> None:
    front, back, ada = await acme.door("front"), await acme.door("back"), await acme.person("Ada")
    team = await acme.team(ada)
    await acme.grant(Holder.team(team), front)
    await acme.grant(ada, back)
    await acme.do(remove_team_member, RemoveTeamMember(team_id=team, person_id=ada))
    assert not await acme.may(ada, front)
    assert await acme.may(ada, back)


async def test_with_a_team_its_grants_end_and_every_member_is_out(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    team = await acme.team(ada)
    await acme.grant(Holder.team(team), door)
    assert await acme.do(end_team, EndTeam(team_id=team)) == 1
    assert not await acme.may(ada, door)


async def test_a_person_is_enrolled_at_a_site_once_and_that_opens_nothing(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    wanted = EnrolPerson(person_id=ada, site_id=acme.world.site_id)
    await acme.do(enrol_person, wanted)
    assert not await acme.may(ada, door)
    with pytest.raises(AlreadyExists):
        await acme.do(enrol_person, wanted)


async def test_who_leaves_a_site_is_revoked_there(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    await acme.grant(Holder.team(await acme.team(ada)), door)
    enrolment = await acme.read(lambda view: view.enrolments.at(ada, acme.world.site_id))
    ended = await acme.do(end_enrolment, EndEnrolment(enrolment_id=enrolment.id))
    assert ended.revocation.scope == acme.site
    assert await acme.why_not(ada, door) is DenyReason.REVOKED


async def test_an_address_that_is_taken_is_refused(acme: Acme) -> None:
    await acme.person("Ada", email="ada@acme.test")
    ben = await acme.person("Ben")
    with pytest.raises(AlreadyExists, match="email"):
        await acme.do(edit_person, EditPerson(person_id=ben, email="Ada@Acme.test"))


async def test_a_suspended_credential_opens_nothing_until_it_is_resumed(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    wanted = IssueCredential(person_id=ada, kind=CredentialKind.CARD, fingerprint="card")
    card = await acme.do(issue_credential, wanted)
    opening = OpenDoor(door_id=door, person_id=ada, credential_id=card.id)
    await acme.do(suspend_credential, SuspendCredential(credential_id=card.id, suspended=True))
    with pytest.raises(AccessDenied, match="credential_ended"):
        await open_and_wait(acme.world.services, acme.service, opening)
    await acme.do(suspend_credential, SuspendCredential(credential_id=card.id, suspended=False))
    await open_and_wait(acme.world.services, acme.service, opening)
    assert len(acme.simulated.openings(door)) == 1


async def test_an_ended_credential_never_comes_back(acme: Acme) -> None:
    ada = await acme.person("Ada")
    wanted = IssueCredential(person_id=ada, kind=CredentialKind.CARD, fingerprint="card")
    card = await acme.do(issue_credential, wanted)
    ended = await acme.do(end_credential, EndCredential(credential_id=card.id))
    assert ended.state is CredentialState.ENDED
    with pytest.raises(Conflict):
        await acme.do(suspend_credential, SuspendCredential(credential_id=card.id, suspended=False))
    with pytest.raises(NotFound):
        await acme.do(end_credential, EndCredential(credential_id=card.id))


async def test_several_people_are_revoked_together_or_not_at_all(acme: Acme) -> None:
    door, ada, ben = await acme.door(), await acme.person("Ada"), await acme.person("Ben")
    manager = await acme.person("Mia")
    await acme.grant(ada, door)
    await acme.grant(ben, door, Role.ADMINISTRATOR)
    await acme.grant(manager, door, Role.MANAGER)
    both = RevokePeople(person_ids=(ada, ben), scope=Scope.door(door))
    with pytest.raises(NotAllowed):
        await acme.do(revoke_people, both, by=await acme.account(manager))
    assert await acme.may(ada, door)
    rows = await acme.world.journal_size()
    revoked = await acme.do(revoke_people, both)
    assert {one.revocation.person_id for one in revoked} == {ada, ben}
    assert await acme.world.journal_size() == rows + 1
    assert [await acme.may(person, door) for person in (ada, ben)] == [False, False]
