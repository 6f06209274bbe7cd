"""Access methods as time goes by: late shortly before the window, failed once it has begun, and issued at last."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from rekey.dialects.seam.translate import instant
from rekey.testing.frozen_clock import FrozenClock
from tests.dialects.in_world import Api
from tests.dialects.seam.access import event_types, give, methods_of
from tests.dialects.seam.api import with_key
from tests.support.world import open_world


def _in_time(test: Callable[[Api, FrozenClock], Awaitable[None]]) -> Callable[[Path], None]:
    def run(tmp_path: Path) -> None:
        async def body() -> None:
            clock = FrozenClock()
            async with open_world(tmp_path, clock=clock) as world:
                await test(with_key(world), clock)

        asyncio.run(body())

    run.__name__, run.__doc__ = test.__name__, test.__doc__
    return run


async def _problems(api: Api, grant: dict[str, Any]) -> tuple[list[str], list[str]]:
    (method,) = await methods_of(api, grant)
    errors = [one["error_code"] for one in method["errors"]]
    return [one["warning_code"] for one in method["warnings"]], errors


async def _told(api: Api) -> list[str]:
    return await event_types(
        api, "access_method.delay", "access_method.failed", "access_method.issued", "access_method.reissued"
    )


@_in_time
async def test_a_method_for_later_is_late_shortly_before_its_window_and_failed_in_it(
    api: Api, clock: FrozenClock
) -> None:
    front = await api.world.add_door("Front")
    await api.done("POST", "/devices/simulate/disconnect", {"device_id": front})
    start = clock.now() + timedelta(hours=5)
    grant = await give(api, front, starts_at=instant(start), ends_at=instant(start + timedelta(days=1)))
    clock.advance(timedelta(hours=4))
    await api.world.settle()
    assert (await _problems(api, grant), await _told(api)) == (([], []), [])
    clock.advance(timedelta(minutes=51))
    await api.world.settle()
    assert await _problems(api, grant) == (["delay_in_issuing"], [])
    clock.advance(timedelta(minutes=10))
    await api.world.settle()
    assert await _problems(api, grant) == ([], ["failed_to_issue"])
    await api.done("POST", "/devices/simulate/connect", {"device_id": front})
    await api.world.settle()
    assert await _problems(api, grant) == ([], [])
    assert await _told(api) == [
        "access_method.delay_in_issuing",
        "access_method.failed_to_issue",
        "access_method.issued",
    ]


@_in_time
async def test_a_method_for_now_is_given_the_usual_time_and_told_of_once(
    api: Api, clock: FrozenClock
) -> None:
    front, back = await api.world.add_door("Front"), await api.world.add_door("Back")
    for door in (front, back):
        await api.done("POST", "/devices/simulate/disconnect", {"device_id": door})
    grant = await give(api, front, back)
    assert await _problems(api, grant) == ([], [])
    clock.advance(timedelta(minutes=2))
    await api.world.settle()
    assert await _problems(api, grant) == (["delay_in_issuing"], [])
    clock.advance(timedelta(minutes=20))
    await api.world.settle()
    assert await _problems(api, grant) == ([], ["failed_to_issue"])
    assert await _told(api) == ["access_method.delay_in_issuing", "access_method.failed_to_issue"]


@_in_time
async def test_a_card_that_nobody_writes_is_late_shortly_before_its_window_and_failed_in_it(
    api: Api, clock: FrozenClock
) -> None:
    front = await api.world.add_door("Front")
    start = clock.now() + timedelta(hours=5)
    grant = await give(api, front, modes=("card",), starts_at=instant(start))
    clock.advance(timedelta(hours=4))
    await api.world.settle()
    assert (await _problems(api, grant), await _told(api)) == (([], []), [])
    clock.advance(timedelta(minutes=51))
    await api.world.settle()
    assert await _problems(api, grant) == (["delay_in_issuing"], [])
    clock.advance(timedelta(minutes=10))
    await api.world.settle()
    assert await _problems(api, grant) == ([], ["failed_to_issue"])
    assert await _told(api) == ["access_method.delay_in_issuing", "access_method.failed_to_issue"]
