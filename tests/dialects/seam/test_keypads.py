"""Fake keypads: a PIN is typed at a door, or the button that locks is pressed."""

from typing import Any

from tests.dialects.in_world import Api
from tests.dialects.seam.access import make_code
from tests.dialects.seam.api import link, refusal, seam_test
from tests.dialects.seam.cards import attempt, make_credential
from tests.dialects.seam.test_events import events


async def enter(api: Api, door: str, code: str) -> dict[str, Any]:
    return await attempt(api, "/locks/simulate/keypad_code_entry", {"device_id": door, "code": code})


@seam_test
async def test_a_known_pin_unlocks_and_is_told_as_a_keycode(api: Api) -> None:
    front = await api.world.add_door("Front")
    made = await make_credential(api, "code", front, code="482915")
    entered = await enter(api, front, "482915")
    assert (entered["action_type"], entered["status"]) == ("SIMULATE_KEYPAD_CODE_ENTRY", "success")
    told = [event for event in await events(api) if event.get("action_attempt_id")]
    assert [event["event_type"] for event in told] == [
        "lock.unlocked",
        "action_attempt.simulate_keypad_code_entry.succeeded",
    ]
    assert (told[0]["method"], told[0]["user_identity_id"]) == ("keycode", made["user_identity_id"])


@seam_test
async def test_the_code_of_a_door_is_named_when_it_unlocks(api: Api) -> None:
    front = await api.world.add_door("Front")
    code = await make_code(api, front, code="482915")
    assert (await enter(api, front, "482915"))["status"] == "success"
    (told,) = await events(api, event_type="lock.unlocked", since="2020-01-01T00:00:00.000Z")
    assert told["access_code_id"] == code["access_code_id"]


@seam_test
async def test_an_unknown_pin_is_denied_with_its_reason(api: Api) -> None:
    front = await api.world.add_door("Front")
    entered = await enter(api, front, "000111")
    assert (entered["status"], entered["error"]["type"]) == ("error", "credential_error")
    told = [event for event in await events(api) if event["event_type"].startswith(("lock.", "action_"))]
    assert [event["event_type"] for event in told] == [
        "lock.access_denied",
        "action_attempt.simulate_keypad_code_entry.failed",
    ]
    assert told[0]["reason"]["reason_code"] == "unknown_code"


@seam_test
async def test_a_revoked_pin_is_denied_at_the_keypad(api: Api) -> None:
    front = await api.world.add_door("Front")
    made = await make_credential(api, "code", front, code="482915")
    assert (await link(api, made["user_identity_id"], front, "revoke")).status == 200
    entered = await enter(api, front, "482915")
    assert (entered["status"], entered["error"]["type"]) == ("error", "no_access")


@seam_test
async def test_the_button_locks_the_door(api: Api) -> None:
    front = await api.world.add_door("Front")
    path = "/locks/simulate/manual_lock_via_keypad"
    locked = await attempt(api, path, {"device_id": front})
    assert (locked["action_type"], locked["status"]) == ("SIMULATE_MANUAL_LOCK_VIA_KEYPAD", "success")
    told = [event for event in await events(api) if event.get("action_attempt_id")]
    assert [event["event_type"] for event in told] == [
        "lock.locked",
        "action_attempt.simulate_manual_lock_via_keypad.succeeded",
    ]


@seam_test
async def test_what_is_no_pin_is_refused(api: Api) -> None:
    front = await api.world.add_door("Front")
    body = {"device_id": front, "code": "12ab"}
    assert refusal(await api.call("POST", "/locks/simulate/keypad_code_entry", body))[0] == 400
