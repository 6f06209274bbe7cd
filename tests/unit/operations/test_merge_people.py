"""merge_people: one person of several records, who may do no more than the records could together."""

import pytest

from rekey.domain.errors import Conflict, Invalid, NotAllowed, NotFound, PersonLeft
from rekey.domain.grant import Holder
from rekey.domain.role import Role
from rekey.domain.scope import Scope
from rekey.domain.validity import Validity
from rekey.operations.enrol_person import EnrolPerson, enrol_person
from rekey.operations.merge_people import MergePeople, merge_people, person_by_any_key, resolve_person_id
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio


async def merge(acme: Acme, survivor: str, *merged: str) -> None:
    await acme.do(merge_people, MergePeople(survivor_id=survivor, merged_ids=merged))


async def test_the_survivor_holds_what_the_records_held(acme: Acme) -> None:
    front, back = await acme.door("front"), await acme.door("back")
    ada, twin = await acme.person("Ada"), await acme.person("Twin", external_key="twin")
    await acme.grant(ada, front)
    await acme.grant(twin, back)
    await merge(acme, ada, twin)
    assert await acme.may(ada, front)
    assert await acme.may(ada, back)
    assert not await acme.may(twin, back)
    found = await acme.read(lambda view: person_by_any_key(view, "twin"))
    assert found.id == ada
    assert await acme.read(lambda view: resolve_person_id(view, twin)) == ada


async def test_a_later_revocation_of_one_record_silences_the_older_grant_of_the_other(acme: Acme) -> None:
    door = await acme.door()
    ada, twin = await acme.person("Ada"), await acme.person("Twin")
    await acme.grant(ada, door)
    await acme.grant(twin, door)
    await acme.revoke(twin, door)
    await merge(acme, ada, twin)
    assert not await acme.may(ada, door)
    await acme.grant(ada, door)
    assert await acme.may(ada, door)


async def test_a_grant_that_was_newer_than_every_revocation_stays(acme: Acme) -> None:
    door = await acme.door()
    ada, twin = await acme.person("Ada"), await acme.person("Twin")
    await acme.revoke(twin, door)
    await acme.grant(ada, door)
    await merge(acme, ada, twin)
    assert await acme.may(ada, door)


async def test_memberships_move_with_their_place_in_the_order(acme: Acme) -> None:
    door, ada, twin = await acme.door(), await acme.person("Ada"), await acme.person("Twin")
    team = await acme.team(twin)
    await acme.grant(Holder.team(team), door)
    await acme.revoke(ada, door)
    await merge(acme, ada, twin)
    assert not await acme.may(ada, door)


async def test_a_leaver_is_merged_in_neither_direction(acme: Acme) -> None:
    ada, gone = await acme.person("Ada"), await acme.person("Gone")
    await acme.revoke_everywhere(gone)
    for one, other in ((ada, gone), (gone, ada)):
        with pytest.raises(PersonLeft):
            await merge(acme, one, other)


async def test_times_at_one_site_that_share_nothing_are_a_conflict_and_change_nothing(acme: Acme) -> None:
    ada, twin, now = await acme.person("Ada"), await acme.person("Twin"), acme.clock.now()
    site = acme.world.site_id
    await acme.do(enrol_person, EnrolPerson(person_id=ada, site_id=site, validity=Validity(end=now)))
    await acme.do(enrol_person, EnrolPerson(person_id=twin, site_id=site, validity=Validity(start=now)))
    with pytest.raises(Conflict):
        await merge(acme, ada, twin)
    assert await acme.read(lambda view: view.people.get(twin)) is not None


async def test_oneself_and_a_stranger_are_refused(acme: Acme) -> None:
    ada, other, third = [await acme.person(name) for name in ("Ada", "Other", "Third")]
    with pytest.raises(Invalid):
        await merge(acme, ada, ada)
    await merge(acme, other, third)
    with pytest.raises(NotFound):
        await merge(acme, ada, third)


async def test_nobody_merges_a_person_whose_role_is_above_the_own(acme: Acme) -> None:
    ada, manager = await acme.person("Ada"), await acme.person("Max")
    await acme.grant(manager, Scope.organization(acme.world.organization_id), Role.USER_MANAGER)
    actor = await acme.account(manager)
    wanted = MergePeople(survivor_id=ada, merged_ids=(await acme.owner(),))
    with pytest.raises(NotAllowed):
        await acme.do(merge_people, wanted, by=actor)
