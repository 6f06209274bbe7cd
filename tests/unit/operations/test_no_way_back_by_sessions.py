"""The key of an app stands for its person: who is kept out is kept out through it too."""

import pytest

from rekey.domain.block import BlockCause, Subject, SubjectKind
from rekey.domain.errors import NotAllowed
from rekey.domain.operator import Actor, KeyKind
from rekey.domain.role import Permission
from rekey.operations.add_person import AddPerson, add_person
from rekey.operations.issue_key import IssueKey, issue_key
from rekey.operations.open_client_session import OnSame
from rekey.operations.open_door import OpenDoor, open_door
from rekey.operations.place_block import PlaceBlock, place_block
from tests.unit.operations.acme import Acme
from tests.unit.operations.test_apps_and_accounts import connected, in_hand, opened

pytestmark = pytest.mark.anyio


async def test_the_session_of_who_was_revoked_at_a_door_opens_it_no_more(acme: Acme) -> None:
    account, ada = await connected(acme), await acme.person("Ada")
    front, back = (door.id for door in account.doors)
    actor = in_hand(acme, await opened(acme, upstream_ids=(account.upstream.id,), person_id=ada))
    await acme.revoke(ada, front)
    with pytest.raises(NotAllowed):
        await acme.do(open_door, OpenDoor(door_id=front), by=actor)
    assert (await acme.do(open_door, OpenDoor(door_id=back), by=actor)).order is not None


async def test_a_new_grant_by_an_operator_lets_the_session_open_again(acme: Acme) -> None:
    account, ada = await connected(acme), await acme.person("Ada")
    front = account.doors[0].id
    actor = in_hand(acme, await opened(acme, upstream_ids=(account.upstream.id,), person_id=ada))
    await acme.revoke(ada, front)
    await acme.grant(ada, front)
    assert (await acme.do(open_door, OpenDoor(door_id=front), by=actor)).order is not None


@pytest.mark.parametrize("cause", [BlockCause.OPERATOR, BlockCause.SUSPENSION])
async def test_the_session_of_who_is_blocked_opens_nothing(acme: Acme, cause: BlockCause) -> None:
    account, ada = await connected(acme), await acme.person("Ada")
    actor = in_hand(acme, await opened(acme, upstream_ids=(account.upstream.id,), person_id=ada))
    await acme.do(place_block, PlaceBlock(subject=Subject(SubjectKind.PERSON, ada), cause=cause))
    with pytest.raises(NotAllowed):
        await acme.do(open_door, OpenDoor(door_id=account.doors[0].id), by=actor)


async def test_the_session_of_who_is_blocked_makes_nothing_for_its_customer(acme: Acme) -> None:
    ada = await acme.person("Ada")
    actor = in_hand(acme, await opened(acme, customer_key="c1", person_id=ada))
    await acme.do(
        place_block, PlaceBlock(subject=Subject(SubjectKind.PERSON, ada), cause=BlockCause.OPERATOR)
    )
    with pytest.raises(NotAllowed):
        await acme.do(add_person, AddPerson(name="Friend"), by=actor)


async def test_a_limited_key_is_not_given_a_session_that_may_do_more(acme: Acme) -> None:
    await opened(acme, external_key="app", customer_key="c1")
    limited = await acme.do(
        issue_key,
        IssueKey(
            operator_id=acme.service.operator_id,
            kind=KeyKind.API_KEY,
            name="limited",
            via="test",
            secret_fingerprint="limited",
            permissions=frozenset({Permission.OPERATORS_WRITE}),
        ),
    )
    actor = Actor(
        organization_id=acme.world.organization_id,
        operator_id=limited.operator_id,
        key_id=limited.id,
        via="test",
    )
    with pytest.raises(NotAllowed):
        await opened(acme, by=actor, external_key="app", on_same=OnSame.GIVE)


async def test_who_asks_for_a_session_that_may_only_read_is_not_given_one_that_may_do_more(
    acme: Acme,
) -> None:
    wider = await opened(acme, customer_key="c1")
    given = await opened(acme, customer_key="c1", read_only=True, on_same=OnSame.RENEW)
    assert given.session.id != wider.session.id
    assert given.session.read_only
