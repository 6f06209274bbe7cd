"""What groups and locks ask of those who come: kept, shown and enforced. Source: contract 5.2, 5.3, 8.1."""

from datetime import timedelta
from typing import Any

import pytest

from rekey.testing.frozen_clock import FrozenClock
from tests.dialects.in_world import Api
from tests.dialects.kisi.api import add_group, add_lock, add_user, assign, kisi_test, sign_in_for
from tests.dialects.kisi.schedules import OFFICE, add_schedule, timed
from tests.dialects.kisi.test_estate import add_elevator, reasons

GROUP_FLAGS = (
    "geofence_restriction_enabled",
    "primary_device_restriction_enabled",
    "managed_device_restriction_enabled",
    "reader_restriction_enabled",
    "time_restriction_enabled",
    "tap_to_access_restriction_enabled",
)
LOCK_FLAGS = ("geofence_restriction_enabled", "reader_restriction_enabled", "time_restriction_enabled")
HERE = {"latitude": 52.52, "longitude": 13.405}
FAR = {"latitude": 52.53, "longitude": 13.405}


async def furnish(api: Api, *, lock: Any = None, group: Any = None) -> tuple[Any, Any, Api]:
    """Add a lock, a group of it with one user in it, and sign that user in; both ask what is given."""
    made = await add_lock(api, "front")
    await api.done("PATCH", f"/locks/{made['id']}", {"lock": lock or {}})
    staff = await add_group(api, "staff", made)
    await api.done("PATCH", f"/groups/{staff['id']}", {"group": group or {}})
    user = await add_user(api, "ada")
    await assign(api, user, staff)
    return made, staff, await sign_in_for(api, user)


async def outcome(api: Api, lock: Any, body: object = None) -> str:
    """Say `open`, or the code of the refusal."""
    answer = await api.call("POST", f"/locks/{lock['id']}/unlock", body)
    if answer.status == 200:
        assert answer.json() == {"message": "Unlocked!"}
        return "open"
    return str(answer.json()["code"])


def located(where: Any, *services: Any) -> dict[str, Any]:
    return {"context": {"location": where, "services": [*services]}}


@kisi_test
async def test_each_flag_of_a_group_is_kept_and_shown(api: Api) -> None:
    for flag in GROUP_FLAGS:
        group = await api.done("POST", "/groups", {"group": {"name": flag, flag: True}})
        assert [name for name in GROUP_FLAGS if group[name]] == [flag]
        await api.done("PATCH", f"/groups/{group['id']}", {"group": {flag: "false"}})
        assert (await api.done("GET", f"/groups/{group['id']}"))[flag] is False
    closed = await api.done("POST", "/groups", {"group": {"name": "cards", "login_enabled": False}})
    assert closed["login_enabled"] is False


@kisi_test
async def test_each_flag_of_a_lock_is_kept_and_shown(api: Api) -> None:
    place = (await api.done("GET", "/places"))[0]
    for flag in LOCK_FLAGS:
        before = await api.world.journal_size()
        lock = await api.done("POST", "/locks", {"lock": {"name": "n", "place_id": place["id"], flag: True}})
        assert await api.world.journal_size() == before + 1
        assert [name for name in LOCK_FLAGS if lock[name]] == [flag]
        await api.done("PUT", f"/locks/{lock['id']}", {"lock": {flag: False}})
        assert (await api.done("GET", f"/locks/{lock['id']}"))[flag] is False


@kisi_test
async def test_a_radius_stays_when_the_geofence_is_named_again(api: Api) -> None:
    group = await api.done("POST", "/groups", {"group": {"name": "g", "geofence_restriction_enabled": True}})
    path = f"/groups/{group['id']}"
    assert group["geofence_restriction_radius"] == 300
    await api.done("PATCH", path, {"group": {"geofence_restriction_radius": 50}})
    await api.done("PATCH", path, {"group": {"geofence_restriction_enabled": True}})
    assert (await api.done("GET", path))["geofence_restriction_radius"] == 50
    await api.done("PATCH", path, {"group": {"geofence_restriction_enabled": False}})
    body = {"group": {"geofence_restriction_radius": 50}}
    assert await reasons(api, "PATCH", path, body) == {"geofence_restriction_radius"}


@kisi_test
async def test_hours_are_kept_in_the_zone_of_the_place_only(api: Api) -> None:
    lock, place = await add_lock(api, "front"), (await api.done("GET", "/places"))[0]
    wanted = {"time_restriction_enabled": True, "time_restriction_time_zone": place["time_zone"]}
    await api.done("PATCH", f"/locks/{lock['id']}", {"lock": wanted})
    shown = await api.done("GET", f"/locks/{lock['id']}")
    assert shown["time_restriction_time_zone"] == place["time_zone"]
    group = {"name": "g", "place_id": place["id"], "time_restriction_time_zone": "Asia/Tokyo"}
    assert await reasons(api, "POST", "/groups", {"group": group}) == {"time_restriction_time_zone"}


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"login_enabled": False}, "f01337"),
        ({"time_restriction_enabled": True}, "34ffaa"),
        ({"primary_device_restriction_enabled": True}, "34bd8f"),
        ({"managed_device_restriction_enabled": True}, "fcd8ef"),
        ({"tap_to_access_restriction_enabled": True}, "bbc93f"),
        ({"geofence_restriction_enabled": True}, "bbb99f"),
        ({"reader_restriction_enabled": True}, "bb4faa"),
    ],
)
def test_a_groups_restriction_keeps_users_out_and_not_the_owner(
    asked: dict[str, bool], code: str, tmp_path: Any
) -> None:
    @kisi_test
    async def told(api: Api) -> None:
        lock, group, mine = await furnish(api, group=asked)
        assert await outcome(mine, lock) == code
        assert await outcome(api, lock) == "open"
        other = await add_group(api, "also", lock)
        await assign(api, (await api.done("GET", "/users?query=ada"))[0], other)
        assert await outcome(mine, lock) == "open"
        assert group["id"] != other["id"]

    told(tmp_path)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"time_restriction_enabled": True}, "34ffaa"),
        ({"geofence_restriction_enabled": True}, "bbb99f"),
        ({"reader_restriction_enabled": True}, "bb4faa"),
    ],
)
def test_a_locks_restriction_binds_its_owner_too(asked: dict[str, bool], code: str, tmp_path: Any) -> None:
    @kisi_test
    async def told(api: Api) -> None:
        lock, _group, mine = await furnish(api, lock=asked)
        assert (await outcome(mine, lock), await outcome(api, lock)) == (code, code)

    told(tmp_path)


@kisi_test
async def test_a_group_asks_in_the_order_of_the_contract_and_before_the_lock(api: Api) -> None:
    lock, group, mine = await furnish(
        api, lock={"reader_restriction_enabled": True}, group={**dict.fromkeys(GROUP_FLAGS, True)}
    )
    path = f"/groups/{group['id']}"
    await api.done("PATCH", path, {"group": {"login_enabled": False}})
    expected = [
        ("login_enabled", "f01337"),
        ("time_restriction_enabled", "34ffaa"),
        ("primary_device_restriction_enabled", "34bd8f"),
        ("managed_device_restriction_enabled", "fcd8ef"),
        ("tap_to_access_restriction_enabled", "bbc93f"),
        ("geofence_restriction_enabled", "bbb99f"),
    ]
    for flag, code in expected:
        assert await outcome(mine, lock) == code, flag
        await api.done("PATCH", path, {"group": {flag: flag == "login_enabled"}})
    await api.done("PATCH", path, {"group": {"reader_restriction_enabled": False}})
    assert await outcome(mine, lock) == "bb4faa"


@kisi_test
async def test_a_lockdown_and_a_lost_right_are_told_before_any_restriction(api: Api) -> None:
    lock, group, mine = await furnish(api, group={"login_enabled": False})
    await api.done("POST", f"/locks/{lock['id']}/lock_down")
    assert await outcome(mine, lock) == "fad001"
    await api.done("POST", f"/locks/{lock['id']}/cancel_lockdown")
    (right,) = await api.done("GET", f"/role_assignments?group_id={group['id']}")
    await api.done("DELETE", f"/role_assignments/{right['id']}")
    assert await outcome(mine, lock) == "fcd8ef"


@kisi_test
async def test_the_caller_has_to_be_within_the_radius_of_the_lock_or_its_place(api: Api) -> None:
    lock, _group, mine = await furnish(api, group={"geofence_restriction_enabled": True})
    assert await outcome(mine, lock, located(HERE)) == "bbb93f"
    await api.done("PATCH", f"/places/{lock['place_id']}", {"place": HERE})
    assert await outcome(mine, lock, located(HERE)) == "open"
    assert await outcome(mine, lock, located(FAR)) == "a3995f"
    await api.done("PATCH", f"/locks/{lock['id']}", {"lock": FAR})
    assert await outcome(mine, lock, located(FAR)) == "open"
    assert await outcome(mine, lock, located({"latitude": 91, "longitude": 0})) == "bbb99f"
    assert await outcome(mine, lock, located({"latitude": 52.52})) == "bbb99f"


@kisi_test
async def test_the_phones_own_trouble_is_told_where_a_proof_is_missing(api: Api) -> None:
    asked = {"geofence_restriction_enabled": True}
    lock, group, mine = await furnish(api, group=asked)
    off = {"type": "GPS", "available": True, "enabled": False, "authorized": True}
    assert await outcome(mine, lock, located(None, off)) == "a3793f"
    assert await outcome(mine, lock, located(None, {**off, "enabled": True, "authorized": False})) == "a7793f"
    await api.done(
        "PATCH",
        f"/groups/{group['id']}",
        {"group": {"geofence_restriction_enabled": False, "reader_restriction_enabled": True}},
    )
    assert await outcome(mine, lock, located(None, {**off, "type": "BLE"})) == "bb4bff"
    assert await outcome(mine, lock, located(None, {"type": "BLE", "authorized": False})) == "bb4fff"


@kisi_test
async def test_a_proof_that_nobody_can_check_proves_nothing(api: Api) -> None:
    lock, _group, mine = await furnish(api, group={"reader_restriction_enabled": True})
    assert await outcome(mine, lock, {"lock": {"proximity_proof": "c2lnbmVk"}}) == "bb4faa"


@kisi_test
async def test_an_unlock_takes_a_body_in_any_of_its_forms_and_no_other(api: Api) -> None:
    lock, _group, mine = await furnish(api)
    for body in (None, {}, {"context": None, "lock": {"proximity_proof": None}}, located(HERE)):
        assert await outcome(mine, lock, body) == "open"
    for body in ({"context": 1}, {"context": {"services": [1]}}, located({"latitude": "x"}), {"lock": []}):
        assert (await mine.call("POST", f"/locks/{lock['id']}/unlock", body)).status == 422


@kisi_test
async def test_the_promoted_login_is_the_primary_device(api: Api) -> None:
    lock, _group, mine = await furnish(api, group={"primary_device_restriction_enabled": True})
    assert await outcome(mine, lock) == "34bd8f"
    await mine.done("POST", "/login/promote")
    assert await outcome(mine, lock) == "open"
    user = (await api.done("GET", "/users?query=ada"))[0]
    assert await outcome(await sign_in_for(api, user), lock) == "34bd8f"


@timed
async def test_allowed_hours_open_and_close_by_themselves(api: Api, clock: FrozenClock) -> None:
    lock, group, mine = await furnish(api, group={"time_restriction_enabled": True})
    made = await add_schedule(api, "Group", group, "allow", **OFFICE)
    assert await outcome(mine, lock) == "open"
    clock.advance(timedelta(hours=4))
    assert await outcome(mine, lock) == "34ffaa"
    assert [one["id"] for one in await mine.done("GET", "/locks")] == [lock["id"]]
    clock.advance(timedelta(hours=18))
    assert await outcome(mine, lock) == "open"
    await api.done("PATCH", f"/schedules/{made['id']}", {"schedule": {"enabled": False}})
    assert await outcome(mine, lock) == "34ffaa"


@timed
async def test_what_overrides_is_taken_from_the_hours(api: Api, clock: FrozenClock) -> None:
    lock, group, mine = await furnish(api, group={"time_restriction_enabled": True})
    await add_schedule(api, "Group", group, "allow", **OFFICE)
    closed = {"starts_at_date": "2026-06-01", "ends_at_date": "2026-06-01", "override": True}
    made = await add_schedule(api, "Group", group, "allow", **closed)
    assert await outcome(mine, lock) == "34ffaa"
    await api.done("DELETE", f"/schedules/{made['id']}")
    assert await outcome(mine, lock) == "open"


@timed
async def test_the_hours_of_a_stop_are_its_own(api: Api, clock: FrozenClock) -> None:
    _elevator, _floor, stop = await add_elevator(api)
    path = f"/elevator_stops/{stop['id']}"
    await api.done("PATCH", path, {"elevator_stop": {"time_restriction_enabled": True}})
    assert (await api.done("GET", path))["time_restriction_enabled"] is True
    await api.done("PATCH", path, {"elevator_stop": {"time_restriction_enabled": False}})
    assert (await api.done("GET", path))["time_restriction_enabled"] is False
    place = stop["place_id"]
    assert [one["id"] for one in await api.done("GET", f"/elevator_stops?place_id={place}")] == [stop["id"]]
