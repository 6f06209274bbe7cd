"""What an update leaves behind: the time of the last change, one event, and none for what stood already.

Source: contract section 1 (every object has `updated_at`) and section 8, rule R3.
"""

from typing import Any

from tests.dialects.in_world import Api
from tests.dialects.kisi.api import add_group, add_lock, add_user, assign, kisi_test, sign_in_for

LOCK_HOURS = {
    "name": "Office",
    "consequence": "allow",
    "monday": True,
    "starts_at_time": "08:00",
    "ends_at_time": "17:00",
    "scheduleable_type": "Lock",
}


async def events(api: Api) -> list[tuple[str, int]]:
    found = await api.done("POST", "/event_sets", {"event_set": {}})
    return [(event["type"], event["object_id"]) for event in found["events"]]


async def things(api: Api) -> list[tuple[str, str, dict[str, Any]]]:
    """Make one of each: its path, the type of its event, and attributes that change it."""
    lock, ada = await add_lock(api, "front"), await add_user(api, "ada")
    group = await add_group(api, "staff", lock)
    right = await assign(api, ada, group)
    team = await api.done("POST", "/teams", {"team": {"name": "night"}})
    wanted = LOCK_HOURS | {"scheduleable_id": lock["id"]}
    schedule = await api.done("POST", "/schedules", {"schedule": wanted})
    place = f"/places/{lock['place_id']}"
    return [
        (place, "place.update", {"place": {"name": "Annex"}}),
        (place, "place.update", {"place": {"description": "By the river"}}),
        (f"/locks/{lock['id']}", "lock.update", {"lock": {"name": "Side", "order_id": 3}}),
        (f"/groups/{group['id']}", "group.update", {"group": {"reader_restriction_enabled": True}}),
        (f"/users/{ada['id']}", "user.update", {"user": {"notes": "Night shift", "metadata": {"floor": 2}}}),
        (f"/users/{ada['id']}", "user.update", {"user": {"access_enabled": False}}),
        (f"/teams/{team['id']}", "team.update", {"team": {"name": "day"}}),
        (
            f"/role_assignments/{right['id']}",
            "role_assignment.update",
            {"role_assignment": {"role_id": "group_manager"}},
        ),
        (f"/schedules/{schedule['id']}", "schedule.update", {"schedule": {"override": True}}),
    ]


@kisi_test
async def test_a_change_moves_updated_at_and_is_one_event_and_its_repetition_neither(api: Api) -> None:
    for path, type_, body in await things(api):
        made, told = (await api.done("GET", path))["updated_at"], await events(api)
        assert (await api.call("PATCH", path, body)).status == 204
        changed, heard = (await api.done("GET", path))["updated_at"], await events(api)
        assert changed > made, path
        assert [one for one, _id in heard].count(type_) == [one for one, _id in told].count(type_) + 1, path
        assert (await api.call("PATCH", path, body)).status == 204
        assert (await api.done("GET", path))["updated_at"] == changed, path
        assert await events(api) == heard, path


@kisi_test
async def test_an_update_of_a_lock_takes_favorite(api: Api) -> None:
    lock = await add_lock(api, "front")
    path = f"/locks/{lock['id']}"
    for wanted in (True, False):
        await api.done("PATCH", path, {"lock": {"favorite": wanted}})
        assert (await api.done("GET", f"{path}?favorite=*"))["favorite"] is wanted


@kisi_test
async def test_a_place_needs_an_address(api: Api) -> None:
    answer = await api.call("POST", "/places", {"place": {"name": "Annex"}})
    assert (answer.status, answer.json()) == (422, {"errors": {"address": ["can't be blank"]}})


@kisi_test
async def test_a_place_counts_the_people_who_have_access_in_it(api: Api) -> None:
    lock = await add_lock(api, "front")
    place = f"/places/{lock['place_id']}"
    body = {"group": {"name": "staff", "place_id": lock["place_id"], "locks_to_assign": [str(lock["id"])]}}
    group = await api.done("POST", "/groups", body)
    ada, bob, team = (
        await add_user(api, "ada"),
        await add_user(api, "bob"),
        await api.done("POST", "/teams", {"team": {"name": "night"}}),
    )
    await assign(api, ada, group)
    await assign(api, ada, group)
    await assign(api, team, group, assignee_type="Team")
    assert (await api.done("GET", place))["members_count"] == 1
    member = {"team_id": team["id"], "member_id": bob["id"], "member_type": "User"}
    await api.done("POST", "/team_memberships", {"team_membership": member})
    assert (await api.done("GET", place))["members_count"] == 2


@kisi_test
async def test_both_spellings_at_once_count_if_they_say_the_same(api: Api) -> None:
    ada, group, other = await add_user(api, "ada"), await add_group(api, "staff"), await add_group(api, "x")
    made = await assign(api, ada, group, user_id=ada["id"], group_id=group["id"])
    assert (made["user_id"], made["group_id"]) == (ada["id"], group["id"])
    wanted = {
        "user_id": ada["id"],
        "role_id": "group_basic",
        "group_id": group["id"],
        "applies_to_type": "Group",
        "applies_to_id": other["id"],
    }
    answer = await api.call("POST", "/role_assignments", {"role_assignment": wanted})
    assert answer.status == 422


@kisi_test
async def test_a_managed_user_is_confirmed_in_the_list_as_in_the_object(api: Api) -> None:
    managed = {"email": "mia@acme.test", "send_emails": False, "confirm": True}
    user = await api.done("POST", "/users", {"user": managed})
    assert user["confirmed"] is True
    assert user["id"] in {one["id"] for one in await api.done("GET", "/users?confirmed=true")}
    assert user["id"] not in {one["id"] for one in await api.done("GET", "/users?confirmed=false")}


@kisi_test
async def test_first_to_arrive_tells_the_lockdown_of_the_place_as_the_places(api: Api) -> None:
    lock, ada = await add_lock(api, "front"), await add_user(api, "ada")
    await assign(api, ada, await add_group(api, "staff", lock))
    mine = await sign_in_for(api, ada)
    await api.done("POST", f"/places/{lock['place_id']}/lock_down")
    for verb in ("first_to_arrive", "last_to_leave", "unlock"):
        answer = await mine.call("POST", f"/locks/{lock['id']}/{verb}")
        assert (answer.status, answer.json()["code"]) == (409, "fad002"), verb
    await api.done("POST", f"/locks/{lock['id']}/lock_down")
    await api.done("POST", f"/places/{lock['place_id']}/cancel_lockdown")
    for verb in ("first_to_arrive", "last_to_leave", "unlock"):
        answer = await mine.call("POST", f"/locks/{lock['id']}/{verb}")
        assert (answer.status, answer.json()["code"]) == (409, "fad001"), verb
