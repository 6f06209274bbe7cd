"""Several people revoked in one act: all of them or nobody, each with a receipt of its own."""

import pytest

from rekey.domain.errors import Invalid, LastOwner, NotAllowed
from rekey.domain.role import Role
from rekey.domain.scope import Scope
from rekey.operations.revoke_people import RevokePeople, revoke_people
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio


async def _three(acme: Acme) -> tuple[str, str, str]:
    door = await acme.door()
    ada, ben = await acme.person("Ada"), await acme.person("Ben")
    for person in (ada, ben):
        await acme.grant(person, door)
    return door, ada, ben


async def test_everybody_named_is_out_in_one_act(acme: Acme) -> None:
    door, ada, ben = await _three(acme)
    before = len(await acme.rows())
    revoked = await acme.do(revoke_people, RevokePeople(person_ids=(ada, ben), scope=Scope.door(door)))
    assert {one.revocation.person_id for one in revoked} == {ada, ben}
    assert [await acme.may(person, door) for person in (ada, ben)] == [False, False]
    assert len(await acme.rows()) == before + 1


async def test_unknown_and_repeated_ids_are_passed_over(acme: Acme) -> None:
    door, ada, ben = await _three(acme)
    wanted = RevokePeople(person_ids=(ada, "nobody", ada), scope=Scope.door(door))
    revoked = await acme.do(revoke_people, wanted)
    assert [one.revocation.person_id for one in revoked] == [ada]
    assert await acme.may(ben, door)


async def test_nobody_is_out_when_one_may_not_be_revoked(acme: Acme) -> None:
    door, ada, _ben = await _three(acme)
    wanted = RevokePeople(person_ids=(ada, await acme.owner()), scope=Scope.door(door))
    with pytest.raises(LastOwner):
        await acme.do(revoke_people, wanted)
    assert await acme.may(ada, door)


async def test_a_user_revokes_himself_but_not_himself_with_others(acme: Acme) -> None:
    door, ada, ben = await _three(acme)
    me = await acme.account(ada)
    with pytest.raises(NotAllowed):
        await acme.do(revoke_people, RevokePeople(person_ids=(ada, ben), scope=Scope.door(door)), by=me)
    assert await acme.may(ada, door)
    await acme.do(revoke_people, RevokePeople(person_ids=(ada,), scope=Scope.door(door)), by=me)
    assert not await acme.may(ada, door)


async def test_an_administrator_revokes_himself_together_with_others(acme: Acme) -> None:
    door, ada, ben = await _three(acme)
    cyd = await acme.person("Cyd")
    await acme.grant(cyd, door, Role.ADMINISTRATOR)
    me = await acme.account(cyd)
    people = (ada, ben, cyd)
    await acme.do(revoke_people, RevokePeople(person_ids=people, scope=Scope.door(door)), by=me)
    assert [await acme.may(person, door) for person in people] == [False] * 3


async def test_who_may_not_revoke_is_refused_even_where_nobody_is_known(acme: Acme) -> None:
    door, ada, _ben = await _three(acme)
    me = await acme.account(ada)
    with pytest.raises(NotAllowed):
        await acme.do(revoke_people, RevokePeople(person_ids=("nobody",), scope=Scope.door(door)), by=me)


async def test_more_than_a_thousand_people_are_refused(acme: Acme) -> None:
    door = await acme.door()
    wanted = RevokePeople(person_ids=tuple(map(str, range(1001))), scope=Scope.door(door))
    with pytest.raises(Invalid):
        await acme.do(revoke_people, wanted)
