"""What a write takes, ignores and refuses, and who may not write what. Source: contract sections 1, 3 to 5, 8."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from rekey.testing.frozen_clock import FrozenClock
from tests.dialects.in_world import Api
from tests.dialects.kisi.api import add_group, add_lock, add_user, as_owner, assign, kisi_test, sign_in_for
from tests.support.world import open_world


async def unlock(api: Api, lock: Any) -> tuple[int, str]:
    answer = await api.call("POST", f"/locks/{lock['id']}/unlock")
    return answer.status, answer.json().get("code", answer.json().get("message"))


async def give(api: Api, user: Any, place: dict[str, Any], role: str) -> Any:
    wanted = {"user_id": user["id"], "role_id": role, **place}
    return await api.done("POST", "/role_assignments", {"role_assignment": wanted})


async def everywhere(api: Api) -> dict[str, Any]:
    return {"organization_id": (await api.done("GET", "/organization"))["id"]}


async def reasons(api: Api, method: str, path: str, body: object) -> set[str]:
    answer = await api.call(method, path, body)
    assert answer.status == 422, (path, answer.status, answer.body)
    return set(answer.json()["errors"])


@kisi_test
async def test_a_managed_user_is_created_with_every_documented_attribute(api: Api) -> None:
    user = {
        "email": "ada@acme.test",
        "name": "Ada",
        "image": None,
        "send_emails": "false",
        "confirm": True,
        "access_enabled": "true",
        "password_flow_enabled": False,
        "metadata": {"employee_id": "7"},
        "notes": "white label",
    }
    made = await api.done("POST", "/users", {"user": user})
    assert (made["name"], made["access_enabled"], made["notes"]) == ("Ada", True, "white label")


@kisi_test
async def test_a_missing_malformed_or_known_email_is_422_under_its_name(api: Api) -> None:
    await add_user(api, "ada")
    for email in (None, "", "ada", "ADA@acme.test"):
        assert await reasons(api, "POST", "/users", {"user": {"email": email}}) == {"email"}, email


@kisi_test
async def test_an_email_in_an_update_is_ignored(api: Api) -> None:
    user = await add_user(api, "ada")
    await api.done("PATCH", f"/users/{user['id']}", {"user": {"email": "eve@acme.test"}})
    assert (await api.done("GET", f"/users/{user['id']}"))["email"] == "ada@acme.test"


@kisi_test
async def test_a_blank_name_is_refused_and_a_blank_description_clears(api: Api) -> None:
    user, lock, group = (
        await add_user(api, "ada"),
        await add_lock(api, "front"),
        await add_group(api, "staff"),
    )
    for path, wrapper in ((f"/users/{user['id']}", "user"), (f"/locks/{lock['id']}", "lock")):
        assert await reasons(api, "PATCH", path, {wrapper: {"name": " "}}) == {"name"}
    for path, wrapper in ((f"/locks/{lock['id']}", "lock"), (f"/groups/{group['id']}", "group")):
        await api.done("PATCH", path, {wrapper: {"description": "by the yard"}})
        await api.done("PATCH", path, {wrapper: {"description": None}})
        assert (await api.done("GET", path))["description"] is None


@kisi_test
async def test_switching_on_happens_only_if_the_rest_of_the_update_holds(api: Api) -> None:
    user = await add_user(api, "ada")
    path = f"/users/{user['id']}"
    await api.done("PATCH", path, {"user": {"access_enabled": False}})
    assert await reasons(api, "PATCH", path, {"user": {"access_enabled": True, "name": "x" * 999}}) == {
        "name"
    }
    assert (await api.done("GET", path))["access_enabled"] is False


@kisi_test
async def test_an_assignment_that_names_two_places_is_refused(api: Api) -> None:
    user, group = await add_user(api, "ada"), await add_group(api, "staff")
    wanted = {
        "user_id": user["id"],
        "role_id": "group_basic",
        "group_id": group["id"],
        **await everywhere(api),
    }
    assert "organization_id" in await reasons(api, "POST", "/role_assignments", {"role_assignment": wanted})


@kisi_test
async def test_an_assignment_names_what_is_missing_or_unknown(api: Api) -> None:
    path, group = "/role_assignments", await add_group(api, "staff")
    missing = {"applies_to_type", "applies_to_id", "assignee_type", "assignee_id", "role_id"}
    assert await reasons(api, "POST", path, {"role_assignment": {}}) == missing
    wanted = {"user_id": 987654, "group_id": group["id"], "role_id": "group_basic"}
    assert await reasons(api, "POST", path, {"role_assignment": wanted}) == {"assignee"}


def test_a_window_opens_at_its_start_and_closes_at_its_end(tmp_path: Path) -> None:
    async def run() -> None:
        clock = FrozenClock()
        async with open_world(tmp_path, clock=clock) as world:
            api, hour = as_owner(world), timedelta(hours=1)
            lock, user = await add_lock(api, "front"), await add_user(api, "ada")
            group = await add_group(api, "staff", lock)
            start, end = (clock.now() + hour).isoformat(), (clock.now() + 2 * hour).isoformat()
            made = await assign(api, user, group, valid_from=start, valid_until=end)
            mine = await sign_in_for(api, user)
            assert await unlock(mine, lock) == (403, "f358de")
            clock.advance(hour)
            assert await unlock(mine, lock) == (200, "Unlocked!")
            clock.advance(hour)
            assert await unlock(mine, lock) == (403, "f35ade")
            assert (await api.done("GET", f"/role_assignments/{made['id']}"))["valid_until"]

    asyncio.run(run())


@kisi_test
async def test_the_grant_that_got_furthest_gives_the_code(api: Api) -> None:
    lock, user = await add_lock(api, "front"), await add_user(api, "ada")
    group = await add_group(api, "staff", lock)
    mine = await sign_in_for(api, user)
    assert await unlock(mine, lock) == (403, "fcd8ef")
    past = await assign(api, user, group)
    body = {"role_assignment": {"valid_from": "2001-01-01T00:00:00Z", "valid_until": "2002-01-01T00:00:00Z"}}
    await api.done("PATCH", f"/role_assignments/{past['id']}", body)
    assert await unlock(mine, lock) == (403, "f35ade")
    await assign(api, user, group, valid_from="2999-01-01T00:00:00Z")
    assert await unlock(mine, lock) == (403, "f358de")
    await assign(api, user, group)
    assert await unlock(mine, lock) == (200, "Unlocked!")


@kisi_test
async def test_a_lockdown_is_told_before_a_switch_and_the_places_before_the_doors(api: Api) -> None:
    lock, user = await add_lock(api, "front"), await add_user(api, "ada")
    mine = await sign_in_for(api, user)
    await api.done("PATCH", f"/users/{user['id']}", {"user": {"access_enabled": False}})
    assert await unlock(mine, lock) == (403, "fcd8ff")
    await api.done("POST", f"/locks/{lock['id']}/lock_down")
    assert await unlock(mine, lock) == (409, "fad001")
    await api.done("POST", f"/places/{lock['place_id']}/lock_down")
    assert await unlock(mine, lock) == (409, "fad002")


@kisi_test
async def test_an_unlock_takes_no_body_an_empty_one_and_a_context_but_no_broken_one(api: Api) -> None:
    lock = await add_lock(api, "front")
    path = f"/locks/{lock['id']}/unlock"
    for body in (None, {}, {"context": {"location": {"latitude": 1, "longitude": 2}}, "lock": {}}):
        assert (await api.call("POST", path, body)).status == 200, body
    assert (await api.call("POST", path, b"{")).status == 400
    assert (await api.call("POST", "/locks/987654/unlock")).json()["code"] == "fad10e"


@kisi_test
async def test_nobody_grants_or_demotes_above_his_own_level(api: Api) -> None:
    whole = await everywhere(api)
    manager, boss, user = [await add_user(api, name) for name in ("manager", "boss", "ada")]
    await give(api, manager, whole, "organization_access_manager")
    above = await give(api, boss, whole, "organization_admin")
    mine = await sign_in_for(api, manager)
    wanted = {"role_assignment": {"user_id": user["id"], "role_id": "organization_admin", **whole}}
    assert (await mine.call("POST", "/role_assignments", wanted)).status == 403
    lower = {"role_assignment": {"role_id": "organization_observer"}}
    assert (await mine.call("PATCH", f"/role_assignments/{above['id']}", lower)).status == 403
    assert (await mine.call("DELETE", f"/role_assignments/{above['id']}")).status == 403
    assert (await mine.call("DELETE", f"/users/{boss['id']}")).status == 403
    off = {"user": {"access_enabled": False}}
    assert (await mine.call("PATCH", f"/users/{boss['id']}", off)).status == 403


@kisi_test
async def test_the_last_owner_is_not_demoted(api: Api) -> None:
    owner = await api.done("GET", "/user")
    listed = await api.done("GET", f"/role_assignments?user_id={owner['id']}&role_id=organization_owner")
    path = f"/role_assignments/{listed[0]['id']}"
    lower = {"role_assignment": {"role_id": "organization_admin"}}
    assert (await api.call("PATCH", path, lower)).status == 422
    assert (await api.call("DELETE", path)).status == 422


@pytest.mark.parametrize("kind", ["group", "team"])
def test_ending_a_group_or_a_team_ends_the_access_it_gave(kind: str, tmp_path: Path) -> None:
    async def run() -> None:
        async with open_world(tmp_path) as world:
            api = as_owner(world)
            lock, user = await add_lock(api, "front"), await add_user(api, "ada")
            group = await add_group(api, "staff", lock)
            team = await api.done("POST", "/teams", {"team": {"name": "night"}})
            wanted = {"team_id": team["id"], "member_id": user["id"], "member_type": "User"}
            await api.done("POST", "/team_memberships", {"team_membership": wanted})
            await assign(api, team, group, assignee_type="Team")
            mine = await sign_in_for(api, user)
            assert await unlock(mine, lock) == (200, "Unlocked!")
            ended = {"group": group, "team": team}[kind]
            assert (await api.call("DELETE", f"/{kind}s/{ended['id']}")).status == 204
            assert await unlock(mine, lock) == (403, "fcd8ef")
            assert await api.done("GET", f"/role_assignments?group_id={group['id']}") == []

    asyncio.run(run())


@kisi_test
async def test_ones_own_name_changes_and_a_password_of_one_character_is_refused(api: Api) -> None:
    user = await add_user(api, "ada")
    mine = await sign_in_for(api, user)
    await mine.done("PATCH", "/user", {"user": {"name": "Ada L."}})
    assert (await mine.done("GET", "/user"))["name"] == "Ada L."
    body = {"user": {"current_password": "a", "password": "b", "password_confirmation": "b"}}
    assert await reasons(mine, "PATCH", "/user", body) == {"password"}


@kisi_test
async def test_a_login_on_behalf_is_of_a_device_and_names_an_email(api: Api) -> None:
    await add_user(api, "ada")
    for login, name in (({"type": "device"}, "email"), ({"type": "api", "email": "ada@acme.test"}, "type")):
        assert await reasons(api, "POST", "/logins", {"login": login}) == {name}


@kisi_test
async def test_the_eleventh_api_key_is_refused(api: Api) -> None:
    user = {"domain": api.world.made["organization"]["domain"], **api.world.owner}
    held = [one for one in await api.done("GET", "/logins") if one["type"] == "api"]
    statuses = [
        (await api.call("POST", "/logins", {"login": {"type": "api", "name": "x"}, "user": user})).status
        for _ in range(11 - len(held))
    ]
    assert statuses[-1] == 422
    assert 200 in statuses
