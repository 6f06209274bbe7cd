"""Everywhere, and leaving: nothing by which the person could act stays behind."""

import pytest

from rekey.domain.credential import CredentialKind, CredentialState
from rekey.domain.decision import DenyReason
from rekey.domain.errors import Conflict, LastOwner, NotAllowed, NotFound, NotSignedIn, PersonLeft
from rekey.domain.grant import Holder
from rekey.domain.role import Role
from rekey.operations.add_team_member import AddTeamMember, add_team_member
from rekey.operations.issue_credential import IssueCredential, issue_credential
from rekey.operations.open_door import OpenDoor
from rekey.operations.register_operator import RegisterOperator, register_operator
from rekey.operations.reinstate_person import ReinstatePerson, reinstate_person
from rekey.operations.remove_person import RemovePerson, remove_person
from rekey.operations.use_door import open_and_wait
from rekey.ports.listing import WHOLE
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("kind", CredentialKind)
async def test_credentials_of_every_kind_end(acme: Acme, kind: CredentialKind) -> None:
    ada = await acme.person("Ada")
    wanted = IssueCredential(person_id=ada, kind=kind, fingerprint="print")
    credential = await acme.do(issue_credential, wanted)
    revoked = await acme.revoke_everywhere(ada)
    assert revoked.ended_credentials == 1
    ended = await acme.read(lambda view: view.credentials.get(credential.id))
    assert (ended.state, ended.ended_at) == (CredentialState.ENDED, acme.clock.now())


async def test_the_account_its_sessions_and_its_keys_end(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    session, another = await acme.account(ada), await acme.account(ada)
    assert (await acme.revoke_everywhere(ada)).ended_keys == 2
    for actor in (session, another):
        with pytest.raises(NotSignedIn):
            await open_and_wait(acme.world.services, actor, OpenDoor(door_id=door, person_id=ada))


async def test_team_memberships_end(acme: Acme) -> None:
    ada = await acme.person("Ada")
    await acme.team(ada)
    await acme.revoke_everywhere(ada)
    assert (await acme.read(lambda view: view.teams.memberships(WHOLE, person_id=ada))).items == ()


async def test_grants_at_every_site_end(acme: Acme) -> None:
    ada = await acme.person("Ada")
    annex = await acme.another_site()
    away = await acme.world.add_door("away", site_id=annex.id)
    grants = [await acme.grant(ada, scope) for scope in (await acme.door(), away, annex, acme.site)]
    revoked = await acme.revoke_everywhere(ada)
    assert {grant.id for grant in revoked.ended_grants} == {grant.id for grant in grants}


async def test_a_block_stays_that_no_grant_beats(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    await acme.revoke_everywhere(ada)
    assert await acme.why_not(ada, door) is DenyReason.BLOCKED


async def test_nothing_is_given_to_a_leaver(acme: Acme) -> None:
    ada, team = await acme.person("Ada"), await acme.team()
    await acme.revoke_everywhere(ada)
    with pytest.raises(PersonLeft):
        await acme.grant(ada, acme.site)
    with pytest.raises(PersonLeft):
        await acme.do(add_team_member, AddTeamMember(team_id=team, person_id=ada))
    wanted = IssueCredential(person_id=ada, kind=CredentialKind.CARD, fingerprint="card")
    with pytest.raises(PersonLeft):
        await acme.do(issue_credential, wanted)
    with pytest.raises(PersonLeft):
        await acme.account(ada)


async def test_a_leaver_who_is_known_cannot_register_anew(acme: Acme) -> None:
    ada = await acme.person("Ada", email="ada@acme.test")
    await acme.revoke_everywhere(ada)
    again = RegisterOperator(name="Ada", email="ADA@acme.test", password_hash=None)
    with pytest.raises(Conflict):
        await acme.do(register_operator, again)


async def test_a_reinstated_person_has_no_old_access_and_may_be_granted_new(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    await acme.revoke_everywhere(ada)
    await acme.do(reinstate_person, ReinstatePerson(person_id=ada))
    assert await acme.why_not(ada, door) is DenyReason.NO_GRANT
    await acme.grant(ada, door)
    assert await acme.may(ada, door)


async def test_after_reinstatement_a_team_grant_alone_brings_nobody_back(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    team = await acme.team(ada)
    await acme.revoke_everywhere(ada)
    await acme.do(reinstate_person, ReinstatePerson(person_id=ada))
    await acme.grant(Holder.team(team), door)
    assert not await acme.may(ada, door)


async def test_an_automation_may_not_reinstate(acme: Acme) -> None:
    ada = await acme.person("Ada")
    await acme.revoke_everywhere(ada)
    with pytest.raises(NotAllowed):
        await acme.do(reinstate_person, ReinstatePerson(person_id=ada), by=await acme.automation())


async def test_only_a_leaver_can_be_reinstated(acme: Acme) -> None:
    ada = await acme.person("Ada")
    with pytest.raises(NotFound):
        await acme.do(reinstate_person, ReinstatePerson(person_id=ada))


async def test_a_removed_person_is_out_and_history_keeps_the_name(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    removed = await acme.do(remove_person, RemovePerson(person_id=ada))
    assert removed.revoked.revocation.leaving
    assert not await acme.may(ada, door)
    assert await acme.read(lambda view: view.people.get(ada)) is None
    assert (await acme.read(lambda view: view.people.last_known(ada))).name == "Ada"


async def test_somebody_with_the_same_address_is_a_new_person_without_any_of_it(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada", email="ada@acme.test")
    await acme.grant(ada, door)
    await acme.do(remove_person, RemovePerson(person_id=ada))
    again = await acme.person("Ada", email="ada@acme.test")
    assert again != ada
    assert not await acme.may(again, door)


async def test_a_removed_persons_enrolments_end(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    await acme.do(remove_person, RemovePerson(person_id=ada))
    assert (await acme.read(lambda view: view.enrolments.list(WHOLE, person_id=ada))).items == ()


async def test_the_last_owner_cannot_be_removed(acme: Acme) -> None:
    with pytest.raises(LastOwner):
        await acme.do(remove_person, RemovePerson(person_id=await acme.owner()))


async def test_a_person_whose_role_is_above_ones_own_cannot_be_removed(acme: Acme) -> None:
    ada, ben = await acme.person("Ada"), await acme.person("Ben")
    await acme.grant(ada, acme.everywhere, Role.USER_MANAGER)
    await acme.grant(ben, acme.everywhere, Role.ADMINISTRATOR)
    with pytest.raises(NotAllowed, match="above your own"):
        await acme.do(remove_person, RemovePerson(person_id=ben), by=await acme.account(ada))
