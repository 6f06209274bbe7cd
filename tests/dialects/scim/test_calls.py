"""What administrators see of the directory: its calls, and the alarms about it. Source: contract section 1, D3, D9."""

import asyncio
from datetime import timedelta
from pathlib import Path

from rekey.testing.frozen_clock import FrozenClock
from tests.dialects.in_world import Api
from tests.dialects.scim.api import actions, add_user, directory_of, journal, native_of, patch, scim_test
from tests.support.world import World, open_world


@scim_test
async def test_every_call_is_kept_with_its_outcome(api: Api) -> None:
    ada = await add_user(api, "ada")
    await patch(api, ada, {"op": "replace", "path": "active", "value": "banana"})
    await api.call("GET", "/Users?filter=userName+eq+%22x%22")
    await api.call("GET", "/Users/nobody")
    calls = (await native_of(api.world).done("GET", "/directory/calls"))["items"]
    shown = [(one["method"], one["path"], one["status"]) for one in calls]
    assert shown == [
        ("GET", "/Users/nobody", 404),
        ("GET", '/Users?filter=userName eq "x"', 200),
        ("PATCH", f"/Users/{ada['id']}", 400),
        ("POST", "/Users", 201),
    ]
    assert calls[2]["subject"] == ada["id"]
    assert "banana" in calls[2]["sent"]
    assert "true or false" in calls[2]["outcome"]
    assert api.world.keys["scim"] not in repr(calls)


@scim_test
async def test_a_removal_is_kept_with_where_its_leftovers_are_listed(api: Api) -> None:
    ada = await add_user(api, "ada")
    await api.call("DELETE", f"/Users/{ada['id']}")
    (removal, *_) = (await native_of(api.world).done("GET", "/directory/calls"))["items"]
    leftovers = removal["outcome"].removeprefix("what was left behind: ")
    assert leftovers.startswith("/api/v1/revocations/")
    found = await native_of(api.world).call("GET", leftovers.removeprefix("/api/v1"))
    assert found.status == 200


@scim_test
async def test_calls_are_listed_in_parts_the_newest_first(api: Api) -> None:
    for _ in range(5):
        await api.call("GET", "/Users?count=0")
    native, numbers, before = native_of(api.world), [], ""
    while True:
        page = await native.done("GET", f"/directory/calls?limit=2{before}")
        numbers += [one["number"] for one in page["items"]]
        if page["next"] is None:
            break
        before = f"&before={page['next']}"
    assert numbers == [5, 4, 3, 2, 1]


@scim_test
async def test_d3_a_change_that_can_not_be_read_tells_the_owners(api: Api) -> None:
    ada = await add_user(api, "ada")
    for _ in range(3):
        await patch(api, ada, {"op": "replace", "path": "active", "value": "banana"})
    await api.world.settle()
    alarms = [row.detail["alarms"] for row in await journal(api) if row.action == "directory.alarmed"]
    assert alarms == [["unreadable_change"]]
    assert (await actions(api)).count("act.refused") == 3


async def alarms_of(world: World) -> list[object]:
    await world.settle()
    return [
        row.detail["alarms"] for row in await journal(native_of(world)) if row.action == "directory.alarmed"
    ]


def test_d9_a_directory_that_falls_silent_is_told_of_once_until_it_calls_again(tmp_path: Path) -> None:
    async def told() -> None:
        clock = FrozenClock()
        async with open_world(tmp_path, clock=clock) as world:
            api = directory_of(world)
            clock.advance(timedelta(days=3))
            assert await alarms_of(world) == []
            await api.done("GET", "/Users?count=0")
            clock.advance(timedelta(hours=24))
            assert await alarms_of(world) == []
            clock.advance(timedelta(minutes=1))
            assert await alarms_of(world) == [["silent"]]
            clock.advance(timedelta(days=2))
            assert len(await alarms_of(world)) == 1
            await api.done("GET", "/Users?count=0")
            clock.advance(timedelta(hours=25))
            assert len(await alarms_of(world)) == 2

    asyncio.run(told())


def test_a_directory_that_is_switched_off_is_not_waited_for(tmp_path: Path) -> None:
    async def told() -> None:
        clock = FrozenClock()
        async with open_world(tmp_path, clock=clock) as world:
            await directory_of(world).done("GET", "/Users?count=0")
            await native_of(world).done("PATCH", "/directory", {"enabled": False})
            clock.advance(timedelta(days=30))
            assert await alarms_of(world) == []

    asyncio.run(told())
