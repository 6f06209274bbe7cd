"""Codes and devices that change by themselves or wait for their door, as clients see and hear of it."""

from typing import Any

from tests.dialects.in_world import Api
from tests.dialects.seam.access import get_code, make_code
from tests.dialects.seam.api import query, refusal, seam_test
from tests.dialects.seam.resources import KEYS, faults

LONG_AGO = "2020-01-01T00:00:00Z"


async def events(api: Api, **about: str) -> list[dict[str, Any]]:
    told = await api.done("GET", query("/events/list", since=LONG_AGO, **about))
    return list(told["events"])


async def event_types(api: Api, **about: str) -> list[str]:
    return [event["event_type"] for event in await events(api, **about)]


async def simulate(api: Api, what: str, door: str, **more: Any) -> None:
    await api.done("POST", f"/devices/simulate/{what}", {"device_id": door, **more})
    await api.world.settle()


async def device(api: Api, door: str) -> dict[str, Any]:
    shown = await api.done("GET", query("/devices/get", device_id=door))
    return dict(shown["device"])


@seam_test
async def test_changes_wait_for_the_device_with_what_it_has_and_what_it_shall_have(api: Api) -> None:
    front = await api.world.add_door("Front")
    made = await make_code(api, front, code="4711", name="A")
    await simulate(api, "disconnect", front)
    body = {"access_code_id": made["access_code_id"], "code": "8265", "name": "B"}
    await api.done("POST", "/access_codes/update", body)
    shown = await get_code(api, made["access_code_id"])
    assert [*faults(KEYS["access_code"], shown)] == []
    waiting = {one["mutation_code"]: (one["from"], one["to"]) for one in shown["pending_mutations"]}
    assert waiting == {
        "updating_code": ({"code": "4711"}, {"code": "8265"}),
        "updating_name": ({"name": "A"}, {"name": "B"}),
    }
    assert (await event_types(api, access_code_id=made["access_code_id"]))[-1].endswith("mutations_requested")
    await simulate(api, "connect", front)
    assert (await get_code(api, made["access_code_id"]))["pending_mutations"] == []
    told = await events(api, access_code_id=made["access_code_id"])
    changed = next(event for event in told if event["event_type"] == "access_code.code_changed")
    assert (changed["from"], changed["to"]) == ({"code": "4711"}, {"code": "8265"})
    first = next(event for event in told if event["event_type"] == "access_code.set_on_device")
    assert first["code"] == "4711"


@seam_test
async def test_a_code_that_was_changed_at_the_device_is_told_as_changed(api: Api) -> None:
    front = await api.world.add_door("Front")
    made = await make_code(api, front, code="4711")
    loose = await make_code(api, front, code="8265", is_external_modification_allowed=True)
    api.world.simulated.configure(front, [("changed_codes", "4711:1111,8265:2222")])
    await simulate(api, "connect", front)
    for code in (made, loose):
        told = await event_types(api, access_code_id=code["access_code_id"])
        assert "access_code.modified_external_to_seam" in told
    assert (await get_code(api, made["access_code_id"]))["errors"] == []
    shown = await get_code(api, loose["access_code_id"])
    (warning,) = shown["warnings"]
    assert [*faults(KEYS["access_code"], shown)] == []
    assert (shown["code"], warning["warning_code"]) == ("2222", "external_modification_in_effect")
    assert warning["modified_fields"] == [{"field": "code", "from": "8265", "to": "2222"}]


@seam_test
async def test_a_device_that_refuses_shows_who_conflicts_with_it(api: Api) -> None:
    front = await api.world.add_door("Front")
    made = await make_code(api, front, code="4711")
    api.world.simulated.configure(front, [("changed_codes", "4711:1111"), ("refuses", "true")])
    await simulate(api, "connect", front)
    shown = await get_code(api, made["access_code_id"])
    assert "conflicting_external_modification" in [error["error_code"] for error in shown["errors"]]
    assert shown["status"] == "setting"


@seam_test
async def test_codes_of_a_device_that_is_given_up_are_unmanaged_until_each_is_converted(api: Api) -> None:
    front = await api.world.add_door("Front")
    made = await make_code(api, front, code="4711")
    id_ = made["access_code_id"]
    await api.done("POST", "/devices/update", {"device_id": front, "is_managed": False})
    assert refusal(await api.call("GET", query("/access_codes/get", access_code_id=id_)))[0] == 404
    shown = (await api.done("GET", query("/access_codes/unmanaged/get", access_code_id=id_)))["access_code"]
    assert (shown["code"], shown["is_managed"]) == ("4711", False)
    assert [*faults(KEYS["unmanaged_access_code"], shown)] == []
    await api.done("POST", "/devices/unmanaged/update", {"device_id": front, "is_managed": True})
    assert refusal(await api.call("GET", query("/access_codes/get", access_code_id=id_)))[0] == 404
    await api.done("POST", "/access_codes/unmanaged/convert_to_managed", {"access_code_id": id_})
    assert (await get_code(api, id_))["status"] == "set"
    told = await event_types(api, device_id=front)
    assert "device.converted_to_unmanaged" in told
    assert told[-2:] == [
        "device.unmanaged.converted_to_managed",
        "access_code.unmanaged.converted_to_managed",
    ]


@seam_test
async def test_what_is_wrong_with_a_device_has_its_beginning_and_is_told_when_it_changes(api: Api) -> None:
    front = await api.world.add_door("Front")
    await api.world.settle()
    await simulate(api, "disconnect_from_hub", front)
    (error,) = (await device(api, front))["errors"]
    await simulate(api, "disconnect_from_hub", front)
    assert (await device(api, front))["errors"] == [error]
    await simulate(api, "disconnect", front)
    await simulate(api, "connect", front)
    await simulate(api, "connect_to_hub", front)
    await simulate(api, "paid_subscription", front, is_expired=True)
    await simulate(api, "paid_subscription", front, is_expired=False)
    await simulate(api, "remove", front)
    told = [event for event in await events(api, device_id=front) if event["event_type"] != "device.added"]
    assert [event["event_type"] for event in told] == [
        "device.disconnected",
        "device.disconnected",
        "device.disconnected",
        "device.connected",
        "device.error.subscription_required",
        "device.error.subscription_required.resolved",
        "device.removed",
    ]
    reasons = [event["error_code"] for event in told if event["event_type"] == "device.disconnected"]
    assert reasons[:1] == ["hub_disconnected"]


@seam_test
async def test_a_device_says_what_its_keypad_takes(api: Api) -> None:
    front = await api.world.add_door(
        "Front", code_lengths="6", max_codes="3", code_rules="no_zeros,name_length"
    )
    shown = await device(api, front)
    properties = shown["properties"]
    assert [*faults(KEYS["device"], shown)] == []
    assert (properties["supported_code_lengths"], properties["max_active_codes_supported"]) == ([6], 3)
    assert [one["constraint_type"] for one in properties["code_constraints"]] == ["name_length", "no_zeros"]
    answer = await api.call("POST", "/access_codes/create", {"device_id": front, "code": "471012"})
    assert refusal(answer) == (400, "invalid_input")


@seam_test
async def test_a_reserve_is_kept_at_a_device_and_ends_with_it(api: Api) -> None:
    front = await api.world.add_door("Front")
    for wanted in (True, False):
        body = {"device_id": front, "backup_access_code_pool_enabled": wanted}
        await api.done("POST", "/devices/update", body)
        await api.world.settle()
        assert (await device(api, front))["properties"]["backup_access_code_pool_enabled"] is wanted
    told = await event_types(api, device_id=front)
    assert told.count("access_code.set_on_device") == told.count("access_code.deleted")


@seam_test
async def test_deleting_a_code_again_gives_the_first_attempt_and_its_receipt(api: Api) -> None:
    front = await api.world.add_door("Front")
    made = await make_code(api, front, code="4711")
    await simulate(api, "disconnect", front)
    first = await api.call("POST", "/access_codes/delete", {"access_code_id": made["access_code_id"]})
    again = await api.call("POST", "/access_codes/delete", {"access_code_id": made["access_code_id"]})
    assert again.json() == first.json()
    assert again.header("rekey-revocation") == first.header("rekey-revocation")


@seam_test
async def test_an_attempt_that_has_ended_is_not_opened_again_by_a_later_one(api: Api) -> None:
    front = await api.world.add_door("Front")
    answer = await api.done("POST", "/access_codes/create", {"device_id": front, "code": "4711"})
    await api.world.settle()
    await simulate(api, "disconnect", front)
    body = {"access_code_id": answer["access_code"]["access_code_id"], "code": "8265"}
    later = (await api.done("POST", "/access_codes/update", body))["action_attempt"]
    ids = [answer["action_attempt"]["action_attempt_id"], later["action_attempt_id"]]
    listed = await api.done("POST", "/action_attempts/list", {"action_attempt_ids": ids})
    assert [one["status"] for one in listed["action_attempts"]] == ["success", "pending"]
