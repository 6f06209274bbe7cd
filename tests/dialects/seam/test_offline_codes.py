"""Offline access codes: worked out by the device, changed by nobody, open there until their windows end."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from rekey.dialects.seam.translate import instant
from rekey.testing.frozen_clock import NOON, FrozenClock
from tests.dialects.in_world import Api
from tests.dialects.native.api import as_service
from tests.dialects.seam.access import event_types, get_code, give, make_code, methods_of, types
from tests.dialects.seam.api import query, refusal, with_key
from tests.dialects.seam.resources import KEYS, faults
from tests.dialects.seam.test_access_across_apis import by_kisi, codes_at, exposed
from tests.dialects.seam.test_keypads import enter
from tests.support.world import open_world

OFFLINE = {"is_offline_access_code": True}
NEVER_TOLD = {"computes_codes": "true", "code_lengths": ""}
"""The switches of a lock that takes no codes but its own."""


def in_time(test: Callable[[Api], Awaitable[None]]) -> Callable[[Path], None]:
    def run(tmp_path: Path) -> None:
        async def body() -> None:
            async with open_world(tmp_path, clock=FrozenClock()) as world:
                await test(with_key(world))

        asyncio.run(body())

    run.__name__, run.__doc__ = test.__name__, test.__doc__
    return run


def hours(first: float, last: float) -> dict[str, Any]:
    """Give a window by hours from noon on."""
    return {
        "starts_at": instant(NOON + timedelta(hours=first)),
        "ends_at": instant(NOON + timedelta(hours=last)),
    }


def wait(api: Api, hours_long: int) -> None:
    clock = api.world.core.clock
    assert isinstance(clock, FrozenClock)
    clock.advance(timedelta(hours=hours_long))


async def device(api: Api, door: str) -> dict[str, Any]:
    found: dict[str, Any] = (await api.done("GET", query("/devices/get", device_id=door)))["device"]
    return found


async def receipt_of(api: Api, revocation_id: str) -> dict[str, Any]:
    answer: dict[str, Any] = await as_service(api.world).done("GET", f"/revocations/{revocation_id}/receipt")
    return answer


@in_time
async def test_an_offline_code_opens_a_device_that_was_never_told_of_it(api: Api) -> None:
    front = await api.world.add_door("Front", offline="true")
    made = await make_code(api, front, **OFFLINE, **hours(0, 4), name="Guest")
    assert [*faults(KEYS["access_code"], made)] == []
    assert (made["is_offline_access_code"], made["type"], made["name"]) == (True, "time_bound", "Guest")
    shown = await get_code(api, made["access_code_id"])
    assert (shown["status"], shown["errors"][1:], shown["pending_mutations"]) == ("set", [], [])
    assert types(api, made["code"], front)
    wait(api, 4)
    await api.world.settle()
    assert not types(api, made["code"], front)
    answer = await api.call("GET", query("/access_codes/get", access_code_id=made["access_code_id"]))
    assert refusal(answer) == (404, "access_code_not_found")
    assert await event_types(api, "access_code.") == [
        "access_code.created",
        "access_code.set_on_device",
        "access_code.removed_from_device",
        "access_code.deleted",
    ]


@in_time
async def test_an_offline_code_for_later_is_unset_until_it_begins(api: Api) -> None:
    front = await api.world.add_door("Front")
    made = await make_code(api, front, use_offline_access_code=True, **hours(2, 4))
    shown = await get_code(api, made["access_code_id"])
    assert (shown["status"], shown["is_scheduled_on_device"]) == ("unset", True)
    assert not types(api, made["code"], front)
    wait(api, 2)
    assert (await get_code(api, made["access_code_id"]))["status"] == "set"
    assert types(api, made["code"], front)


@in_time
async def test_the_window_grows_to_what_the_device_can_express_and_the_answer_says_so(api: Api) -> None:
    front = await api.world.add_door("Front")
    made = await make_code(api, front, **OFFLINE, **hours(0.5, 2.25), max_time_rounding="1h")
    assert {name: made[name] for name in ("starts_at", "ends_at")} == hours(0, 3)
    long = {"device_id": front, **OFFLINE, **hours(0, 30 * 24 + 1)}
    assert refusal(await api.call("POST", "/access_codes/create", long)) == (400, "invalid_input")
    daily = await make_code(api, front, **OFFLINE, **hours(0, 30 * 24 + 1), max_time_rounding="1d")
    assert daily["ends_at"] == hours(0, 31 * 24)["ends_at"]


@in_time
async def test_a_one_time_offline_code_may_give_its_start_alone_and_opens_once(api: Api) -> None:
    front = await api.world.add_door("Front")
    start = hours(0, 1)["starts_at"]
    made = await make_code(api, front, **OFFLINE, is_one_time_use=True, starts_at=start)
    assert (made["is_one_time_use"], made["ends_at"]) == (True, hours(0, 24)["ends_at"])
    assert [types(api, made["code"], front) for _time in range(2)] == [True, False]


@in_time
async def test_what_no_device_could_work_out_is_refused_and_leaves_nothing(api: Api) -> None:
    front = await api.world.add_door("Front")
    for wanted in (
        {},
        {"starts_at": hours(1, 2)["starts_at"]},
        {"ends_at": hours(1, 2)["ends_at"]},
        {**hours(0, 2), "code": "4711"},
        {**hours(0, 2), "use_backup_access_code_pool": True},
        {**hours(0, 2), "max_time_rounding": "1week"},
        hours(0, 400 * 24),
        hours(400 * 24, 401 * 24),
        {"is_one_time_use": True, "ends_at": hours(1, 2)["ends_at"]},
    ):
        body = {"device_id": front, **OFFLINE, **wanted}
        answer = await api.call("POST", "/access_codes/create", body)
        assert refusal(answer) == (400, "invalid_input"), wanted
    assert await codes_at(api, front) == []


@in_time
async def test_an_offline_code_is_neither_changed_nor_deleted(api: Api) -> None:
    front = await api.world.add_door("Front")
    made = await make_code(api, front, **OFFLINE, **hours(0, 4))
    code_id = {"access_code_id": made["access_code_id"]}
    for path, body in (
        ("/access_codes/update", {"code": "4711"}),
        ("/access_codes/update", {"name": "Another"}),
        ("/access_codes/update", {"type": "ongoing"}),
        ("/access_codes/delete", {}),
    ):
        assert refusal(await api.call("POST", path, {**code_id, **body})) == (400, "not_supported"), body
    assert (await get_code(api, made["access_code_id"]))["status"] == "set"


@in_time
async def test_a_device_says_truly_whether_it_works_out_codes(api: Api) -> None:
    both = await device(api, await api.world.add_door("Both"))
    assert (both["can_program_offline_access_codes"], both["can_program_online_access_codes"]) == (True, True)
    assert both["properties"]["offline_access_codes_enabled"] is True
    without = await api.world.add_door("Without", computes_codes="false")
    assert (await device(api, without))["can_program_offline_access_codes"] is False
    answer = await api.call("POST", "/access_codes/create", {"device_id": without, **OFFLINE, **hours(0, 1)})
    assert refusal(answer) == (400, "not_supported")
    only = await api.world.add_door("Only", **NEVER_TOLD)
    assert (await device(api, only))["can_program_online_access_codes"] is False
    answer = await api.call("POST", "/access_codes/create", {"device_id": only, "code": "4711"})
    assert refusal(answer) == (400, "not_supported")
    able = query("/devices/list", include_if="can_program_online_access_codes")
    assert only not in {one["device_id"] for one in (await api.done("GET", able))["devices"]}


@in_time
async def test_no_two_codes_of_a_device_are_alike_and_the_fourth_for_one_window_is_refused(api: Api) -> None:
    front = await api.world.add_door("Front")
    made = [await make_code(api, front, **OFFLINE, **hours(0, 4)) for _turn in range(3)]
    assert len({one["code"] for one in made}) == 3
    answer = await api.call("POST", "/access_codes/create", {"device_id": front, **OFFLINE, **hours(0, 4)})
    assert refusal(answer) == (409, "conflict")


@in_time
async def test_whoever_is_deleted_in_kisi_is_exposed_at_the_lock_until_the_window_ends(api: Api) -> None:
    front = await api.world.add_door("Front", **NEVER_TOLD)
    grant = await give(api, front, **hours(0, 4))
    (method,) = await methods_of(api, grant)
    assert types(api, method["code"], front)
    await by_kisi(api, grant["user_identity_id"], front)
    await api.world.settle()
    # A keypad that asks the server is told no; the lock by itself opens, and nobody says otherwise.
    assert (await enter(api, front, method["code"]))["status"] == "error"
    assert types(api, method["code"], front)
    listed = await as_service(api.world).done("GET", "/exposure")
    (of_person,) = [one for one in listed["items"] if "revocation" in one]
    end = hours(0, 4)["ends_at"]
    assert of_person["door"]["status"] == "exposed"
    assert of_person["door"]["effective_by"][:16] == end[:16]
    wait(api, 4)
    await api.world.settle()
    assert not types(api, method["code"], front)
    assert await exposed(api) == []
    assert (await as_service(api.world).done("GET", "/exposure"))["items"] == []


@in_time
async def test_a_guest_who_comes_after_a_revoked_one_gets_another_code_for_the_same_window(api: Api) -> None:
    front = await api.world.add_door("Front", **NEVER_TOLD)
    first = await give(api, front, **hours(0, 4))
    (before,) = await methods_of(api, first)
    await api.done("POST", "/access_grants/delete", {"access_grant_id": first["access_grant_id"]})
    (after,) = await methods_of(api, await give(api, front, **hours(0, 4)))
    assert before["code"] != after["code"]
    assert (await enter(api, front, before["code"]))["status"] == "error"
    assert (await enter(api, front, after["code"]))["status"] == "success"


@in_time
async def test_a_grant_with_a_code_of_the_lock_keeps_its_window(api: Api) -> None:
    front = await api.world.add_door("Front", **NEVER_TOLD)
    grant = await give(api, front, **hours(0, 4))
    body = {"access_grant_id": grant["access_grant_id"], "ends_at": hours(0, 8)["ends_at"]}
    assert refusal(await api.call("POST", "/access_grants/update", body)) == (400, "not_supported")


@in_time
async def test_an_endless_grant_has_no_code_at_a_lock_that_only_works_out_its_own(api: Api) -> None:
    front = await api.world.add_door("Front", **NEVER_TOLD)
    grant = await give(api, front, ends_at=None)
    assert await methods_of(api, grant) == []
    assert await codes_at(api, front) == []
