"""Filters and sorting of every list: a documented parameter works or is refused, never ignored."""

from typing import Any

from tests.dialects.in_world import Api
from tests.dialects.kisi.api import add_group, add_lock, add_user, assign, kisi_test, sign_in_for


async def ids(api: Api, path: str) -> list[int]:
    return [one["id"] for one in await api.done("GET", path)]


async def add_team(api: Api, name: str, *users: Any) -> Any:
    team = await api.done("POST", "/teams", {"team": {"name": name}})
    for user in users:
        wanted = {"team_id": team["id"], "member_id": user["id"], "member_type": "User"}
        await api.done("POST", "/team_memberships", {"team_membership": wanted})
    return team


async def add_place(api: Api, name: str) -> Any:
    return await api.done("POST", "/places", {"place": {"name": name, "address": "1 Quay"}})


@kisi_test
async def test_users_sort_by_name_whatever_the_case_and_page_stably(api: Api) -> None:
    names = {"bob": "Same", "cleo": "same", "abe": "alpha"}
    for email, name in names.items():
        await api.done("POST", "/users", {"user": {"name": name, "email": f"{email}@acme.test"}})
    emails = [one["email"].split("@")[0] for one in await api.done("GET", "/users?sort=name")]
    assert emails == ["abe", "olga", "bob", "cleo"]
    paged = [
        one["email"].split("@")[0]
        for offset in range(4)
        for one in await api.done("GET", f"/users?sort=-name&limit=1&offset={offset}")
    ]
    assert paged == ["bob", "cleo", "olga", "abe"]


@kisi_test
async def test_locks_groups_places_and_teams_sort_by_name(api: Api) -> None:
    for name in ("beta", "Alpha", "gamma"):
        await add_lock(api, name)
        await add_group(api, name)
        await add_place(api, f"{name} place")
        await add_team(api, name)
    for path in ("locks", "groups", "places", "teams"):
        up = [one["name"].lower() for one in await api.done("GET", f"/{path}?sort=name")]
        down = [one["name"].lower() for one in await api.done("GET", f"/{path}?sort=-name")]
        assert up == sorted(up), path
        assert down == sorted(down, reverse=True), path


@kisi_test
async def test_assignments_sort_by_the_name_of_their_user_and_teams_come_last(api: Api) -> None:
    zoe, ada, group = await add_user(api, "zoe"), await add_user(api, "ada"), await add_group(api, "staff")
    of_team = await assign(api, await add_team(api, "all"), group, assignee_type="Team")
    of_zoe, of_ada = await assign(api, zoe, group), await assign(api, ada, group)
    path = f"/role_assignments?group_id={group['id']}"
    assert await ids(api, f"{path}&sort=user.name") == [of_ada["id"], of_zoe["id"], of_team["id"]]
    assert await ids(api, f"{path}&sort=-user.name") == [of_zoe["id"], of_ada["id"], of_team["id"]]


@kisi_test
async def test_a_sort_that_a_list_does_not_know_is_400(api: Api) -> None:
    for path in (
        "users?sort=shoe_size",
        "users?sort=--name",
        "groups?sort=favorite",
        "role_assignments?sort=name",
    ):
        assert (await api.call("GET", f"/{path}")).status == 400, path


@kisi_test
async def test_users_are_found_by_group_and_place_directly_or_by_a_team(api: Api) -> None:
    ada, bob, _eve = [await add_user(api, name) for name in ("ada", "bob", "eve")]
    place = await add_place(api, "Annex")
    group = await api.done("POST", "/groups", {"group": {"name": "staff", "place_id": place["id"]}})
    await assign(api, ada, group)
    await assign(api, await add_team(api, "night", bob), group, assignee_type="Team")
    assert await ids(api, f"/users?group_id={group['id']}") == [ada["id"], bob["id"]]
    assert await ids(api, f"/users?place_id={place['id']}") == [ada["id"], bob["id"]]
    assert (await api.done("GET", f"/groups/{group['id']}"))["users_count"] == 2
    assert await ids(api, "/users?group_id=987654") == []


@kisi_test
async def test_filters_of_users_narrow_each_other(api: Api) -> None:
    ada, bob = await add_user(api, "ada"), await add_user(api, "bob")
    assert await ids(api, f"/users?ids={ada['id']}&user_id={bob['id']}") == []
    assert await ids(api, f"/users?ids={ada['id']},{bob['id']}&query=bob") == [bob["id"]]
    assert await ids(api, "/users?confirmed=false") == [ada["id"], bob["id"]]
    assert len(await ids(api, "/users?confirmed=1")) == 1
    assert len(await ids(api, "/users?user_id=me")) == 1
    assert await ids(api, "/users?ids=") == []


@kisi_test
async def test_scope_team_lists_the_assignments_of_teams_alone(api: Api) -> None:
    user, group = await add_user(api, "ada"), await add_group(api, "staff")
    of_user = await assign(api, user, group)
    of_team = await assign(api, await add_team(api, "night", user), group, assignee_type="Team")
    assert await ids(api, "/role_assignments?scope=team") == [of_team["id"]]
    assert await ids(api, "/role_assignments?assignee_type=Team") == [of_team["id"]]
    assert await ids(api, "/role_assignments?scope=group&assignee_type=User") == [of_user["id"]]
    assert await ids(api, "/role_assignments?assignee_type=Guest") == []
    assert await ids(api, f"/role_assignments?user_id={user['id']}") == [of_user["id"]]
    assert (await api.call("GET", "/role_assignments?scope=planet")).status == 400


@kisi_test
async def test_filters_of_assignments_narrow_each_other(api: Api) -> None:
    ada, group = await add_user(api, "ada"), await add_group(api, "staff")
    place = (await api.done("GET", "/places"))[0]
    made = await assign(api, ada, group)
    base = f"/role_assignments?user_id={ada['id']}"
    assert await ids(api, f"{base}&ids={made['id']}&role_id=group_basic&applies_to_type=Group") == [
        made["id"]
    ]
    for narrower in (
        f"place_id={place['id']}&group_id={group['id']}",
        "scope=place&applies_to_type=Group",
        "role_id=place_basic",
        "role_id=janitor",
        "assignee_type=User&assignee_id=987654",
        "applies_to_type=Group&applies_to_id=987654",
        "query=nobody",
    ):
        assert await ids(api, f"{base}&{narrower}") == [], narrower
    for malformed in ("assignee_id=5", "applies_to_id=5", "applies_to_type=Planet", "user_id=ada"):
        assert (await api.call("GET", f"/role_assignments?{malformed}")).status == 400, malformed


@kisi_test
async def test_query_of_assignments_reads_name_and_email_but_no_notes(api: Api) -> None:
    group, user = await add_group(api, "staff"), await add_user(api, "ada")
    await api.done("PATCH", f"/users/{user['id']}", {"user": {"notes": "parking"}})
    made = await assign(api, user, group)
    assert await ids(api, "/role_assignments?query=ADA@acme") == [made["id"]]
    assert await ids(api, "/role_assignments?query=parking") == []


@kisi_test
async def test_everybody_lists_his_own_assignments_as_me(api: Api) -> None:
    ada, bob, group = await add_user(api, "ada"), await add_user(api, "bob"), await add_group(api, "staff")
    made = await assign(api, ada, group)
    await assign(api, bob, group)
    mine = await sign_in_for(api, ada)
    assert await ids(mine, "/role_assignments?user_id=me") == [made["id"]]
    assert (await mine.call("GET", "/role_assignments")).status == 403
    assert (await mine.call("GET", f"/role_assignments?user_id={bob['id']}")).status == 403


@kisi_test
async def test_a_groups_manager_lists_the_assignments_of_that_group_alone(api: Api) -> None:
    ada, group, other = await add_user(api, "ada"), await add_group(api, "staff"), await add_group(api, "x")
    made = await assign(api, ada, group, role_id="group_manager")
    mine = await sign_in_for(api, ada)
    assert await ids(mine, f"/role_assignments?group_id={group['id']}") == [made["id"]]
    assert (await mine.call("GET", f"/role_assignments?group_id={other['id']}")).status == 403


@kisi_test
async def test_locks_are_filtered_by_what_is_known_of_them(api: Api) -> None:
    front, back = await add_lock(api, "front"), await add_lock(api, "back")
    await api.done("PATCH", f"/locks/{back['id']}", {"lock": {"description": "front of the yard"}})
    await api.done("POST", f"/locks/{back['id']}/lock_down")
    both = [front["id"], back["id"]]
    for query, expected in (
        ("locked_down=true", [back["id"]]),
        ("locked_down=0", [front["id"]]),
        ("query=FRONT", [front["id"]]),
        ("configured=true", both),
        ("configured=false", []),
        ("unlocked=1", []),
        ("floor_id=1", []),
        ("place_id=987654", []),
        (f"ids[]={back['id']}", [back["id"]]),
        ("favorite=*", both),
        ("favorite=true", []),
    ):
        assert await ids(api, f"/locks?{query}") == expected, query
    for refused in ("online=maybe", "locked_down=maybe", "favorite=maybe"):
        assert (await api.call("GET", f"/locks?{refused}")).status == 400, refused


@kisi_test
async def test_a_sifted_list_pages_and_counts_what_is_left(api: Api) -> None:
    locks = [await add_lock(api, f"door {number}") for number in range(3)]
    await api.done("POST", f"/locks/{locks[0]['id']}/lock_down")
    answer = await api.call("GET", "/locks?locked_down=false&limit=1&offset=1")
    assert [one["id"] for one in answer.json()] == [locks[2]["id"]]
    assert answer.header("x-collection-range") == "1-1/2"


@kisi_test
async def test_places_are_found_by_id_beyond_the_first_page(api: Api) -> None:
    places = [await add_place(api, f"place {number}") for number in range(3)]
    answer = await api.call("GET", f"/places?ids={places[2]['id']}&limit=1")
    assert [one["id"] for one in answer.json()] == [places[2]["id"]]
    assert answer.header("x-collection-range") == "0-0/1"


@kisi_test
async def test_a_user_sees_the_places_of_his_doors(api: Api) -> None:
    lock, user = await add_lock(api, "front"), await add_user(api, "ada")
    annex = await add_place(api, "Annex")
    await assign(api, user, await add_group(api, "staff", lock))
    mine = await sign_in_for(api, user)
    assert await ids(mine, "/places") == [lock["place_id"]]
    assert (await mine.call("GET", f"/places/{annex['id']}")).status == 404


@kisi_test
async def test_groups_are_filtered_by_scope_place_lock_and_name(api: Api) -> None:
    lock = await add_lock(api, "front")
    wide = await add_group(api, "wide", lock)
    narrow = await api.done("POST", "/groups", {"group": {"name": "narrow", "place_id": lock["place_id"]}})
    for query, expected in (
        ("scope=organization", [wide["id"]]),
        ("scope=place", [narrow["id"]]),
        (f"place_id={lock['place_id']}", [narrow["id"]]),
        (f"lock_id={lock['id']}", [wide["id"]]),
        ("query=NARR", [narrow["id"]]),
        ("elevator_stop_id=1", []),
        ("place_id=987654", []),
    ):
        assert await ids(api, f"/groups?{query}") == expected, query
    assert (await api.call("GET", "/groups?scope=team")).status == 400


@kisi_test
async def test_group_locks_are_filtered_by_id_lock_and_name(api: Api) -> None:
    front, back = await add_lock(api, "front"), await add_lock(api, "back")
    group = await add_group(api, "staff", front, back)
    base = f"/group_locks?group_id={group['id']}"
    first, second = await ids(api, base)
    assert await ids(api, f"{base}&ids={second}") == [second]
    assert await ids(api, f"{base}&query=front") == [first]
    assert await ids(api, f"{base}&lock_id={back['id']}") == [second]
    assert await ids(api, f"{base}&lock_id=987654") == []


@kisi_test
async def test_teams_and_memberships_are_filtered(api: Api) -> None:
    ada, bob = await add_user(api, "ada"), await add_user(api, "bob")
    team = await add_team(api, "night", ada, bob)
    assert await ids(api, "/teams?scope=organization&query=NIGHT") == [team["id"]]
    assert await ids(api, "/teams?scope=place") == []
    first, second = await ids(api, f"/team_memberships?team_id={team['id']}")
    assert await ids(api, f"/team_memberships?member_type=User&member_id={bob['id']}") == [second]
    assert await ids(api, f"/team_memberships?ids={first}") == [first]
    assert await ids(api, "/team_memberships?member_type=Guest") == []
    assert await ids(api, "/team_memberships?team_id=987654") == []


@kisi_test
async def test_logins_are_ones_own_and_of_this_api_alone(api: Api) -> None:
    user = await add_user(api, "ada")
    mine = await sign_in_for(api, user)
    (login,) = await mine.done("GET", "/logins?scope=me")
    assert login["user_id"] == user["id"]
    assert await ids(api, f"/logins?user_id={user['id']}") == [login["id"]]
    assert (await mine.call("GET", "/logins?user_id=1")).status == 403
    assert {one["type"] for one in await api.done("GET", "/logins?user_id=me")} <= {"api", "device"}
    for one in await api.done("GET", "/logins"):
        assert one["name"] not in {"seam", "rekey", "scim"}


@kisi_test
async def test_whoever_manages_operators_lists_the_logins_of_everybody(api: Api) -> None:
    mine = await sign_in_for(api, await add_user(api, "ada"))
    listed = await api.done("GET", "/logins?scope=all")
    assert {one["user"]["name"] for one in listed} == {"ada", "Olga Owner"}
    own = await ids(mine, "/logins")
    assert await ids(api, f"/logins?scope=all&ids={own[0]}") == own
    assert (await mine.call("GET", "/logins?scope=all")).status == 403
    assert await ids(mine, "/logins?scope=all&user_id=me") == own


@kisi_test
async def test_ending_the_logins_elsewhere_leaves_the_one_in_hand(api: Api) -> None:
    user = await add_user(api, "ada")
    first, second = await sign_in_for(api, user), await sign_in_for(api, user)
    assert (await second.call("DELETE", "/login/elsewhere")).status == 204
    assert (await first.call("GET", "/user")).status == 401
    assert len(await second.done("GET", "/logins")) == 1


@kisi_test
async def test_a_whole_address_finds_its_user_alone_and_a_part_of_one_all_who_have_it(api: Api) -> None:
    jim, bigjim = await add_user(api, "jim"), await add_user(api, "bigjim")
    assert await ids(api, "/users?query=JIM@acme.test") == [jim["id"]]
    assert await ids(api, "/users?query=jim@acme") == [jim["id"], bigjim["id"]]
    await api.done("POST", "/guests", {"guest": {"name": "Gus", "email": "gus@acme.test"}})
    assert await ids(api, "/users?query=gus@acme.test") == []
