"""Access codes as time goes by: windows that begin and end, doors that take long, and other APIs."""

import asyncio
from datetime import timedelta
from pathlib import Path

from rekey.dialects.seam.translate import instant
from rekey.testing.frozen_clock import FrozenClock
from tests.dialects.in_world import Api
from tests.dialects.seam.access import delete, event_types, get_code, give, make_code, methods_of, types
from tests.dialects.seam.api import query, refusal, seam_test, with_key
from tests.support.world import open_world


def _window(clock: FrozenClock, *, after: timedelta, for_: timedelta) -> dict[str, str]:
    start = clock.now() + after
    return {"starts_at": instant(start), "ends_at": instant(start + for_)}


def _in_time(test):  # type: ignore[no-untyped-def]  # a decorator of coroutine functions
    def run(tmp_path: Path) -> None:
        async def body() -> None:
            clock = FrozenClock()
            async with open_world(tmp_path, clock=clock) as world:
                await test(with_key(world), clock)

        asyncio.run(body())

    run.__name__, run.__doc__ = test.__name__, test.__doc__
    return run


@_in_time
async def test_a_window_is_loaded_72_hours_ahead_begins_and_ends_by_itself(
    api: Api, clock: FrozenClock
) -> None:
    front = await api.world.add_door("Front")
    made = await make_code(
        api, front, code="4711", **_window(clock, after=timedelta(hours=80), for_=timedelta(hours=10))
    )
    code_id = made["access_code_id"]
    assert (await get_code(api, code_id))["is_scheduled_on_device"] is False
    clock.advance(timedelta(hours=9))
    await api.world.settle()
    loaded = await get_code(api, code_id)
    assert (loaded["status"], loaded["is_scheduled_on_device"]) == ("unset", True)
    assert not types(api, "4711", front)
    clock.advance(timedelta(hours=72))
    await api.world.settle()
    assert (await get_code(api, code_id))["status"] == "set"
    assert types(api, "4711", front)
    clock.advance(timedelta(hours=10))
    await api.world.settle()
    await api.world.settle()
    assert not types(api, "4711", front)
    answer = await api.call("GET", query("/access_codes/get", access_code_id=code_id))
    assert refusal(answer) == (404, "access_code_not_found")
    assert await event_types(api, "access_code.") == [
        "access_code.created",
        "access_code.scheduled_on_device",
        "access_code.set_on_device",
        "access_code.removed_from_device",
        "access_code.deleted",
    ]


@_in_time
async def test_a_door_that_is_not_to_schedule_is_programmed_an_hour_ahead(
    api: Api, clock: FrozenClock
) -> None:
    front = await api.world.add_door("Front")
    window = _window(clock, after=timedelta(hours=2), for_=timedelta(hours=1))
    made = await make_code(api, front, code="4711", prefer_native_scheduling=False, **window)
    shown = await get_code(api, made["access_code_id"])
    assert shown["pending_mutations"][0]["scheduled_at"] == instant(clock.now() + timedelta(hours=1))
    clock.advance(timedelta(minutes=61))
    await api.world.settle()
    assert (await get_code(api, made["access_code_id"]))["pending_mutations"] == []


@_in_time
async def test_a_door_that_stays_away_is_late_then_failed_and_is_retried_for_ever(
    api: Api, clock: FrozenClock
) -> None:
    front = await api.world.add_door("Front")
    api.world.simulated.switches(front).offline = True
    code_id = (await make_code(api, front, code="4711"))["access_code_id"]
    clock.advance(timedelta(minutes=2))
    await api.world.settle()
    late = await get_code(api, code_id)
    assert (late["status"], late["warnings"][0]["warning_code"]) == ("setting", "delay_in_setting_on_device")
    clock.advance(timedelta(minutes=30))
    await api.world.settle()
    failed = await get_code(api, code_id)
    assert "failed_to_set_on_device" in [error["error_code"] for error in failed["errors"]]
    api.world.simulated.switches(front).offline = False
    clock.advance(timedelta(minutes=2))
    await api.world.settle()
    done = await get_code(api, code_id)
    assert (done["status"], done["errors"], done["warnings"]) == ("set", [], [])
    assert await event_types(api, "access_code.") == [
        "access_code.created",
        "access_code.delay_in_setting_on_device",
        "access_code.failed_to_set_on_device",
        "access_code.set_on_device",
    ]


@seam_test
async def test_a_full_keypad_is_told_as_such(api: Api) -> None:
    front = await api.world.add_door("Front", max_codes="1")
    await make_code(api, front, code="4711")
    other = await make_code(api, front, code="4712")
    shown = await get_code(api, other["access_code_id"])
    assert "no_space_for_access_code_on_device" in [error["error_code"] for error in shown["errors"]]
    assert types(api, "4711", front)


@seam_test
async def test_a_grant_of_this_api_that_kisi_revokes_leaves_the_code_dead_at_the_keypad(api: Api) -> None:
    front = await api.world.add_door("Front")
    grant = await give(api, front)
    (method,) = await methods_of(api, grant)
    assert types(api, method["code"], front)
    kisi = Api(
        api.world, api.world.client("/kisi", {"authorization": f"KISI-LOGIN {api.world.keys['kisi']}"})
    )
    listed = await kisi.done("GET", "/users")
    ada = next(user for user in listed if user["name"] == "Ada")
    answer = await kisi.call("DELETE", f"/users/{ada['id']}")
    assert answer.status in {200, 204}, answer.body
    await api.world.settle()
    assert not types(api, method["code"], front)
    answer = await api.call("GET", query("/access_grants/get", access_grant_id=grant["access_grant_id"]))
    assert refusal(answer) == (404, "access_grant_not_found")


@seam_test
async def test_a_deleted_person_takes_every_grant_and_code_along(api: Api) -> None:
    front = await api.world.add_door("Front")
    grant = await give(api, front)
    (method,) = await methods_of(api, grant)
    await delete(api, "/user_identities/delete", user_identity_id=grant["user_identity_id"])
    await api.world.settle()
    assert not types(api, method["code"], front)
    answer = await api.call("GET", query("/access_grants/get", access_grant_id=grant["access_grant_id"]))
    assert refusal(answer) == (404, "access_grant_not_found")
