"""Pushed stays: a customer's reservations, bookings and grants are access grants with methods and events."""

from typing import Any

from rekey.operations.add_door import AddDoor, add_door
from rekey.testing.scripted_door import ScriptedDoor
from tests.dialects.in_world import Api
from tests.dialects.seam.access import event_types, give, methods_of, types
from tests.dialects.seam.api import add_person, devices_of, query, seam_test
from tests.dialects.seam.furnished import connect, devices_seen, make_space, open_session

ADA = {"guest_key": "g1", "name": "Ada", "email_address": "ada@guests.test"}
STAY = {"reservation_key": "r1", "guest_key": "g1", "space_keys": ["s1"], "ends_at": "2199-01-01T00:00:00Z"}


async def push(api: Api, **data: Any) -> None:
    await api.done("POST", "/customers/push_data", {"customer_key": "c1", **data})
    await api.world.settle()


async def grants(api: Api, **filters: Any) -> list[dict[str, Any]]:
    listed = await api.done("GET", query("/access_grants/list", **filters))
    found: list[dict[str, Any]] = listed["access_grants"]
    return found


async def room(api: Api, *door_ids: str, key: str = "s1") -> None:
    await make_space(api, *door_ids, space_key=key, customer_key="c1")


async def door_without_keypad(api: Api, name: str) -> str:
    drivers, core = api.world.core.drivers, api.world.core
    assert isinstance(drivers, dict)
    drivers["scripted"] = ScriptedDoor(core.clock)
    wanted = AddDoor(name=name, site_id=api.world.site_id, driver="scripted", driver_settings=())
    return str((await api.world.perform(add_door, wanted)).id)


@seam_test
async def test_a_pushed_reservation_is_a_grant_with_a_code_and_told_of_as_one(api: Api) -> None:
    front = await api.world.add_door("Front")
    await room(api, front)
    await push(api, guests=[ADA], reservations=[{**STAY, "preferred_code": "4711"}])
    (grant,) = await grants(api, reservation_key="r1")
    (method,) = await methods_of(api, grant)
    assert (method["mode"], method["code"], method["is_issued"]) == ("code", "4711", True)
    assert types(api, "4711", front)
    assert [one["access_grant_id"] for one in await grants(api, customer_key="c1")] == [
        grant["access_grant_id"]
    ]
    assert await event_types(api, "access_grant", "access_method") == [
        "access_grant.created",
        "access_method.created",
        "access_method.issued",
        "access_grant.access_granted_to_door",
        "access_grant.access_granted_to_all_doors",
    ]


@seam_test
async def test_the_same_again_changes_nothing_and_new_days_move_the_grant(api: Api) -> None:
    await room(api, await api.world.add_door("Front"))
    await push(api, guests=[ADA], reservations=[STAY])
    (grant,) = await grants(api, reservation_key="r1")
    told = await event_types(api, "access_")
    await push(api, guests=[ADA], reservations=[STAY])
    assert (await grants(api, reservation_key="r1"), await event_types(api, "access_")) == ([grant], told)
    await push(api, reservations=[{**STAY, "ends_at": "2199-02-01T00:00:00Z"}])
    (moved,) = await grants(api, reservation_key="r1")
    assert moved["access_grant_id"] == grant["access_grant_id"]
    assert (moved["starts_at"], moved["ends_at"]) == (grant["starts_at"], "2199-02-01T00:00:00.000Z")


@seam_test
async def test_a_grant_that_an_operator_ended_is_not_pushed_back(api: Api) -> None:
    front = await api.world.add_door("Front")
    await room(api, front)
    await push(api, guests=[ADA], reservations=[STAY])
    (grant,) = await grants(api, reservation_key="r1")
    await api.done("POST", "/access_grants/delete", {"access_grant_id": grant["access_grant_id"]})
    await push(api, reservations=[{**STAY, "ends_at": "2199-02-01T00:00:00Z"}])
    assert await grants(api, reservation_key="r1") == []
    assert await devices_of(api, grant["user_identity_id"]) == []


@seam_test
async def test_a_place_that_is_only_named_opens_once_its_space_is_made(api: Api) -> None:
    front = await api.world.add_door("Front")
    await push(
        api, guests=[ADA], spaces=[{"space_key": "s1", "name": "Suite"}], reservations=[{**STAY, "name": "R"}]
    )
    (grant,) = await grants(api, reservation_key="r1")
    assert (grant["access_method_ids"], await devices_of(api, grant["user_identity_id"])) == ([], [])
    await room(api, front)
    await api.world.settle()
    (method,) = await methods_of(api, grant)
    assert method["is_issued"]
    assert types(api, method["code"], front)
    again = await api.call("POST", "/spaces/create", {"name": "Other", "space_key": "s1"})
    assert again.status == 409


@seam_test
async def test_a_repeated_address_skips_the_reservation_and_the_call_is_ok(api: Api) -> None:
    await room(api, await api.world.add_door("Front"))
    await add_person(api, email_address="ada@guests.test")
    await push(api, guests=[ADA], reservations=[STAY])
    assert await grants(api, reservation_key="r1") == []


@seam_test
async def test_deleting_the_reservation_ends_its_grant_and_leaves_the_guest(api: Api) -> None:
    front = await api.world.add_door("Front")
    await room(api, front)
    await push(api, guests=[ADA], reservations=[STAY])
    (grant,) = await grants(api, reservation_key="r1")
    (method,) = await methods_of(api, grant)
    await api.done("POST", "/customers/delete_data", {"reservation_keys": ["r1"]})
    await api.world.settle()
    assert not types(api, method["code"], front)
    assert await grants(api, reservation_key="r1") == []
    assert await event_types(api, "access_method.deleted", "access_grant.deleted") == [
        "access_method.deleted",
        "access_grant.deleted",
    ]
    person = {"user_identity_id": grant["user_identity_id"]}
    await api.done("POST", "/user_identities/get", person)


@seam_test
async def test_places_that_are_shared_are_no_part_of_the_stay(api: Api) -> None:
    await room(api, await api.world.add_door("Front"))
    await room(api, await api.world.add_door("Lobby"), key="lobby")
    await push(api, guests=[ADA], reservations=[{**STAY, "common_area_keys": ["lobby"]}])
    keys = [one.get("reservation_key") for one in await grants(api, customer_key="c1")]
    assert sorted(keys, key=str) == [None, "r1"]


@seam_test
async def test_a_pushed_grant_goes_by_its_key(api: Api) -> None:
    await room(api, await api.world.add_door("Front"))
    pushed = {"access_grant_key": "ag1", "guest_key": "g1", "space_keys": ["s1"], "name": "Cleaning"}
    await push(api, guests=[ADA], access_grants=[pushed])
    found = await api.done("GET", query("/access_grants/get", access_grant_key="ag1"))
    assert found["access_grant"]["name"] == "Cleaning"
    assert "reservation_key" not in found["access_grant"]


@seam_test
async def test_the_session_of_a_person_counts_the_devices_that_the_person_reaches(api: Api) -> None:
    grant = await give(api, await api.world.add_door("Front"), await api.world.add_door("Back"))
    session = await open_session(api, user_identity_id=grant["user_identity_id"])
    assert session["device_count"] == 2


@seam_test
async def test_a_door_without_a_keypad_that_joins_a_space_is_missing(api: Api) -> None:
    front = await api.world.add_door("Front")
    back = await door_without_keypad(api, "Back")
    space = (await make_space(api, front))["space_id"]
    grant = await give(api, space_ids=[space])
    await api.done("PUT", "/spaces/add_devices", {"space_id": space, "device_ids": [back]})
    shown = await api.done("GET", query("/access_grants/get", access_grant_id=grant["access_grant_id"]))
    (error,) = shown["access_grant"]["errors"]
    assert error["missing_device_ids"] == [back]
    assert len(await event_types(api, "access_grant.could_not")) == 1


@seam_test
async def test_attempts_of_every_kind_are_listed_by_their_device(api: Api) -> None:
    front, back = await api.world.add_door("Front"), await api.world.add_door("Back")
    await api.done("POST", "/access_codes/create", {"device_id": front, "code": "2468"})
    await api.done("POST", "/locks/unlock_door", {"device_id": front})
    await api.done("POST", "/locks/unlock_door", {"device_id": back})
    listed = await api.done("GET", query("/action_attempts/list", device_id=front))
    kinds = [one["action_type"] for one in listed["action_attempts"]]
    assert kinds == ["CREATE_ACCESS_CODE", "UNLOCK_DOOR"]
    first = await api.done("GET", query("/action_attempts/list", device_id=front, limit=1))
    cursor = first["pagination"]["next_page_cursor"]
    rest = await api.done("GET", query("/action_attempts/list", device_id=front, limit=1, page_cursor=cursor))
    both = [*first["action_attempts"], *rest["action_attempts"]]
    assert [one["action_type"] for one in both] == kinds
    assert not rest["pagination"]["has_next_page"]


@seam_test
async def test_each_device_of_a_lost_account_is_told_as_disconnected(api: Api) -> None:
    account = await connect(api)
    named = {"connected_account_id": account["connected_account_id"]}
    doors = await devices_seen(api, **named)
    await api.done("POST", "/connected_accounts/simulate/disconnect", named)
    events = (await api.done("GET", query("/events/list", event_type="device.disconnected")))["events"]
    assert sorted(one["device_id"] for one in events) == sorted(doors)
    assert {one["error_code"] for one in events} == {"account_disconnected"}


@seam_test
async def test_a_reset_tells_of_what_it_ends(api: Api) -> None:
    await give(api, await api.world.add_door("Front"))
    await make_space(api)
    await api.done("POST", "/workspaces/reset_sandbox", {})
    gone = ("access_grant.deleted", "access_method.deleted", "device.deleted", "space.deleted")
    assert sorted(await event_types(api, *gone)) == sorted(gone)
