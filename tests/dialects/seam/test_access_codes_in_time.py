"""Access codes as time goes by: windows that begin and end, doors that take long, and other APIs."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from rekey.dialects.seam.translate import instant
from rekey.operations.core import Core
from rekey.operations.note_codes import note_codes
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
    clock.advance(timedelta(hours=7, minutes=59))
    await api.world.settle()
    assert (await get_code(api, code_id))["is_scheduled_on_device"] is False
    clock.advance(timedelta(minutes=1))
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
    clock.advance(timedelta(minutes=59))
    await api.world.settle()
    shown = await get_code(api, made["access_code_id"])
    assert [one["mutation_code"] for one in shown["pending_mutations"]] == ["deferring_creation"]
    clock.advance(timedelta(minutes=1))
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


@_in_time
async def test_a_fault_while_codes_are_kept_is_tried_again_after_a_pause_and_not_at_once(
    api: Api, clock: FrozenClock
) -> None:
    front = await api.world.add_door("Front")
    window = _window(clock, after=timedelta(), for_=timedelta(hours=1))
    await make_code(api, front, code="4711", **window)
    core = api.world.core
    perform, tries = core.perform, []

    async def fail(operation: Any, *rest: Any, **more: Any) -> Any:
        if operation is note_codes:
            tries.append(clock.now())
            raise RuntimeError("a fault")
        return await perform(operation, *rest, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Core, "perform", lambda _core, *rest, **more: fail(*rest, **more))
        clock.advance(timedelta(hours=1))
        await asyncio.wait_for(api.world.settle(), 20)
        assert len(tries) == 1
    clock.advance(timedelta(minutes=1))
    await api.world.settle()
    assert not types(api, "4711", front)


@seam_test
async def test_a_full_keypad_is_told_as_such(api: Api) -> None:
    front = await api.world.add_door("Front", max_codes="1")
    await make_code(api, front, code="4711")
    other = await make_code(api, front, code="4712")
    shown = await get_code(api, other["access_code_id"])
    assert "no_space_for_access_code_on_device" in [error["error_code"] for error in shown["errors"]]
    assert types(api, "4711", front)


async def _taken_at_the_door(api: Api, **wanted: object) -> dict[str, Any]:
    """Make a code, have the door forget it, and bring the door another one."""
    front = await api.world.add_door("Front")
    code = await make_code(api, front, code="4711", **wanted)
    api.world.simulated.switches(front).forgets = True
    await make_code(api, front, code="4712")
    assert types(api, "4712", front)
    return code


@seam_test
async def test_a_code_that_was_taken_away_at_the_door_is_programmed_again_and_told_of(api: Api) -> None:
    code = await _taken_at_the_door(api)
    shown = await get_code(api, code["access_code_id"])
    assert (shown["status"], shown["errors"], shown["warnings"]) == ("set", [], [])
    assert types(api, "4711", code["device_id"])
    assert (await event_types(api, "access_code.deleted_external"))[0] == (
        "access_code.deleted_external_to_seam"
    )


@seam_test
async def test_a_code_that_may_be_changed_at_the_door_stays_away_until_it_is_changed_here(api: Api) -> None:
    code = await _taken_at_the_door(api, is_external_modification_allowed=True)
    shown = await get_code(api, code["access_code_id"])
    warnings = [warning["warning_code"] for warning in shown["warnings"]]
    assert (shown["status"], warnings) == ("unset", ["external_modification_in_effect"])
    assert not types(api, "4711", code["device_id"])
    await api.done(
        "PATCH", "/access_codes/update", {"access_code_id": code["access_code_id"], "name": "Again"}
    )
    await api.world.settle()
    shown = await get_code(api, code["access_code_id"])
    assert (shown["status"], shown["warnings"]) == ("set", [])
    assert types(api, "4711", code["device_id"])


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
