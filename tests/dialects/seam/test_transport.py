"""Verbs, bodies, queries, keys and headers: what holds on every route."""

from tests.dialects.in_world import Api
from tests.dialects.seam.api import UNKNOWN, add_person, query, refusal, seam_test

REVOKE = "/user_identities/revoke_access_to_device"


@seam_test
async def test_the_api_says_that_it_is_well_to_anybody(api: Api) -> None:
    for verb in ("GET", "POST"):
        answer = await api.call(verb, "/health", authorization="")
        assert (answer.status, answer.json()["ok"]) == (200, True)


@seam_test
async def test_an_empty_post_with_a_form_type_or_none_is_an_empty_object(api: Api) -> None:
    for media_type in ("application/x-www-form-urlencoded", "text/plain"):
        answer = await api.call("POST", "/workspaces/get", content_type=media_type)
        assert answer.status == 200
        assert answer.header("content-type") == "application/json; charset=utf-8"


@seam_test
async def test_a_body_that_is_not_json_is_refused_by_its_type_or_its_content(api: Api) -> None:
    answer = await api.call("POST", "/devices/list", b"limit=1", content_type="text/plain")
    assert refusal(answer) == (400, "invalid_content_type")
    assert refusal(await api.call("POST", "/devices/list", b"{")) == (400, "invalid_input")
    assert refusal(await api.call("POST", "/devices/list", b"[]")) == (400, "invalid_input")


@seam_test
async def test_a_get_may_carry_json_and_the_body_wins_over_the_query(api: Api) -> None:
    ada, bo = await add_person(api, "Ada"), await add_person(api, "Bo")
    path = query("/user_identities/get", user_identity_id=ada)
    answer = await api.call("GET", path, {"user_identity_id": bo})
    assert answer.json()["user_identity"]["full_name"] == "Bo"


@seam_test
async def test_unknown_parameters_are_ignored_in_body_and_query(api: Api) -> None:
    assert (await api.call("POST", "/devices/list", {"new_in_2030": [1]})).status == 200
    assert (await api.call("GET", query("/devices/list", new_in_2030="x"))).status == 200


@seam_test
async def test_the_empty_array_selects_nothing(api: Api) -> None:
    await add_person(api)
    listed = await api.done("GET", "/user_identities/list?user_identity_ids=&_strict=true")
    assert listed["user_identities"] == []


@seam_test
async def test_a_query_that_cannot_be_read_is_refused_as_such(api: Api) -> None:
    for broken in ("?search=%zz", "?search=a&search=b"):
        answer = await api.call("GET", f"/devices/list{broken}")
        assert refusal(answer) == (400, "invalid_query_params")


@seam_test
async def test_a_verb_that_the_route_lacks_is_told_which_it_has_but_only_to_a_caller(api: Api) -> None:
    answer = await api.call("PUT", "/devices/list")
    assert refusal(answer) == (405, "method_not_allowed")
    assert answer.header("allow") == "GET, POST"
    assert "GET, POST" in answer.json()["error"]["message"]
    assert refusal(await api.call("PUT", "/devices/list", authorization="Bearer seam_x")) == (
        401,
        "unauthorized",
    )


@seam_test
async def test_a_bad_key_beats_a_bad_body(api: Api) -> None:
    assert (await api.call("POST", "/devices/list", b"{", authorization="Bearer seam_x")).status == 401


@seam_test
async def test_an_unknown_path_is_not_there(api: Api) -> None:
    assert refusal(await api.call("GET", "/no/such/route")) == (404, "not_found")


@seam_test
async def test_a_key_that_is_missing_unknown_or_of_another_kind_is_unauthorized(api: Api) -> None:
    for token in (
        "",
        "Basic eDp5",
        "Bearer ey.j.wt",
        "Bearer seam_at1_y",
        "Bearer seam_x",
    ):
        answer = await api.call("GET", "/devices/list", authorization=token)
        assert refusal(answer) == (401, "unauthorized"), token


@seam_test
async def test_a_key_of_another_api_or_another_workspace_is_unauthorized(api: Api) -> None:
    native = await api.call("GET", "/devices/list", authorization=f"Bearer {api.world.keys['rekey']}")
    assert refusal(native) == (401, "unauthorized")
    assert refusal(await api.call("GET", "/devices/list", seam_workspace=UNKNOWN)) == (401, "unauthorized")
    own = api.world.organization_id
    assert (await api.call("GET", "/devices/list", seam_workspace=own)).status == 200


@seam_test
async def test_a_session_header_without_a_session_token_is_malformed(api: Api) -> None:
    answer = await api.call("GET", "/devices/list", client_session_token="seam_x")
    assert refusal(answer) == (400, "invalid_client_session_token")


@seam_test
async def test_a_browser_is_answered_before_it_has_a_key(api: Api) -> None:
    answer = await api.call("OPTIONS", "/devices/list", authorization="", origin="https://app.test")
    assert answer.status == 200
    assert answer.header("access-control-allow-origin") == "https://app.test"
    allowed = answer.header("access-control-allow-headers") or ""
    assert {"authorization", "seam-workspace", "seam-sdk-name"} <= set(allowed.split(", "))


@seam_test
async def test_every_answer_has_a_request_id_of_its_own(api: Api) -> None:
    answers = [await api.call("GET", "/devices/list") for _ in range(2)]
    answers.append(await api.call("GET", "/nowhere"))
    assert len({answer.header("seam-request-id") for answer in answers}) == 3


@seam_test
async def test_input_that_a_writing_route_refuses_leaves_one_journal_row(api: Api) -> None:
    await api.call("POST", REVOKE, {"device_id": 7})
    await api.call("POST", "/devices/list", {"limit": 0})
    assert [row["attempted"] for row in await api.world.refusals()] == ["revoke_person"]


@seam_test
async def test_the_description_lists_every_route_and_needs_no_key(api: Api) -> None:
    described = (await api.call("GET", "/openapi.json", authorization="")).json()
    assert described["paths"][REVOKE].keys() == {"post", "delete"}


@seam_test
async def test_a_filter_by_metadata_that_cannot_be_read_selects_nothing_by_mistake(api: Api) -> None:
    await api.world.add_door("Front")
    for spelling in ("custom_metadata_has[floor]=2", 'custom_metadata_has={"floor":"2"}'):
        answer = await api.call("GET", f"/devices/list?{spelling}")
        assert refusal(answer) == (400, "invalid_query_params"), spelling
    for value in ([2], {"a": 1}, None):
        answer = await api.call("POST", "/devices/list", {"custom_metadata_has": {"floor": value}})
        assert refusal(answer) == (400, "invalid_input"), value
