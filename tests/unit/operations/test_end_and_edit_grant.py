"""What end_grant and edit_grant promise."""

from dataclasses import replace
from datetime import timedelta

import pytest

from rekey.domain.decision import DenyReason
from rekey.domain.errors import LastOwner, NotAllowed, NotFound, PersonLeft
from rekey.domain.grant import Grant, Holder
from rekey.domain.role import Role
from rekey.domain.validity import Validity
from rekey.operations.edit_grant import EditGrant, edit_grant
from rekey.operations.end_grant import EndGrant, GrantEnded, end_grant
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.rights import GrantFilter
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio


async def ending(acme: Acme, grant: Grant) -> GrantEnded:
    return await acme.do(end_grant, EndGrant(grant_id=grant.id))


async def owner_grant(acme: Acme) -> Grant:
    matching = GrantFilter(holder=Holder.person(await acme.owner()))
    listed = await acme.read(lambda view: view.grants.list(WHOLE, matching))
    grant: Grant = listed.items[0]
    return grant


def terms_of(grant: Grant, **changes: object) -> EditGrant:
    same = EditGrant(grant_id=grant.id, role=grant.role, validity=grant.validity, schedule=grant.schedule)
    return replace(same, **changes)  # type: ignore[arg-type]  # each test names a term of EditGrant


async def test_the_only_path_ends_and_none_remains(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    ended = await ending(acme, await acme.grant(ada, door))
    assert ended.remaining == ()
    assert await acme.why_not(ada, door) is DenyReason.NO_GRANT


async def test_the_other_paths_to_these_doors_remain_and_are_listed(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    direct = await acme.grant(ada, door)
    wide = await acme.grant(ada, acme.site)
    through_team = await acme.grant(Holder.team(await acme.team(ada)), await acme.door_group(door))
    ended = await ending(acme, direct)
    assert {path.grant.id for path in ended.remaining} == {wide.id, through_team.id}
    assert await acme.may(ada, door)


async def test_a_path_to_other_doors_is_not_listed(acme: Acme) -> None:
    front, back, ada = await acme.door("front"), await acme.door("back"), await acme.person("Ada")
    await acme.grant(ada, back)
    assert (await ending(acme, await acme.grant(ada, front))).remaining == ()


async def test_a_grant_ends_once(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    grant = await acme.grant(ada, door)
    await ending(acme, grant)
    with pytest.raises(NotFound):
        await ending(acme, grant)


async def test_the_last_owners_grant_cannot_end(acme: Acme) -> None:
    with pytest.raises(LastOwner):
        await ending(acme, await owner_grant(acme))


async def test_an_owners_grant_ends_when_another_owner_stays(acme: Acme) -> None:
    await acme.grant(await acme.person("Ada"), acme.everywhere, Role.OWNER)
    first = await owner_grant(acme)
    await ending(acme, first)
    assert await acme.read(lambda view: view.grants.get(first.id)) is None


async def test_a_grant_of_a_role_above_ones_own_cannot_be_ended(acme: Acme) -> None:
    door, ada, ben = await acme.door(), await acme.person("Ada"), await acme.person("Ben")
    await acme.grant(ada, door, Role.MANAGER)
    above = await acme.grant(ben, door, Role.ADMINISTRATOR)
    manager = await acme.account(ada)
    with pytest.raises(NotAllowed, match="above your own"):
        await acme.do(end_grant, EndGrant(grant_id=above.id), by=manager)


async def test_an_ended_grant_still_answers_for_the_past(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    grant = await acme.grant(ada, door)
    then = acme.clock.now()
    acme.pass_time(hours=1)
    await ending(acme, grant)
    acme.pass_time(hours=1)
    assert (await acme.decide(ada, door, past=then)).__class__.__name__ == "Granted"
    assert not await acme.may(ada, door)


async def test_widening_a_silenced_grant_opens_again(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    wide = await acme.grant(ada, acme.site, validity=Validity(end=acme.clock.now() + timedelta(days=1)))
    await acme.revoke(ada, door)
    assert await acme.why_not(ada, door) is DenyReason.REVOKED
    await acme.do(edit_grant, terms_of(wide, validity=Validity()))
    assert await acme.may(ada, door)


async def test_narrowing_a_silenced_grant_opens_nothing(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    wide = await acme.grant(ada, acme.site)
    await acme.revoke(ada, door)
    shorter = Validity(end=acme.clock.now() + timedelta(days=1))
    await acme.do(edit_grant, terms_of(wide, validity=shorter))
    assert await acme.why_not(ada, door) is DenyReason.REVOKED


async def test_editing_nothing_is_no_new_act_that_names_the_person(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    wide = await acme.grant(ada, acme.site)
    await acme.revoke(ada, door)
    await acme.do(edit_grant, terms_of(wide))
    assert not await acme.may(ada, door)


async def test_an_automation_that_widens_lifts_no_operators_revocation(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    wide = await acme.grant(ada, acme.site, validity=Validity(end=acme.clock.now() + timedelta(days=1)))
    await acme.revoke(ada, door)
    await acme.do(edit_grant, terms_of(wide, validity=Validity()), by=await acme.automation())
    assert await acme.why_not(ada, door) is DenyReason.REVOKED


async def test_nobody_widens_his_own_grant_at_a_door_where_he_was_revoked(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    wide = await acme.grant(
        ada,
        acme.site,
        Role.ADMINISTRATOR,
        validity=Validity(end=acme.clock.now() + timedelta(days=1)),
    )
    await acme.grant(await acme.person("Ben"), acme.site, Role.ADMINISTRATOR)
    administrator = await acme.account(ada)
    await acme.revoke(ada, door)
    with pytest.raises(NotAllowed):
        await acme.do(edit_grant, terms_of(wide, validity=Validity()), by=administrator)
    assert not await acme.may(ada, door)


async def test_the_last_owner_cannot_be_made_less(acme: Acme) -> None:
    wanted = terms_of(await owner_grant(acme), role=Role.ADMINISTRATOR)
    with pytest.raises(LastOwner):
        await acme.do(edit_grant, wanted)


async def test_a_leavers_grant_cannot_be_widened(acme: Acme) -> None:
    ada = await acme.person("Ada")
    grant = await acme.grant(ada, acme.site)
    await acme.revoke_everywhere(ada)
    with pytest.raises((PersonLeft, NotFound)):
        await acme.do(edit_grant, terms_of(grant, role=Role.ADMINISTRATOR))
