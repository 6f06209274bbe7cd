"""Members, guests, teams, shares, invites. Source: contract sections 3 and 4.3."""

from typing import Any

from tests.dialects.in_world import Api
from tests.dialects.kisi.api import add_group, add_lock, add_user, assign, kisi_test, sign_in_for


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
async def test_a_member_is_the_user_under_another_id(api: Api) -> None:
    user = await add_user(api, "ada")
    member = (await api.done("GET", "/members?query=ada@acme.test"))[0]
    assert member["id"] != member["user_id"] == user["id"]
    assert await api.done("GET", f"/members/{member['id']}") == member
    assert (await api.call("GET", f"/members/{user['id']}")).status == 404
    assert (await api.call("GET", f"/users/{member['id']}")).status == 404
    assert [one["id"] for one in await api.done("GET", f"/members?ids={member['id']}")] == [member["id"]]


@kisi_test
async def test_a_member_is_made_changed_and_deleted_as_the_user_is(api: Api) -> None:
    member = await api.done("POST", "/members", {"member": {"email": "ada@acme.test", "name": "Ada"}})
    change = {"member": {"access_enabled": False, "notes": "n"}}
    assert (await api.call("PUT", f"/members/{member['id']}", change)).status == 204
    user = await api.done("GET", f"/users/{member['user_id']}")
    assert (user["access_enabled"], user["notes"]) == (False, "n")
    answer = await api.call("DELETE", f"/members/{member['id']}")
    assert (answer.status, bool(answer.header("rekey-revocation"))) == (204, True)
    assert (await api.call("GET", f"/users/{member['user_id']}")).status == 404
    assert (await api.call("DELETE", f"/members/{member['id']}")).status == 404


@kisi_test
async def test_a_guest_is_no_user_and_a_user_no_guest(api: Api) -> None:
    wanted = {"name": "Gus", "email": "gus@else.test", "phone_number": "+15550100"}
    guest = await api.done("POST", "/guests", {"guest": wanted})
    assert {name: guest[name] for name in wanted} == wanted
    assert [one["id"] for one in await api.done("GET", "/guests?query=gus")] == [guest["id"]]
    assert "gus@else.test" not in [one["email"] for one in await api.done("GET", "/users")]
    assert (await api.call("GET", f"/users/{guest['id']}")).status == 404
    user = await add_user(api, "ada")
    assert (await api.call("GET", f"/guests/{user['id']}")).status == 404
    assert (await api.call("PATCH", f"/guests/{guest['id']}", {"guest": {"name": "G"}})).status == 404


@kisi_test
async def test_a_guest_has_no_account_and_nobody_signs_in_for_one(api: Api) -> None:
    await api.done("POST", "/guests", {"guest": {"name": "Gus", "email": "gus@else.test"}})
    login = {"login": {"type": "device", "email": "gus@else.test"}}
    assert (await api.call("POST", "/logins", login)).status == 422
    assert await reasons(api, "POST", "/users", {"user": {"email": "gus@else.test"}}) == {"email"}


@kisi_test
async def test_a_deleted_guest_is_gone_with_all_rights(api: Api) -> None:
    guest = await api.done("POST", "/guests", {"guest": {"name": "Gus"}})
    given = await assign(api, guest, await add_group(api, "staff"), assignee_type="Guest")
    assert (given["guest_id"], given["user_id"], given["assignee_type"]) == (guest["id"], None, "Guest")
    assert set(given["guest"]) == {"id", "resource_type", "name", "email", "phone_number"}
    answer = await api.call("DELETE", f"/guests/{guest['id']}")
    assert (answer.status, bool(answer.header("rekey-revocation"))) == (204, True)
    assert (await api.call("GET", f"/guests/{guest['id']}")).status == 404
    assert (await api.call("GET", f"/role_assignments/{given['id']}")).status == 404


@kisi_test
async def test_assignments_are_told_apart_by_user_and_guest(api: Api) -> None:
    guest = await api.done("POST", "/guests", {"guest": {"name": "Gus"}})
    user, group = await add_user(api, "ada"), await add_group(api, "staff")
    of_guest = await assign(api, guest, group, assignee_type="Guest")
    of_user = await assign(api, user, group)
    for query, expected in (
        ("assignee_type=Guest", [of_guest["id"]]),
        (f"assignee_type=Guest&assignee_id={guest['id']}", [of_guest["id"]]),
        (f"assignee_type=Guest&assignee_id={user['id']}", []),
        (f"assignee_type=User&group_id={group['id']}", [of_user["id"]]),
        (f"group_id={group['id']}", [of_guest["id"], of_user["id"]]),
    ):
        listed = await api.done("GET", f"/role_assignments?{query}")
        assert [one["id"] for one in listed] == expected, query


@kisi_test
async def test_teams_take_guests_and_are_renamed(api: Api) -> None:
    guest = await api.done("POST", "/guests", {"guest": {"name": "Gus"}})
    user, team = await add_user(api, "ada"), await api.done("POST", "/teams", {"team": {"name": "Night"}})
    made = []
    for one, kind in ((guest, "Guest"), (user, "User")):
        wanted = {"team_id": team["id"], "member_id": one["id"], "member_type": kind}
        made.append(await api.done("POST", "/team_memberships", {"team_membership": wanted}))
    assert [one["member_type"] for one in made] == ["Guest", "User"]
    listed = await api.done("GET", "/team_memberships?member_type=Guest")
    assert [one["id"] for one in listed] == [made[0]["id"]]
    wrong = {"team_id": team["id"], "member_id": user["id"], "member_type": "Guest"}
    assert await reasons(api, "POST", "/team_memberships", {"team_membership": wrong}) == {"user"}
    for verb in ("PATCH", "PUT"):
        assert (await api.call(verb, f"/teams/{team['id']}", {"team": {"name": verb}})).status == 204
    assert (await api.done("GET", f"/teams/{team['id']}"))["name"] == "PUT"


@kisi_test
async def test_a_share_adds_the_user_it_names_and_is_the_role_assignment(api: Api) -> None:
    lock = await add_lock(api, "front")
    group = await add_group(api, "staff", lock)
    wanted = {"email": "ada@acme.test", "group_id": group["id"], "valid_until": "2999-01-01T00:00:00Z"}
    share = await api.done("POST", "/shares", {"share": wanted})
    user = (await api.done("GET", "/users?query=ada@acme.test"))[0]
    assert (share["user_id"], share["role_id"], share["group_id"]) == (user["id"], "basic", group["id"])
    assert share["member_id"] == (await api.done("GET", "/members?query=ada"))[0]["id"]
    assert (await api.done("GET", f"/role_assignments?user_id={user['id']}"))[0]["id"] == share["id"]
    mine = await sign_in_for(api, user)
    assert await unlock(mine, lock) == (200, "Unlocked!")
    await api.done("PATCH", f"/shares/{share['id']}", {"share": {"role_id": "manager"}})
    assert (await api.done("GET", f"/role_assignments/{share['id']}"))["role_id"] == "group_manager"
    assert (await api.call("DELETE", f"/shares/{share['id']}")).status == 204
    assert (await api.call("GET", f"/role_assignments/{share['id']}")).status == 404
    assert await unlock(mine, lock) == (403, "fcd8ef")


@kisi_test
async def test_shares_are_found_by_group_member_user_place_and_role(api: Api) -> None:
    place = (await api.done("GET", "/places"))[0]
    here = await api.done("POST", "/groups", {"group": {"name": "here", "place_id": place["id"]}})
    wide, user = await add_group(api, "wide"), await add_user(api, "ada")
    first = await assign(api, user, here)
    second = await assign(api, user, wide, role_id="group_manager")
    other = await assign(api, await add_user(api, "bob"), wide)
    member = (await api.done("GET", "/members?query=ada"))[0]
    for query, expected in (
        ("", [first, second, other]),
        (f"user_id={user['id']}", [first, second]),
        (f"member_id={member['id']}", [first, second]),
        (f"place_id={place['id']}", [first]),
        (f"group_id={wide['id']}", [second, other]),
        ("role_id=manager", [second]),
        ("query=bob", [other]),
        (f"ids={first['id']},{other['id']}", [first, other]),
    ):
        listed = await api.done("GET", f"/shares?{query}")
        assert [one["id"] for one in listed] == [one["id"] for one in expected], query


@kisi_test
async def test_shares_of_me_are_the_callers_own(api: Api) -> None:
    ada, group = await add_user(api, "ada"), await add_group(api, "staff")
    await assign(api, ada, group)
    mine = await api.done("GET", "/shares?user_id=me")
    owner = (await api.done("GET", "/user"))["id"]
    assert mine == []
    await assign(api, {"id": owner}, group)
    assert [one["user_id"] for one in await api.done("GET", "/shares?user_id=me")] == [owner]
    assert await api.done("GET", f"/shares?user_id=me&member_id={10**12 + ada['id']}") == []


@kisi_test
async def test_an_invite_adds_a_user_with_a_right_in_one_act(api: Api) -> None:
    lock = await add_lock(api, "front")
    group = await add_group(api, "staff", lock)
    before = await api.world.journal_size()
    invite = {
        "invites_to_type": "Group",
        "invites_to_id": group["id"],
        "invitee": {"resource_type": "User", "email": "ada@acme.test", "name": "Ada"},
        "role_assignment": {"role_id": "group_basic", "valid_until": "2999-01-01T00:00:00Z"},
    }
    made = await api.done("POST", "/invites", {"invite": invite})
    assert await api.world.journal_size() == before + 1
    assert (made["invitee_type"], made["invitee"]["email"]) == ("User", "ada@acme.test")
    right = (await api.done("GET", f"/role_assignments?user_id={made['invitee_id']}"))[0]
    assert right["valid_until"] == "2999-01-01T00:00:00.000Z"
    assert len(await notices(api)) == 1
    mine = await sign_in_for(api, {"email": "ada@acme.test"})
    assert await unlock(mine, lock) == (200, "Unlocked!")


@kisi_test
async def test_an_invite_takes_a_known_user_and_a_guest_by_name(api: Api) -> None:
    user, team = await add_user(api, "ada"), await api.done("POST", "/teams", {"team": {"name": "t"}})
    place = (await api.done("GET", "/places"))[0]
    wanted = {"invites_to_type": "Team", "invites_to_id": team["id"], "notify": False}
    known = {**wanted, "invitee": {"resource_type": "User", "email": user["email"]}}
    made = await api.done("POST", "/invites", {"invite": known})
    assert made["invitee_id"] == user["id"]
    assert len(await api.done("GET", f"/team_memberships?team_id={team['id']}")) == 1
    to_place = {"invites_to_type": "Place", "invites_to_id": place["id"], "notify": False}
    visitor = {**to_place, "invitee": {"resource_type": "Guest", "name": "Gus"}}
    made = await api.done("POST", "/invites", {"invite": visitor})
    assert made["invitee_type"] == "Guest"
    right = (await api.done("GET", "/role_assignments?assignee_type=Guest"))[0]
    assert (right["guest_id"], right["role_id"]) == (made["invitee_id"], "place_basic")


@kisi_test
async def test_an_invite_that_is_refused_adds_nobody(api: Api) -> None:
    team = await api.done("POST", "/teams", {"team": {"name": "t"}})
    place = (await api.done("GET", "/places"))[0]
    ada = {"resource_type": "User", "email": "ada@acme.test"}
    for invite in (
        {"invites_to_type": "Team", "invites_to_id": team["id"], "role_assignment": {}, "invitee": ada},
        {"invites_to_type": "Team", "invites_to_id": 987_654, "invitee": ada},
        {"invites_to_type": "Lock", "invites_to_id": 1, "invitee": ada},
        {"invites_to_type": "Place", "invites_to_id": place["id"], "invitee": {"resource_type": "User"}},
        {
            "invites_to_type": "Place",
            "invites_to_id": place["id"],
            "invitee": ada,
            "role_assignment": {"role_id": "place_basic", "valid_until": "2999-01-01T00:00:00Z"},
        },
    ):
        assert (await api.call("POST", "/invites", {"invite": invite})).status == 422, invite
    assert await api.done("GET", "/users?query=ada") == []


@kisi_test
async def test_notify_mails_the_assignee_and_is_kept(api: Api) -> None:
    user, group = await add_user(api, "ada"), await add_group(api, "staff")
    before = len(await notices(api))
    made = await assign(api, user, group, notify=True)
    assert made["notify"] is True
    assert len(await notices(api)) == before + 1
    await api.done("PATCH", f"/role_assignments/{made['id']}", {"role_assignment": {"notify": False}})
    assert (await api.done("GET", f"/role_assignments/{made['id']}"))["notify"] is False
