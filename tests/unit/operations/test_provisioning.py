"""What a directory's operations promise: provision, change, switch off and on, remove."""

from typing import Any

import pytest

from rekey.domain.decision import DenyReason
from rekey.domain.door_order import OrderState
from rekey.domain.errors import AlreadyExists, LastOwner, NotAllowed, NotSignedIn
from rekey.domain.grant import Holder
from rekey.domain.operator import Actor
from rekey.domain.role import Role
from rekey.operations.add_team_member import AddTeamMember, add_team_member
from rekey.operations.change_provisioned_person import ChangeProvisionedPerson, change_provisioned_person
from rekey.operations.change_provisioned_team import ChangeProvisionedTeam, change_provisioned_team
from rekey.operations.edit_directory import EditDirectory, edit_directory
from rekey.operations.end_provisioned_team import EndProvisionedTeam, end_provisioned_team
from rekey.operations.note_directory_call import NoteDirectoryCall, note_directory_call
from rekey.operations.open_door import OpenDoor, open_door
from rekey.operations.provision_person import ProvisionPerson, provision_person
from rekey.operations.provision_team import ProvisionTeam, provision_team
from rekey.operations.provisioned import Outcome, ProvisionedPerson, ProvisionedTeam
from rekey.operations.raise_directory_alarms import raise_directory_alarms
from rekey.operations.remove_provisioned_person import RemoveProvisionedPerson, remove_provisioned_person
from rekey.operations.reset_directory_key import ResetDirectoryKey, reset_directory_key
from rekey.operations.use_door import open_and_wait
from rekey.ports.listing import WHOLE
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio


async def provisioned(acme: Acme, name: str, **parts: Any) -> ProvisionedPerson:
    wanted: dict[str, Any] = {
        "name": name,
        "email": f"{name}@acme.test",
        "user_name": f"{name}@acme.test",
        "attributes": {"userName": f"{name}@acme.test"},
    }
    return await acme.do(provision_person, ProvisionPerson(**wanted | parts), by=await acme.automation())


async def change(acme: Acme, known: ProvisionedPerson, **parts: Any) -> Any:
    assert known.entry is not None
    wanted: dict[str, Any] = {
        "person_id": known.person.id,
        "user_name": known.entry.name,
        "external_id": known.entry.external_id,
        "attributes": known.entry.attributes,
        "active": True,
    }
    by = await acme.automation()
    return await acme.do(change_provisioned_person, ChangeProvisionedPerson(**wanted | parts), by=by)


async def team_of(acme: Acme, *people: str, name: str = "Engines") -> ProvisionedTeam:
    wanted = ProvisionTeam(name=name, attributes={"displayName": name}, members=people)
    return await acme.do(provision_team, wanted, by=await acme.automation())


async def with_members(
    acme: Acme, team: ProvisionedTeam, *people: str, by: Actor | None = None, **parts: Any
) -> Any:
    wanted: dict[str, Any] = {
        "team_id": team.team.id,
        "name": team.team.name,
        "external_id": None,
        "attributes": {"displayName": team.team.name},
        "members": people,
    }
    actor = by or await acme.automation()
    return await acme.do(change_provisioned_team, ChangeProvisionedTeam(**wanted | parts), by=actor)


async def test_switching_off_closes_the_door_ends_sign_ins_and_cancels_what_waits(acme: Acme) -> None:
    door, ada = await acme.door(), await provisioned(acme, "ada")
    await acme.grant(ada.person.id, door)
    account = await acme.account(ada.person.id)
    acme.simulated.switches(door).offline = True
    waiting = OpenDoor(door_id=door, person_id=ada.person.id, waits=True)
    order = await open_and_wait(acme.world.services, acme.service, waiting)
    done = await change(acme, ada, active=False)
    assert (done.outcome, done.now.active) == (Outcome.CHANGED, False)
    assert (await acme.newest()).action == "person.switched_off"
    assert await acme.why_not(ada.person.id, door) is DenyReason.BLOCKED
    assert (await acme.order(order)).state is OrderState.CANCELLED
    with pytest.raises(NotSignedIn):
        await acme.do(open_door, OpenDoor(door_id=door), by=account)
    with pytest.raises(NotSignedIn, match="switched"):
        await acme.account(ada.person.id)


async def test_a_change_of_nothing_and_one_for_an_older_revision_leave_no_row(acme: Acme) -> None:
    ada = await provisioned(acme, "ada")
    before, size = ada.revision, await acme.world.journal_size()
    assert (await change(acme, ada)).outcome is Outcome.UNCHANGED
    assert (await change(acme, ada, active=False, expected="older")).outcome is Outcome.STALE
    assert await acme.world.journal_size() == size
    done = await change(acme, ada, active=False, expected=before)
    assert (done.outcome, done.now.revision == before) == (Outcome.CHANGED, False)


async def test_a_user_name_an_address_and_an_external_id_are_taken_once(acme: Acme) -> None:
    await provisioned(acme, "ada", external_id="1")
    await acme.person("Bob", email="bob@acme.test")
    for taken in (
        {"user_name": "ADA@acme.test", "email": None},
        {"user_name": "Bob@acme.test", "email": None},
        {"external_id": "1"},
        {"email": "bob@acme.test"},
    ):
        with pytest.raises(AlreadyExists):
            await provisioned(acme, "cyd", **taken)


async def test_the_directory_lifts_its_own_block_and_no_other(acme: Acme) -> None:
    door, ada = await acme.door(), await provisioned(acme, "ada", active=False)
    await acme.grant(ada.person.id, door)
    assert not await acme.may(ada.person.id, door)
    await change(acme, ada, active=True)
    assert await acme.may(ada.person.id, door)


async def test_the_last_owner_keeps_powers_and_one_sign_in_until_there_is_another(acme: Acme) -> None:
    owner, door = await acme.owner(), await acme.door()
    session = await acme.account(owner)
    known = await acme.read(lambda view: view.people.get(owner))
    wanted = ChangeProvisionedPerson(
        person_id=owner, user_name=known.email, external_id=None, attributes={}, active=False
    )
    await acme.do(change_provisioned_person, wanted, by=await acme.automation())
    assert not await acme.may(owner, door)
    held = await acme.read(lambda view: view.keys.list(WHOLE, operator_id=session.operator_id))
    assert [key.id for key in held.items] == [session.key_id]
    ada = await acme.person("Ada")
    await acme.grant(Holder.person(ada), acme.everywhere, Role.OWNER, by=session)
    with pytest.raises(NotAllowed, match="blocked"):
        await acme.grant(ada, door, by=session)


async def test_the_last_owner_can_not_be_removed(acme: Acme) -> None:
    wanted = RemoveProvisionedPerson(person_id=await acme.owner())
    with pytest.raises(LastOwner):
        await acme.do(remove_provisioned_person, wanted, by=await acme.automation())


async def test_removing_tells_the_revocation_and_forgets_the_entry(acme: Acme) -> None:
    ada = await provisioned(acme, "ada", external_id="1")
    wanted = RemoveProvisionedPerson(person_id=ada.person.id, expected="older")
    assert await acme.do(remove_provisioned_person, wanted, by=await acme.automation()) is None
    wanted = RemoveProvisionedPerson(person_id=ada.person.id, expected=ada.revision)
    removed = await acme.do(remove_provisioned_person, wanted, by=await acme.automation())
    assert removed is not None
    assert removed.revoked.revocation.leaving
    assert await acme.read(lambda view: view.directory_entries.get(ada.person.id)) is None


async def test_members_are_made_exactly_those_and_who_stays_keeps_his_place(acme: Acme) -> None:
    ada, bob = await provisioned(acme, "ada"), await provisioned(acme, "bob")
    team = await team_of(acme, ada.person.id)
    first = await acme.read(lambda view: view.teams.membership(team.team.id, ada.person.id))
    done = await with_members(acme, team, ada.person.id, bob.person.id, "nobody")
    assert done.now.members == (ada.person.id, bob.person.id)
    assert await acme.read(lambda view: view.teams.membership(team.team.id, ada.person.id)) == first
    assert (await acme.newest()).detail["skipped"] == ["nobody"]
    assert first.by_automation


async def test_a_place_that_an_operator_gave_stays_his_when_the_directory_repeats_it(acme: Acme) -> None:
    ada, team = await provisioned(acme, "ada"), await team_of(acme)
    given = await acme.do(add_team_member, AddTeamMember(team_id=team.team.id, person_id=ada.person.id))
    await with_members(acme, team, ada.person.id)
    assert await acme.read(lambda view: view.teams.membership(team.team.id, ada.person.id)) == given


async def test_a_team_ends_only_in_the_revision_that_was_meant(acme: Acme) -> None:
    team, by = await team_of(acme), await acme.automation()
    size = await acme.world.journal_size()
    assert not await acme.do(
        end_provisioned_team, EndProvisionedTeam(team_id=team.team.id, expected="x"), by=by
    )
    assert await acme.world.journal_size() == size
    assert await acme.do(end_provisioned_team, EndProvisionedTeam(team_id=team.team.id), by=by)


async def test_team_names_are_taken_once_whatever_their_case(acme: Acme) -> None:
    await team_of(acme)
    with pytest.raises(AlreadyExists, match="name"):
        await team_of(acme, name="ENGINES")


async def test_a_new_key_ends_the_old_one_and_is_not_yet_configured(acme: Acme) -> None:
    call = NoteDirectoryCall(method="GET", path="/Users", status=200)
    await acme.do(note_directory_call, call, by=await acme.automation())
    assert (await acme.read(lambda view: view.directory.get())).configured
    key = await acme.do(reset_directory_key, ResetDirectoryKey(secret_fingerprint="new"))
    listed = await acme.read(lambda view: view.keys.list(WHOLE, kind=key.kind))
    assert listed.items == (key,)
    assert not (await acme.read(lambda view: view.directory.get())).configured


async def test_settings_have_bounds_and_none_leaves_them(acme: Acme) -> None:
    state = await acme.do(edit_directory, EditDirectory(leaver_limit=3))
    assert (state.leaver_limit, state.enabled) == (3, True)
    with pytest.raises(Exception, match="leaver_minutes"):
        await acme.do(edit_directory, EditDirectory(leaver_minutes=0))


async def test_alarms_go_to_the_owners_once_an_hour(acme: Acme) -> None:
    await acme.do(edit_directory, EditDirectory(leaver_limit=1))
    people = [await provisioned(acme, name) for name in ("ada", "bob", "cyd", "dee")]
    for one in people[:3]:
        await change(acme, one, active=False)
    assert {alarm.value for alarm in await acme.do(raise_directory_alarms, None)} == {"many_leavers"}
    assert len(await acme.read(lambda view: view.outbox.due(acme.clock.now(), limit=9))) == 1
    await change(acme, people[3], active=False)
    size = await acme.world.journal_size()
    assert await acme.do(raise_directory_alarms, None) == frozenset()
    assert await acme.world.journal_size() == size
    acme.pass_time(hours=1)
    again = await acme.do(raise_directory_alarms, None)
    assert len(again) == 1
