"""Objects carry exactly the documented keys, nullable ones too. Source: contract sections 2 to 5."""

from typing import Any

from tests.dialects.in_world import Api
from tests.dialects.kisi.api import add_group, add_lock, add_user, assign, kisi_test

STAMPED = "id created_at updated_at "
SHAPES = {
    "user": STAMPED
    + "resource_type name email metadata image otp_required_for_login password_flow_enabled access_enabled"
    " last_accessed_at scim_access_enabled notes organization_id confirmed groups_count",
    "me": STAMPED
    + "resource_type name email image locale notifications_unread_count otp_required_for_login otp_enabled_at"
    " primary_login_exists announcements_last_seen_at last_read_at notes organization_id organization",
    "login": STAMPED
    + "type name primary expire last_used_at device_brand device_model os_name user_id user app user_agent"
    " device os",
    "lock": STAMPED
    + "resource_type configured description first_to_arrive_required_until first_to_arrive_satisfied latitude"
    " longitude locked_down locked_down_since name on_scheduled_unlock online open order_id unlocked"
    " geofence_restriction_enabled geofence_restriction_radius reader_restriction_enabled"
    " time_restriction_enabled time_restriction_time_zone place_id place floor_id groups_count unlocked_until",
    "place": STAMPED
    + "resource_type name description latitude longitude address image time_zone tz_time_zone locks_count"
    " integrations_count locked_down locked_down_since occupancy_rate organization_id organization color logo"
    " user_id members_count",
    "group": STAMPED
    + "resource_type name description geofence_restriction_enabled geofence_restriction_radius"
    " primary_device_restriction_enabled managed_device_restriction_enabled reader_restriction_enabled"
    " time_restriction_enabled tap_to_access_restriction_enabled login_enabled users_count locks_count"
    " elevator_stops_count place_id time_restriction_time_zone members_count",
    "assignment": STAMPED
    + "resource_type role_id notify applies_to_type applies_to_id applies_to assignee_type assignee_id"
    " assignee created_by_type created_by_id user_id assignee_team_id guest_id issued_by_id type scope",
    "group_lock": STAMPED + "resource_type group_id group lock_id lock place_id place",
    "team": STAMPED + "resource_type name",
    "membership": STAMPED + "resource_type team_id team member_type member_id member",
    "role": "id resource_type applies_to name description custom permissions custom_role_id",
}
NEW_LOGIN = (
    " scram_credentials secret authentication_token has_primary_device email notifications_unread_count"
    " otp_required_for_login otp_enabled_at image primary_login_exists"
)


def keys(name: str, more: str = "") -> set[str]:
    return set((SHAPES[name] + " " + more).split())


async def give(api: Api, **wanted: Any) -> Any:
    return await api.done("POST", "/role_assignments", {"role_assignment": wanted})


@kisi_test
async def test_people_and_logins_have_their_documented_keys(api: Api) -> None:
    user = await add_user(api, "ada")
    assert set(user) == keys("user")
    assert set(await api.done("GET", "/user")) == keys("me")
    login = await api.done("POST", "/logins", {"login": {"type": "device", "email": user["email"]}})
    assert set(login) == keys("login", NEW_LOGIN)
    assert set(await api.done("GET", "/login")) == keys("login", "scram_credentials")
    assert set(login["user"]) == {"id", "resource_type", "name", "email"}
    assert login["secret"] == login["authentication_token"]


@kisi_test
async def test_doors_and_places_show_favorite_only_to_those_who_ask(api: Api) -> None:
    lock = await add_lock(api, "front")
    assert set(lock) == keys("lock")
    assert set((await api.done("GET", "/locks?favorite=*"))[0]) == keys("lock", "favorite")
    assert set(await api.done("GET", f"/locks/{lock['id']}?favorite=true")) == keys("lock", "favorite")
    assert set((await api.done("GET", "/places"))[0]) == keys("place")
    assert set((await api.done("GET", "/places?favorite=false"))[0]) == keys("place", "favorite")


@kisi_test
async def test_a_group_names_its_place_only_if_it_has_one(api: Api) -> None:
    lock = await add_lock(api, "front")
    wide = await add_group(api, "wide", lock)
    assert set(wide) == keys("group")
    assert wide["place_id"] is None
    narrow = await api.done("POST", "/groups", {"group": {"name": "narrow", "place_id": lock["place_id"]}})
    assert set(narrow) == keys("group", "place")
    assert narrow["place"]["id"] == narrow["place_id"]
    (placed,) = await api.done("GET", f"/group_locks?group_id={wide['id']}")
    assert set(placed) == keys("group_lock")


@kisi_test
async def test_an_assignment_has_the_keys_of_its_scope_and_a_window_only_at_a_group(api: Api) -> None:
    user, group = await add_user(api, "ada"), await add_group(api, "staff")
    place, number = (await api.done("GET", "/places"))[0], (await api.done("GET", "/organization"))["id"]
    at_group = await assign(api, user, group)
    assert set(at_group) == keys("assignment", "user group_id group valid_from valid_until")
    at_place = await give(api, user_id=user["id"], place_id=place["id"], role_id="place_basic")
    assert set(at_place) == keys("assignment", "user place_id place")
    everywhere = await give(api, user_id=user["id"], organization_id=number, role_id="organization_observer")
    assert set(everywhere) == keys("assignment", "user organization_id organization")
    assert set(everywhere["organization"]) == {"id", "resource_type", "name", "domain"}


@kisi_test
async def test_an_assignment_of_a_team_names_the_team_and_no_user(api: Api) -> None:
    team, group = await api.done("POST", "/teams", {"team": {"name": "t"}}), await add_group(api, "staff")
    made = await assign(api, team, group, assignee_type="Team")
    assert set(made) == keys("assignment", "assignee_team group_id group valid_from valid_until")
    assert (made["user_id"], made["assignee_team_id"], made["guest_id"]) == (None, team["id"], None)
    assert made["type"] == made["scope"] == "group"


@kisi_test
async def test_teams_memberships_and_roles_have_their_documented_keys(api: Api) -> None:
    user, team = await add_user(api, "ada"), await api.done("POST", "/teams", {"team": {"name": "t"}})
    wanted = {"team_id": team["id"], "member_id": user["id"], "member_type": "User"}
    membership = await api.done("POST", "/team_memberships", {"team_membership": wanted})
    assert set(team) == keys("team")
    assert set(membership) == keys("membership")
    for role in await api.done("GET", "/roles"):
        assert set(role) == keys("role")


@kisi_test
async def test_a_user_counts_the_groups_that_he_holds_himself(api: Api) -> None:
    user, group = await add_user(api, "ada"), await add_group(api, "staff")
    await assign(api, user, group)
    await assign(api, user, group)
    await assign(api, user, await add_group(api, "night"))
    assert (await api.done("GET", f"/users/{user['id']}"))["groups_count"] == 2
