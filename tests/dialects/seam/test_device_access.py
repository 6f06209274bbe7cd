"""Access of a person to a device: given, listed, taken away for good."""

from rekey.domain.grant import Holder
from rekey.domain.role import Role
from rekey.domain.scope import Scope
from rekey.operations.grant_access import GrantAccess, NewGrant, grant_access
from tests.dialects.in_world import Api
from tests.dialects.seam.api import (
    UNKNOWN,
    add_group,
    add_person,
    devices_of,
    link,
    may_open,
    refusal,
    seam_test,
)


@seam_test
async def test_a_grant_opens_the_door_and_repeating_it_changes_nothing(api: Api) -> None:
    person, door = await add_person(api), await api.world.add_door("Front")
    for _ in range(2):
        assert (await link(api, person, door)).json() == {"ok": True}
    assert await devices_of(api, person) == [door]
    assert await may_open(api, person, door)


@seam_test
async def test_a_revocation_ends_every_path_to_the_door_and_names_itself(api: Api) -> None:
    person, door = await add_person(api), await api.world.add_door("Front")
    group = await add_group(api, door)
    await link(api, person, door)
    member = {"acs_access_group_id": group, "user_identity_id": person}
    await api.done("PUT", "/acs/access_groups/add_user", member)
    answer = await link(api, person, door, "revoke")
    assert (answer.status, answer.json()) == (200, {"ok": True})
    assert answer.header("rekey-revocation")
    assert await devices_of(api, person) == []
    assert not await may_open(api, person, door)


@seam_test
async def test_a_revocation_at_one_door_leaves_the_others(api: Api) -> None:
    person, front, back = await add_person(api), await api.world.add_door("F"), await api.world.add_door("B")
    for door in (front, back):
        await link(api, person, door)
    await link(api, person, front, "revoke")
    assert await devices_of(api, person) == [back]


@seam_test
async def test_revoking_twice_is_done_twice(api: Api) -> None:
    person, door = await add_person(api), await api.world.add_door("Front")
    assert (await link(api, person, door, "revoke")).status == 200
    assert (await link(api, person, door, "revoke")).status == 200


@seam_test
async def test_a_grant_after_a_revocation_opens_again(api: Api) -> None:
    person, door = await add_person(api), await api.world.add_door("Front")
    await link(api, person, door)
    await link(api, person, door, "revoke")
    await link(api, person, door)
    assert await may_open(api, person, door)


@seam_test
async def test_a_repeated_grant_leaves_a_role_that_came_from_elsewhere(api: Api) -> None:
    person, door = await add_person(api), await api.world.add_door("Front")
    manager = NewGrant(holder=Holder.person(person), scope=Scope.door(door), role=Role.MANAGER)
    given = await api.world.perform(grant_access, GrantAccess(grants=(manager,)))
    for _ in range(2):
        await link(api, person, door)
    kept = await api.world.core.store.read(
        api.world.organization_id, lambda view: view.grants.get(given.grants[0].id)
    )
    assert kept is not None


@seam_test
async def test_unknown_people_and_devices_are_not_found(api: Api) -> None:
    person, door = await add_person(api), await api.world.add_door("Front")
    for verb in ("grant", "revoke"):
        assert refusal(await link(api, UNKNOWN, door, verb)) == (404, "user_identity_not_found")
        assert refusal(await link(api, person, UNKNOWN, verb)) == (404, "device_not_found")


@seam_test
async def test_a_person_who_left_is_given_nothing(api: Api) -> None:
    person, door = await add_person(api), await api.world.add_door("Front")
    await api.done("POST", "/user_identities/delete", {"user_identity_id": person})
    assert refusal(await link(api, person, door)) == (404, "user_identity_not_found")
