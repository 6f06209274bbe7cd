"""Client sessions: what they reach, how they are given and taken, and the words in which they are refused."""

from datetime import timedelta
from typing import Any

from tests.dialects.in_world import Api
from tests.dialects.seam.api import UNKNOWN, add_person, query, refusal, seam_test
from tests.dialects.seam.furnished import as_session, connect, devices_seen, open_session
from tests.dialects.seam.resources import KEYS, faults


@seam_test
async def test_a_session_sees_the_doors_of_its_accounts_alone(api: Api) -> None:
    await api.world.add_door("Own")
    account = await connect(api)
    await connect(api, email="bo@example.com")
    session = await open_session(api, connected_account_ids=[account["connected_account_id"]])
    assert [*faults(KEYS["client_session"], session)] == []
    app = as_session(api.world, session)
    own = await devices_seen(api, connected_account_id=account["connected_account_id"])
    assert sorted(await devices_seen(app)) == sorted(own)
    assert (len(own), session["device_count"]) == (3, 3)


@seam_test
async def test_a_door_outside_a_session_is_unauthorized_and_one_inside_opens(api: Api) -> None:
    outside = await api.world.add_door("Own")
    account = await connect(api)
    session = await open_session(api, connected_account_ids=[account["connected_account_id"]])
    app = as_session(api.world, session)
    for path in ("/devices/get", "/locks/unlock_door", "/locks/lock_door"):
        answer = await app.call("POST", path, {"device_id": outside})
        assert refusal(answer) == (401, "unauthorized"), path
    assert refusal(await app.call("POST", "/devices/get", {"device_id": UNKNOWN})) == (
        404,
        "device_not_found",
    )
    inside = (await devices_seen(app))[0]
    opened = await app.done("POST", "/locks/unlock_door", {"device_id": inside, "sync": True})
    assert opened["action_attempt"]["status"] == "success"


@seam_test
async def test_a_session_takes_only_the_routes_of_its_letter(api: Api) -> None:
    app = as_session(api.world, await open_session(api, user_identifier_key="ada"))
    for path, body in (
        ("/user_identities/create", {"full_name": "Eve"}),
        ("/client_sessions/list", {}),
        ("/client_sessions/create", {"connected_account_ids": [api.world.organization_id]}),
        ("/workspaces/update", {"name": "Mine"}),
        ("/spaces/list", {}),
    ):
        assert refusal(await app.call("POST", path, body)) == (401, "unauthorized"), path


@seam_test
async def test_a_session_reads_itself_and_no_other(api: Api) -> None:
    one, other = await open_session(api), await open_session(api)
    app = as_session(api.world, one)
    assert (await app.done("GET", "/client_sessions/get"))["client_session"] == one
    answer = await app.call(
        "GET", query("/client_sessions/get", client_session_id=other["client_session_id"])
    )
    assert refusal(answer) == (401, "unauthorized")


@seam_test
async def test_a_session_of_a_person_lists_that_person_alone(api: Api) -> None:
    ada, bo = await add_person(api, "Ada"), await add_person(api, "Bo")
    app = as_session(api.world, await open_session(api, user_identity_id=ada))
    listed = await app.done("GET", "/user_identities/list")
    assert [one["user_identity_id"] for one in listed["user_identities"]] == [ada]
    path = query("/user_identities/list_accessible_entrances", user_identity_id=bo)
    assert refusal(await app.call("GET", path)) == (401, "unauthorized")


@seam_test
async def test_a_key_that_is_taken_is_refused_by_post_and_given_again_by_put(api: Api) -> None:
    first = await open_session(api, user_identifier_key="ada")
    answer = await api.call("POST", "/client_sessions/create", {"user_identifier_key": "ada"})
    assert refusal(answer) == (400, "client_session_token_already_exists")
    again = await api.done("PUT", "/client_sessions/create", {"user_identifier_key": "ada"})
    assert again["client_session"]["token"] == first["token"]


@seam_test
async def test_get_or_create_gives_the_same_session_a_new_end(api: Api) -> None:
    first = await open_session(api, user_identifier_key="ada")
    later = (api.world.clock.now() + timedelta(days=9)).isoformat()
    wanted = {"user_identifier_key": "ada", "expires_at": later}
    again = (await api.done("POST", "/client_sessions/get_or_create", wanted))["client_session"]
    assert again["client_session_id"] == first["client_session_id"]
    assert again["expires_at"] > first["expires_at"]


@seam_test
async def test_a_revoked_session_is_dead_but_can_be_read_and_a_deleted_one_is_gone(api: Api) -> None:
    session = await open_session(api)
    app, named = as_session(api.world, session), {"client_session_id": session["client_session_id"]}
    await api.done("POST", "/client_sessions/revoke", named)
    assert refusal(await app.call("GET", "/devices/list")) == (401, "client_session_revoked")
    assert (await api.call("POST", "/client_sessions/get", named)).status == 200
    await api.done("DELETE", query("/client_sessions/delete", **named))
    assert refusal(await app.call("GET", "/devices/list")) == (401, "client_session_not_found")
    answer = await api.call("POST", "/client_sessions/get", named)
    assert refusal(answer) == (404, "client_session_not_found")


@seam_test
async def test_the_sessions_of_somebody_who_is_removed_end_with_the_person(api: Api) -> None:
    ada = await add_person(api)
    app = as_session(api.world, await open_session(api, user_identity_id=ada))
    assert (await app.call("GET", "/devices/list")).status == 200
    await api.done("POST", "/user_identities/delete", {"user_identity_id": ada})
    assert refusal(await app.call("GET", "/devices/list")) == (401, "client_session_not_found")


@seam_test
async def test_access_that_is_granted_to_a_session_only_adds(api: Api) -> None:
    one, two = await connect(api), await connect(api, email="bo@example.com")
    session = await open_session(api, connected_account_ids=[one["connected_account_id"]])
    wanted = {
        "client_session_id": session["client_session_id"],
        "connected_account_ids": [two["connected_account_id"]],
    }
    widened = (await api.done("PATCH", "/client_sessions/grant_access", wanted))["client_session"]
    assert len(widened["connected_account_ids"]) == 2
    assert len(await devices_seen(as_session(api.world, session))) == 6


@seam_test
async def test_the_token_is_taken_from_either_session_header_and_both_must_agree(api: Api) -> None:
    one, two = await open_session(api), await open_session(api)
    for headers in (
        {"client_session_token": one["token"]},
        {"seam_client_session_token": one["token"]},
        {"client_session_token": one["token"], "seam_client_session_token": one["token"]},
    ):
        bare = Api(api.world, api.world.client("/seam"))
        assert (await bare.call("GET", "/devices/list", **headers)).status == 200
    bare = Api(api.world, api.world.client("/seam"))
    both = {"client_session_token": one["token"], "seam_client_session_token": two["token"]}
    assert refusal(await bare.call("GET", "/devices/list", **both)) == (401, "unauthorized")


async def publishable(api: Api) -> str:
    await api.done("PATCH", "/workspaces/update", {"is_publishable_key_auth_enabled": True})
    workspace = (await api.done("GET", "/workspaces/get"))["workspace"]
    assert workspace["is_publishable_key_auth_enabled"] is True
    return str(workspace["publishable_key"])


async def with_publishable(api: Api, key: str, body: dict[str, Any], path: str = "create") -> Any:
    bare = Api(api.world, api.world.client("/seam"))
    return await bare.call("POST", f"/client_sessions/{path}", body, seam_publishable_key=key)


@seam_test
async def test_a_publishable_key_opens_a_session_that_reaches_nothing(api: Api) -> None:
    await connect(api)
    answer = await with_publishable(
        api, await publishable(api), {"user_identifier_key": "ada"}, "get_or_create"
    )
    assert answer.status == 200, answer.body
    app = as_session(api.world, answer.json()["client_session"])
    assert await devices_seen(app) == []


@seam_test
async def test_what_a_publishable_key_may_not_is_told_by_type(api: Api) -> None:
    account = await connect(api)
    key = await publishable(api)
    wide = {"user_identifier_key": "ada", "connected_account_ids": [account["connected_account_id"]]}
    for sent, body, expected in (
        (key, {}, (401, "publishable_key_requires_user_identifier_key")),
        (key, wide, (403, "publishable_keys_must_create_empty_client_sessions")),
        ("seam_pk1x_y", {"user_identifier_key": "ada"}, (401, "invalid_publishable_key")),
    ):
        assert refusal(await with_publishable(api, sent, body)) == expected
    bare = Api(api.world, api.world.client("/seam"))
    answer = await bare.call("GET", "/devices/list", seam_publishable_key=key)
    assert refusal(answer) == (401, "unauthorized")
    await api.done("PATCH", "/workspaces/update", {"is_publishable_key_auth_enabled": False})
    answer = await with_publishable(api, key, {"user_identifier_key": "ada"})
    assert refusal(answer) == (401, "invalid_publishable_key")
