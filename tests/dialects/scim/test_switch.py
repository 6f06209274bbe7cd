"""How people are switched off, on, deleted and added anew. Source: contract section 7, D1 to D9."""

import asyncio
from typing import Any

from tests.dialects.in_world import Api
from tests.dialects.kisi.api import sign_in_for
from tests.dialects.scim.api import (
    actions,
    add_front,
    add_group,
    add_user,
    find,
    journal,
    kisi_of,
    native_of,
    patch,
    scim_test,
)

OFF: dict[str, Any] = {"op": "replace", "path": "active", "value": False}
ON = {"op": "replace", "path": "active", "value": True}


@scim_test
async def test_somebody_added_inactive_opens_nothing_until_he_is_switched_on(api: Api) -> None:
    front, ada = await add_front(api), await add_user(api, "ada", active=False)
    await front.grant(person=ada["id"])
    assert ada["active"] is False
    assert not await front.opens_for(ada)
    await patch(api, ada, ON)
    assert await front.opens_for(ada)


@scim_test
async def test_a_put_without_active_or_with_null_keeps_what_is(api: Api) -> None:
    front, ada = await add_front(api), await add_user(api, "ada")
    await front.grant(person=ada["id"])
    await patch(api, ada, OFF)
    for body in ({}, {"active": None}):
        put = await api.done("PUT", f"/Users/{ada['id']}", {"userName": "ada@acme.test", **body})
        assert put["active"] is False
        assert not await front.opens_for(ada)


@scim_test
async def test_a_switch_that_can_not_be_read_is_400_and_changes_nothing(api: Api) -> None:
    front, ada = await add_front(api), await add_user(api, "ada")
    await front.grant(person=ada["id"])
    unreadable: tuple[object, ...] = ("banana", "", None, {}, [True, False])
    for value in unreadable:
        answer = await patch(api, ada, {"op": "replace", "path": "active", "value": value})
        assert answer.status == 400, value
    answer = await api.call("PUT", f"/Users/{ada['id']}", {"userName": "ada@acme.test", "active": "banana"})
    assert answer.status == 400
    assert await front.opens_for(ada)


@scim_test
async def test_a_repeated_disable_is_200_without_a_second_event(api: Api) -> None:
    ada = await add_user(api, "ada")
    for _ in range(3):
        assert (await patch(api, ada, OFF)).status == 200
    assert (await actions(api)).count("person.switched_off") == 1
    size = await api.world.journal_size()
    assert (await patch(api, ada, OFF)).status == 200
    assert await api.world.journal_size() == size


@scim_test
async def test_d1_neither_side_overrides_the_no_of_the_other(api: Api) -> None:
    front, ada = await add_front(api), await add_user(api, "ada")
    await front.grant(person=ada["id"])
    kisi = kisi_of(api.world)
    (user,) = [one for one in await kisi.done("GET", "/users") if one["email"] == "ada@acme.test"]
    await kisi.done("PATCH", f"/users/{user['id']}", {"user": {"access_enabled": False}})
    await patch(api, ada, OFF)
    await patch(api, ada, ON)
    assert not await front.opens_for(ada)
    await patch(api, ada, OFF)
    await kisi.done("PATCH", f"/users/{user['id']}", {"user": {"access_enabled": True}})
    shown = await kisi.done("GET", f"/users/{user['id']}")
    assert (shown["access_enabled"], shown["scim_access_enabled"]) == (True, False)
    assert not await front.opens_for(ada)
    await patch(api, ada, ON)
    assert await front.opens_for(ada)


@scim_test
async def test_an_act_of_the_directory_lifts_no_block_and_no_revocation_of_an_operator(api: Api) -> None:
    front, ada = await add_front(api), await add_user(api, "ada")
    await front.grant(person=ada["id"])
    native = native_of(api.world)
    await native.done("POST", f"/people/{ada['id']}/block", {"reason": "an investigation"})
    await patch(api, ada, OFF)
    answer = await patch(api, ada, ON)
    assert (answer.status, answer.json()["active"]) == (200, True)
    assert not await front.opens_for(ada)
    (conflict,) = (await native.done("GET", f"/conflicts?person={ada['id']}"))["items"]
    assert (conflict["via"], conflict["wanted"]) == ("scim", "to be active")


@scim_test
async def test_a_leaver_stays_out_whatever_the_directory_pushes(api: Api) -> None:
    front, ada = await add_front(api), await add_user(api, "ada")
    group = await add_group(api, "Engines", ada)
    await front.grant(team=group["id"])
    assert await front.opens_for(ada)
    native = native_of(api.world)
    await native.done("POST", f"/people/{ada['id']}/revoke", {"everywhere": True})
    await patch(api, ada, OFF)
    await patch(api, ada, ON)
    member = {"op": "add", "path": "members", "value": [{"value": ada["id"]}]}
    for _ in range(3):
        assert (await patch(api, group, member)).status == 200
    assert not await front.opens_for(ada)
    wanted = [one["wanted"] for one in (await native.done("GET", "/conflicts"))["items"]]
    assert sorted(wanted) == ["membership of team Engines", "to be active"]


@scim_test
async def test_somebody_removed_by_an_operator_is_added_anew_and_stays_out(api: Api) -> None:
    front, ada = await add_front(api), await add_user(api, "ada")
    group = await add_group(api, "Engines")
    await front.grant(team=group["id"])
    native = native_of(api.world)
    await native.done("DELETE", f"/people/{ada['id']}")
    assert (await api.call("GET", f"/Users/{ada['id']}")).status == 404
    again = await add_user(api, "ADA")
    assert again["id"] != ada["id"]
    await patch(api, group, {"op": "add", "path": "members", "value": [{"value": again["id"]}]})
    assert not await front.opens_for(again)
    assert (await native.done("GET", f"/conflicts?person={again['id']}"))["items"] != []
    await front.grant(person=again["id"])
    assert await front.opens_for(again)


@scim_test
async def test_deleting_and_adding_anew_launders_no_operators_no(api: Api) -> None:
    front, ada = await add_front(api), await add_user(api, "ada")
    group = await add_group(api, "Engines")
    await front.grant(team=group["id"])
    await native_of(api.world).done("DELETE", f"/people/{ada['id']}")
    second = await add_user(api, "ada")
    await api.done("DELETE", f"/Users/{second['id']}")
    third = await add_user(api, "ada")
    await patch(api, group, {"op": "add", "path": "members", "value": [{"value": third["id"]}]})
    assert not await front.opens_for(third)


@scim_test
async def test_whom_the_directory_deleted_itself_it_may_add_as_somebody_new(api: Api) -> None:
    front, ada = await add_front(api), await add_user(api, "ada", externalId="e-1")
    await front.grant(person=ada["id"])
    await api.done("DELETE", f"/Users/{ada['id']}")
    for call in (
        ("GET", None),
        ("PUT", {"userName": "x"}),
        ("PATCH", {"Operations": [OFF]}),
        ("DELETE", None),
    ):
        assert (await api.call(call[0], f"/Users/{ada['id']}", call[1])).status == 404, call
    again = await add_user(api, "ada", externalId="e-1")
    assert again["id"] != ada["id"]
    assert not await front.opens_for(again)
    group = await add_group(api, "Engines", again)
    await front.grant(team=group["id"])
    assert await front.opens_for(again)


@scim_test
async def test_d4_somebody_added_otherwise_is_found_refused_and_then_managed(api: Api) -> None:
    native = native_of(api.world)
    await native.done("POST", "/people", {"name": "Ada", "email": "ada@acme.test"})
    answer = await api.call("POST", "/Users", {"userName": "Ada@ACME.test"})
    assert (answer.status, answer.json()["scimType"]) == (409, "uniqueness")
    (ada,) = await find(api, "Users", 'userName eq "ada@acme.test"')
    assert ada["displayName"] == "Ada"
    await patch(api, ada, {"op": "add", "path": "externalId", "value": "e-1"})
    (found,) = await find(api, "Users", 'externalId eq "e-1"')
    assert found["id"] == ada["id"]
    assert (await native.done("GET", f"/people/{ada['id']}"))["name"] == "Ada"


@scim_test
async def test_what_an_operator_wrote_stays_where_the_directory_says_nothing_new(api: Api) -> None:
    ada = await add_user(api, "ada", displayName="Ada")
    native = native_of(api.world)
    await native.done("PATCH", f"/people/{ada['id']}", {"name": "Ada (desk 7)"})
    await patch(api, ada, OFF)
    assert (await native.done("GET", f"/people/{ada['id']}"))["name"] == "Ada (desk 7)"
    await patch(api, ada, {"op": "replace", "path": "displayName", "value": "Augusta"})
    assert (await native.done("GET", f"/people/{ada['id']}"))["name"] == "Augusta"


@scim_test
async def test_d5_the_last_owner_loses_the_doors_but_neither_powers_nor_a_sign_in(api: Api) -> None:
    front = await add_front(api)
    (olga,) = await find(api, "Users", 'userName eq "olga@acme.test"')
    assert await front.opens_for(olga)
    kisi = await sign_in_for(kisi_of(api.world), {"email": "olga@acme.test"})
    answer = await patch(api, olga, OFF)
    assert (answer.status, answer.json()["active"]) == (200, False)
    assert not await front.opens_for(olga)
    assert (await kisi.call("GET", "/users")).status == 200
    again = await native_of(api.world).call("GET", "/directory")
    assert again.json()["ends_sign_ins"] is True
    await api.world.settle()
    assert "directory.alarmed" in await actions(api)
    deleted = await api.call("DELETE", f"/Users/{olga['id']}")
    assert (deleted.status, deleted.json()["scimType"]) == (400, "mutability")


@scim_test
async def test_d6_many_leavers_raise_an_alarm_and_wait_for_nothing(api: Api) -> None:
    front, native = await add_front(api), native_of(api.world)
    await native.done("PATCH", "/directory", {"leaver_limit": 2})
    people = [await add_user(api, f"p{index}") for index in range(4)]
    for one in people:
        await front.grant(person=one["id"])
        await patch(api, one, OFF)
        assert not await front.opens_for(one)
    alarms = [row.detail["alarms"] for row in await journal(api) if row.action == "directory.alarmed"]
    assert alarms == [["many_leavers"]]


@scim_test
async def test_sign_ins_are_kept_where_the_setting_says_so(api: Api) -> None:
    ada, native = await add_user(api, "ada"), native_of(api.world)
    await native.done("PATCH", "/directory", {"ends_sign_ins": False})
    login = await sign_in_for(kisi_of(api.world), {"email": "ada@acme.test"})
    await patch(api, ada, OFF)
    assert (await login.call("GET", "/user")).status == 200


@scim_test
async def test_who_is_switched_off_can_not_sign_in_anew(api: Api) -> None:
    ada = await add_user(api, "ada")
    await patch(api, ada, OFF)
    answer = await kisi_of(api.world).call(
        "POST", "/logins", {"login": {"type": "device", "email": "ada@acme.test", "expire": False}}
    )
    assert answer.status == 401, answer.body


@scim_test
async def test_d8_racing_changes_are_all_kept_and_the_last_switch_counts(api: Api) -> None:
    ada = await add_user(api, "ada")
    operations = [{"op": "replace", "path": "title", "value": f"t{index}"} for index in range(8)]
    operations += [{"op": "replace", "path": "nickName", "value": f"n{index}"} for index in range(8)]
    answers = await asyncio.gather(*(patch(api, ada, one) for one in [*operations, OFF]))
    assert {answer.status for answer in answers} == {200}
    after = await api.done("GET", f"/Users/{ada['id']}")
    assert after["active"] is False
    assert (after["title"][0], after["nickName"][0]) == ("t", "n")


@scim_test
async def test_whom_the_directory_switched_off_stands_on_the_list_for_cleaning_up(api: Api) -> None:
    ada = await add_user(api, "ada")
    await add_user(api, "bob")
    await patch(api, ada, OFF)
    (listed,) = (await native_of(api.world).done("GET", "/directory/inactive"))["items"]
    assert listed["id"] == ada["id"]


@scim_test
async def test_switching_off_says_where_the_leftovers_are_listed_and_so_does_the_list_of_calls(
    api: Api,
) -> None:
    ada, native = await add_user(api, "ada"), native_of(api.world)
    answer = await patch(api, ada, OFF)
    where = f"/api/v1/people/{ada['id']}/leftovers"
    assert answer.header("link") == f'<{where}>; rel="related"; title="leftovers"'
    assert "given_grants" in await native.done("GET", where.removeprefix("/api/v1"))
    (call, *_) = (await native.done("GET", "/directory/calls"))["items"]
    assert call["outcome"] == f"what was left behind: {where}"
    assert (await patch(api, ada, OFF)).header("link") is None
