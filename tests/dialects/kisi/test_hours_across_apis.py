"""Hours and restrictions that one API set, met through the others and at the door itself."""

from datetime import UTC, datetime, timedelta
from typing import Any

from rekey.testing.frozen_clock import FrozenClock
from tests.dialects.in_world import Api
from tests.dialects.kisi.schedules import OFFICE, add_schedule, timed
from tests.support.story_apis import AtTheDoor, Doordeck, Kisi, Native
from tests.support.story_stage import Stage, open_stage

APIS: dict[str, Any] = {"doordeck": Doordeck, "kisi": Kisi, "native": Native, "door": AtTheDoor}


async def staged(api: Api) -> tuple[Stage, Any]:
    """Let Ada into the front door through a group; gives the group as Kisi shows it."""
    stage = await open_stage(api.world)
    await stage.add_door("front")
    await stage.add_person("ada")
    await Kisi(stage).grant("ada", "front")
    (group,) = await stage.kisi.done("GET", "/groups")
    return stage, group


async def tried(stage: Stage) -> dict[str, str]:
    return {name: await made(stage).open("ada", "front") for name, made in APIS.items()}


def all_(outcome: str) -> dict[str, str]:
    return dict.fromkeys(APIS, outcome)


@timed
async def test_a_group_limited_to_hours_keeps_people_out_in_every_api(api: Api, clock: FrozenClock) -> None:
    stage, group = await staged(api)
    await api.done("PATCH", f"/groups/{group['id']}", {"group": {"time_restriction_enabled": True}})
    assert await tried(stage) == all_("refused")
    await add_schedule(api, "Group", group, "allow", **OFFICE)
    assert await tried(stage) == all_("opened")
    clock.advance(timedelta(hours=4))
    assert await tried(stage) == all_("refused")


@timed
async def test_a_group_for_taps_alone_leaves_the_reader(api: Api, clock: FrozenClock) -> None:
    stage, group = await staged(api)
    body = {"group": {"tap_to_access_restriction_enabled": True}}
    await api.done("PATCH", f"/groups/{group['id']}", body)
    assert await tried(stage) == {**all_("refused"), "door": "opened"}


@timed
async def test_hours_of_a_lock_bind_rights_that_another_api_gave(api: Api, clock: FrozenClock) -> None:
    stage = await open_stage(api.world)
    await stage.add_door("front")
    await stage.add_person("ada")
    await Doordeck(stage).grant("ada", "front")
    lock = {"id": stage.locks["front"]}
    await api.done("PATCH", f"/locks/{lock['id']}", {"lock": {"time_restriction_enabled": True}})
    assert await tried(stage) == all_("refused")
    await add_schedule(api, "Lock", lock, "allow", **OFFICE)
    assert await tried(stage) == all_("opened")


@timed
async def test_allowed_hours_show_as_requirements_in_doordeck_where_they_fit(
    api: Api, clock: FrozenClock
) -> None:
    stage, _group = await staged(api)
    lock = {"id": stage.locks["front"]}
    await add_schedule(api, "Lock", lock, "allow", **{**OFFICE, "friday": False})
    assert (await _settings(stage))["usageRequirements"]["time"] == []
    await api.done("PATCH", f"/locks/{lock['id']}", {"lock": {"time_restriction_enabled": True}})
    (shown,) = (await _settings(stage))["usageRequirements"]["time"]
    assert (shown["start"], shown["end"], shown["timezone"]) == ("09:00", "17:00", "Europe/Berlin")
    assert shown["days"] == ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY"]
    day = {"starts_at_date": "2026-06-01", "ends_at_date": "2026-06-01", "override": True}
    await add_schedule(api, "Lock", lock, "allow", **day)
    assert (await _settings(stage))["usageRequirements"]["time"] == []


@timed
async def test_an_unlock_schedule_shows_as_open_hours_in_doordeck(api: Api, clock: FrozenClock) -> None:
    stage, _group = await staged(api)
    lock = {"id": stage.locks["front"]}
    made = await add_schedule(api, "Lock", lock, "unlock", **OFFICE)
    assert (await _settings(stage))["unlockBetweenWindow"] == {
        "start": "09:00",
        "end": "17:00",
        "timezone": "Europe/Berlin",
        "days": ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"],
        "exceptions": [],
    }
    await api.done("PATCH", f"/schedules/{made['id']}", {"schedule": {"enabled": False}})
    assert (await _settings(stage))["unlockBetweenWindow"] is None


@timed
async def test_open_hours_of_doordeck_are_a_schedule_by_the_clock_of_the_place(
    api: Api, clock: FrozenClock
) -> None:
    stage, _group = await staged(api)
    hours = {"start": "22:00", "end": "02:30", "timezone": "Asia/Tokyo", "days": ["MONDAY"], "exceptions": []}
    await _open_hours(stage, hours)
    (shown,) = await api.done("GET", "/schedules?consequence=unlock")
    assert (shown["monday"], shown["starts_at_time"], shown["ends_at_time"]) == (True, "15:00", "19:30")
    path = f"/schedules/{shown['id']}"
    await api.done("PATCH", path, {"schedule": {"name": "Night"}})
    assert (await _settings(stage))["unlockBetweenWindow"] == hours
    await api.done("PATCH", path, {"schedule": {"ends_at_time": "20:00"}})
    moved = {**hours, "start": "15:00", "end": "20:00", "timezone": "Europe/Berlin"}
    assert (await _settings(stage))["unlockBetweenWindow"] == moved


@timed
async def test_a_lockdown_beats_open_hours_in_every_api(api: Api, clock: FrozenClock) -> None:
    stage, _group = await staged(api)
    await add_schedule(api, "Lock", {"id": stage.locks["front"]}, "unlock", **OFFICE)
    await api.world.settle()
    assert not await _locked(stage)
    await api.done("POST", f"/places/{(await api.done('GET', '/places'))[0]['id']}/lock_down")
    await api.world.settle()
    assert await _locked(stage)
    assert await tried(stage) == all_("refused")
    clock.set(datetime(2026, 6, 2, 8, tzinfo=UTC))
    await api.world.settle()
    assert await _locked(stage)


async def _settings(stage: Stage) -> Any:
    answer = await stage.owner.call("GET", f"/device/{stage.doors['front']}")
    assert answer.status == 200, answer.body
    return answer.json()["settings"]


async def _open_hours(stage: Stage, hours: Any) -> None:
    wanted = {"type": "MUTATE_SETTING", "unlockBetween": hours}
    answer = await stage.owner.execute(stage.doors["front"], wanted)
    assert answer.status in {200, 204}, answer.body


async def _locked(stage: Stage) -> bool:
    listed = await stage.kisi.done("GET", "/locks")
    return not listed[0]["unlocked"]
