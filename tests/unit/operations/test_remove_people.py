"""Many people go in one act, or nobody; guests, tokens and passwords of people."""

from typing import Any

import pytest

from rekey.domain.errors import Conflict, Gone, Invalid, LastOwner, NotAllowed, NotFound
from rekey.domain.role import Role
from rekey.operations.edit_person import EditPerson, edit_person
from rekey.operations.post import CODE, Letter, open_notice
from rekey.operations.remove_people import RemovePeople, remove_people
from rekey.operations.take_up_invitation import (
    InviteToAccount,
    TakeUpInvitation,
    invite_to_account,
    take_up_invitation,
)
from rekey.ports.listing import WHOLE
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio
LETTER = Letter(subject="Welcome", text=f"token: {CODE}")


async def test_all_are_removed_in_one_act_with_a_revocation_each(acme: Acme) -> None:
    door = await acme.door()
    people = [await acme.person(f"P{number}") for number in range(5)]
    for person in people:
        await acme.grant(person, door)
    before = await acme.world.journal_size()
    removed = await acme.do(remove_people, RemovePeople(person_ids=tuple(people)))
    assert await acme.world.journal_size() == before + 1
    assert {one.person.id for one in removed} == set(people)
    assert len({one.revoked.revocation.id for one in removed}) == 5
    row = await acme.newest()
    told: Any = row.detail["removed"]
    assert (row.action, len(told)) == ("people.removed", 5)
    for person in people:
        assert not await acme.may(person, door)


async def test_one_who_is_unknown_saves_all_others(acme: Acme) -> None:
    person = await acme.person("Ada")
    before = await acme.state()
    with pytest.raises(NotFound):
        await acme.do(remove_people, RemovePeople(person_ids=(person, "a stranger")))
    assert await acme.state() == before


async def test_the_last_owner_among_them_saves_all_others(acme: Acme) -> None:
    person, owner = await acme.person("Ada"), await acme.owner()
    before = await acme.state()
    with pytest.raises(LastOwner):
        await acme.do(remove_people, RemovePeople(person_ids=(person, owner)))
    assert await acme.state() == before


async def test_a_user_manager_removes_nobody_above_himself(acme: Acme) -> None:
    manager, admin, ada = [await acme.person(name) for name in ("Max", "Ann", "Ada")]
    await acme.grant(manager, acme.everywhere, Role.USER_MANAGER)
    await acme.grant(admin, acme.everywhere, Role.ADMINISTRATOR)
    actor = await acme.account(manager)
    with pytest.raises(NotAllowed):
        await acme.do(remove_people, RemovePeople(person_ids=(ada, admin)), by=actor)
    removed = await acme.do(remove_people, RemovePeople(person_ids=(ada, ada)), by=actor)
    assert len(removed) == 1


async def test_none_and_more_than_a_thousand_are_refused(acme: Acme) -> None:
    for ids in ((), tuple(str(number) for number in range(1001))):
        with pytest.raises(Invalid):
            await acme.do(remove_people, RemovePeople(person_ids=ids))


async def token_of(acme: Acme, person: str) -> str:
    await acme.do(invite_to_account, InviteToAccount(person_id=person, letter=LETTER))
    queued = await acme.read(lambda view: view.outbox.due(acme.clock.now(), limit=100))
    return open_notice(acme.core.secrets, queued[-1]).text.removeprefix("token: ")


async def test_a_token_makes_one_account_within_its_time(acme: Acme) -> None:
    ada = await acme.person("Ada", email="ada@acme.test")
    token = await token_of(acme, ada)
    wanted = TakeUpInvitation(token=token, password_hash="h", name="Ada L.")  # a stand-in
    person = await acme.do(take_up_invitation, wanted)
    assert (person.id, person.name) == (ada, "Ada L.")
    operator = await acme.read(lambda view: view.operators.of_person(ada))
    assert operator.email_verified
    with pytest.raises(Gone):
        await acme.do(take_up_invitation, wanted)


async def test_a_token_is_worth_nothing_once_expired_replaced_or_sent_to_another_address(acme: Acme) -> None:
    ada = await acme.person("Ada", email="ada@acme.test")
    first, second = await token_of(acme, ada), await token_of(acme, ada)
    with pytest.raises(Gone):
        await acme.do(take_up_invitation, TakeUpInvitation(token=first, password_hash="h"))
    await acme.do(edit_person, EditPerson(person_id=ada, email="other@acme.test"))
    with pytest.raises(Gone):
        await acme.do(take_up_invitation, TakeUpInvitation(token=second, password_hash="h"))
    third = await token_of(acme, ada)
    acme.pass_time(days=15)
    with pytest.raises(Gone):
        await acme.do(take_up_invitation, TakeUpInvitation(token=third, password_hash="h"))


async def test_guests_and_people_with_an_account_are_not_invited_to_one(acme: Acme) -> None:
    guest = await acme.person("Gus", email="gus@acme.test", is_guest=True)
    with pytest.raises(Invalid):
        await acme.do(invite_to_account, InviteToAccount(person_id=guest, letter=LETTER))
    ada = await acme.person("Ada", email="ada@acme.test")
    await acme.account(ada)
    with pytest.raises(Conflict):
        await acme.do(invite_to_account, InviteToAccount(person_id=ada, letter=LETTER))
    nobody = await acme.person("Ned")
    with pytest.raises(Invalid):
        await acme.do(invite_to_account, InviteToAccount(person_id=nobody, letter=LETTER))


async def test_nobody_changes_how_somebody_above_himself_signs_in(acme: Acme) -> None:
    manager = await acme.person("Max")
    await acme.grant(manager, acme.everywhere, Role.USER_MANAGER)
    actor, owner = await acme.account(manager), await acme.owner()
    for change in ({"email": "max@acme.test"}, {"password_sign_in": False}):
        with pytest.raises(NotAllowed):
            await acme.do(edit_person, EditPerson(person_id=owner, **change), by=actor)


async def test_a_guest_has_no_account_in_any_way(acme: Acme) -> None:
    guest = await acme.person("Gus", is_guest=True)
    with pytest.raises(Invalid):
        await acme.account(guest)
    listed = await acme.read(lambda view: view.people.list(WHOLE, guests=True))
    assert [one.id for one in listed.items] == [guest]
