"""Users beside their access, and how they sign up. Source: contract sections 2.2 and 3.1."""

from typing import Any

from rekey.operations.post import open_notice
from tests.dialects.in_world import Api
from tests.dialects.kisi.api import add_group, add_lock, add_user, as_login, assign, kisi_test, sign_in_for


async def unlock(api: Api, lock: dict[str, int]) -> tuple[int, str]:
    answer = await api.call("POST", f"/locks/{lock['id']}/unlock")
    body = answer.json()
    return answer.status, body.get("code", body.get("message"))


async def reasons(api: Api, method: str, path: str, body: object) -> set[str]:
    answer = await api.call(method, path, body)
    assert answer.status == 422, (path, answer.status, answer.body)
    return set(answer.json()["errors"])


async def notices(api: Api) -> list[str]:
    """Give the subjects of what waits in the outbox or was sent."""

    async def look(view: Any) -> list[str]:
        return [queued.subject for queued in await view.outbox.due(api.world.clock.now(), limit=1000)]

    return await api.world.core.store.read(api.world.organization_id, look)


@kisi_test
async def test_metadata_and_image_are_kept_and_metadata_is_replaced_whole(api: Api) -> None:
    wanted = {
        "email": "ada@acme.test",
        "name": "Ada",
        "image": "https://img.test/a.png",
        "metadata": {"employee_id": "7", "floor": 3, "night": True, "left": None},
    }
    user = await api.done("POST", "/users", {"user": wanted})
    assert user["metadata"] == wanted["metadata"]
    assert user["image"] == "https://img.test/a.png"
    change = {"user": {"metadata": {"employee_id": "8"}, "image": None}}
    await api.done("PATCH", f"/users/{user['id']}", change)
    after = await api.done("GET", f"/users/{user['id']}")
    assert (after["metadata"], after["image"]) == ({"employee_id": "8"}, None)


@kisi_test
async def test_metadata_is_bounded_and_flat(api: Api) -> None:
    for metadata in (
        {str(n): n for n in range(51)},
        {"a": {"b": 1}},
        {"k" * 51: 1},
        {"k": "v" * 501},
        "text",
    ):
        body = {"user": {"email": "ada@acme.test", "metadata": metadata}}
        assert await reasons(api, "POST", "/users", body) == {"metadata"}
    assert len(await api.done("GET", "/users")) == 1


@kisi_test
async def test_a_change_of_name_switch_and_metadata_is_one_act(api: Api) -> None:
    user = await add_user(api, "ada")
    before = await api.world.journal_size()
    change = {"name": "Ada L.", "access_enabled": False, "metadata": {"a": 1}, "notes": "x"}
    await api.done("PATCH", f"/users/{user['id']}", {"user": change})
    assert await api.world.journal_size() == before + 1
    after = await api.done("GET", f"/users/{user['id']}")
    assert {name: after[name] for name in change} == change


@kisi_test
async def test_a_change_that_is_refused_in_part_changes_nothing(api: Api) -> None:
    owner = await api.done("GET", "/user")
    before = await api.done("GET", f"/users/{owner['id']}")
    change = {"user": {"name": "Renamed", "notes": "x", "access_enabled": False, "metadata": {"a": 1}}}
    assert (await api.call("PATCH", f"/users/{owner['id']}", change)).status == 422
    assert await api.done("GET", f"/users/{owner['id']}") == before


@kisi_test
async def test_an_address_is_never_changed_by_an_update(api: Api) -> None:
    user = await add_user(api, "ada")
    await api.done("PATCH", f"/users/{user['id']}", {"user": {"email": "eve@acme.test"}})
    assert (await api.done("GET", f"/users/{user['id']}"))["email"] == user["email"]


@kisi_test
async def test_a_regular_user_is_mailed_and_a_managed_one_never(api: Api) -> None:
    await add_user(api, "ada")
    assert len(await notices(api)) == 1
    managed = {"email": "bob@acme.test", "send_emails": False, "confirm": True}
    user = await api.done("POST", "/users", {"user": managed})
    assert len(await notices(api)) == 1
    assert (user["confirmed"], user["password_flow_enabled"]) == (True, False)


@kisi_test
async def test_an_invited_user_signs_up_with_the_mailed_token_and_then_signs_in(api: Api) -> None:
    await add_user(api, "ada")
    token = await mailed_token(api)
    bare = Api(api.world, api.world.client("/kisi"))
    user = {"name": "Ada L.", "password": "a long password", "terms_and_conditions": True}
    made = await bare.done("POST", "/users/sign_up", {"user": user, "token": token})
    assert (made["name"], made["confirmed"]) == ("Ada L.", True)
    assert (await bare.call("POST", "/users/sign_up", {"user": user, "token": token})).status == 404
    login = {"user": {"email": "ada@acme.test", "password": "a long password"}}
    secret = (await bare.done("POST", "/users/sign_in", login))["authentication_token"]
    assert (await as_login(api.world, secret).done("GET", "/user"))["name"] == "Ada L."


@kisi_test
async def test_nobody_signs_up_without_the_token_the_terms_or_a_password_of_eight(api: Api) -> None:
    await add_user(api, "ada")
    token = await mailed_token(api)
    bare = Api(api.world, api.world.client("/kisi"))
    good = {"password": "a long password", "terms_and_conditions": True}
    for user, given in (
        ({**good, "terms_and_conditions": False}, token),
        ({**good, "password": "short"}, token),
        (good, token[:-1] + ("0" if token[-1] != "0" else "1")),
        (good, "nonsense"),
    ):
        answer = await bare.call("POST", "/users/sign_up", {"user": user, "token": given})
        assert answer.status in {404, 422}, (user, answer.body)
    assert (await api.done("GET", "/users?query=ada"))[0]["confirmed"] is False


@kisi_test
async def test_a_stranger_makes_an_account_that_opens_nothing(api: Api) -> None:
    lock = await add_lock(api, "front")
    bare = Api(api.world, api.world.client("/kisi"))
    user = {"email": "eve@else.test", "password": "a long password", "terms_and_conditions": True}
    made = await bare.done("POST", "/users", {"user": user})
    login = {"login": {"type": "device"}, "user": {**user}}
    mine = as_login(api.world, (await bare.done("POST", "/logins", login))["secret"])
    assert (await mine.done("GET", "/user"))["id"] == made["id"]
    assert await unlock(mine, lock) == (403, "fcd8ef")
    assert (await bare.call("POST", "/users", {"user": user})).status == 422


@kisi_test
async def test_a_password_that_may_not_sign_in_does_not(api: Api) -> None:
    user = await add_user(api, "ada")
    await api.done("PATCH", f"/users/{user['id']}", {"user": {"password_flow_enabled": False}})
    bare = Api(api.world, api.world.client("/kisi"))
    wanted = {"password": "a long password", "terms_and_conditions": True}
    answer = await bare.call("POST", "/users/sign_up", {"user": wanted, "token": await mailed_token(api)})
    assert answer.status == 409
    assert (await sign_in_for(api, user)).world is api.world


@kisi_test
async def test_a_password_stops_signing_in_when_it_is_switched_off(api: Api) -> None:
    await add_user(api, "ada")
    bare = Api(api.world, api.world.client("/kisi"))
    wanted = {"password": "a long password", "terms_and_conditions": True}
    made = await bare.done("POST", "/users/sign_up", {"user": wanted, "token": await mailed_token(api)})
    login = {"user": {"email": "ada@acme.test", "password": "a long password"}}
    assert (await bare.call("POST", "/users/sign_in", login)).status == 200
    await api.done("PATCH", f"/users/{made['id']}", {"user": {"password_flow_enabled": False}})
    assert (await bare.call("POST", "/users/sign_in", login)).status == 401


@kisi_test
async def test_the_last_unlock_is_shown_and_users_sort_by_it(api: Api) -> None:
    lock = await add_lock(api, "front")
    group = await add_group(api, "staff", lock)
    ada, bob, eve = [await add_user(api, name) for name in ("ada", "bob", "eve")]
    for user in (eve, ada):
        await assign(api, user, group)
        assert await unlock(await sign_in_for(api, user), lock) == (200, "Unlocked!")
    assert (await api.done("GET", f"/users/{eve['id']}"))["last_accessed_at"] is not None
    assert (await api.done("GET", f"/users/{bob['id']}"))["last_accessed_at"] is None
    owner = (await api.done("GET", "/user"))["id"]
    up = [one["id"] for one in await api.done("GET", "/users?sort=unlock")]
    assert up == [owner, bob["id"], eve["id"], ada["id"]]
    down = [one["id"] for one in await api.done("GET", "/users?sort=-unlock&limit=2")]
    assert down == [ada["id"], eve["id"]]


@kisi_test
async def test_users_sort_by_their_switch(api: Api) -> None:
    ada, bob = await add_user(api, "ada"), await add_user(api, "bob")
    await api.done("PATCH", f"/users/{bob['id']}", {"user": {"access_enabled": False}})
    assert (await api.done("GET", "/users?sort=access_enabled"))[0]["id"] == bob["id"]
    assert (await api.done("GET", "/users?sort=-access_enabled"))[-1]["id"] == bob["id"]
    assert ada["access_enabled"] is True


async def mailed_token(api: Api) -> str:
    """Read the newest token from the outbox, as its reader does from the mailbox."""

    async def look(view: Any) -> list[Any]:
        return list(await view.outbox.due(api.world.clock.now(), limit=1000))

    queued = await api.world.core.store.read(api.world.organization_id, look)
    texts = [open_notice(api.world.core.secrets, one).text for one in queued]
    return next(text for text in reversed(texts) if "token: " in text).rpartition("token: ")[2]
