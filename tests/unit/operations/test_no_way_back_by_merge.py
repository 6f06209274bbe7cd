"""Folding records together is no way around a revocation, and nobody folds others into himself."""

import pytest

from rekey.domain.errors import NotAllowed
from rekey.domain.role import Role
from rekey.operations.merge_people import MergePeople, merge_people
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio


async def test_who_was_revoked_at_a_door_does_not_take_over_the_record_of_a_friend(acme: Acme) -> None:
    door, ada, ben = await acme.door(), await acme.person("Ada"), await acme.person("Ben")
    await acme.grant(ada, acme.everywhere, Role.ADMINISTRATOR)
    session = await acme.account(ada)
    await acme.revoke(ada, door)
    await acme.grant(ben, door)
    with pytest.raises(NotAllowed):
        await acme.do(merge_people, MergePeople(survivor_id=ada, merged_ids=(ben,)), by=session)
    assert not await acme.may(ada, door)


async def test_who_manages_people_alone_gains_no_door_by_merging(acme: Acme) -> None:
    door, una = await acme.door(), await acme.person("Una")
    ben, friend = await acme.person("Ben"), await acme.person("Friend")
    await acme.grant(una, acme.everywhere, Role.USER_MANAGER)
    session = await acme.account(una)
    await acme.grant(ben, door)
    for survivor in (una, friend):
        with pytest.raises(NotAllowed):
            await acme.do(merge_people, MergePeople(survivor_id=survivor, merged_ids=(ben,)), by=session)
    assert not await acme.may(friend, door)
