"""Applications that act for users: how they are let in. Source: contract 1.3 and 2."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.dialects.in_world import Api
from tests.dialects.kisi.api import add_lock
from tests.dialects.kisi.oauth import (
    BACK,
    CHALLENGE,
    FORM,
    SECRET,
    VERIFIER,
    Scene,
    oauth_test,
    partner,
    told,
)


@oauth_test
async def test_the_page_names_the_application_and_runs_no_script(scene: Scene) -> None:
    page = await scene.app.authorize()
    html = page.body.decode()
    assert page.status == 200
    assert "Calendar &lt;b&gt;" in html
    assert "<script" not in html
    assert "https://calendar.test." in html
    policy = page.header("content-security-policy") or ""
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self' https://calendar.test;" in policy
    assert page.header("referrer-policy") == "no-referrer"
    assert page.header("cache-control") == "no-store"


@oauth_test
async def test_allowing_sends_the_browser_back_with_code_and_state(scene: Scene) -> None:
    answer = await scene.app.allow()
    assert (answer.header("location") or "").startswith(BACK + "&code=")
    assert told(answer)["state"] == "s=1&x"


@oauth_test
async def test_an_access_token_acts_with_the_users_own_rights_for_two_hours(scene: Scene) -> None:
    keys = await scene.app.keys()
    assert (keys["token_type"], keys["expires_in"]) == ("Bearer", 7200)
    me = await scene.app.get("/user", keys["access_token"])
    assert me.json()["email"] == scene.world.owner["email"]
    assert (await scene.app.get("/users", keys["access_token"])).status == 200
    scene.clock.advance(timedelta(hours=2))
    assert await scene.status(keys["access_token"]) == 401


@oauth_test
async def test_tokens_are_no_logins(scene: Scene) -> None:
    keys = await scene.app.keys()
    for secret in keys["access_token"], keys["refresh_token"]:
        answer = await scene.api.call("GET", "/user", authorization=f"KISI-LOGIN {secret}")
        assert answer.status == 401
    assert await scene.status(keys["refresh_token"]) == 401
    assert await scene.status(await scene.app.code()) == 401
    names = [login["name"] for login in await scene.api.done("GET", "/logins")]
    assert "Calendar <b>" not in names


@oauth_test
async def test_a_refresh_token_turns_into_new_ones_and_the_old_ones_end(scene: Scene) -> None:
    old = await scene.app.keys()
    new = (await scene.app.renew(old["refresh_token"])).json()
    assert await scene.status(new["access_token"]) == 200
    assert await scene.status(old["access_token"]) == 401


@oauth_test
async def test_a_refresh_token_that_comes_back_twice_ends_all_of_the_consent(scene: Scene) -> None:
    old = await scene.app.keys()
    new = (await scene.app.renew(old["refresh_token"])).json()
    again = await scene.app.renew(old["refresh_token"])
    assert (again.status, again.json()["error"]) == (400, "invalid_grant")
    assert await scene.status(new["access_token"]) == 401
    assert (await scene.app.renew(new["refresh_token"])).json()["error"] == "invalid_grant"


@oauth_test
async def test_a_code_that_comes_back_twice_ends_what_was_given_for_it(scene: Scene) -> None:
    code = await scene.app.code()
    keys = (await scene.app.exchange(code)).json()
    again = await scene.app.exchange(code)
    assert (again.status, again.json()["error"]) == (400, "invalid_grant")
    assert await scene.status(keys["access_token"]) == 401


@oauth_test
async def test_a_code_counts_for_five_minutes(scene: Scene) -> None:
    code = await scene.app.code()
    scene.clock.advance(timedelta(minutes=5))
    assert (await scene.app.exchange(code)).json()["error"] == "invalid_grant"


@oauth_test
async def test_a_code_is_worthless_from_another_address_and_to_another_application(scene: Scene) -> None:
    other = await partner(scene.api, "https://other.test/back")
    assert (await other.exchange(await scene.app.code())).json()["error"] == "invalid_grant"
    for elsewhere in "https://calendar.test/back", "https://other.test/back", None:
        answer = await scene.app.exchange(await scene.app.code(), redirect_uri=elsewhere)
        assert (answer.status, answer.json()["error"]) == (400, "invalid_grant")


@oauth_test
async def test_an_address_that_was_not_named_in_asking_need_not_be_named_again(scene: Scene) -> None:
    code = await scene.app.code(redirect_uri=None)
    assert (await scene.app.exchange(code, redirect_uri=None)).status == 200


@oauth_test
async def test_a_challenge_wants_its_verifier_and_no_other_one(scene: Scene) -> None:
    asked = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    for wrong in None, "w" * 64, "short", "":
        code = await scene.app.code(**asked)
        assert (await scene.app.exchange(code, code_verifier=wrong)).json()["error"] == "invalid_grant"
    right = await scene.app.exchange(await scene.app.code(**asked), code_verifier=VERIFIER)
    assert right.status == 200
    unasked = await scene.app.exchange(await scene.app.code(), code_verifier=VERIFIER)
    assert unasked.json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.test/back",
        "https://calendar.test/back",
        "https://calendar.test/back?tab=1&x",
        "https://calendar.test.evil.test/back?tab=1",
        "https://calendar.test/back?tab=1#",
        "//calendar.test/back?tab=1",
        "javascript:alert(1)",
    ],
)
def test_nobody_is_sent_to_an_address_that_is_not_the_applications_own(tmp_path: Path, address: str) -> None:
    @oauth_test
    async def tale(scene: Scene) -> None:
        for answer in (
            await scene.app.authorize(redirect_uri=address),
            await scene.app.allow(redirect_uri=address),
        ):
            assert (answer.status, answer.header("location")) == (400, None)
            assert address.encode() not in answer.body

    tale(tmp_path)


@oauth_test
async def test_an_unknown_application_asks_nobody(scene: Scene) -> None:
    for client_id in (
        "acme.unknown",
        "nowhere." + scene.app.application_id,
        scene.app.application_id,
        "",
        None,
    ):
        answer = await scene.app.authorize(client_id=client_id)
        assert (answer.status, answer.header("location")) == (400, None)


@oauth_test
async def test_what_is_asked_wrongly_is_told_to_the_application(scene: Scene) -> None:
    wrong = {
        "unsupported_response_type": {"response_type": "token"},
        "invalid_scope": {"scope": "locks"},
        "invalid_request": {"code_challenge": CHALLENGE, "code_challenge_method": "plain"},
    }
    for error, fields in wrong.items():
        answer = told(await scene.app.authorize(**fields))
        assert (answer["error"], answer["state"]) == (error, "s=1&x")
        assert answer["error_description"]
    assert told(await scene.app.authorize(code_challenge=CHALLENGE))["error"] == "invalid_request"
    assert told(await scene.app.authorize("POST", decision="refuse"))["error"] == "access_denied"


@oauth_test
async def test_a_wrong_password_leads_nowhere_and_is_not_repeated(scene: Scene) -> None:
    answer = await scene.app.allow(password="guessed at")
    assert (answer.status, answer.header("location")) == (401, None)
    assert b"do not match" in answer.body
    assert b"guessed at" not in answer.body


@oauth_test
async def test_the_token_endpoint_answers_errors_in_the_oauth_form(scene: Scene) -> None:
    answers = {
        "invalid_client": await scene.app.token("wrong", grant_type="refresh_token"),
        "unsupported_grant_type": await scene.app.token(grant_type="password"),
        "invalid_request": await scene.app.token(),
        "invalid_grant": await scene.app.token(grant_type="refresh_token", refresh_token="unknown"),
    }
    for error, answer in answers.items():
        assert answer.status == (401 if error == "invalid_client" else 400)
        assert set(answer.json()) == {"error", "error_description"}
        assert answer.json()["error"] == error
        assert answer.header("cache-control") == "no-store"
    assert answers["invalid_client"].header("www-authenticate") == "Basic"


@oauth_test
async def test_the_application_may_prove_itself_in_the_body_but_not_in_two_places(scene: Scene) -> None:
    fields = {
        "grant_type": "authorization_code",
        "redirect_uri": BACK,
        "client_id": scene.app.client_id,
        "client_secret": SECRET,
    }
    client = scene.world.client("/kisi")
    body = urlencode({**fields, "code": await scene.app.code()})
    assert (await client.send("POST", "/oauth/token", FORM, body)).status == 200
    twice = await scene.app.exchange(await scene.app.code(), client_secret=SECRET)
    assert twice.json()["error"] == "invalid_request"


@oauth_test
async def test_events_tell_that_an_application_did_it(scene: Scene) -> None:
    keys = await scene.app.keys()
    lock = await add_lock(scene.api, "Front")
    assert (await scene.app.get(f"/locks/{lock['id']}/unlock", keys["access_token"], "POST")).status == 200
    await scene.world.settle()
    found = await scene.api.done("POST", "/event_sets", {"event_set": {"event_type": "lock.unlock"}})
    event = found["events"][0]
    assert event["authenticated_by_type"] == "OauthAccessToken"
    assert (event["actor_type"], event["success"]) == ("User", True)


@oauth_test
async def test_an_administrator_sees_what_applications_hold_and_ends_it(scene: Scene) -> None:
    keys = await scene.app.keys()
    native = Api(
        scene.world,
        scene.world.client("/api/v1", {"authorization": f"Bearer {scene.world.keys['rekey']}"}),
    )
    held = (await native.done("GET", "/keys?kind=consent_refresh"))["items"]
    assert [key["name"] for key in held] == ["Calendar <b>"]
    await native.done("DELETE", f"/keys/{held[0]['id']}")
    assert await scene.status(keys["access_token"]) == 401
