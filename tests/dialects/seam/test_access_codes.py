"""Access codes: PINs at doors, shown as the doors have proved them."""

from tests.dialects.in_world import Api
from tests.dialects.seam.access import FUTURE, delete, event_types, get_code, make_code, types
from tests.dialects.seam.api import UNKNOWN, query, refusal, seam_test
from tests.dialects.seam.resources import KEYS, faults


@seam_test
async def test_a_code_is_set_once_its_door_has_proved_it_and_opens_it(api: Api) -> None:
    front = await api.world.add_door("Front")
    made = await make_code(api, front, code="4711", name="Cleaner")
    assert [*faults(KEYS["access_code"], made)] == []
    shown = await get_code(api, made["access_code_id"])
    assert (shown["status"], shown["code"], shown["type"]) == ("set", "4711", "ongoing")
    assert types(api, "4711", front)
    assert not types(api, "4712", front)


@seam_test
async def test_a_code_is_made_in_the_shortest_length_that_the_device_takes(api: Api) -> None:
    front = await api.world.add_door("Front", code_lengths="6,7")
    assert len((await make_code(api, front))["code"]) == 6
    assert len((await make_code(api, front, preferred_code_length=7))["code"]) == 7


@seam_test
async def test_a_code_is_found_by_its_device_and_its_digits(api: Api) -> None:
    front = await api.world.add_door("Front")
    made = await make_code(api, front, code="4711")
    found = await api.done("GET", query("/access_codes/get", device_id=front, code="4711"))
    assert found["access_code"]["access_code_id"] == made["access_code_id"]
    listed = await api.done("GET", query("/access_codes/list", device_id=front))
    assert [code["code"] for code in listed["access_codes"]] == ["4711"]
    answer = await api.call("GET", query("/access_codes/get", access_code_id=UNKNOWN))
    assert refusal(answer) == (404, "access_code_not_found")


@seam_test
async def test_a_deleted_code_opens_nothing_and_the_answer_names_the_receipt(api: Api) -> None:
    front = await api.world.add_door("Front")
    made = await make_code(api, front, code="4711")
    answer = await delete(api, "/access_codes/delete", access_code_id=made["access_code_id"])
    assert answer.header("rekey-revocation")
    await api.world.settle()
    assert not types(api, "4711", front)
    gone = await api.call("GET", query("/access_codes/get", access_code_id=made["access_code_id"]))
    assert refusal(gone) == (404, "access_code_not_found")
    attempt = answer.json()["action_attempt"]
    path = query("/action_attempts/get", action_attempt_id=attempt["action_attempt_id"])
    assert (await api.done("GET", path))["action_attempt"]["status"] == "success"


@seam_test
async def test_an_offline_door_keeps_a_deleted_code_in_removing_until_it_proves_the_end(api: Api) -> None:
    front = await api.world.add_door("Front")
    made = await make_code(api, front, code="4711")
    switches = api.world.simulated.switches(front)
    switches.offline = True
    answer = await delete(api, "/access_codes/delete", access_code_id=made["access_code_id"])
    await api.world.settle()
    shown = await get_code(api, made["access_code_id"])
    assert shown["status"] == "removing"
    assert "being_deleted" in [warning["warning_code"] for warning in shown["warnings"]]
    assert "device_offline" in [error["error_code"] for error in shown["errors"]]
    assert answer.json()["action_attempt"]["status"] == "pending"
    assert types(api, "4711", front)


@seam_test
async def test_a_code_taken_at_the_device_is_refused_as_a_duplicate(api: Api) -> None:
    front, back = await api.world.add_door("Front"), await api.world.add_door("Back")
    await make_code(api, front, code="4711")
    again = await api.call("POST", "/access_codes/create", {"device_id": front, "code": "4711"})
    assert refusal(again) == (409, "duplicate_access_code")
    assert (await make_code(api, back, code="4711"))["code"] == "4711"


@seam_test
async def test_what_a_device_cannot_hold_is_refused_before_anything_changes(api: Api) -> None:
    front = await api.world.add_door("Front")
    for wanted in (
        {"code": "123"},
        {"code": "12ab"},
        {"starts_at": FUTURE},
        {"starts_at": FUTURE, "ends_at": "2198-01-01T00:00:00Z"},
        {"use_backup_access_code_pool": True},
    ):
        answer = await api.call("POST", "/access_codes/create", {"device_id": front, **wanted})
        assert refusal(answer) == (400, "invalid_input"), wanted
    listed = await api.done("GET", query("/access_codes/list", device_id=front))
    assert listed["access_codes"] == []


@seam_test
async def test_reported_constraints_bind_the_codes_from_then_on(api: Api) -> None:
    front = await api.world.add_door("Front")
    body = {"device_id": front, "supported_code_lengths": [6]}
    await api.done("POST", "/access_codes/report_device_constraints", body)
    assert len((await make_code(api, front))["code"]) == 6
    answer = await api.call("POST", "/access_codes/create", {"device_id": front, "code": "4711"})
    assert refusal(answer) == (400, "invalid_input")


@seam_test
async def test_an_edit_counts_at_the_door_and_the_old_digits_open_no_more(api: Api) -> None:
    front = await api.world.add_door("Front")
    made = await make_code(api, front, code="4711")
    changed = {"access_code_id": made["access_code_id"], "code": "5822", "name": "Guest"}
    await api.done("PUT", "/access_codes/update", changed)
    await api.world.settle()
    shown = await get_code(api, made["access_code_id"])
    assert (shown["code"], shown["name"], shown["status"]) == ("5822", "Guest", "set")
    assert types(api, "5822", front)
    assert not types(api, "4711", front)


@seam_test
async def test_a_code_of_the_far_future_waits_and_says_when_it_is_programmed(api: Api) -> None:
    front = await api.world.add_door("Front")
    window = {"starts_at": "2198-01-10T12:00:00Z", "ends_at": "2198-01-11T12:00:00Z"}
    made = await make_code(api, front, code="4711", **window)
    shown = await get_code(api, made["access_code_id"])
    assert (shown["status"], shown["type"]) == ("unset", "time_bound")
    (waiting,) = shown["pending_mutations"]
    assert waiting["mutation_code"] == "deferring_creation"
    assert waiting["scheduled_at"] == "2198-01-07T12:00:00.000Z"
    assert not types(api, "4711", front)


@seam_test
async def test_codes_made_together_share_their_digits_and_are_changed_together(api: Api) -> None:
    front, back = await api.world.add_door("Front"), await api.world.add_door("Back")
    made = await api.done("PUT", "/access_codes/create_multiple", {"device_ids": [front, back]})
    one, other = made["access_codes"]
    assert one["code"] == other["code"]
    assert one["common_code_key"] == other["common_code_key"] is not None
    body = {"common_code_key": one["common_code_key"], "name": "Crew"}
    await api.done("PATCH", "/access_codes/update_multiple", body)
    assert (await get_code(api, other["access_code_id"]))["name"] == "Crew"
    answer = await api.call("PATCH", "/access_codes/update_multiple", {"common_code_key": "none"})
    assert refusal(answer) == (404, "access_code_not_found")


@seam_test
async def test_a_code_of_ones_own_is_all_or_nothing_unless_others_may_differ(api: Api) -> None:
    front, back = await api.world.add_door("Front"), await api.world.add_door("Back")
    await make_code(api, front, code="4711")
    body = {"device_ids": [front, back], "code": "4711"}
    refused = await api.call("PUT", "/access_codes/create_multiple", body)
    assert refusal(refused) == (409, "duplicate_access_code")
    assert (await api.done("GET", query("/access_codes/list", device_id=back)))["access_codes"] == []
    made = await api.done(
        "PUT",
        "/access_codes/create_multiple",
        {**body, "behavior_when_code_cannot_be_shared": "create_random_code"},
    )
    codes = {code["device_id"]: code["code"] for code in made["access_codes"]}
    assert codes[back] == "4711" != codes[front]


@seam_test
async def test_a_backup_code_works_at_once_and_is_the_same_each_time(api: Api) -> None:
    front = await api.world.add_door("Front")
    made = await make_code(
        api,
        front,
        starts_at="2020-01-01T00:00:00Z",
        ends_at=FUTURE,
        use_backup_access_code_pool=True,
    )
    await api.world.settle()
    pulled = [
        (
            await api.done(
                "POST",
                "/access_codes/pull_backup_access_code",
                {"access_code_id": made["access_code_id"]},
            )
        )["backup_access_code"]
        for _turn in range(2)
    ]
    assert pulled[0]["access_code_id"] == pulled[1]["access_code_id"]
    assert (pulled[0]["is_backup"], pulled[0]["ends_at"]) == (True, FUTURE)
    await api.world.settle()
    assert types(api, pulled[0]["code"], front)
    original = await get_code(api, made["access_code_id"])
    assert original["pulled_backup_access_code_id"] == pulled[0]["access_code_id"]
    endless = await make_code(api, front)
    answer = await api.call(
        "POST", "/access_codes/pull_backup_access_code", {"access_code_id": endless["access_code_id"]}
    )
    assert refusal(answer) == (400, "access_code_not_time_bound")


@seam_test
async def test_a_proposed_code_is_free_and_nothing_of_it_is_kept(api: Api) -> None:
    front = await api.world.add_door("Front")
    proposed = (await api.done("GET", query("/access_codes/generate_code", device_id=front)))[
        "generated_code"
    ]
    assert [*faults(KEYS["access_code"], proposed)] == []
    made = await make_code(api, front, code=proposed["code"])
    assert made["code"] == proposed["code"]


@seam_test
async def test_a_foreign_code_is_adopted_under_its_id_and_can_be_ended_then(api: Api) -> None:
    front = await api.world.add_door("Front")
    body = {"device_id": front, "code": "4711", "name": "By hand"}
    made = await api.done("POST", "/access_codes/simulate/create_unmanaged_access_code", body)
    foreign = made["access_code"]
    await api.world.settle()
    assert [*faults(KEYS["unmanaged_access_code"], foreign)] == []
    assert types(api, "4711", front)
    named = {"access_code_id": foreign["access_code_id"]}
    hidden = await api.call("GET", query("/access_codes/get", **named))
    assert refusal(hidden) == (404, "access_code_not_found")
    await api.done("PATCH", "/access_codes/unmanaged/convert_to_managed", named)
    await api.world.settle()
    assert (await get_code(api, foreign["access_code_id"]))["status"] == "set"
    assert types(api, "4711", front)
    await delete(api, "/access_codes/delete", **named)
    await api.world.settle()
    assert not types(api, "4711", front)


@seam_test
async def test_a_foreign_code_is_erased_at_the_door(api: Api) -> None:
    front = await api.world.add_door("Front", foreign_codes="4711")
    await api.world.settle()
    listed = await api.done("GET", query("/access_codes/unmanaged/list", device_id=front))
    (foreign,) = listed["access_codes"]
    assert (foreign["code"], foreign["is_managed"]) == ("4711", False)
    await delete(api, "/access_codes/unmanaged/delete", access_code_id=foreign["access_code_id"])
    await api.world.settle()
    assert not types(api, "4711", front)
    after = await api.done("GET", query("/access_codes/unmanaged/list", device_id=front))
    assert after["access_codes"] == []


@seam_test
async def test_the_life_of_a_code_is_told_in_events(api: Api) -> None:
    front = await api.world.add_door("Front")
    made = await make_code(api, front, code="4711")
    await api.done("PUT", "/access_codes/update", {"access_code_id": made["access_code_id"], "name": "New"})
    await api.world.settle()
    await delete(api, "/access_codes/delete", access_code_id=made["access_code_id"])
    await api.world.settle()
    assert await event_types(api, "access_code.") == [
        "access_code.created",
        "access_code.set_on_device",
        "access_code.mutations_requested",
        "access_code.name_changed",
        "access_code.changed",
        "access_code.removed_from_device",
        "access_code.deleted",
    ]
