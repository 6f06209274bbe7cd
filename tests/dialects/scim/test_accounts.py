"""What a directory says of accounts: passwords, welcome mail, and the free map. Source: contract section 4.1."""

from typing import Any

from tests.dialects.doordeck.signing import PASSWORD, newcomer
from tests.dialects.in_world import Api
from tests.dialects.kisi.api import sign_in_for
from tests.dialects.scim.api import USER, add_user, find, journal, kisi_of, native_of, patch, scim_test

SECRET = "a long enough one"


async def signs_in(api: Api, email: str, secret: str = SECRET) -> int:
    """Sign in with a password, as Kisi's client does, and give the status."""
    user = {"domain": api.world.made["organization"]["domain"], "email": email, "password": secret}
    body = {"login": {"type": "device", "name": "phone"}, "user": user}
    answer = await Api(api.world, api.world.client("/kisi", {})).call("POST", "/logins", body)
    return int(answer.status)


async def mailed_to(api: Api, email: str) -> list[str]:
    box = await api.world.deliver()
    return [notice.text for notice in box.notices if notice.to == email]


@scim_test
async def test_the_password_of_the_directory_signs_in_and_is_never_shown(api: Api) -> None:
    ada = await add_user(api, "ada", password=SECRET)
    assert "password" not in ada
    assert await signs_in(api, "ada@acme.test") == 200
    assert await signs_in(api, "ada@acme.test", "another password") == 401
    assert "password" not in await api.done("GET", f"/Users/{ada['id']}?attributes=password")
    assert SECRET not in str(await native_of(api.world).done("GET", "/directory/calls"))


@scim_test
async def test_a_new_password_by_patch_ends_the_sessions_of_the_old_one(api: Api) -> None:
    ada = await add_user(api, "ada", password=SECRET)
    login = await sign_in_for(kisi_of(api.world), {"email": "ada@acme.test"})
    changes: tuple[dict[str, Any], ...] = (
        {"op": "replace", "path": "password", "value": "the second one"},
        {"op": "replace", "value": {"password": "the third one"}},
    )
    for change in changes:
        assert (await patch(api, ada, change)).status == 200
    assert (await login.call("GET", "/user")).status == 401
    assert await signs_in(api, "ada@acme.test") == 401
    assert await signs_in(api, "ada@acme.test", "the third one") == 200


@scim_test
async def test_the_same_password_sent_again_ends_no_session(api: Api) -> None:
    ada = await add_user(api, "ada", password=SECRET)
    login = await sign_in_for(kisi_of(api.world), {"email": "ada@acme.test"})
    size = await api.world.journal_size()
    put = {"schemas": [USER], "userName": "ada@acme.test", "password": SECRET}
    assert (await api.call("PUT", f"/Users/{ada['id']}", put)).status == 200
    assert (await login.call("GET", "/user")).status == 200
    assert await api.world.journal_size() == size


@scim_test
async def test_a_weak_password_fails_nothing_and_is_told_to_the_journal(api: Api) -> None:
    answer = await api.call("POST", "/Users", {"userName": "ada@acme.test", "password": "short"})
    assert answer.status == 201
    assert await signs_in(api, "ada@acme.test", "short") == 401
    (row,) = [row for row in await journal(api) if row.action == "person.provisioned"]
    assert row.detail["password_set"] is False
    assert row.detail["password_refused"] == "it breaks the rules for passwords"


@scim_test
async def test_the_directory_sets_no_password_of_somebody_whose_role_does_more_than_open(api: Api) -> None:
    (olga,) = await find(api, "Users", 'userName eq "olga@acme.test"')
    assert (await patch(api, olga, {"op": "replace", "path": "password", "value": SECRET})).status == 200
    assert await signs_in(api, "olga@acme.test") == 401


@scim_test
async def test_whom_the_directory_switched_off_does_not_sign_in_with_its_password(api: Api) -> None:
    ada = await add_user(api, "ada", password=SECRET)
    await patch(api, ada, {"op": "replace", "value": {"active": False, "password": "a newer password"}})
    assert await signs_in(api, "ada@acme.test", "a newer password") == 401
    await patch(api, ada, {"op": "replace", "value": {"active": True}})
    assert await signs_in(api, "ada@acme.test", "a newer password") == 200


@scim_test
async def test_a_password_that_is_no_text_is_400(api: Api) -> None:
    answer = await api.call("POST", "/Users", {"userName": "ada@acme.test", "password": 12345678})
    assert (answer.status, answer.json()["scimType"]) == (400, "invalidValue")


@scim_test
async def test_somebody_new_is_mailed_the_token_by_which_to_sign_up(api: Api) -> None:
    await add_user(api, "ada")
    (text,) = await mailed_to(api, "ada@acme.test")
    token = text.rpartition(" ")[2].strip()
    body = {
        "user": {"name": "Ada", "password": SECRET, "terms_and_conditions": True},
        "token": token,
    }
    answer = await Api(api.world, api.world.client("/kisi", {})).call("POST", "/users/sign_up", body)
    assert answer.status == 200, answer.body
    assert await signs_in(api, "ada@acme.test") == 200


@scim_test
async def test_who_got_a_password_is_mailed_without_a_token(api: Api) -> None:
    await add_user(api, "ada", password=SECRET)
    (text,) = await mailed_to(api, "ada@acme.test")
    assert "token" not in text


@scim_test
async def test_send_emails_false_makes_a_managed_user_whom_nobody_writes_to(api: Api) -> None:
    await add_user(api, "ada", sendEmails="False")
    assert await mailed_to(api, "ada@acme.test") == []
    (shown,) = await kisi_of(api.world).done("GET", "/users?query=ada@acme.test")
    assert shown["password_flow_enabled"] is False


@scim_test
async def test_send_emails_counts_on_create_alone_and_is_not_shown(api: Api) -> None:
    ada = await add_user(api, "ada", sendEmails=False)
    assert "sendEmails" not in ada
    await patch(api, ada, {"op": "add", "path": "sendEmails", "value": True})
    assert await mailed_to(api, "ada@acme.test") == []


@scim_test
async def test_who_is_added_inactive_is_not_written_to(api: Api) -> None:
    await add_user(api, "ada", active=False)
    assert await mailed_to(api, "ada@acme.test") == []


@scim_test
async def test_metadata_of_the_directory_shows_in_kisi_beside_its_own(api: Api) -> None:
    await add_user(api, "ada", metadata={"employee_id": "7", "desk": "a"})
    kisi = kisi_of(api.world)
    (shown,) = await kisi.done("GET", "/users?query=ada@acme.test")
    assert shown["metadata"] == {"employee_id": "7", "desk": "a"}
    await kisi.done("PATCH", f"/users/{shown['id']}", {"user": {"metadata": {"desk": "b"}}})
    again = await kisi.done("GET", f"/users/{shown['id']}")
    assert again["metadata"] == {"employee_id": "7", "desk": "b"}


@scim_test
async def test_taking_somebody_over_leaves_the_password_that_the_person_chose(api: Api) -> None:
    phone = await newcomer(api.world, "ada")
    (ada,) = await find(api, "Users", 'userName eq "ada@acme.test"')
    put = {"schemas": [USER], "userName": "ada@acme.test", "password": "a random one"}
    await api.done("PUT", f"/Users/{ada['id']}", put)
    await phone.sign_in("ada@acme.test", PASSWORD)
    await api.done("PUT", f"/Users/{ada['id']}", put)
    assert await signs_in(api, "ada@acme.test", "a random one") == 200
