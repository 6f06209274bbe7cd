"""The three removals of the vendor's guide, and what each leaves. Source: contract section 8."""

from tests.dialects.in_world import Api
from tests.dialects.kisi.api import add_group, add_lock, add_user, assign, kisi_test, sign_in_for


async def unlock(api: Api, lock: dict[str, int]) -> tuple[int, str]:
    answer = await api.call("POST", f"/locks/{lock['id']}/unlock")
    body = answer.json()
    return answer.status, body.get("code", body.get("message"))


@kisi_test
async def test_a_user_is_found_by_full_email_whatever_its_case(api: Api) -> None:
    user = await add_user(api, "ada")
    found = await api.done("GET", "/users?query=ADA@acme.test")
    assert [one["id"] for one in found] == [user["id"]]


@kisi_test
async def test_assignments_are_listed_and_made_in_the_guides_old_spelling(api: Api) -> None:
    user, group = await add_user(api, "ada"), await add_group(api, "staff")
    wanted = {"user_id": user["id"], "group_id": group["id"], "role_id": "group_basic"}
    made = await api.done("POST", "/role_assignments", {"role_assignment": wanted})
    listed = await api.done("GET", f"/role_assignments?user_id={user['id']}")
    assert listed == [made]
    assert (made["user_id"], made["group_id"], made["type"]) == (user["id"], group["id"], "group")


@kisi_test
async def test_deleting_one_assignment_leaves_the_other_path_open(api: Api) -> None:
    lock = await add_lock(api, "front")
    user = await add_user(api, "ada")
    first = await assign(api, user, await add_group(api, "staff", lock))
    second = await assign(api, user, await add_group(api, "night", lock))
    mine = await sign_in_for(api, user)
    assert (await api.call("DELETE", f"/role_assignments/{first['id']}")).status == 204
    assert await unlock(mine, lock) == (200, "Unlocked!")
    assert (await api.call("DELETE", f"/role_assignments/{second['id']}")).status == 204
    assert await unlock(mine, lock) == (403, "fcd8ef")


@kisi_test
async def test_deleting_an_assignment_twice_is_404(api: Api) -> None:
    made = await assign(api, await add_user(api, "ada"), await add_group(api, "staff"))
    assert (await api.call("DELETE", f"/role_assignments/{made['id']}")).status == 204
    assert (await api.call("DELETE", f"/role_assignments/{made['id']}")).status == 404


@kisi_test
async def test_access_switched_off_refuses_every_door_until_it_is_switched_on(api: Api) -> None:
    lock = await add_lock(api, "front")
    user = await add_user(api, "ada")
    await assign(api, user, await add_group(api, "staff", lock))
    mine = await sign_in_for(api, user)
    await api.done("PATCH", f"/users/{user['id']}", {"user": {"access_enabled": False}})
    assert await unlock(mine, lock) == (403, "fcd8ff")
    assert (await mine.call("GET", "/user")).status == 200
    await api.done("PATCH", f"/users/{user['id']}", {"user": {"access_enabled": True}})
    assert await unlock(mine, lock) == (200, "Unlocked!")


@kisi_test
async def test_the_same_switch_twice_is_no_second_act(api: Api) -> None:
    user = await add_user(api, "ada")
    await api.done("PATCH", f"/users/{user['id']}", {"user": {"access_enabled": False}})
    before = await api.world.journal_size()
    await api.done("PATCH", f"/users/{user['id']}", {"user": {"access_enabled": False}})
    assert await api.world.journal_size() == before


@kisi_test
async def test_a_directory_switch_turned_off_by_rest_never_leaves_a_door_open(api: Api) -> None:
    lock = await add_lock(api, "front")
    user = await add_user(api, "ada")
    await assign(api, user, await add_group(api, "staff", lock))
    mine = await sign_in_for(api, user)
    await api.done("PATCH", f"/users/{user['id']}", {"user": {"scim_access_enabled": False}})
    await api.done("PATCH", f"/users/{user['id']}", {"user": {"scim_access_enabled": True}})
    assert await unlock(mine, lock) == (403, "fcd8ff")


@kisi_test
async def test_the_last_owner_can_be_neither_disabled_nor_deleted(api: Api) -> None:
    owner = await api.done("GET", "/user")
    before = await api.done("GET", f"/users/{owner['id']}")
    answer = await api.call("PATCH", f"/users/{owner['id']}", {"user": {"access_enabled": False}})
    assert answer.status == 422
    assert (await api.call("DELETE", f"/users/{owner['id']}")).status == 422
    assert await api.done("GET", f"/users/{owner['id']}") == before


@kisi_test
async def test_nobody_switches_his_own_access_on_again(api: Api) -> None:
    admin = await add_user(api, "admin")
    number = (await api.done("GET", "/organization"))["id"]
    wanted = {"user_id": admin["id"], "organization_id": number, "role_id": "organization_admin"}
    await api.done("POST", "/role_assignments", {"role_assignment": wanted})
    mine = await sign_in_for(api, admin)
    await api.done("PATCH", f"/users/{admin['id']}", {"user": {"access_enabled": False}})
    answer = await mine.call("PATCH", f"/users/{admin['id']}", {"user": {"access_enabled": True}})
    assert answer.status == 403


@kisi_test
async def test_a_deleted_user_is_gone_from_every_list_and_so_is_every_login(api: Api) -> None:
    lock = await add_lock(api, "front")
    user = await add_user(api, "ada")
    await assign(api, user, await add_group(api, "staff", lock))
    mine = await sign_in_for(api, user)
    answer = await api.call("DELETE", f"/users/{user['id']}")
    assert answer.status == 204
    assert answer.header("rekey-revocation")
    assert (await mine.call("POST", f"/locks/{lock['id']}/unlock")).status == 401
    assert (await api.call("GET", f"/users/{user['id']}")).status == 404
    assert (await api.call("DELETE", f"/users/{user['id']}")).status == 404
    assert await api.done("GET", "/users?query=ada@acme.test") == []
    assert await api.done("GET", f"/role_assignments?user_id={user['id']}") == []


@kisi_test
async def test_a_deleted_address_that_comes_back_is_a_clean_user(api: Api) -> None:
    lock = await add_lock(api, "front")
    user = await add_user(api, "ada")
    await assign(api, user, await add_group(api, "staff", lock))
    await api.done("DELETE", f"/users/{user['id']}")
    again = await add_user(api, "ada")
    assert again["id"] != user["id"]
    assert await unlock(await sign_in_for(api, again), lock) == (403, "fcd8ef")


@kisi_test
async def test_a_window_is_half_open_and_each_side_has_its_code(api: Api) -> None:
    lock = await add_lock(api, "front")
    ada, group = await add_user(api, "ada"), await add_group(api, "staff", lock)
    await assign(api, ada, group, valid_from="2999-01-01T00:00:00Z")
    mine = await sign_in_for(api, ada)
    assert await unlock(mine, lock) == (403, "f358de")
    eva = await add_user(api, "eva")
    await assign(api, eva, group, valid_until="2001-01-01T00:00:00Z")
    assert await unlock(await sign_in_for(api, eva), lock) == (403, "f35ade")


@kisi_test
async def test_a_window_outside_groups_is_refused_rather_than_dropped(api: Api) -> None:
    user, place = await add_user(api, "ada"), (await api.done("GET", "/places"))[0]
    wanted = {
        "user_id": user["id"],
        "place_id": place["id"],
        "role_id": "place_basic",
        "valid_until": "2999-01-01T00:00:00Z",
    }
    answer = await api.call("POST", "/role_assignments", {"role_assignment": wanted})
    assert answer.status == 422
    assert "valid_until" in answer.json()["errors"]


@kisi_test
async def test_a_role_of_another_level_and_the_owners_role_are_422(api: Api) -> None:
    user, group = await add_user(api, "ada"), await add_group(api, "staff")
    for role in ("place_basic", "organization_owner", "janitor"):
        wanted = {"user_id": user["id"], "group_id": group["id"], "role_id": role}
        answer = await api.call("POST", "/role_assignments", {"role_assignment": wanted})
        assert answer.status == 422, role


@kisi_test
async def test_lockdown_of_a_door_and_of_a_place_have_their_own_codes(api: Api) -> None:
    lock = await add_lock(api, "front")
    await api.done("POST", f"/locks/{lock['id']}/lock_down")
    assert await unlock(api, lock) == (409, "fad001")
    assert (await api.done("GET", f"/locks/{lock['id']}"))["locked_down"] is True
    await api.done("POST", f"/locks/{lock['id']}/cancel_lockdown")
    await api.done("POST", f"/places/{lock['place_id']}/lock_down")
    assert await unlock(api, lock) == (409, "fad002")
    await api.done("POST", f"/places/{lock['place_id']}/cancel_lockdown")
    assert await unlock(api, lock) == (200, "Unlocked!")


@kisi_test
async def test_a_user_sees_only_the_doors_that_he_can_open(api: Api) -> None:
    front, back = await add_lock(api, "front"), await add_lock(api, "back")
    user = await add_user(api, "ada")
    await assign(api, user, await add_group(api, "staff", front))
    mine = await sign_in_for(api, user)
    assert [lock["id"] for lock in await mine.done("GET", "/locks")] == [front["id"]]
    assert (await mine.call("GET", f"/locks/{back['id']}")).status == 404
    assert (await mine.call("GET", "/users")).status == 403


@kisi_test
async def test_an_offline_door_is_503(api: Api) -> None:
    lock = await add_lock(api, "front")
    listed = await api.world.core.store.read(
        api.world.organization_id, lambda view: view.doors.by_number(lock["id"])
    )
    assert listed is not None
    api.world.simulated.configure(listed.id, [("offline", "true")])
    assert await unlock(api, lock) == (503, "fac001")


@kisi_test
async def test_a_team_gives_access_and_leaving_it_takes_it_away(api: Api) -> None:
    lock = await add_lock(api, "front")
    user, group = await add_user(api, "ada"), await add_group(api, "staff", lock)
    team = await api.done("POST", "/teams", {"team": {"name": "Night shift"}})
    wanted = {"team_id": team["id"], "member_id": user["id"], "member_type": "User"}
    membership = await api.done("POST", "/team_memberships", {"team_membership": wanted})
    await assign(api, team, group, assignee_type="Team")
    mine = await sign_in_for(api, user)
    assert await unlock(mine, lock) == (200, "Unlocked!")
    await api.done("DELETE", f"/team_memberships/{membership['id']}")
    assert await unlock(mine, lock) == (403, "fcd8ef")
