"""Connecting an account: the page, what it brings, and what becomes of it."""

from tests.dialects.in_world import Api
from tests.dialects.seam.api import UNKNOWN, add_person, link, may_open, query, refusal, seam_test
from tests.dialects.seam.furnished import (
    LOGIN,
    as_session,
    connect,
    devices_seen,
    make_webview,
    open_session,
    visit,
)
from tests.dialects.seam.resources import KEYS, faults


@seam_test
async def test_a_sign_in_brings_an_account_with_its_doors(api: Api) -> None:
    webview = await make_webview(api, custom_metadata={"floor": "2", "vip": True}, customer_key="c1")
    assert [*faults(KEYS["connect_webview"], webview)] == []
    assert (webview["status"], webview["connected_account_id"]) == ("pending", None)
    shown = await visit(api, webview)
    assert (shown.status, b"<form" in shown.body) == (200, True)
    done = await visit(api, webview, LOGIN)
    assert b"connect_webview.login_succeeded" in done.body
    named = {"connect_webview_id": webview["connect_webview_id"]}
    after = (await api.done("POST", "/connect_webviews/get", named))["connect_webview"]
    assert (after["status"], after["login_successful"]) == ("authorized", True)
    account = (await api.done("GET", query("/connected_accounts/get", email="ada@example.com")))[
        "connected_account"
    ]
    assert [*faults(KEYS["connected_account"], account)] == []
    assert (account["custom_metadata"], account["customer_key"]) == ({"floor": "2", "vip": True}, "c1")
    filters = {"connected_account_id": account["connected_account_id"]}
    assert len(await devices_seen(api, **filters)) == 3
    assert len(await devices_seen(api, customer_key="c1")) == 3
    assert len(await devices_seen(api, **named)) == 3


@seam_test
async def test_a_page_is_protected_and_says_so_to_the_browser(api: Api) -> None:
    page = await visit(api, await make_webview(api))
    policy = page.header("content-security-policy") or ""
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.header("referrer-policy") == "no-referrer"
    assert page.header("cache-control") == "no-store"


@seam_test
async def test_an_address_with_a_wrong_secret_shows_nothing_and_connects_nothing(api: Api) -> None:
    webview = await make_webview(api)
    for change in (("auth_token=", "auth_token=x"), (api.world.organization_id, UNKNOWN)):
        forged = {**webview, "url": webview["url"].replace(*change, 1)}
        for form in (None, LOGIN):
            assert (await visit(api, forged, form)).status == 404
    assert (await api.done("GET", "/devices/list"))["devices"] == []


@seam_test
async def test_a_wrong_password_may_be_tried_again_and_the_fifth_ends_the_page(api: Api) -> None:
    webview = await make_webview(api)
    for _turn in range(4):
        page = await visit(api, webview, {**LOGIN, "password": "1235"})
        assert b'role="alert"' in page.body
    assert b"connect_webview.login_failed" in (await visit(api, webview, {**LOGIN, "code": "000000"})).body
    assert b"login_failed" in (await visit(api, webview, LOGIN)).body
    assert (await api.done("GET", "/devices/list"))["devices"] == []


@seam_test
async def test_a_page_serves_once_and_goes_where_its_maker_wanted(api: Api) -> None:
    webview = await make_webview(
        api, custom_redirect_url="https://app.test/ok?a=1", custom_redirect_failure_url="https://app.test/no"
    )
    done = await visit(api, webview, LOGIN)
    assert done.status == 303
    assert (
        done.header("location")
        == f"https://app.test/ok?a=1&connect_webview_id={webview['connect_webview_id']}"
    )
    again = await visit(api, webview, {**LOGIN, "email": "bo@example.com"})
    assert again.status == 303
    assert len((await api.done("GET", "/devices/list"))["devices"]) == 3
    other = await make_webview(api, custom_redirect_failure_url="https://app.test/no")
    assert (await visit(api, other, {"cancel": "1"})).status == 303


@seam_test
async def test_an_address_that_a_browser_would_run_is_refused(api: Api) -> None:
    for url in ("javascript://x%0aalert(1)", "data://text", "nonsense"):
        answer = await api.call("POST", "/connect_webviews/create", {"custom_redirect_url": url})
        assert refusal(answer) == (400, "invalid_input")


@seam_test
async def test_what_a_session_connects_is_within_its_reach(api: Api) -> None:
    session = await open_session(api, user_identifier_key="ada")
    app = as_session(api.world, session)
    await visit(api, await make_webview(app), LOGIN)
    assert len(await devices_seen(app)) == 3
    assert len(await devices_seen(api, user_identifier_key="ada")) == 3


@seam_test
async def test_signing_in_again_connects_the_same_account_once_more(api: Api) -> None:
    account = await connect(api)
    named = {"connected_account_id": account["connected_account_id"]}
    await api.done("POST", "/connected_accounts/simulate/disconnect", named)
    lost = (await api.done("POST", "/connected_accounts/get", named))["connected_account"]
    assert [error["error_code"] for error in lost["errors"]] == ["account_disconnected"]
    device = (await api.done("POST", "/devices/list", named))["devices"][0]
    assert "account_disconnected" in {error["error_code"] for error in device["errors"]}
    answer = await api.call("POST", "/locks/unlock_door", {"device_id": device["device_id"]})
    assert refusal(answer) == (400, "not_supported")
    again = await connect(api)
    assert (again["connected_account_id"], again["errors"]) == (account["connected_account_id"], [])
    assert len(await devices_seen(api)) == 3


@seam_test
async def test_an_account_that_is_deleted_takes_its_doors_and_every_access_to_them(api: Api) -> None:
    account, ada = await connect(api), await add_person(api)
    session = await open_session(api, connected_account_ids=[account["connected_account_id"]])
    door = (await devices_seen(api))[0]
    await link(api, ada, door)
    assert await may_open(api, ada, door)
    await api.done(
        "DELETE", query("/connected_accounts/delete", connected_account_id=account["connected_account_id"])
    )
    assert not await may_open(api, ada, door)
    assert await devices_seen(api) == []
    app = as_session(api.world, session)
    assert (await app.done("GET", "/client_sessions/get"))["client_session"]["connected_account_ids"] == []


@seam_test
async def test_the_own_account_stands_for_the_doors_of_this_server_and_is_not_deleted(api: Api) -> None:
    door = await api.world.add_door("Own")
    own = api.world.organization_id
    listed = (await api.done("GET", "/connected_accounts/list"))["connected_accounts"]
    assert [one["connected_account_id"] for one in listed] == [own]
    assert await devices_seen(api, connected_account_id=own) == [door]
    answer = await api.call("POST", "/connected_accounts/delete", {"connected_account_id": own})
    assert refusal(answer) == (400, "not_supported")


@seam_test
async def test_doors_of_an_account_that_does_not_manage_new_ones_are_seen_and_not_managed(api: Api) -> None:
    await connect(api, automatically_manage_new_devices=False)
    assert await devices_seen(api) == []
    listed = await api.done("GET", "/devices/unmanaged/list")
    assert len(listed["devices"]) == 3


@seam_test
async def test_metadata_is_replaced_whole_and_a_customer_is_named_once(api: Api) -> None:
    account = await connect(api)
    named = {"connected_account_id": account["connected_account_id"]}
    await api.done("PATCH", "/connected_accounts/update", {**named, "custom_metadata": {"a": "1", "b": 2}})
    wanted = {**named, "custom_metadata": {"c": True}, "customer_key": "c1", "display_name": "Home"}
    after = (await api.done("PATCH", "/connected_accounts/update", wanted))["connected_account"]
    assert (after["custom_metadata"], after["display_name"]) == ({"c": True}, "Home")
    answer = await api.call("PATCH", "/connected_accounts/update", {**named, "customer_key": "c2"})
    assert answer.status == 409
    found = await api.done("POST", "/connected_accounts/list", {"custom_metadata_has": {"c": True}})
    assert len(found["connected_accounts"]) == 1


@seam_test
async def test_a_page_wears_what_the_workspace_chose(api: Api) -> None:
    looks = {"primary_button_color": "#7a1fa2", "primary_button_text_color": "yellow", "logo_shape": "circle"}
    told = {"success_message": "Danke, <b>all</b> is set.", "inviter_logo_url": "https://img.example/a.png"}
    wanted = {"connect_partner_name": "Initech & Sons", "connect_webview_customization": {**looks, **told}}
    await api.done("PATCH", "/workspaces/update", wanted)
    webview = await make_webview(api)
    page = await visit(api, webview)
    shown = page.body.decode()
    assert "Connect an account to Initech &amp; Sons" in shown
    assert ".first{background:#7a1fa2}" in shown
    assert ".first{color:yellow}" in shown
    assert ".logo{border-radius:50%}" in shown
    assert 'src="https://img.example/a.png"' in shown
    assert "img-src https://img.example;" in (page.header("content-security-policy") or "")
    done = await visit(api, webview, LOGIN)
    assert b"Danke, &lt;b&gt;all&lt;/b&gt; is set." in done.body


@seam_test
async def test_a_look_is_chosen_and_taken_back_member_by_member(api: Api) -> None:
    async def choose(**looks: str | None) -> dict[str, str]:
        await api.done("PATCH", "/workspaces/update", {"connect_webview_customization": looks})
        shown: dict[str, str] = (await api.done("GET", "/workspaces/get"))["workspace"][
            "connect_webview_customization"
        ]
        return shown

    await choose(logo_shape="circle", primary_button_color="#112233")
    assert await choose(success_message="Done") == {
        "logo_shape": "circle",
        "primary_button_color": "#112233",
        "success_message": "Done",
    }
    assert await choose(logo_shape=None, success_message=None) == {"primary_button_color": "#112233"}


@seam_test
async def test_a_look_that_is_no_colour_shape_or_picture_is_refused(api: Api) -> None:
    for name, value in (
        ("primary_button_color", "red}body{display:none"),
        ("primary_button_text_color", 7),
        ("logo_shape", "oval"),
        ("inviter_logo_url", "https://img.example/a.png;script-src *"),
        ("inviter_logo_url", "http://img.example/a.png"),
        ("success_message", "x" * 1001),
    ):
        looks = {"connect_webview_customization": {name: value}}
        answer = await api.call("PATCH", "/workspaces/update", looks)
        assert refusal(answer) == (400, "invalid_input"), (name, value)


@seam_test
async def test_a_page_lets_the_browser_follow_to_where_it_leads(api: Api) -> None:
    webview = await make_webview(
        api, custom_redirect_url="https://shop.example/done?a=1", custom_redirect_failure_url="myapp://failed"
    )
    policy = (await visit(api, webview)).header("content-security-policy") or ""
    assert "form-action 'self' https://shop.example myapp:;" in policy
    done = await visit(api, webview, LOGIN)
    assert done.status == 303
    named = f"&connect_webview_id={webview['connect_webview_id']}"
    assert done.header("location") == f"https://shop.example/done?a=1{named}"


@seam_test
async def test_an_address_that_could_end_a_header_or_a_policy_is_refused(api: Api) -> None:
    for url in (
        "https://a.b;script-src *",
        "https://a b",
        "https://x\r\nset-cookie:a=b",
        "javascript://x/%0a",
    ):
        answer = await api.call("POST", "/connect_webviews/create", {"custom_redirect_url": url})
        assert refusal(answer) == (400, "invalid_input"), url


@seam_test
async def test_a_portal_wears_it_too_and_refuses_filters_that_it_could_not_keep(api: Api) -> None:
    looks = {"connect_webview_customization": {"primary_button_color": "#7a1fa2"}}
    await api.done("PATCH", "/workspaces/update", looks)
    wanted = {"customer_data": {"customer_key": "c1"}, "locale": "en-US", "navigation_mode": "full"}
    portal = (await api.done("POST", "/customers/create_portal", wanted))["customer_portal"]
    shown = await visit(api, portal)
    assert (shown.status, b"#7a1fa2" in shown.body) == (200, True)
    filters = [{"field": "floor", "operation": "=", "value": "2"}]
    answer = await api.call(
        "POST", "/customers/create_portal", {**wanted, "customer_resources_filters": filters}
    )
    assert refusal(answer) == (400, "not_supported")


@seam_test
async def test_a_reset_discards_the_pages_too(api: Api) -> None:
    await make_webview(api)
    await connect(api)
    await api.done("POST", "/workspaces/reset_sandbox", {})
    assert (await api.done("GET", "/connect_webviews/list"))["connect_webviews"] == []
