"""What schedules come to, and the holidays of the world. Source: contract 7.1."""

from typing import Any

from rekey.testing.frozen_clock import FrozenClock
from tests.dialects.in_world import Api
from tests.dialects.kisi.api import add_group, add_lock, kisi_test
from tests.dialects.kisi.schedules import OFFICE, add_schedule, timed

WEEK = "2026-06-01T00:00:00Z/P3D"


async def summary(api: Api, query: str) -> Any:
    return await api.done("GET", f"/calendar/summary?{query}")


@timed
async def test_a_summary_tells_spans_exceptions_and_the_schedules_of_each_day(
    api: Api, clock: FrozenClock
) -> None:
    lock = await add_lock(api, "front")
    office = await add_schedule(api, "Lock", lock, "unlock", **OFFICE)
    closed = {"starts_at": "2026-06-02T10:00:00Z", "ends_at": "2026-06-02T20:00:00Z"}
    taken = await add_schedule(api, "Lock", lock, "unlock", override=True, **closed)
    await add_schedule(api, "Lock", lock, "unlock", enabled=False, sunday=True, **_times())
    answer = await api.call("GET", f"/calendar/summary?around={WEEK}&consequence=unlock&lock_id={lock['id']}")
    assert answer.header("x-collection-range") is None
    assert answer.json() == {
        "events": [
            {"starts_at": f"2026-06-0{day}T07:00:00.000Z", "ends_at": f"2026-06-0{day}T{until}:00:00.000Z"}
            for day, until in ((1, 15), (2, 10), (3, 15))
        ],
        "exceptions": [{"starts_at": "2026-06-02T10:00:00.000Z", "ends_at": "2026-06-02T20:00:00.000Z"}],
        "schedules_by_day": [
            {"date": "2026-06-01", "schedule_ids": [office["id"]]},
            {"date": "2026-06-02", "schedule_ids": [office["id"], taken["id"]]},
            {"date": "2026-06-03", "schedule_ids": [office["id"]]},
        ],
    }


def _times() -> dict[str, str]:
    return {"starts_at_time": "00:00", "ends_at_time": "24:00"}


@timed
async def test_a_summary_of_a_group_of_no_place_goes_by_the_zone_of_its_doors(
    api: Api, clock: FrozenClock
) -> None:
    group = await add_group(api, "staff", await add_lock(api, "front"))
    await add_schedule(api, "Group", group, "allow", monday=True, **_times())
    shown = await summary(api, f"around={WEEK}&consequence=allow&group_id={group['id']}")
    assert [one["date"] for one in shown["schedules_by_day"]] == ["2026-06-01"]
    assert shown["events"][0]["ends_at"] == "2026-06-01T22:00:00.000Z"


@kisi_test
async def test_a_summary_needs_an_interval_a_consequence_and_one_thing(api: Api) -> None:
    lock = await add_lock(api, "front")
    good = {"around": WEEK, "consequence": "unlock", "lock_id": str(lock["id"])}
    wrong: list[dict[str, str]] = [
        *({name: value for name, value in good.items() if name != left_out} for left_out in good),
        {**good, "around": "P3D"},
        {**good, "around": "2026-01-01/P1Y"},
        {**good, "consequence": "permit"},
        {**good, "group_id": "1"},
    ]
    for query in wrong:
        text = "&".join(f"{name}={value}" for name, value in query.items())
        assert (await api.call("GET", f"/calendar/summary?{text}")).status == 400, text
    unknown = f"around={WEEK}&consequence=unlock&lock_id=987654"
    assert (await api.call("GET", f"/calendar/summary?{unknown}")).status == 404


@kisi_test
async def test_regions_are_mapped_by_their_code(api: Api) -> None:
    answer = await api.call("GET", "/holiday_calendars/regions")
    germany = answer.json()["DE"]
    assert answer.header("x-collection-range") is None
    assert set(germany) == {
        *("alpha2", "alpha3", "name", "continent", "country_code", "world_region", "subregions")
    }
    assert (germany["alpha2"], germany["alpha3"], germany["name"]) == ("DE", "DEU", "Germany")
    assert "DE-BY" in germany["subregions"]


@kisi_test
async def test_the_holidays_of_a_region_are_told_by_year(api: Api) -> None:
    listed = await api.done("GET", "/holiday_calendars/de_by/holidays?year=2026&observed=false")
    assert {"date": "2026-01-06"}.items() <= listed[1].items()
    assert all(set(one) == {"date", "name"} for one in listed)
    for query in ("", "?year=2026", "?observed=true", "?year=26&observed=true", "?year=9999&observed=true"):
        assert (await api.call("GET", f"/holiday_calendars/DE/holidays{query}")).status == 400, query
    unknown = await api.call("GET", "/holiday_calendars/XX/holidays?year=2026&observed=true")
    assert unknown.status == 404
