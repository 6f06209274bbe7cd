"""What was left behind, asked after the person is gone."""

import pytest

from rekey.domain.errors import NotFound
from rekey.domain.grant import Holder
from rekey.domain.role import Role
from rekey.domain.scope import Scope
from rekey.operations.add_link import AddLink, LinkGrant, add_link
from rekey.operations.end_link import EndLink, end_link
from rekey.operations.grant_access import GrantAccess, NewGrant, grant_access
from rekey.operations.leftovers_after import leftovers_after
from rekey.operations.list_leftovers import NO_LEFTOVERS, Leftovers
from rekey.operations.remove_people import RemovePeople, remove_people
from rekey.operations.remove_person import RemovePerson, remove_person
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio


async def after(acme: Acme, revocation_id: str) -> Leftovers:
    left: Leftovers = await acme.read(lambda view: leftovers_after(view, revocation_id, acme.clock.now()))
    return left


async def maker_of_a_link(acme: Acme) -> tuple[str, str]:
    """Let a person make a link, and give both ids."""
    person = await acme.person("Ada", email="ada@acme.test")
    await acme.grant(person, acme.everywhere, Role.ADMINISTRATOR)
    wanted = AddLink(name="Vera", grants=(LinkGrant(scope=Scope.door(await acme.door())),))
    made = await acme.do(add_link, wanted, by=await acme.account(person))
    return person, made.link.id


async def test_they_are_listed_after_the_removal(acme: Acme) -> None:
    person, link = await maker_of_a_link(acme)
    removed = await acme.do(remove_person, RemovePerson(person_id=person))
    left = await after(acme, removed.revoked.revocation.id)
    assert [one.id for one in left.made_links] == [link]


async def test_what_has_ended_since_is_no_leftover_any_more(acme: Acme) -> None:
    person, link = await maker_of_a_link(acme)
    removed = await acme.do(remove_person, RemovePerson(person_id=person))
    await acme.do(end_link, EndLink(link_id=link))
    assert (await after(acme, removed.revoked.revocation.id)).made_links == ()


async def test_each_of_several_people_has_leftovers_of_its_own(acme: Acme) -> None:
    person, link = await maker_of_a_link(acme)
    other = await acme.person("Bob")
    removed = await acme.do(remove_people, RemovePeople(person_ids=(person, other)))
    found: dict[str, Leftovers] = {
        one.person.id: await after(acme, one.revoked.revocation.id) for one in removed
    }
    assert [one.id for one in found[person].made_links] == [link]
    assert found[other].made_links == ()


async def test_a_revocation_at_one_door_leaves_what_the_person_gave_to_others_there(acme: Acme) -> None:
    ada, bob = await acme.person("Ada", email="ada@acme.test"), await acme.person("Bob")
    door, other = await acme.door(), await acme.door("back")
    await acme.grant(ada, acme.everywhere, Role.ADMINISTRATOR)
    by = await acme.account(ada)
    given = await acme.do(
        grant_access,
        GrantAccess(
            grants=tuple(NewGrant(holder=Holder.person(bob), scope=Scope.door(one)) for one in (door, other))
        ),
        by=by,
    )
    revoked = await acme.revoke(ada, door)
    left = await after(acme, revoked.revocation.id)
    assert [grant.id for grant in left.given_grants] == [given.grants[0].id]


async def test_a_revocation_at_one_door_leaves_nothing_behind(acme: Acme) -> None:
    person, door = await acme.person("Ada"), await acme.door()
    revoked = await acme.revoke(person, door)
    assert await after(acme, revoked.revocation.id) == NO_LEFTOVERS
    with pytest.raises(NotFound):
        await after(acme, "00000000-0000-4000-8000-000000000000")
