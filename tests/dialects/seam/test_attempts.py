"""Doors moved from afar: pending at first, and always an end that can be read."""

from rekey.domain.scope import Scope
from rekey.drivers.simulated import SimulatedDriver
from rekey.operations.lock_down import LockDown, lock_down
from tests.dialects.in_world import Api
from tests.dialects.seam.api import UNKNOWN, query, refusal, seam_test


async def order(api: Api, verb: str, door: str, *, sync: bool = False) -> dict[str, object]:
    answer = await api.done("POST", f"/locks/{verb}_door", {"device_id": door, "sync": sync})
    attempt: dict[str, object] = answer["action_attempt"]
    assert attempt.keys() == {"action_attempt_id", "action_type", "status", "result", "error"}
    return attempt


async def poll(api: Api, attempt: dict[str, object]) -> dict[str, object]:
    await api.world.services.orders.close()
    path = query("/action_attempts/get", action_attempt_id=attempt["action_attempt_id"])
    found: dict[str, object] = (await api.done("GET", path))["action_attempt"]
    return found


@seam_test
async def test_an_attempt_is_pending_and_ends_when_the_door_has_answered(api: Api) -> None:
    door = await api.world.add_door("Front")
    for verb, action in (("unlock", "UNLOCK_DOOR"), ("lock", "LOCK_DOOR")):
        pending = await order(api, verb, door)
        assert (pending["status"], pending["result"], pending["error"]) == ("pending", None, None)
        assert await poll(api, pending) == {
            "action_attempt_id": pending["action_attempt_id"],
            "action_type": action,
            "status": "success",
            "result": {"was_confirmed_by_device": True},
            "error": None,
        }


@seam_test
async def test_sync_answers_the_finished_attempt(api: Api) -> None:
    assert (await order(api, "unlock", await api.world.add_door("Front"), sync=True))["status"] == "success"


@seam_test
async def test_an_offline_door_is_an_attempt_that_fails(api: Api) -> None:
    door = await api.world.add_door("Front")
    driver: SimulatedDriver = api.world.simulated
    driver.configure(door, [("offline", "true")])
    failed = await poll(api, await order(api, "unlock", door))
    assert (failed["status"], failed["result"]) == ("error", None)
    assert failed["error"] == {"type": "device_offline", "message": "The door is offline."}
    device = (await api.done("GET", query("/devices/get", device_id=door)))["device"]
    assert device["properties"]["online"] is False
    assert "locked" not in device["properties"]
    assert device["errors"][0]["error_code"] == "device_offline"


@seam_test
async def test_a_door_that_is_locked_down_is_an_attempt_that_failed_and_can_be_read_again(api: Api) -> None:
    door = await api.world.add_door("Front")
    await api.world.perform(lock_down, LockDown(scope=Scope.door(door), reason=""))
    failed = await order(api, "unlock", door)
    assert failed["status"] == "error"
    assert await poll(api, failed) == failed
    ids = [failed["action_attempt_id"]]
    listed = await api.done("POST", "/action_attempts/list", {"action_attempt_ids": ids})
    assert listed["action_attempts"] == [failed]


@seam_test
async def test_attempts_that_nobody_made_are_not_found(api: Api) -> None:
    answer = await api.call("GET", query("/action_attempts/get", action_attempt_id=UNKNOWN))
    assert refusal(answer) == (404, "action_attempt_not_found")
    answer = await api.call("POST", "/action_attempts/list", {"action_attempt_ids": [UNKNOWN]})
    assert refusal(answer) == (404, "action_attempts_not_found")


@seam_test
async def test_a_journal_row_of_another_kind_is_no_attempt(api: Api) -> None:
    rows = await api.world.core.store.read(api.world.organization_id, lambda view: view.journal.rows(limit=1))
    answer = await api.call("GET", query("/action_attempts/get", action_attempt_id=rows[0].row.id))
    assert refusal(answer) == (404, "action_attempt_not_found")


@seam_test
async def test_a_device_that_is_unknown_moves_nothing(api: Api) -> None:
    answer = await api.call("POST", "/locks/unlock_door", {"device_id": UNKNOWN})
    assert refusal(answer) == (404, "device_not_found")


@seam_test
async def test_a_door_is_one_device_one_lock_and_one_entrance(api: Api) -> None:
    door = await api.world.add_door("Front")
    locks = await api.done("GET", "/locks/list")
    assert locks["devices"] == locks["locks"]
    assert "pagination" not in locks
    assert [lock["device_id"] for lock in locks["locks"]] == [door]
    one = await api.done("GET", query("/locks/get", name="Front"))
    assert one["device"] == one["lock"]
    assert (one["lock"]["can_remotely_unlock"], one["lock"]["properties"]["locked"]) == (True, True)
    entrances = await api.done("GET", query("/acs/entrances/list", acs_system_id=api.world.site_id))
    assert [entrance["acs_entrance_id"] for entrance in entrances["acs_entrances"]] == [door]


@seam_test
async def test_filters_of_devices_are_anded_and_what_doors_lack_finds_none(api: Api) -> None:
    door = await api.world.add_door("Front")
    await api.world.add_door("Back")
    for filters, found in (
        ({"search": "fro"}, 1),
        ({"search": door[:5]}, 1),
        ({"search": "fro", "device_ids": []}, 0),
        ({"device_ids": [door, "unknown"]}, 1),
        ({"connected_account_id": UNKNOWN}, 0),
        ({"include_if": ["can_remotely_unlock"]}, 2),
        ({"include_if": ["can_unlock_with_code"]}, 2),
        ({"exclude_if": ["can_remotely_unlock"]}, 0),
        ({"custom_metadata_has": {"floor": "2"}}, 0),
        ({"created_before": "2020-01-01T00:00:00Z"}, 0),
        ({}, 2),
    ):
        assert len((await api.done("POST", "/devices/list", filters))["devices"]) == found, filters
