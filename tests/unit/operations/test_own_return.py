"""An administrator who was revoked at a door has no operation by which to let himself back in."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from rekey.domain.block import BlockCause, Subject, SubjectKind
from rekey.domain.errors import AccessDenied, NotAllowed
from rekey.domain.estate import DoorMode
from rekey.domain.grant import Holder
from rekey.domain.operator import Actor, KeyKind
from rekey.domain.role import Role
from rekey.domain.validity import Validity
from rekey.operations.add_team_member import AddTeamMember, add_team_member
from rekey.operations.edit_grant import EditGrant, edit_grant
from rekey.operations.issue_key import IssueKey, issue_key
from rekey.operations.open_door import OpenDoor
from rekey.operations.open_session import NewSession, OpenSessionFor, open_session_for
from rekey.operations.place_block import LiftBlock, PlaceBlock, lift_block, place_block
from rekey.operations.set_door_mode import SetDoorMode, set_door_mode
from rekey.operations.use_door import open_and_wait
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio


@dataclass(frozen=True)
class Revoked:
    """Ada administers the organization and was revoked at the front door; Ben is her friend."""

    acme: Acme
    front: str
    ada: str
    ben: str
    session: Actor


@pytest.fixture
async def story(acme: Acme) -> Revoked:
    front, ada, ben = await acme.door("front"), await acme.person("Ada"), await acme.person("Ben")
    await acme.grant(ada, acme.everywhere, Role.ADMINISTRATOR)
    session = await acme.account(ada)
    await acme.revoke(ada, front)
    return Revoked(acme, front, ada, ben, session)


async def grant_herself_the_door(story: Revoked) -> None:
    await story.acme.grant(story.ada, story.front, by=story.session)


async def grant_herself_the_site(story: Revoked) -> None:
    await story.acme.grant(story.ada, story.acme.site, by=story.session)


async def grant_herself_the_organization(story: Revoked) -> None:
    await story.acme.grant(story.ada, story.acme.everywhere, Role.ADMINISTRATOR, by=story.session)


async def grant_her_team_the_door(story: Revoked) -> None:
    team = await story.acme.team(story.ada)
    await story.acme.grant(Holder.team(team), story.front, by=story.session)


async def join_a_team_that_has_the_door(story: Revoked) -> None:
    team = await story.acme.team()
    await story.acme.grant(Holder.team(team), story.front)
    await story.acme.do(add_team_member, AddTeamMember(team_id=team, person_id=story.ada), by=story.session)


async def put_the_door_into_her_group(story: Revoked) -> None:
    group = await story.acme.door_group()
    await story.acme.grant(story.ada, group)
    await story.acme.join(story.front, group, by=story.session)


async def open_by_her_permission(story: Revoked) -> None:
    await open_and_wait(story.acme.world.services, story.session, OpenDoor(door_id=story.front))


async def open_by_her_own_access(story: Revoked) -> None:
    wanted = OpenDoor(door_id=story.front, person_id=story.ada)
    await open_and_wait(story.acme.world.services, story.session, wanted)


async def leave_the_door_unlocked(story: Revoked) -> None:
    wanted = SetDoorMode(door_id=story.front, mode=DoorMode.UNLOCKED)
    await story.acme.do(set_door_mode, wanted, by=story.session)


async def grant_a_friend_the_door(story: Revoked) -> None:
    await story.acme.grant(story.ben, story.front, by=story.session)


async def grant_a_friend_the_site(story: Revoked) -> None:
    await story.acme.grant(story.ben, story.acme.site, by=story.session)


async def grant_a_friend_a_group_with_the_door(story: Revoked) -> None:
    group = await story.acme.door_group(story.front)
    await story.acme.grant(story.ben, group, by=story.session)


async def put_a_friend_into_a_team_that_has_the_door(story: Revoked) -> None:
    team = await story.acme.team()
    await story.acme.grant(Holder.team(team), story.front)
    await story.acme.do(add_team_member, AddTeamMember(team_id=team, person_id=story.ben), by=story.session)


async def issue_a_key_of_the_organizations_service(story: Revoked) -> None:
    key = IssueKey(
        operator_id=story.acme.service.operator_id,
        kind=KeyKind.API_KEY,
        name="back door",
        via="any",
        secret_fingerprint="print",
    )
    await story.acme.do(issue_key, key, by=story.session)


async def sign_in_as_a_friend(story: Revoked) -> None:
    key = IssueKey(operator_id="", kind=KeyKind.SESSION, name="", via="test", secret_fingerprint="print")
    wanted = OpenSessionFor(person_id=story.ben, keys=NewSession(session=key))
    await story.acme.do(open_session_for, wanted, by=story.session)


async def widen_a_friends_grant(story: Revoked) -> None:
    tomorrow = Validity(end=story.acme.clock.now() + timedelta(days=1))
    later = Validity(start=story.acme.clock.now() + timedelta(hours=1), end=tomorrow.end)
    grant = await story.acme.grant(story.ben, story.acme.site, validity=later)
    wanted = EditGrant(grant_id=grant.id, role=grant.role, validity=tomorrow)
    await story.acme.do(edit_grant, wanted, by=story.session)


ATTEMPTS = (
    grant_herself_the_door,
    grant_herself_the_site,
    grant_herself_the_organization,
    grant_her_team_the_door,
    join_a_team_that_has_the_door,
    put_the_door_into_her_group,
    open_by_her_permission,
    open_by_her_own_access,
    leave_the_door_unlocked,
    grant_a_friend_the_door,
    grant_a_friend_the_site,
    grant_a_friend_a_group_with_the_door,
    put_a_friend_into_a_team_that_has_the_door,
    issue_a_key_of_the_organizations_service,
    sign_in_as_a_friend,
    widen_a_friends_grant,
)


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda attempt: attempt.__name__)
async def test_every_way_back_is_refused(
    story: Revoked, attempt: Callable[[Revoked], Awaitable[None]]
) -> None:
    with pytest.raises((NotAllowed, AccessDenied)):
        await attempt(story)
    assert not await story.acme.may(story.ada, story.front)
    assert not await story.acme.may(story.ben, story.front)
    assert story.acme.simulated.openings(story.front) == ()


async def test_what_she_administers_elsewhere_stays_hers(story: Revoked) -> None:
    back = await story.acme.door("back")
    await story.acme.grant(story.ben, back, by=story.session)
    assert await story.acme.may(story.ben, back)


async def test_she_may_still_take_access_away_everywhere(story: Revoked) -> None:
    await story.acme.revoke_everywhere(story.ben, by=story.session)


async def test_once_another_operator_let_her_in_again_she_may_let_others_in(story: Revoked) -> None:
    await story.acme.grant(story.ada, story.front, Role.ADMINISTRATOR)
    await story.acme.grant(story.ben, story.front, by=story.session)
    assert await story.acme.may(story.ben, story.front)


async def test_nobody_lifts_a_block_from_himself(acme: Acme) -> None:
    ada = await acme.person("Ada")
    await acme.grant(ada, acme.everywhere, Role.ADMINISTRATOR)
    session = await acme.account(ada)
    herself, switch = Subject(SubjectKind.PERSON, ada), BlockCause.ACCESS_SWITCH
    await acme.do(place_block, PlaceBlock(subject=herself, cause=switch))
    with pytest.raises(NotAllowed):
        await acme.do(lift_block, LiftBlock(subject=herself, cause=switch), by=session)
