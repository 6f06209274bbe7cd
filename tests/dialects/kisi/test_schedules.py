"""Schedules as they are made, listed, changed and ended. Source: contract 7.1."""

from typing import Any

import pytest

from rekey.testing.frozen_clock import FrozenClock
from tests.dialects.in_world import Api
from tests.dialects.kisi.api import add_group, add_lock, add_user, kisi_test, sign_in_for
from tests.dialects.kisi.schedules import OFFICE, add_schedule, of, timed
from tests.dialects.kisi.test_estate import add_elevator, ids, reasons

COMMON = {
    *("id", "resource_type", "created_at", "updated_at", "name", "enabled", "override", "consequence"),
    *("scheduleable_type", "scheduleable_id", "scheduleable", "place_id", "place", "integration_id", "type"),
}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
KINDS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "recurring_event": (OFFICE, {*DAYS, "starts_at_time", "ends_at_time", "next_occurence"}),
    "single_event": (
        {"starts_at": "2026-06-01T10:00:00Z", "ends_at": "2026-06-01T12:30:00+02:00"},
        {"starts_at", "ends_at"},
    ),
    "single_all_day_event": (
        {"starts_at_date": "2026-06-01", "ends_at_date": "2026-06-02"},
        {"starts_at_date", "ends_at_date"},
    ),
    "holiday_calendar": (
        {"region": "de_by", "observed": False, "ignored_holidays": ["2026-01-01"]},
        {"region", "observed", "ignored_holidays", "holidays"},
    ),
}


@timed
async def test_each_kind_has_its_own_keys_beside_the_common_ones(api: Api, clock: FrozenClock) -> None:
    lock = await add_lock(api, "front")
    for kind, (fields, own) in KINDS.items():
        made = await add_schedule(api, "Lock", lock, "unlock", name=kind, **fields)
        assert (made["type"], set(made)) == (kind, COMMON | own)
        assert await api.done("GET", f"/schedules/{made['id']}") == made
    listed = await api.done("GET", "/schedules")
    assert [one["type"] for one in listed] == [*KINDS]


@timed
async def test_a_schedule_says_what_it_is_for_and_when(api: Api, clock: FrozenClock) -> None:
    lock = await add_lock(api, "front")
    made = await add_schedule(api, "Lock", lock, "unlock", **OFFICE)
    assert made["scheduleable"] == {"id": lock["id"], "type": "Lock", "name": "front"}
    assert (made["place_id"], made["name"], made["enabled"], made["override"]) == (
        lock["place_id"],
        None,
        True,
        False,
    )
    assert [made[day] for day in DAYS] == [True] * 5 + [False] * 2
    assert (made["starts_at_time"], made["ends_at_time"]) == ("09:00", "17:00")
    assert made["next_occurence"] == "2026-06-02T07:00:00.000Z"


@timed
async def test_holidays_are_told_without_those_that_are_ignored(api: Api, clock: FrozenClock) -> None:
    lock = await add_lock(api, "front")
    fields = {"region": "DE-BY", "observed": True, "ignored_holidays": [{"date": "2026-01-06"}]}
    made = await add_schedule(api, "Lock", lock, "allow", override=True, **fields)
    dates = {one["date"] for one in made["holidays"]}
    assert ("2026-01-01" in dates, "2026-01-06" in dates) == (True, False)
    assert (made["ignored_holidays"], made["region"]) == (["2026-01-06"], "DE-BY")
    await api.done("PATCH", f"/schedules/{made['id']}", {"schedule": {"ignored_holidays": []}})
    after = await api.done("GET", f"/schedules/{made['id']}")
    assert "2026-01-06" in {one["date"] for one in after["holidays"]}


@kisi_test
async def test_each_consequence_is_for_certain_things_only(api: Api) -> None:
    lock, group = await add_lock(api, "front"), await add_group(api, "staff")
    _elevator, _floor, stop = await add_elevator(api)
    things = {"Lock": lock, "Group": group, "ElevatorStop": stop}
    fit = {
        *(("Lock", word) for word in ("allow", "unlock", "first_to_arrive")),
        *(("Group", "allow"), ("ElevatorStop", "allow"), ("ElevatorStop", "permit")),
    }
    for kind, thing in things.items():
        for word in ("allow", "unlock", "permit", "first_to_arrive", "close"):
            answer = await api.call("POST", "/schedules", of(kind, thing, word, **OFFICE))
            assert answer.status == (200 if (kind, word) in fit else 422), (kind, word, answer.body)
            if answer.status == 200:
                assert answer.json()["consequence"] == word


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({}, {"monday", "starts_at_time", "ends_at_time"}),
        ({"starts_at_time": "09:00", "ends_at_time": "10:00"}, {"monday"}),
        ({**OFFICE, "ends_at_time": "09:00"}, {"ends_at_time"}),
        ({**OFFICE, "starts_at_time": "9"}, {"starts_at_time"}),
        ({"region": "DE"}, {"observed"}),
        ({"observed": True}, {"region"}),
        ({"region": "Atlantis", "observed": True}, {"region"}),
        ({"starts_at": "2026-06-01T10:00:00Z"}, {"ends_at"}),
        ({"starts_at": "2026-06-01T10:00:00Z", "ends_at": "2026-06-01T10:00:00Z"}, {"ends_at"}),
        ({"starts_at_date": "2026-06-02", "ends_at_date": "2026-06-01"}, {"ends_at_date"}),
        ({"starts_at_date": "June", "ends_at_date": "2026-06-01"}, {"starts_at_date"}),
        ({**OFFICE, "consequence": None}, {"consequence"}),
        ({**OFFICE, "scheduleable_type": "Place"}, {"scheduleable_type"}),
        ({**OFFICE, "scheduleable_id": 987_654}, {"scheduleable"}),
    ],
)
def test_what_says_no_proper_time_is_422(fields: dict[str, Any], named: set[str], tmp_path: Any) -> None:
    @kisi_test
    async def refused(api: Api) -> None:
        lock = await add_lock(api, "front")
        body = of("Lock", lock, "unlock")
        assert await reasons(api, "POST", "/schedules", {"schedule": {**body["schedule"], **fields}}) == named
        assert await api.done("GET", "/schedules") == []

    refused(tmp_path)


@kisi_test
async def test_midnight_ends_a_day_in_either_spelling(api: Api) -> None:
    lock = await add_lock(api, "front")
    for written in ("00:00", "24:00"):
        made = await add_schedule(api, "Lock", lock, "unlock", **{**OFFICE, "ends_at_time": written})
        assert made["ends_at_time"] == "00:00"


@kisi_test
async def test_a_list_is_narrowed_by_consequence_thing_and_ids(api: Api) -> None:
    lock, group = await add_lock(api, "front"), await add_group(api, "staff")
    _elevator, _floor, stop = await add_elevator(api)
    unlock = await add_schedule(api, "Lock", lock, "unlock", **OFFICE)
    allow = await add_schedule(api, "Group", group, "allow", **OFFICE)
    permit = await add_schedule(api, "ElevatorStop", stop, "permit", **OFFICE)
    assert await ids(api, "/schedules?consequence=unlock") == [unlock["id"]]
    assert await ids(api, "/schedules?consequence=permit") == [permit["id"]]
    assert await ids(api, "/schedules?consequence=allow") == [allow["id"]]
    query = f"scheduleable_type=Group&scheduleable_id={group['id']}"
    assert await ids(api, f"/schedules?{query}") == [allow["id"]]
    assert await ids(api, f"/schedules?ids={permit['id']},{unlock['id']}") == [unlock["id"], permit["id"]]
    assert await ids(api, "/schedules?scheduleable_type=Lock&scheduleable_id=987654") == []
    for half in ("scheduleable_type=Lock", f"scheduleable_id={lock['id']}", "consequence=close"):
        assert (await api.call("GET", f"/schedules?{half}")).status == 400
    answer = await api.call("GET", "/schedules?limit=1&offset=1")
    assert answer.header("x-collection-range") == "1-1/3"


@kisi_test
async def test_an_edit_changes_what_it_names_and_nothing_else(api: Api) -> None:
    lock = await add_lock(api, "front")
    made = await add_schedule(api, "Lock", lock, "unlock", name="Office", **OFFICE)
    path = f"/schedules/{made['id']}"
    change = {"monday": False, "saturday": "true", "ends_at_time": "18:30", "enabled": False}
    assert (await api.call("PATCH", path, {"schedule": change})).status == 204
    after = await api.done("GET", path)
    expected = {**made, **change, "saturday": True, "next_occurence": None}
    assert {**after, "updated_at": made["updated_at"]} == expected
    await api.done("PUT", path, {"schedule": KINDS["single_all_day_event"][0]})
    assert (await api.done("GET", path))["type"] == "single_all_day_event"
    elsewhere = {"scheduleable_id": (await add_lock(api, "back"))["id"]}
    assert await reasons(api, "PATCH", path, {"schedule": elsewhere}) == {"scheduleable_id"}
    assert await reasons(api, "PATCH", path, {"schedule": {"consequence": "permit"}}) == {"consequence"}


@kisi_test
async def test_a_schedule_ends_once(api: Api) -> None:
    made = await add_schedule(api, "Lock", await add_lock(api, "front"), "unlock", **OFFICE)
    path = f"/schedules/{made['id']}"
    assert (await api.call("DELETE", path)).status == 204
    for method in ("DELETE", "GET", "PATCH"):
        assert (await api.call(method, path, {"schedule": {}})).status == 404


@kisi_test
async def test_schedules_end_with_what_they_are_for(api: Api) -> None:
    lock, group = await add_lock(api, "front"), await add_group(api, "staff")
    await add_schedule(api, "Lock", lock, "unlock", **OFFICE)
    await add_schedule(api, "Group", group, "allow", **OFFICE)
    await api.done("DELETE", f"/locks/{lock['id']}")
    await api.done("DELETE", f"/groups/{group['id']}")
    assert await ids(api, "/schedules") == []


@kisi_test
async def test_each_change_of_a_schedule_is_an_event(api: Api) -> None:
    made = await add_schedule(api, "Lock", await add_lock(api, "front"), "unlock", name="Office", **OFFICE)
    await api.done("PATCH", f"/schedules/{made['id']}", {"schedule": {"enabled": False}})
    await api.done("DELETE", f"/schedules/{made['id']}")
    asked = {"event_type": "schedule.create,schedule.update,schedule.destroy"}
    told = (await api.done("POST", "/event_sets", {"event_set": asked}))["events"]
    assert [one["type"] for one in told] == ["schedule.destroy", "schedule.update", "schedule.create"]
    assert {(one["object_id"], one["object_name"]) for one in told} == {(made["id"], "Office")}


@kisi_test
async def test_who_may_only_look_changes_no_schedule(api: Api) -> None:
    lock, user = await add_lock(api, "front"), await add_user(api, "ada")
    made = await add_schedule(api, "Lock", lock, "unlock", **OFFICE)
    mine = await sign_in_for(api, user)
    assert (await mine.call("POST", "/schedules", of("Lock", lock, "unlock", **OFFICE))).status == 403
    for method in ("GET", "PATCH", "DELETE"):
        body = None if method == "GET" else {"schedule": {"enabled": False}}
        assert (await mine.call(method, f"/schedules/{made['id']}", body)).status == 403
