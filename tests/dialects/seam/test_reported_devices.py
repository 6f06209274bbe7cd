"""What an access system reports of itself: entrances come and go with their doors, on servers for trying out."""

import asyncio
from pathlib import Path
from typing import Any

from tests.dialects.in_world import Api
from tests.dialects.seam.api import query, refusal, seam_test, with_key
from tests.dialects.seam.cards import told
from tests.dialects.seam.test_events import types as event_types
from tests.support.world import open_world

PATH = "/acs/systems/report_devices"
ROOM = {"hotek_metadata": {"room_number": "101"}}


async def report(api: Api, *entrances: dict[str, Any]) -> None:
    body = {"acs_system_id": api.world.site_id, "acs_entrances": [*entrances]}
    await api.done("POST", PATH, body)


async def entrances(api: Api) -> list[dict[str, Any]]:
    path = query("/acs/entrances/list", acs_system_id=api.world.site_id)
    listed: list[dict[str, Any]] = (await api.done("GET", path))["acs_entrances"]
    return listed


@seam_test
async def test_a_reported_room_is_an_entrance_that_opens(api: Api) -> None:
    await report(api, ROOM)
    (room,) = await entrances(api)
    assert (room["display_name"], room["hotek_metadata"]) == ("Room 101", {"room_number": "101"})
    assert room["can_unlock_with_code"]
    assert room["can_unlock_with_card"]
    assert room["can_unlock_with_cloud_key"]
    opened = await api.done(
        "POST", "/locks/unlock_door", {"device_id": room["acs_entrance_id"], "sync": True}
    )
    assert opened["action_attempt"]["status"] == "success"
    assert [one for one in await event_types(api) if one in {"acs_entrance.added", "device.added"}] == [
        "device.added",
        "acs_entrance.added",
    ]


@seam_test
async def test_a_repeated_report_adds_nothing(api: Api) -> None:
    await report(api, ROOM, ROOM)
    await report(api, ROOM)
    assert len(await entrances(api)) == 1


@seam_test
async def test_a_removed_room_retires_its_door_and_ends_what_was_granted_there(api: Api) -> None:
    await report(api, ROOM, {"hotek_metadata": {"common_area_number": "1", "common_area_name": "Pool"}})
    room, pool = await entrances(api)
    assert pool["display_name"] == "Pool"
    user = {"acs_system_id": api.world.site_id, "full_name": "Ada"}
    made = (await api.done("POST", "/acs/users/create", user))["acs_user"]
    given = {"acs_entrance_id": room["acs_entrance_id"], "acs_user_id": made["acs_user_id"]}
    await api.done("POST", "/acs/entrances/grant_access", given)
    await report(api, {**ROOM, "is_removed": True})
    assert [one["acs_entrance_id"] for one in await entrances(api)] == [pool["acs_entrance_id"]]
    named = {"acs_user_id": made["acs_user_id"]}
    assert (await told(api, "/acs/users/list_accessible_entrances", named, verb="GET"))["acs_entrances"] == []
    assert "acs_entrance.removed" in await event_types(api)


@seam_test
async def test_one_unreadable_entrance_refuses_the_whole_report(api: Api) -> None:
    unreadable_ones: list[dict[str, Any]] = [
        {},
        {"hotek_metadata": {}},
        {"hotek_metadata": {"room_number": 7}},
    ]
    for unreadable in unreadable_ones:
        body = {"acs_system_id": api.world.site_id, "acs_entrances": [ROOM, unreadable]}
        assert refusal(await api.call("POST", PATH, body)) == (400, "invalid_input")
    assert await entrances(api) == []


def test_in_earnest_no_entrance_can_be_reported(tmp_path: Path) -> None:
    async def tale() -> None:
        async with open_world(tmp_path, sandbox=False) as world:
            api = with_key(world)
            body = {"acs_system_id": world.site_id, "acs_entrances": [ROOM]}
            assert refusal(await api.call("POST", PATH, body)) == (400, "not_supported")
            assert await entrances(api) == []

    asyncio.run(tale())
