"""Users of access systems: suspended, stripped of every entrance, deleted."""

from rekey.operations.add_site import AddSite, add_site
from tests.dialects.in_world import Api
from tests.dialects.seam.api import (
    UNKNOWN,
    add_group,
    add_person,
    add_user,
    entrances_of,
    may_open,
    query,
    refusal,
    seam_test,
)

STRIP = "/acs/users/revoke_access_to_all_entrances"


async def give(api: Api, door: str, **who: str) -> None:
    await api.done("POST", "/acs/entrances/grant_access", {"acs_entrance_id": door, **who})


@seam_test
async def test_an_entrance_given_to_a_person_enrols_the_person(api: Api) -> None:
    person, door = await add_person(api), await api.world.add_door("Front")
    await give(api, door, user_identity_id=person)
    listed = await api.done("GET", query("/acs/users/list", user_identity_id=person))
    assert [user["acs_system_id"] for user in listed["acs_users"]] == [api.world.site_id]


@seam_test
async def test_all_entrances_of_a_user_are_revoked_and_the_user_stays(api: Api) -> None:
    user, door = await add_user(api), await api.world.add_door("Front")
    group = await add_group(api, await api.world.add_door("Lab"))
    await give(api, door, acs_user_id=user["acs_user_id"])
    member = {"acs_access_group_id": group, "acs_user_id": user["acs_user_id"]}
    await api.done("PUT", "/acs/access_groups/add_user", member)
    assert len(await entrances_of(api, acs_user_id=user["acs_user_id"])) == 2
    answer = await api.call("POST", STRIP, {"acs_user_id": user["acs_user_id"]})
    assert (answer.status, answer.json()) == (200, {"ok": True})
    assert answer.header("rekey-revocation")
    assert await entrances_of(api, acs_user_id=user["acs_user_id"]) == []
    assert not await may_open(api, user["user_identity_id"], door)


@seam_test
async def test_a_person_alone_loses_the_entrances_of_every_system_in_one_act(api: Api) -> None:
    person, here = await add_person(api), await api.world.add_door("Here")
    other = await api.world.perform(add_site, AddSite(name="Other", time_zone="UTC"))
    there = await api.world.add_door("There", site_id=other.id)
    for door in (here, there):
        await give(api, door, user_identity_id=person)
    before = await api.world.journal_size()
    await api.done("POST", STRIP, {"user_identity_id": person})
    assert await api.world.journal_size() == before + 1
    assert await entrances_of(api, user_identity_id=person) == []
    await give(api, here, user_identity_id=person)
    assert await entrances_of(api, user_identity_id=person) == [here]


@seam_test
async def test_a_person_with_a_system_loses_the_entrances_of_that_system_alone(api: Api) -> None:
    person, here = await add_person(api), await api.world.add_door("Here")
    other = await api.world.perform(add_site, AddSite(name="Other", time_zone="UTC"))
    there = await api.world.add_door("There", site_id=other.id)
    for door in (here, there):
        await give(api, door, user_identity_id=person)
    await api.done("POST", STRIP, {"user_identity_id": person, "acs_system_id": other.id})
    assert await entrances_of(api, user_identity_id=person) == [here]


@seam_test
async def test_a_selector_names_one_user_in_one_way(api: Api) -> None:
    user = await add_user(api)
    wrong: list[dict[str, str]] = [
        {},
        {"acs_user_id": user["acs_user_id"], "user_identity_id": user["user_identity_id"]},
        {"acs_user_id": user["acs_user_id"], "acs_system_id": api.world.site_id},
    ]
    for selector in wrong:
        assert refusal(await api.call("POST", STRIP, selector)) == (400, "invalid_input")
    alone = {"user_identity_id": user["user_identity_id"]}
    for path in ("suspend", "unsuspend", "delete", "update"):
        assert refusal(await api.call("POST", f"/acs/users/{path}", alone)) == (400, "invalid_input")


@seam_test
async def test_what_is_unknown_is_not_found_by_its_own_name(api: Api) -> None:
    person = await add_person(api)
    for body, type_ in (
        ({"acs_user_id": UNKNOWN}, "acs_user_not_found"),
        ({"user_identity_id": UNKNOWN}, "user_identity_not_found"),
        ({"user_identity_id": person, "acs_system_id": UNKNOWN}, "acs_system_not_found"),
    ):
        assert refusal(await api.call("POST", STRIP, body)) == (404, type_)
    answer = await api.call("POST", "/acs/entrances/get", {"acs_entrance_id": UNKNOWN})
    assert refusal(answer) == (404, "acs_entrance_not_found")


@seam_test
async def test_a_suspension_stops_everything_and_its_end_gives_it_back(api: Api) -> None:
    user, door = await add_user(api), await api.world.add_door("Front")
    selector = {"acs_user_id": user["acs_user_id"]}
    await give(api, door, **selector)
    for _ in range(2):
        await api.done("POST", "/acs/users/suspend", selector)
    assert not await may_open(api, user["user_identity_id"], door)
    shown = await api.done("GET", query("/acs/users/get", **selector))
    assert shown["acs_user"]["is_suspended"] is True
    await api.done("POST", "/acs/users/unsuspend", selector)
    assert await may_open(api, user["user_identity_id"], door)


@seam_test
async def test_a_deleted_user_is_gone_and_the_person_stays(api: Api) -> None:
    user, door = await add_user(api), await api.world.add_door("Front")
    selector = {"acs_user_id": user["acs_user_id"]}
    await give(api, door, **selector)
    answer = await api.call("DELETE", query("/acs/users/delete", **selector))
    assert answer.header("rekey-revocation")
    assert refusal(await api.call("DELETE", query("/acs/users/delete", **selector))) == (
        404,
        "acs_user_not_found",
    )
    assert not await may_open(api, user["user_identity_id"], door)
    person = query("/user_identities/get", user_identity_id=user["user_identity_id"])
    assert (await api.done("GET", person))["user_identity"]["acs_user_ids"] == []


@seam_test
async def test_a_schedule_that_is_over_closes_every_entrance_and_null_removes_it(api: Api) -> None:
    over = {"starts_at": "2020-01-01T00:00:00Z", "ends_at": "2020-02-01T00:00:00+01:00"}
    user, door = await add_user(api, access_schedule=over), await api.world.add_door("Front")
    assert user["access_schedule"]["ends_at"] == "2020-01-31T23:00:00.000Z"
    assert user["warnings"][0]["warning_code"] == "acs_user_inactive"
    await give(api, door, acs_user_id=user["acs_user_id"])
    assert await entrances_of(api, acs_user_id=user["acs_user_id"]) == []
    change = {"acs_user_id": user["acs_user_id"], "access_schedule": None}
    await api.done("PATCH", "/acs/users/update", change)
    assert await may_open(api, user["user_identity_id"], door)


@seam_test
async def test_a_user_of_a_known_address_is_that_person(api: Api) -> None:
    person = await add_person(api, email_address="ada@acme.test")
    user = await add_user(api, "Ada L.", email_address="ADA@acme.test")
    assert user["user_identity_id"] == person
    answer = await api.call(
        "POST",
        "/acs/users/create",
        {"acs_system_id": api.world.site_id, "full_name": "x", "email_address": "ada@acme.test"},
    )
    assert refusal(answer) == (409, "acs_user_already_exists")


@seam_test
async def test_a_member_leaves_a_group_and_keeps_what_else_was_given(api: Api) -> None:
    user, door = await add_user(api), await api.world.add_door("Front")
    lab = await api.world.add_door("Lab")
    group, who = await add_group(api, lab), {"acs_user_id": user["acs_user_id"]}
    await give(api, door, **who)
    member = {"acs_access_group_id": group, **who}
    await api.done("PUT", "/acs/users/add_to_access_group", member)
    users = await api.done("GET", query("/acs/access_groups/list_users", acs_access_group_id=group))
    assert [one["acs_user_id"] for one in users["acs_users"]] == [user["acs_user_id"]]
    for _ in range(2):
        await api.done("DELETE", query("/acs/access_groups/remove_user", **member))
    assert await entrances_of(api, **who) == [door]
    listed = await api.done("GET", query("/acs/access_groups/list", acs_user_id=user["acs_user_id"]))
    assert listed["acs_access_groups"] == []


@seam_test
async def test_removing_the_link_of_a_user_takes_the_person_out_of_the_system(api: Api) -> None:
    user, door = await add_user(api), await api.world.add_door("Front")
    pair = {"acs_user_id": user["acs_user_id"], "user_identity_id": user["user_identity_id"]}
    await api.done("PUT", "/user_identities/add_acs_user", pair)
    await give(api, door, acs_user_id=user["acs_user_id"])
    for _ in range(2):
        await api.done("DELETE", query("/user_identities/remove_acs_user", **pair))
    assert not await may_open(api, user["user_identity_id"], door)
