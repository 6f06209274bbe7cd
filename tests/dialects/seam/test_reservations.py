"""Reservations: the first use of the next guest's code shuts out the guest before, in every API and at the door."""

from typing import Any

from tests.dialects.in_world import Api
from tests.dialects.seam.access import FUTURE, event_types, get_grant, give, methods_of, types
from tests.dialects.seam.api import UNKNOWN, add_person, entrances_of, may_open, query, refusal, seam_test
from tests.dialects.seam.cards import attempt
from tests.dialects.seam.resources import KEYS, faults
from tests.support.asgi import Response


async def code_of(api: Api, grant: dict[str, Any]) -> str:
    return next(str(one["code"]) for one in await methods_of(api, grant) if one["mode"] == "code")


async def enter(api: Api, door_id: str, code: str) -> str:
    """Type digits at the device through the API and give how the attempt ended."""
    ended = await attempt(api, "/locks/simulate/keypad_code_entry", {"device_id": door_id, "code": code})
    await api.world.settle()
    return str(ended["status"])


async def ask_for(api: Api, door_ids: list[str], key: str, **wanted: Any) -> Response:
    body = {
        "user_identity_id": await add_person(api),
        "device_ids": door_ids,
        "requested_access_methods": [{"mode": "code"}],
        "reservation_key": key,
        **wanted,
    }
    return await api.call("POST", "/access_grants/create", body)


@seam_test
async def test_an_entrance_with_a_reader_can_belong_to_a_reservation(api: Api) -> None:
    await api.world.add_door("Front")
    (entrance,) = (await api.done("GET", "/acs/entrances/list"))["acs_entrances"]
    assert entrance["can_belong_to_reservation"] is True


@seam_test
async def test_the_first_use_of_the_next_reservation_overrides_the_guest_before(api: Api) -> None:
    front = await api.world.add_door("Front")
    old, new = await give(api, front, reservation_key="r1"), await give(api, front, reservation_key="r2")
    before, after = await code_of(api, old), await code_of(api, new)
    assert await enter(api, front, before) == "success"
    assert await enter(api, front, after) == "success"
    assert await enter(api, front, before) == "error"
    assert await enter(api, front, after) == "success"
    assert (types(api, before, front), types(api, after, front)) == (False, True)
    assert not await may_open(api, old["user_identity_id"], front)
    assert await entrances_of(api, user_identity_id=old["user_identity_id"]) == []


@seam_test
async def test_an_overridden_guest_is_told_of_by_the_grant_and_by_events(api: Api) -> None:
    front = await api.world.add_door("Front")
    old = await give(api, front, modes=("code", "mobile_key"), reservation_key="r1")
    new = await give(api, front, reservation_key="r2")
    await enter(api, front, await code_of(api, new))
    shown = await get_grant(api, old["access_grant_id"])
    assert [*faults(KEYS["access_grant"], shown)] == []
    assert [error["error_code"] for error in shown["errors"]] == ["access_not_provisioned"]
    assert {one["is_issued"] for one in await methods_of(api, old)} == {False}
    told = await event_types(
        api,
        "access_grant.access_to_door_lost",
        "access_method.revoked",
        "acs_credential.invalidated",
        "access_code.deleted",
    )
    assert told == [
        "access_grant.access_to_door_lost",
        "access_method.revoked",
        "access_method.revoked",
        "acs_credential.invalidated",
        "access_code.deleted",
    ]


@seam_test
async def test_staff_without_a_reservation_are_left_alone(api: Api) -> None:
    front = await api.world.add_door("Front")
    staff, new = await give(api, front), await give(api, front, reservation_key="r1")
    await enter(api, front, await code_of(api, new))
    assert await enter(api, front, await code_of(api, staff)) == "success"


@seam_test
async def test_a_reservation_has_its_doors_and_its_days_and_subsets_may_join(api: Api) -> None:
    front, back = await api.world.add_door("Front"), await api.world.add_door("Back")
    window = {"starts_at": "2198-01-01T00:00:00Z", "ends_at": "2198-01-05T00:00:00Z"}
    assert (await ask_for(api, [front], "r1", **window)).status == 200
    for doors in ([back], [front, back]):
        assert (await ask_for(api, doors, "r1", **window)).status == 409
    later = {"starts_at": "2198-02-01T00:00:00Z", "ends_at": "2198-02-05T00:00:00Z"}
    assert refusal(await ask_for(api, [front], "r1", **later)) == (409, "conflict")
    assert (await ask_for(api, [front, back], "r2", **window)).status == 200
    assert (await ask_for(api, [back], "r2", **window)).status == 200


@seam_test
async def test_a_mobile_key_comes_with_a_link_and_a_session_that_live_and_die_with_it(api: Api) -> None:
    front = await api.world.add_door("Front")
    asked = [{"mode": "mobile_key", "instant_key_max_use_count": 3}]
    grant = await give(api, front, requested_access_methods=asked)
    (method,) = await methods_of(api, grant)
    assert [*faults(KEYS["access_method"], method)] == []
    assert [*faults(KEYS["access_grant"], grant)] == []
    link, token = method["instant_key_url"], method["client_session_token"]
    assert (grant["instant_key_url"], grant["client_session_token"]) == (link, token)
    found = await api.done("POST", "/instant_keys/get", {"instant_key_url": link})
    assert found["instant_key"]["user_identity_id"] == grant["user_identity_id"]
    session = await api.call("GET", "/client_sessions/get", authorization=f"Bearer {token}")
    assert session.json()["client_session"]["user_identity_id"] == grant["user_identity_id"]
    await api.done(
        "PATCH",
        "/access_grants/update",
        {"access_grant_id": grant["access_grant_id"], "ends_at": "2198-01-01T00:00:00Z"},
    )
    moved = await get_grant(api, grant["access_grant_id"])
    assert (moved["instant_key_url"], moved["client_session_token"]) == (link, token)
    await api.done("POST", "/access_methods/delete", {"access_method_id": method["access_method_id"]})
    assert refusal(await api.call("POST", "/instant_keys/get", {"instant_key_url": link}))[0] == 404
    dead = await api.call("GET", "/client_sessions/get", authorization=f"Bearer {token}")
    assert refusal(dead) == (401, "client_session_not_found")


@seam_test
async def test_the_link_of_a_mobile_key_opens_the_grants_doors_alone(api: Api) -> None:
    front, back = await api.world.add_door("Front"), await api.world.add_door("Back")
    person = await add_person(api)
    await give(api, back, user_identity_id=person)
    grant = await give(api, front, modes=("mobile_key",), user_identity_id=person)
    page = await api.call("GET", grant["instant_key_url"].partition("/seam")[2], authorization="")
    assert (b"Open Front" in page.body, b"Open Back" in page.body) == (True, False)


@seam_test
async def test_changes_of_places_and_times_are_pending_until_the_doors_have_them(api: Api) -> None:
    front, back = await api.world.add_door("Front"), await api.world.add_door("Back")
    grant = await give(api, front)
    named = {"access_grant_id": grant["access_grant_id"]}
    await api.done("PATCH", "/access_grants/update", {**named, "device_ids": [front, back]})
    shown = await get_grant(api, grant["access_grant_id"])
    assert [*faults(KEYS["access_grant"], shown)] == []
    (pending,) = shown["pending_mutations"]
    assert (pending["mutation_code"], pending["from"], pending["to"]) == (
        "updating_spaces",
        {"device_ids": [front]},
        {"device_ids": [front, back]},
    )
    assert [one["warning_code"] for one in shown["warnings"]] == ["underprovisioned_access"]
    (method,) = await methods_of(api, grant)
    assert [one["mutation_code"] for one in method["pending_mutations"]] == ["provisioning_access"]
    await api.world.settle()
    await api.done("PATCH", "/access_grants/update", {**named, "device_ids": [back]})
    shown = await get_grant(api, grant["access_grant_id"])
    assert [one["warning_code"] for one in shown["warnings"]] == ["overprovisioned_access"]
    (method,) = await methods_of(api, grant)
    assert [one["mutation_code"] for one in method["pending_mutations"]] == ["revoking_access"]
    await api.world.settle()
    await api.done("PATCH", "/access_grants/update", {**named, "ends_at": "2198-01-01T00:00:00Z"})
    shown = await get_grant(api, grant["access_grant_id"])
    (pending,) = shown["pending_mutations"]
    assert (pending["mutation_code"], pending["access_method_ids"]) == (
        "updating_access_times",
        [method["access_method_id"]],
    )
    assert (pending["from"]["ends_at"], pending["to"]["ends_at"]) == (FUTURE, "2198-01-01T00:00:00.000Z")
    await api.world.settle()
    shown = await get_grant(api, grant["access_grant_id"])
    assert (shown["pending_mutations"], shown["warnings"]) == ([], [])
    (method,) = await methods_of(api, grant)
    assert (method["pending_mutations"], method["warnings"]) == ([], [])


@seam_test
async def test_a_deleted_grant_is_being_deleted_until_the_door_has_forgotten_its_code(api: Api) -> None:
    front = await api.world.add_door("Front")
    grant = await give(api, front)
    named = {"access_grant_id": grant["access_grant_id"]}
    await api.done("POST", "/devices/simulate/disconnect", {"device_id": front})
    await api.done("DELETE", query("/access_grants/delete", **named))
    await api.world.settle()
    shown = await get_grant(api, grant["access_grant_id"])
    assert [*faults(KEYS["access_grant"], shown)] == []
    assert [one["warning_code"] for one in shown["warnings"]] == ["being_deleted"]
    path = query("/access_methods/get", access_method_id=grant["access_method_ids"][0])
    method = (await api.done("GET", path))["access_method"]
    assert [*faults(KEYS["access_method"], method)] == []
    assert [one["warning_code"] for one in method["warnings"]] == ["being_deleted"]
    await api.done("DELETE", query("/access_grants/delete", **named))
    await api.done("POST", "/devices/simulate/connect", {"device_id": front})
    await api.world.settle()
    for verb in ("get", "delete"):
        assert refusal(await api.call("POST", f"/access_grants/{verb}", named)) == (
            404,
            "access_grant_not_found",
        )


@seam_test
async def test_a_code_that_is_taken_at_one_door_differs_there_alone(api: Api) -> None:
    front, back = await api.world.add_door("Front"), await api.world.add_door("Back")
    await api.done("POST", "/access_codes/create", {"device_id": back, "code": "4711"})
    grant = await give(api, front, back, requested_access_methods=[{"mode": "code", "code": "4711"}])
    shown = await get_grant(api, grant["access_grant_id"])
    (warning,) = shown["warnings"]
    assert (warning["warning_code"], warning["device_id"], warning["original_code"]) == (
        "requested_code_unavailable",
        back,
        "4711",
    )
    assert await code_of(api, grant) == "4711"
    assert (types(api, "4711", front), types(api, warning["new_code"], back)) == (True, True)
    assert not types(api, warning["new_code"], front)


@seam_test
async def test_doors_are_told_once_and_all_of_them_when_nothing_waits(api: Api) -> None:
    front = await api.world.add_door("Front")
    grant = await give(api, front, modes=("cloud_key", "code"))
    assert await event_types(api, "access_grant.access_granted") == [
        "access_grant.access_granted_to_door",
        "access_grant.access_granted_to_all_doors",
    ]
    listed = await api.done(
        "GET", query("/events/list", event_type="access_method.issued", since="2000-01-01T00:00:00Z")
    )
    assert [event.get("code") for event in listed["events"]] == [None, await code_of(api, grant)]


@seam_test
async def test_the_instant_key_and_the_session_of_a_mobile_key_are_related_to_its_method(api: Api) -> None:
    grant = await give(api, await api.world.add_door("Front"), modes=("mobile_key",))
    path = query("/access_methods/get_related", access_method_ids=grant["access_method_ids"])
    batch = (await api.done("GET", path))["batch"]
    (key,), (session,) = batch["instant_keys"], batch["client_sessions"]
    assert (key["instant_key_url"], session["token"]) == (
        grant["instant_key_url"],
        grant["client_session_token"],
    )
    assert [one["access_method"] for one in batch["acs_credentials"]] == ["mobile_key"]


@seam_test
async def test_an_entrance_or_a_device_that_is_not_there_is_named_by_its_kind(api: Api) -> None:
    for name, kind in (("device_ids", "device"), ("acs_entrance_ids", "acs_entrance")):
        body = {
            "user_identity_id": await add_person(api),
            name: [UNKNOWN],
            "requested_access_methods": [{"mode": "code"}],
        }
        answer = await api.call("POST", "/access_grants/create", body)
        assert refusal(answer) == (404, f"{kind}_not_found")
        answer = await api.call("POST", "/spaces/create", {"name": "Suite", name: [UNKNOWN]})
        assert refusal(answer) == (404, f"{kind}_not_found")


@seam_test
async def test_the_key_of_a_space_is_its_own(api: Api) -> None:
    await api.done("POST", "/spaces/create", {"name": "Suite", "space_key": "s1"})
    again = await api.call("POST", "/spaces/create", {"name": "Other", "space_key": "s1"})
    assert refusal(again) == (409, "space_already_exists")


@seam_test
async def test_the_methods_at_a_space_are_related_to_it(api: Api) -> None:
    front = await api.world.add_door("Front")
    space = (await api.done("POST", "/spaces/create", {"name": "Suite", "device_ids": [front]}))["space"]
    grant = await give(api, space_ids=[space["space_id"]])
    path = query("/spaces/get_related", space_ids=[space["space_id"]], include=["access_methods"])
    (method,) = (await api.done("GET", path))["batch"]["access_methods"]
    assert [method["access_method_id"]] == grant["access_method_ids"]
