"""Hours and conditions through the native API."""

from datetime import timedelta
from typing import Any

from tests.dialects.in_world import Api
from tests.dialects.native.api import add_door, add_person, grant, native_test

WEEKLY = {
    "kind": "weekly",
    "days": ["monday", "sunday"],
    "start": "22:00",
    "end": "06:30",
    "time_zone": "Asia/Tokyo",
    "exceptions": ["2026-12-24"],
}
TIMINGS: list[dict[str, Any]] = [
    WEEKLY,
    {"kind": "single", "start": "2026-06-01T12:00:00Z", "end": "2026-06-01T13:00:00Z"},
    {"kind": "all_day", "first": "2026-06-01", "last": "2026-06-02"},
]


async def add_rule(api: Api, timing: dict[str, Any], **parts: Any) -> Any:
    return await api.done("POST", "/calendar_rules", {"consequence": "allow", "timing": timing, **parts})


@native_test
async def test_a_rule_is_told_as_it_was_given(api: Api) -> None:
    door = await add_door(api, "front")
    for timing in TIMINGS:
        rule = await add_rule(api, timing, door=door["id"], name="Night")
        assert (rule["timing"], rule["name"], rule["subject"]["id"]) == (timing, "Night", door["id"])
        assert await api.done("GET", f"/calendar_rules/{rule['id']}") == rule
    listed = await api.done("GET", f"/calendar_rules?door={door['number']}")
    assert [rule["timing"] for rule in listed["items"]] == TIMINGS


@native_test
async def test_holidays_are_told_with_their_dates(api: Api) -> None:
    door = await add_door(api, "front")
    timing = {"kind": "holidays", "region": "DE-BY", "ignored": ["New Year's Day"]}
    rule = await add_rule(api, timing, door=door["id"], override=True)
    assert any(day.endswith("-01-06") for day in rule["timing"]["dates"])
    assert not any(day.endswith("-01-01") for day in rule["timing"]["dates"])
    timing["region"] = "Atlantis"
    body = {"consequence": "allow", "timing": timing, "door": door["id"]}
    refused = await api.call("POST", "/calendar_rules", body)
    assert (refused.status, refused.json()["field"]) == (422, "region")


@native_test
async def test_a_rule_is_edited_and_ended(api: Api) -> None:
    door = await add_door(api, "front")
    rule = await add_rule(api, WEEKLY, door=door["id"])
    path = f"/calendar_rules/{rule['id']}"
    edited = await api.done("PATCH", path, {"enabled": False, "timing": TIMINGS[2]})
    assert (edited["enabled"], edited["timing"]) == (False, TIMINGS[2])
    assert (await api.call("DELETE", path)).status == 204
    assert (await api.call("GET", path)).status == 404


@native_test
async def test_what_is_no_rule_is_refused(api: Api) -> None:
    door = await add_door(api, "front")
    backwards = {"kind": "single", "start": "2026-06-01T13:00:00Z", "end": "2026-06-01T12:00:00Z"}
    no_day = {**WEEKLY, "days": []}
    no_time = {**WEEKLY, "start": "25:00"}
    for timing in (backwards, no_day, no_time):
        body = {"consequence": "allow", "timing": timing, "door": door["id"]}
        assert (await api.call("POST", "/calendar_rules", body)).status == 422, timing
    nowhere = {"consequence": "allow", "timing": WEEKLY}
    assert (await api.call("POST", "/calendar_rules", nowhere)).status == 400


@native_test
async def test_a_door_on_its_scheduled_unlock_says_so(api: Api) -> None:
    door, now = await add_door(api, "front"), api.world.clock.now()
    path = f"/doors/{door['id']}"
    assert (await api.done("GET", path + "/hours"))["on_scheduled_unlock"] is False
    timing = {
        "kind": "single",
        "start": (now - timedelta(hours=1)).isoformat(),
        "end": (now + timedelta(hours=1)).isoformat(),
    }
    await add_rule(api, timing, door=door["id"], consequence="unlock")
    await api.world.settle()
    assert (await api.done("GET", path + "/hours"))["on_scheduled_unlock"] is True
    await api.done("POST", path + "/first_to_arrive")
    await api.world.settle()
    hours = await api.done("GET", path + "/hours")
    assert (hours["on_scheduled_unlock"], hours["first_to_arrive_satisfied"]) == (False, False)
    await api.done("DELETE", path + "/first_to_arrive")
    assert (await api.call("DELETE", path + "/first_to_arrive")).status == 409


@native_test
async def test_a_door_asks_what_it_was_told_to(api: Api) -> None:
    door = await add_door(api, "front")
    path = f"/doors/{door['id']}/conditions"
    window = {"days": ["monday"], "start": "09:00", "end": "17:00", "time_zone": "Europe/Berlin"}
    asked = {
        "permitted_addresses": ["10.0.0.0/8"],
        "usage_windows": [window],
        "geofence_radius": 300,
        "proximity": True,
        "allowed_hours": True,
    }
    assert await api.done("PATCH", path, asked) == asked
    kept = await api.done("PATCH", path, {"geofence_radius": 0, "usage_windows": []})
    assert kept == {**asked, "geofence_radius": None, "usage_windows": []}
    assert await api.done("GET", path) == kept
    refused = await api.call("POST", f"/doors/{door['id']}/open")
    assert (refused.status, refused.json()["reason"]) == (403, "address_not_permitted")


@native_test
async def test_a_door_group_asks_what_it_was_told_to(api: Api) -> None:
    group = await api.done("POST", "/door_groups", {"name": "labs"})
    path = f"/door_groups/{group['id']}/conditions"
    asked = await api.done("PATCH", path, {"tap_only": True, "geofence_radius": 300})
    assert (asked["tap_only"], asked["geofence_radius"], asked["app_allowed"]) == (True, 300, True)
    asked = await api.done("PATCH", path, {"geofence_radius": 0})
    assert (asked["tap_only"], asked["geofence_radius"]) == (True, None)
    assert await api.done("GET", path) == asked


@native_test
async def test_a_grant_keeps_the_schedule_that_it_was_given_with(api: Api) -> None:
    door, ada = await add_door(api, "front"), await add_person(api, "ada")
    window = {"days": ["monday", "tuesday"], "start": "09:00", "end": "17:00"}
    schedule = {"name": "Office", "windows": [window], "exceptions": ["2026-12-24"]}
    given = await grant(api, ada, door=door["id"], schedule=schedule)
    assert given["schedule"] == schedule
    path = f"/grants/{given['id']}"
    assert (await api.done("PATCH", path, {"end": "2030-01-01T00:00:00Z"}))["schedule"] == schedule
    assert (await api.done("PATCH", path, {"schedule": None}))["schedule"] is None
    empty = {"person": ada["id"], "door": door["id"], "schedule": {"windows": []}}
    assert (await api.call("POST", "/grants", empty)).status == 422


@native_test
async def test_a_site_ends_with_what_is_in_it(api: Api) -> None:
    door = await add_door(api, "front")
    site = await api.done("POST", "/sites", {"name": "Annex", "time_zone": "UTC"})
    ended = await api.done("DELETE", f"/sites/{site['number']}")
    assert (ended["id"], ended["doors"]) == (site["id"], [])
    ended = await api.done("DELETE", f"/sites/{api.world.site_id}")
    assert ended["doors"] == [door["id"]]
    assert (await api.call("GET", f"/doors/{door['id']}")).status == 410
