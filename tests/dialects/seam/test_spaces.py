"""Spaces and customers: doors by their makers' own names, and what ends with them."""

from typing import Any

from tests.dialects.in_world import Api
from tests.dialects.seam.api import UNKNOWN, add_person, may_open, query, refusal, seam_test
from tests.dialects.seam.furnished import (
    as_session,
    connect,
    devices_seen,
    make_space,
    open_session,
    token_in,
)
from tests.dialects.seam.resources import KEYS, faults

ADA = {"guest_key": "g1", "name": "Ada", "email_address": "ada@guests.test"}
SUITE = {"space_key": "s1", "name": "Suite 1"}
STAY = {"reservation_key": "r1", "guest_key": "g1", "space_keys": ["s1"], "ends_at": "2199-01-01T00:00:00Z"}


async def push(api: Api, **data: Any) -> Any:
    return await api.done("POST", "/customers/push_data", {"customer_key": "c1", **data})


async def person_of(api: Api, key: str) -> str:
    found = await api.done("GET", query("/user_identities/get", user_identity_key=key))
    return str(found["user_identity"]["user_identity_id"])


@seam_test
async def test_a_space_is_made_with_its_doors_and_found_by_id_or_key(api: Api) -> None:
    front, back = await api.world.add_door("Front"), await api.world.add_door("Back")
    wanted = {"space_key": "s1", "acs_entrance_ids": [back], "customer_data": {"address": "1 Way"}}
    space = await make_space(api, front, **wanted)
    assert [*faults(KEYS["space"], space)] == []
    assert (space["device_count"], space["customer_data"]) == (2, {"address": "1 Way"})
    for known in ({"space_id": space["space_id"]}, {"space_key": "s1"}):
        assert (await api.done("GET", query("/spaces/get", **known)))["space"] == space
    assert sorted(await devices_seen(api, space_id=space["space_id"])) == sorted([front, back])
    device = (await api.done("POST", "/devices/get", {"device_id": front}))["device"]
    assert device["space_ids"] == [space["space_id"]]


@seam_test
async def test_a_space_is_no_access_group_and_an_access_group_no_space(api: Api) -> None:
    space = await make_space(api)
    assert (await api.done("GET", "/acs/access_groups/list"))["acs_access_groups"] == []
    assert len((await api.done("GET", "/spaces/list"))["spaces"]) == 1
    assert refusal(await api.call("POST", "/spaces/get", {"space_id": UNKNOWN})) == (404, "space_not_found")
    assert space["warnings"] == []


@seam_test
async def test_a_key_of_a_space_is_unique(api: Api) -> None:
    await make_space(api, space_key="s1")
    answer = await api.call("POST", "/spaces/create", {"name": "Other", "space_key": "s1"})
    assert answer.status == 409


@seam_test
async def test_doors_are_added_removed_and_replaced_and_a_repetition_is_no_error(api: Api) -> None:
    front, back = await api.world.add_door("Front"), await api.world.add_door("Back")
    space = {"space_id": (await make_space(api, front))["space_id"]}
    for _turn in range(2):
        await api.done("PUT", "/spaces/add_devices", {**space, "device_ids": [back]})
    assert len(await devices_seen(api, **space)) == 2
    for _turn in range(2):
        await api.done("DELETE", query("/spaces/remove_acs_entrances", **space, acs_entrance_ids=[front]))
    assert await devices_seen(api, **space) == [back]
    changed = {**space, "device_ids": [front], "name": "Suite 2", "customer_data": {"time_zone": "UTC"}}
    shown = (await api.done("PATCH", "/spaces/update", changed))["space"]
    assert (shown["name"], shown["device_count"], shown["customer_data"]) == (
        "Suite 2",
        1,
        {"time_zone": "UTC"},
    )
    cleared = {**space, "customer_data": {"time_zone": None}}
    assert "customer_data" not in (await api.done("PATCH", "/spaces/update", cleared))["space"]
    assert await devices_seen(api, **space) == [front]


@seam_test
async def test_related_resources_come_by_the_kinds_that_were_asked_for(api: Api) -> None:
    account = await connect(api)
    doors = await devices_seen(api)
    space = await make_space(api, *doors, space_key="s1")
    batch = (await api.done("POST", "/spaces/get_related", {"space_keys": ["s1"]}))["batch"]
    assert [*faults(KEYS["batch"], batch)] == []
    assert (len(batch["devices"]), len(batch["acs_systems"])) == (3, 1)
    assert batch["connected_accounts"][0]["connected_account_id"] == account["connected_account_id"]
    wanted = {"space_ids": [space["space_id"]], "include": ["spaces", "devices"], "exclude": ["devices"]}
    assert set((await api.done("POST", "/spaces/get_related", wanted))["batch"]) == {"spaces"}
    assert refusal(await api.call("POST", "/spaces/get_related", {})) == (400, "invalid_input")


@seam_test
async def test_what_a_customer_pushes_opens_nothing_until_doors_are_in_its_place(api: Api) -> None:
    door = await api.world.add_door("Front")
    await push(api, guests=[ADA], spaces=[SUITE], reservations=[STAY])
    ada = await person_of(api, "g1")
    assert not await may_open(api, ada, door)
    space = (await api.done("POST", "/spaces/get", {"space_key": "s1"}))["space"]
    assert space["customer_key"] == "c1"
    await api.done("PUT", "/spaces/add_devices", {"space_id": space["space_id"], "device_ids": [door]})
    assert await may_open(api, ada, door)


@seam_test
async def test_a_stay_that_is_pushed_again_replaces_itself_and_one_that_is_deleted_opens_nothing(
    api: Api,
) -> None:
    door = await api.world.add_door("Front")
    await make_space(api, door, space_key="s1", customer_key="c1")
    await push(api, guests=[ADA], reservations=[STAY])
    ada = await person_of(api, "g1")
    await push(
        api, reservations=[{**STAY, "ends_at": "2020-01-01T00:00:00Z", "starts_at": "2019-01-01T00:00:00Z"}]
    )
    assert not await may_open(api, ada, door)
    await push(api, reservations=[STAY])
    assert await may_open(api, ada, door)
    await api.done("DELETE", query("/customers/delete_data", reservation_keys=["r1"]))
    assert not await may_open(api, ada, door)


@seam_test
async def test_nothing_that_is_pushed_brings_back_whom_an_operator_revoked(api: Api) -> None:
    door = await api.world.add_door("Front")
    await make_space(api, door, space_key="s1", customer_key="c1")
    await push(api, guests=[ADA], reservations=[STAY])
    ada = await person_of(api, "g1")
    await api.done(
        "DELETE", query("/user_identities/revoke_access_to_device", user_identity_id=ada, device_id=door)
    )
    await push(api, guests=[ADA], reservations=[STAY, {**STAY, "reservation_key": "r2"}])
    assert not await may_open(api, ada, door)


@seam_test
async def test_people_who_are_deleted_by_key_are_revoked_and_the_reply_names_the_revocation(api: Api) -> None:
    door = await api.world.add_door("Front")
    await make_space(api, door, space_key="s1", customer_key="c1")
    await push(api, guests=[ADA], reservations=[STAY])
    ada = await person_of(api, "g1")
    answer = await api.call("DELETE", query("/customers/delete_data", guest_keys=["g1"]))
    assert answer.header("rekey-revocation")
    assert not await may_open(api, ada, door)
    assert refusal(await api.call("POST", "/user_identities/get", {"user_identity_key": "g1"}))[0] == 404


@seam_test
async def test_a_key_of_somebody_who_is_no_customers_is_neither_changed_nor_deleted(api: Api) -> None:
    own = await add_person(api, "Olga", user_identity_key="g1")
    answer = await api.call("POST", "/customers/push_data", {"customer_key": "c1", "guests": [ADA]})
    assert answer.status == 409
    await api.done("POST", "/customers/delete_data", {"guest_keys": ["g1"], "customer_keys": ["c1"]})
    assert await person_of(api, "g1") == own


@seam_test
async def test_a_portal_shows_a_customer_its_own_and_dies_with_its_data(api: Api) -> None:
    door = await api.world.add_door("Front <b>")
    await api.world.add_door("Foreign")
    await make_space(api, door, space_key="s1", customer_key="c1")
    wanted = {"customer_data": {"customer_key": "c1", "guests": [ADA]}}
    portal = (await api.done("POST", "/customers/create_portal", wanted))["customer_portal"]
    assert [*faults(KEYS["customer_portal"], portal)] == []
    path = f"/customers/portal?token={token_in(portal['url'])}"
    page = await api.call("GET", path, authorization="")
    assert page.status == 200
    assert b"Front &lt;b&gt;" in page.body
    assert b"Foreign" not in page.body
    await api.done("POST", "/customers/delete_data", {"customer_keys": ["c1"]})
    assert (await api.call("GET", path, authorization="")).status == 401


@seam_test
async def test_a_session_of_a_customer_makes_and_sees_what_bears_its_key(api: Api) -> None:
    door, other = await api.world.add_door("Front"), await api.world.add_door("Other")
    mine = await make_space(api, door, customer_key="c1")
    theirs = await make_space(api, other, customer_key="c2")
    app = as_session(api.world, await open_session(api, customer_key="c1"))
    assert await devices_seen(app) == [door]
    listed = (await app.done("GET", "/spaces/list"))["spaces"]
    assert [space["space_id"] for space in listed] == [mine["space_id"]]
    made = await make_space(app, door)
    assert made["customer_key"] == "c1"
    for path, body in (
        ("/spaces/get", {"space_id": theirs["space_id"]}),
        ("/spaces/delete", {"space_id": theirs["space_id"]}),
        ("/spaces/create", {"name": "x", "device_ids": [other]}),
        ("/spaces/create", {"name": "x", "customer_key": "c2"}),
        ("/spaces/add_devices", {"space_id": mine["space_id"], "device_ids": [other]}),
    ):
        assert refusal(await app.call("POST", path, body)) == (401, "unauthorized"), path
