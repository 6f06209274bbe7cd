"""Wrappers, spellings, statuses and headers, as the contract's sections 1 to 1.3 have them."""

from tests.dialects.in_world import Api
from tests.dialects.kisi.api import add_group, add_lock, add_user, as_login, assign, kisi_test, sign_in_for


@kisi_test
async def test_a_call_without_a_login_is_401_with_a_code(api: Api) -> None:
    answer = await Api(api.world, api.world.client("/kisi")).call("GET", "/users")
    assert answer.status == 401
    assert set(answer.json()) == {"error", "code"}


@kisi_test
async def test_the_literal_header_null_counts_as_absent(api: Api) -> None:
    bare = Api(api.world, api.world.client("/kisi"))
    owner, domain = api.world.owner, api.world.made["organization"]["domain"]
    wanted = {"login": {"type": "device"}, "user": {"domain": domain, **owner}}
    answer = await bare.call("POST", "/logins", wanted, authorization="null")
    assert answer.status == 200
    assert answer.json()["secret"]


@kisi_test
async def test_a_wrong_password_is_401_with_the_vendors_code(api: Api) -> None:
    bare = Api(api.world, api.world.client("/kisi"))
    domain = api.world.made["organization"]["domain"]
    for email in (api.world.owner["email"], "nobody@acme.test"):
        user = {"domain": domain, "email": email, "password": "wrong"}
        answer = await bare.call("POST", "/logins", {"login": {"type": "device"}, "user": user})
        assert (answer.status, answer.json()["code"]) == (401, "afc516")


@kisi_test
async def test_an_ended_login_is_refused_at_once(api: Api) -> None:
    owner, domain = api.world.owner, api.world.made["organization"]["domain"]
    wanted = {"login": {"type": "device"}, "user": {"domain": domain, **owner}}
    mine = as_login(api.world, (await api.done("POST", "/logins", wanted))["secret"])
    await mine.done("GET", "/user")
    assert (await mine.call("DELETE", "/login")).status == 204
    assert (await mine.call("GET", "/user")).status == 401


@kisi_test
async def test_a_create_answers_200_and_an_update_204_without_a_content_type(api: Api) -> None:
    user = await add_user(api, "ada")
    for verb in ("PATCH", "PUT"):
        answer = await api.call(verb, f"/users/{user['id']}", {"user": {"notes": verb}})
        assert answer.status == 204
        assert answer.body == b""
        assert answer.header("content-type") is None
    assert (await api.done("GET", f"/users/{user['id']}"))["notes"] == "PUT"


@kisi_test
async def test_a_missing_wrapper_is_422_and_leaves_one_row(api: Api) -> None:
    before = await api.world.journal_size()
    answer = await api.call("POST", "/users", {"email": "ada@acme.test"})
    assert answer.status == 422
    assert answer.json() == {"errors": {"user": ["is missing"]}}
    assert await api.world.journal_size() == before + 1


@kisi_test
async def test_malformed_json_is_400_and_changes_nothing(api: Api) -> None:
    for body in (b"{", b'{"user":{"email":"a@b.c","email":"d@e.f"}}', b"\xff", b"[1]", b'{"user":NaN}'):
        before = await api.world.journal_size()
        answer = await api.call("POST", "/users", body)
        assert answer.status in {400, 422}, body
        assert await api.world.journal_size() == before + 1
    assert len(await api.done("GET", "/users")) == 1


@kisi_test
async def test_unknown_attributes_are_ignored(api: Api) -> None:
    wanted = {"user": {"email": "ada@acme.test", "name": "Ada", "favourite_colour": "blue"}}
    assert (await api.done("POST", "/users", wanted))["name"] == "Ada"


@kisi_test
async def test_booleans_are_read_in_every_spelling(api: Api) -> None:
    user = await add_user(api, "ada")
    for spelling, expected in (("false", False), ("true", True), (0, False), (1, True), (False, False)):
        await api.done("PATCH", f"/users/{user['id']}", {"user": {"access_enabled": spelling}})
        assert (await api.done("GET", f"/users/{user['id']}"))["access_enabled"] is expected


@kisi_test
async def test_the_range_header_is_not_clipped_to_the_total(api: Api) -> None:
    for number in range(14):
        await add_user(api, f"user{number}")
    answer = await api.call("GET", "/users?limit=10&offset=10")
    assert answer.header("x-collection-range") == "10-19/15"
    assert len(answer.json()) == 5


@kisi_test
async def test_an_empty_list_has_a_star_and_the_total(api: Api) -> None:
    assert (await api.call("GET", "/role_assignments?group_id=999")).header("x-collection-range") == "*/0"
    assert (await api.call("GET", "/users?offset=50")).header("x-collection-range") == "*/1"


@kisi_test
async def test_lists_that_are_not_paged_and_single_objects_have_no_range_header(api: Api) -> None:
    for path in ("/roles", "/organizations", "/organization", "/user"):
        assert (await api.call("GET", path)).header("x-collection-range") is None


@kisi_test
async def test_a_limit_above_the_maximum_is_cut_and_nonsense_is_400(api: Api) -> None:
    assert (await api.call("GET", "/users?limit=1000")).header("x-collection-range") == "0-99/1"
    for query in ("limit=-1", "limit=ten", "offset=-5", "offset=20001", "sort=shoe_size", "ids=one"):
        assert (await api.call("GET", f"/users?{query}")).status == 400, query


@kisi_test
async def test_ids_are_read_in_every_spelling(api: Api) -> None:
    ada, bob = await add_user(api, "ada"), await add_user(api, "bob")
    for query in (
        f"ids={ada['id']},{bob['id']}",
        f"ids={ada['id']}%2C{bob['id']}",
        f"ids[]={ada['id']}&ids[]={bob['id']}",
        f"ids={ada['id']}&ids={bob['id']}",
    ):
        assert [user["id"] for user in await api.done("GET", f"/users?{query}")] == [ada["id"], bob["id"]]


@kisi_test
async def test_an_unknown_route_has_the_vendors_code(api: Api) -> None:
    answer = await api.call("GET", "/nowhere")
    assert (answer.status, answer.json()["code"]) == (404, "000404")


@kisi_test
async def test_a_foreign_id_answers_exactly_as_an_unknown_one(api: Api) -> None:
    lock = await add_lock(api, "front")
    answers = [await api.call("GET", f"/users/{number}") for number in (lock["id"], 987_654)]
    assert answers[0].status == answers[1].status == 404
    assert answers[0].body == answers[1].body


@kisi_test
async def test_group_locks_without_a_group_are_400(api: Api) -> None:
    assert (await api.call("GET", "/group_locks")).status == 400


@kisi_test
async def test_browser_apps_may_call_and_read_the_range(api: Api) -> None:
    answer = await api.call("GET", "/users", origin="https://app.example")
    assert answer.header("access-control-allow-origin") == "https://app.example"
    assert "X-Collection-Range" in (answer.header("access-control-expose-headers") or "")
    preflight = await api.call(
        "OPTIONS", "/users", origin="https://app.example", access_control_request_method="PATCH"
    )
    assert preflight.status == 204
    granted = [value for name, value in preflight.raw_headers if name == b"access-control-allow-origin"]
    assert granted == [b"https://app.example"]  # browsers refuse an answer that says it twice


@kisi_test
async def test_a_right_that_ended_before_it_was_given_is_listed_and_refused_as_expired(api: Api) -> None:
    user, lock = await add_user(api, "ada"), await add_lock(api, "front")
    login = await sign_in_for(api, user)
    await assign(api, user, await add_group(api, "staff", lock), valid_until="2001-01-01T00:00:00Z")
    assert len(await api.done("GET", f"/role_assignments?user_id={user['id']}")) == 1
    refused = await login.call("POST", f"/locks/{lock['id']}/unlock")
    assert (refused.status, refused.json()["code"]) == (403, "f35ade")


@kisi_test
async def test_an_invite_to_what_is_not_there_names_what_it_invites_to(api: Api) -> None:
    for kind in ("Group", "Place", "Team"):
        invitee = {"resource_type": "User", "email": "new@acme.test"}
        wanted = {"invites_to_type": kind, "invites_to_id": 999_999, "invitee": invitee}
        answer = await api.call("POST", "/invites", {"invite": wanted})
        assert (answer.status, [*answer.json()["errors"]]) == (422, ["invites_to"]), kind


@kisi_test
async def test_a_number_that_another_guest_has_is_refused_by_the_name_that_guests_call_it(api: Api) -> None:
    for status in (200, 422):
        wanted = {"name": "Gast", "phone_number": "+14155552671"}
        answer = await api.call("POST", "/guests", {"guest": wanted})
        assert answer.status == status
        if status == 422:
            assert [*answer.json()["errors"]] == ["phone_number"]
    malformed = {"guest": {"name": "Gast", "phone_number": "abc"}}
    assert [*(await api.call("POST", "/guests", malformed)).json()["errors"]] == ["phone_number"]


@kisi_test
async def test_a_limit_of_zero_asks_for_the_total_alone(api: Api) -> None:
    await add_user(api, "ada")
    answer = await api.call("GET", "/users?limit=0")
    assert (answer.json(), answer.header("x-collection-range")) == ([], "*/2")


@kisi_test
async def test_a_list_that_knows_no_order_refuses_every_sort(api: Api) -> None:
    for path in ("/guests", "/shares", "/schedules", "/logins", "/integrations", "/elevators", "/reports"):
        assert (await api.call("GET", f"{path}?sort=name")).status == 400, path


@kisi_test
async def test_a_page_of_ten_hides_the_eleventh_assignment_but_the_range_tells(api: Api) -> None:
    user, group = await add_user(api, "ada"), await add_group(api, "staff")
    for _ in range(11):
        await assign(api, user, group)
    answer = await api.call("GET", f"/role_assignments?user_id={user['id']}")
    assert len(answer.json()) == 10
    assert answer.header("x-collection-range") == "0-9/11"


@kisi_test
async def test_sign_in_links_and_certificates_of_readers_are_refused_in_the_form_of_their_resource(
    api: Api,
) -> None:
    for body, status, code in (
        ({"login": {"resolution_token": "one", "device_uid": "phone"}}, 401, "afc507"),
        ({"login": {"device_uid": "phone"}}, 422, None),
        ({}, 422, None),
    ):
        answer = await api.call("POST", "/logins/resolve", body)
        assert (answer.status, answer.json().get("code")) == (status, code)
    for login, status in ({"beacon_id": 7}, 404), ({}, 422):
        answer = await api.call("POST", "/login/offline_certificate", {"login": login})
        assert answer.status == status


@kisi_test
async def test_what_is_wrong_with_the_organization_is_told_by_the_names_of_the_contract(api: Api) -> None:
    wanted = {"organization": {"device_logins_expire_after": 31_536_001}}
    answer = await api.call("PATCH", "/organization", wanted)
    assert (answer.status, list(answer.json()["errors"])) == (422, ["device_logins_expire_after"])
