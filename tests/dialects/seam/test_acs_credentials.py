"""Credentials of access systems: given with their doors, handed on, changed, ended."""

from tests.dialects.in_world import Api
from tests.dialects.seam.access import types
from tests.dialects.seam.api import (
    UNKNOWN,
    add_person,
    add_user,
    entrances_of,
    may_open,
    query,
    refusal,
    seam_test,
)
from tests.dialects.seam.cards import (
    attempt,
    entrances_of_credential,
    get_credential,
    make_credential,
    told,
)
from tests.dialects.seam.test_events import types as event_types


@seam_test
async def test_a_pin_opens_its_own_doors_and_no_other(api: Api) -> None:
    front, back = await api.world.add_door("Front"), await api.world.add_door("Back")
    made = await make_credential(api, "code", front, code="482915")
    assert (made["code"], made["is_issued"], made["warnings"]) == ("482915", True, [])
    assert await entrances_of_credential(api, made["acs_credential_id"]) == [front]
    assert types(api, "482915", front)
    assert not types(api, "482915", back)


@seam_test
async def test_a_pin_that_is_not_given_is_chosen(api: Api) -> None:
    front = await api.world.add_door("Front")
    made = await make_credential(api, "code", front)
    assert made["code"].isdigit()
    assert types(api, made["code"], front)


@seam_test
async def test_a_person_outside_the_system_becomes_its_user(api: Api) -> None:
    person = await add_person(api)
    made = await make_credential(api, "cloud_key", user_identity_id=person, acs_system_id=api.world.site_id)
    users = await api.done("GET", query("/acs/users/list", user_identity_id=person))
    assert [user["acs_user_id"] for user in users["acs_users"]] == [made["acs_user_id"]]
    assert await event_types(api, acs_user_id=made["acs_user_id"]) == ["acs_user.created"]


@seam_test
async def test_a_deleted_credential_takes_the_doors_that_came_with_it(api: Api) -> None:
    front = await api.world.add_door("Front")
    made = await make_credential(api, "code", front, code="482915")
    await api.done("DELETE", query("/acs/credentials/delete", acs_credential_id=made["acs_credential_id"]))
    await api.world.settle()
    assert not types(api, "482915", front)
    assert not await may_open(api, made["user_identity_id"], front)
    answer = await api.call("GET", query("/acs/credentials/get", acs_credential_id=made["acs_credential_id"]))
    assert refusal(answer) == (404, "acs_credential_not_found")
    assert "acs_credential.deleted" in await event_types(api)


@seam_test
async def test_an_unassigned_credential_stays_and_opens_nothing_until_it_is_assigned_again(api: Api) -> None:
    front = await api.world.add_door("Front")
    made = await make_credential(api, "code", front, code="482915")
    named = {"acs_credential_id": made["acs_credential_id"], "acs_user_id": made["acs_user_id"]}
    free = (await told(api, "/acs/credentials/unassign", named, verb="PATCH"))["acs_credential"]
    await api.world.settle()
    assert "user_identity_id" not in free
    assert not types(api, "482915", front)
    assert await entrances_of(api, acs_user_id=made["acs_user_id"]) == []
    other = await add_user(api, "Bo")
    handed = {**named, "acs_user_id": other["acs_user_id"]}
    owned = (await told(api, "/acs/credentials/assign", handed, verb="PATCH"))["acs_credential"]
    await api.world.settle()
    assert owned["user_identity_id"] == other["user_identity_id"]
    assert types(api, "482915", front)


@seam_test
async def test_what_somebody_holds_is_not_assigned_to_another(api: Api) -> None:
    made = await make_credential(api, "code")
    other = await add_user(api, "Bo")
    body = {"acs_credential_id": made["acs_credential_id"], "acs_user_id": other["acs_user_id"]}
    assert (await api.call("PATCH", "/acs/credentials/assign", body)).status == 409
    assert refusal(await api.call("PATCH", "/acs/credentials/unassign", body))[0] == 400


@seam_test
async def test_revoking_all_entrances_leaves_the_credential_with_nothing_to_open(api: Api) -> None:
    front = await api.world.add_door("Front")
    made = await make_credential(api, "code", front, code="482915")
    user = {"acs_user_id": made["acs_user_id"]}
    answer = await api.call("POST", "/acs/users/revoke_access_to_all_entrances", user)
    assert answer.header("rekey-revocation")
    await api.world.settle()
    after = await get_credential(api, made["acs_credential_id"])
    assert after["acs_user_id"] == made["acs_user_id"]
    assert await entrances_of_credential(api, made["acs_credential_id"]) == []
    assert not types(api, "482915", front)
    again = {**user, "acs_entrance_id": front}
    await api.done("POST", "/acs/entrances/grant_access", again)
    await api.world.settle()
    assert types(api, "482915", front)


@seam_test
async def test_deleting_a_user_invalidates_and_deletes_the_credentials_of_the_system(api: Api) -> None:
    front = await api.world.add_door("Front")
    made = await make_credential(api, "code", front)
    await api.done("DELETE", query("/acs/users/delete", acs_user_id=made["acs_user_id"]))
    gone = await api.call("GET", query("/acs/credentials/get", acs_credential_id=made["acs_credential_id"]))
    assert gone.status == 404
    told_of = await event_types(api)
    assert told_of[-3:] == ["acs_credential.invalidated", "acs_credential.deleted", "acs_user.deleted"]


@seam_test
async def test_a_suspended_user_has_dead_credentials_that_work_again(api: Api) -> None:
    front = await api.world.add_door("Front")
    made = await make_credential(api, "code", front, code="482915")
    user = {"acs_user_id": made["acs_user_id"]}
    await api.done("POST", "/acs/users/suspend", user)
    await api.world.settle()
    assert not types(api, "482915", front)
    await api.done("POST", "/acs/users/unsuspend", user)
    await api.world.settle()
    assert types(api, "482915", front)


@seam_test
async def test_another_pin_takes_the_place_of_the_old_one(api: Api) -> None:
    front = await api.world.add_door("Front")
    made = await make_credential(api, "code", front, code="482915")
    body = {"acs_credential_id": made["acs_credential_id"], "code": "771204"}
    await told(api, "/acs/credentials/update", body, verb="PATCH")
    await api.world.settle()
    assert types(api, "771204", front)
    assert not types(api, "482915", front)


@seam_test
async def test_an_end_that_is_moved_moves_the_doors_with_it(api: Api) -> None:
    front = await api.world.add_door("Front")
    made = await make_credential(api, "cloud_key", front, ends_at="2199-01-01T00:00:00Z")
    body = {"acs_credential_id": made["acs_credential_id"], "ends_at": "2198-01-01T00:00:00Z"}
    after = (await told(api, "/acs/credentials/update", body, verb="PATCH"))["acs_credential"]
    assert after["ends_at"] == "2198-01-01T00:00:00.000Z"
    past = {**body, "ends_at": "2001-01-01T00:00:00Z"}
    assert refusal(await api.call("PATCH", "/acs/credentials/update", past)) == (400, "invalid_input")


@seam_test
async def test_a_cloud_key_opens_its_doors_in_the_name_of_its_person(api: Api) -> None:
    front, back = await api.world.add_door("Front"), await api.world.add_door("Back")
    made = await make_credential(api, "cloud_key", front)
    named = {"acs_credential_id": made["acs_credential_id"]}
    opened = await attempt(api, "/acs/entrances/unlock", {**named, "acs_entrance_id": front})
    assert opened["status"] == "success"
    refused = await attempt(api, "/acs/entrances/unlock", {**named, "acs_entrance_id": back})
    assert refused["error"]["type"] in {"credential_error", "no_access"}
    events = await api.done("GET", query("/events/list", event_type="lock.unlocked"))
    assert [event["user_identity_id"] for event in events["events"]] == [made["user_identity_id"]]


@seam_test
async def test_only_a_cloud_key_unlocks_from_afar(api: Api) -> None:
    front = await api.world.add_door("Front")
    made = await make_credential(api, "code", front)
    body = {"acs_credential_id": made["acs_credential_id"], "acs_entrance_id": front}
    assert refusal(await api.call("POST", "/acs/entrances/unlock", body)) == (400, "invalid_input")


@seam_test
async def test_credentials_are_listed_by_user_by_system_and_by_entrance(api: Api) -> None:
    front = await api.world.add_door("Front")
    made = await make_credential(api, "code", front)
    await make_credential(api, "card", front)

    async def listed(path: str, **by: str) -> list[str]:
        found = await told(api, path, by, verb="GET")
        return [one["acs_credential_id"] for one in found["acs_credentials"]]

    assert len(await listed("/acs/credentials/list")) == 2
    assert len(await listed("/acs/credentials/list", acs_system_id=api.world.site_id)) == 2
    own = [made["acs_credential_id"]]
    assert await listed("/acs/credentials/list", acs_user_id=made["acs_user_id"]) == own
    assert await listed("/acs/credentials/list", user_identity_id=made["user_identity_id"]) == own
    # The card waits for its encoder, so it opens nothing yet.
    assert await listed("/acs/entrances/list_credentials_with_access", acs_entrance_id=front) == own
    found = await api.done("GET", query("/acs/entrances/list", acs_credential_id=own[0]))
    assert [one["acs_entrance_id"] for one in found["acs_entrances"]] == [front]


@seam_test
async def test_a_malformed_wish_is_refused_and_gives_nothing(api: Api) -> None:
    user = (await add_user(api))["acs_user_id"]
    for body in (
        {"access_method": "retina", "acs_user_id": user},
        {"access_method": "code"},
        {"access_method": "code", "user_identity_id": UNKNOWN},
        {"access_method": "card", "acs_user_id": user, "code": "1234"},
        {"access_method": "code", "acs_user_id": user, "code": "abc"},
        {"access_method": "code", "acs_user_id": user, "ends_at": "2001-01-01T00:00:00Z"},
    ):
        assert refusal(await api.call("POST", "/acs/credentials/create", body))[0] == 400, body
    assert (await told(api, "/acs/credentials/list", {}))["acs_credentials"] == []
