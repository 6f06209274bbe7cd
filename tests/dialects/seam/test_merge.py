"""Folding records of one person together: what moves, what keeps resolving, and that nothing shut is opened."""

from rekey.domain.block import BlockCause, Subject, SubjectKind
from rekey.domain.scope import Scope
from rekey.operations.place_block import PlaceBlock, place_block
from rekey.operations.reinstate_person import ReinstatePerson, reinstate_person
from rekey.operations.revoke_person import RevokePerson, revoke_person
from tests.dialects.in_world import Api
from tests.dialects.seam.api import (
    UNKNOWN,
    add_group,
    add_person,
    add_user,
    entrances_of,
    link,
    may_open,
    query,
    refusal,
    seam_test,
)
from tests.dialects.seam.furnished import as_session, open_session
from tests.dialects.seam.resources import KEYS, faults
from tests.support.asgi import Response


async def merge(api: Api, survivor: str, *merged: str) -> Response:
    body = {"user_identity_id": survivor, "merged_user_identity_ids": [*merged]}
    return await api.call("POST", "/user_identities/merge", body)


@seam_test
async def test_access_contact_and_names_move_to_the_survivor(api: Api) -> None:
    door = await api.world.add_door("Front")
    ada = await add_person(api, "Ada", user_identity_key="ada")
    twin = await add_person(api, "A. Twin", email_address="ada@acme.test", user_identity_key="twin")
    await link(api, twin, door)
    for _turn in range(2):
        assert (await merge(api, ada, twin)).status == 200
    assert await may_open(api, ada, door)
    for known in ({"user_identity_id": twin}, {"user_identity_key": "twin"}, {"user_identity_id": ada}):
        shown = (await api.done("GET", query("/user_identities/get", **known)))["user_identity"]
        assert [*faults(KEYS["user_identity"], shown)] == []
        assert (shown["user_identity_id"], shown["email_address"]) == (ada, "ada@acme.test")
        assert shown["merged_user_identity_ids"] == [twin]
        assert shown["merged_user_identity_keys"] == ["twin"]
    listed = await api.done("POST", "/user_identities/list", {"user_identity_ids": [twin]})
    assert [one["user_identity_id"] for one in listed["user_identities"]] == [ada]


@seam_test
async def test_the_survivor_is_revoked_by_the_old_name_too(api: Api) -> None:
    door = await api.world.add_door("Front")
    ada, twin = await add_person(api, "Ada"), await add_person(api, "Twin")
    await link(api, twin, door)
    await merge(api, ada, twin)
    assert (await link(api, twin, door, "revoke")).header("rekey-revocation")
    assert not await may_open(api, ada, door)


@seam_test
async def test_a_revocation_of_either_record_keeps_silencing_what_was_older(api: Api) -> None:
    door = await api.world.add_door("Front")
    for revoked_first in (True, False):
        ada, twin = await add_person(api, "Ada"), await add_person(api, "Twin")
        group = await add_group(api, door)
        grant = {"acs_access_group_id": group, "user_identity_id": ada if revoked_first else twin}
        await api.done("POST", "/acs/access_groups/add_user", grant)
        await link(api, twin if revoked_first else ada, door)
        await link(api, twin if revoked_first else ada, door, "revoke")
        assert (await merge(api, ada, twin)).status == 200
        assert not await may_open(api, ada, door)


@seam_test
async def test_blocks_of_a_merged_record_stand_on_the_survivor(api: Api) -> None:
    door = await api.world.add_door("Front")
    ada, twin = await add_person(api, "Ada"), await add_person(api, "Twin")
    await link(api, ada, door)
    subject = Subject(SubjectKind.PERSON, twin)
    await api.world.perform(place_block, PlaceBlock(subject=subject, cause=BlockCause.OPERATOR))
    await merge(api, ada, twin)
    assert not await may_open(api, ada, door)


@seam_test
async def test_a_suspended_user_stays_suspended(api: Api) -> None:
    door = await api.world.add_door("Front")
    ada, twin = await add_user(api, "Ada"), await add_user(api, "Twin")
    await link(api, ada["user_identity_id"], door)
    await api.done("POST", "/acs/users/suspend", {"acs_user_id": twin["acs_user_id"]})
    assert (await merge(api, ada["user_identity_id"], twin["user_identity_id"])).status == 200
    assert not await may_open(api, ada["user_identity_id"], door)
    users = await api.done(
        "POST", "/user_identities/list_acs_users", {"user_identity_id": ada["user_identity_id"]}
    )
    assert [user["is_suspended"] for user in users["acs_users"]] == [True]


@seam_test
async def test_the_narrower_schedule_of_two_users_at_one_site_holds(api: Api) -> None:
    door = await api.world.add_door("Front")
    over = {"starts_at": "2020-01-01T00:00:00Z", "ends_at": "2020-02-01T00:00:00Z"}
    ada, twin = await add_user(api, "Ada"), await add_user(api, "Twin", access_schedule=over)
    await link(api, twin["user_identity_id"], door)
    assert (await merge(api, ada["user_identity_id"], twin["user_identity_id"])).status == 200
    assert not await may_open(api, ada["user_identity_id"], door)


@seam_test
async def test_nobody_who_left_is_merged_in_either_direction(api: Api) -> None:
    ada, gone = await add_person(api, "Ada"), await add_person(api, "Gone")
    everywhere = Scope.organization(api.world.organization_id)
    await api.world.perform(revoke_person, RevokePerson(person_id=gone, scope=everywhere, leaving=True))
    for one, other in ((ada, gone), (gone, ada)):
        assert refusal(await merge(api, one, other)) == (409, "user_identity_access_revoked")
    await api.world.perform(reinstate_person, ReinstatePerson(person_id=gone))
    assert (await merge(api, ada, gone)).status == 200


@seam_test
async def test_somebody_removed_or_unknown_and_oneself_are_refused(api: Api) -> None:
    ada, gone = await add_person(api, "Ada"), await add_person(api, "Gone")
    await api.done("POST", "/user_identities/delete", {"user_identity_id": gone})
    for other, expected in ((gone, 404), (UNKNOWN, 404), (ada, 400)):
        assert refusal(await merge(api, ada, other))[0] == expected


@seam_test
async def test_sessions_move_and_keys_may_name_everybody(api: Api) -> None:
    await add_person(api, "Ada", user_identity_key="ada")
    twin = await add_person(api, "Twin", user_identity_key="twin")
    app = as_session(api.world, await open_session(api, user_identity_id=twin))
    body = {"user_identity_key": "ada", "merged_user_identity_keys": ["twin"]}
    for _turn in range(2):
        await api.done("POST", "/user_identities/merge", body)
    listed = (await app.done("GET", "/user_identities/list"))["user_identities"]
    assert [one["user_identity_key"] for one in listed] == ["ada"]
    mixed = {"user_identity_key": "ada", "merged_user_identity_ids": [twin]}
    assert refusal(await api.call("POST", "/user_identities/merge", mixed)) == (400, "invalid_input")


@seam_test
async def test_a_chain_of_merges_leads_to_the_last_survivor(api: Api) -> None:
    one, two, three = [await add_person(api, name) for name in ("One", "Two", "Three")]
    await merge(api, two, one)
    await merge(api, three, two)
    found = await api.done("GET", query("/user_identities/get", user_identity_id=one))
    assert found["user_identity"]["user_identity_id"] == three
    assert sorted(found["user_identity"]["merged_user_identity_ids"]) == sorted([one, two])


@seam_test
async def test_an_owner_is_merged_by_nobody_below(api: Api) -> None:
    owner, ada = await api.world.owner_person_id(), await add_person(api, "Ada")
    assert (await merge(api, owner, ada)).status == 200
    kept = await api.world.owner_person_id()
    assert kept == owner


@seam_test
async def test_a_user_takes_a_key_that_nobody_bears_yet(api: Api) -> None:
    user = await add_user(api, "Ada")
    body = {"acs_user_id": user["acs_user_id"], "user_identity_key": "new"}
    await api.done("PUT", "/user_identities/add_acs_user", body)
    found = await api.done("GET", query("/user_identities/get", user_identity_key="new"))
    assert found["user_identity"]["user_identity_id"] == user["user_identity_id"]


@seam_test
async def test_people_of_this_organization_are_all_managed(api: Api) -> None:
    ada = await add_person(api)
    assert (await api.done("GET", "/user_identities/unmanaged/list"))["user_identities"] == []
    for verb in ("get", "update"):
        body = {"user_identity_id": ada, "is_managed": True}
        answer = await api.call("POST", f"/user_identities/unmanaged/{verb}", body)
        assert refusal(answer) == (404, "user_identity_not_found")


@seam_test
async def test_a_new_user_joins_all_groups_or_none(api: Api) -> None:
    door = await api.world.add_door("Front")
    group, size = await add_group(api, door), await api.world.journal_size()
    wanted = {"acs_system_id": api.world.site_id, "full_name": "Ada"}
    answer = await api.call("POST", "/acs/users/create", {**wanted, "acs_access_group_ids": [group, UNKNOWN]})
    assert refusal(answer) == (404, "acs_access_group_not_found")
    assert await api.world.journal_size() == size
    user = await add_user(api, "Ada", acs_access_group_ids=[group])
    assert await api.world.journal_size() == size + 1
    assert await may_open(api, user["user_identity_id"], door)


@seam_test
async def test_a_group_that_is_deleted_takes_what_only_it_gave(api: Api) -> None:
    door = await api.world.add_door("Front")
    group = await add_group(api, door)
    user = await add_user(api, "Ada", acs_access_group_ids=[group])
    await api.done("DELETE", query("/acs/access_groups/delete", acs_access_group_id=group))
    assert not await may_open(api, user["user_identity_id"], door)
    answer = await api.call("POST", "/acs/access_groups/get", {"acs_access_group_id": group})
    assert refusal(answer) == (404, "acs_access_group_not_found")


@seam_test
async def test_the_id_of_a_merged_record_stands_for_the_survivor_in_every_route(api: Api) -> None:
    front, garage = await api.world.add_door("Front"), await api.world.add_door("Garage")
    ada, twin = await add_person(api, "Ada"), await add_person(api, "Twin")
    at_front = {"acs_entrance_id": front, "user_identity_id": twin}
    await api.done("POST", "/acs/entrances/grant_access", at_front)
    merged = {"user_identity_id": ada, "merged_user_identity_ids": [twin]}
    await api.done("POST", "/user_identities/merge", merged)
    (user,) = (await api.done("GET", query("/acs/users/list", user_identity_id=twin)))["acs_users"]
    assert user["user_identity_id"] == ada
    await api.done("POST", "/acs/entrances/grant_access", {**at_front, "acs_entrance_id": garage})
    assert await entrances_of(api, user_identity_id=twin) == [front, garage]
    made = {"user_identity_id": twin, "access_method": "code", "acs_system_id": api.world.site_id}
    credential = (await api.done("POST", "/acs/credentials/create", made))["acs_credential"]
    assert credential["user_identity_id"] == ada
    await api.done("POST", "/acs/users/revoke_access_to_all_entrances", {"user_identity_id": twin})
    assert await entrances_of(api, acs_user_id=user["acs_user_id"]) == []
