"""Places, locks, floors, elevators and groups with all that is kept of them. Source: contract sections 5 and 6.3."""

from typing import Any

from tests.dialects.in_world import Api
from tests.dialects.kisi.api import add_group, add_lock, add_user, assign, kisi_test, sign_in_for


def keys_of(words: str) -> set[str]:
    return {*words.split()}


async def reasons(api: Api, method: str, path: str, body: object) -> set[str]:
    answer = await api.call(method, path, body)
    assert answer.status == 422, (path, answer.status, answer.body)
    return set(answer.json()["errors"])


async def ids(api: Api, path: str) -> list[int]:
    return [one["id"] for one in await api.done("GET", path)]


async def door_of(api: Api, lock: dict[str, int]) -> str:
    found = await api.world.core.store.read(
        api.world.organization_id, lambda view: view.doors.by_number(lock["id"])
    )
    assert found is not None
    return str(found.id)


async def add_elevator(api: Api) -> tuple[Any, Any, Any]:
    """Add an elevator, a floor and its stop there."""
    place = (await api.done("GET", "/places"))[0]
    floor = await api.done(
        "POST", "/floors", {"floor": {"number": -1, "name": "B1", "place_id": place["id"]}}
    )
    elevator = await api.done("POST", "/elevators", {"elevator": {"name": "West", "place_id": place["id"]}})
    wanted = {"elevator_id": elevator["id"], "floor_id": floor["id"]}
    stop = await api.done("POST", "/elevator_stops", {"elevator_stop": wanted})
    return elevator, floor, stop


@kisi_test
async def test_a_place_keeps_everything_that_is_said_of_it(api: Api) -> None:
    wanted = {
        "name": "Annex",
        "address": "1 Main St",
        "description": "The other house",
        "latitude": 52.5,
        "longitude": "13.4",
        "image": "https://img.test/p.png",
        "time_zone": "Europe/Berlin",
    }
    before = await api.world.journal_size()
    place = await api.done("POST", "/places", {"place": wanted})
    assert await api.world.journal_size() == before + 1
    assert {name: place[name] for name in wanted} == {**wanted, "longitude": 13.4}
    change = {"latitude": 52.6, "description": None, "address": ""}
    await api.done("PATCH", f"/places/{place['id']}", {"place": change})
    after = await api.done("GET", f"/places/{place['id']}")
    assert (after["latitude"], after["longitude"], after["description"]) == (52.6, 13.4, None)
    assert (after["image"], after["address"]) == (wanted["image"], "")
    await api.done("PATCH", f"/places/{place['id']}", {"place": {"latitude": None}})
    assert (await api.done("GET", f"/places/{place['id']}"))["longitude"] is None


@kisi_test
async def test_half_a_location_and_one_off_the_globe_are_422(api: Api) -> None:
    for where in ({"latitude": 1}, {"latitude": 91, "longitude": 0}, {"latitude": "x", "longitude": 0}):
        assert "latitude" in await reasons(
            api, "POST", "/places", {"place": {"name": "Annex", "address": "Main 1", **where}}
        )


@kisi_test
async def test_a_lock_keeps_location_floor_and_numbers_and_says_where_its_place_is(api: Api) -> None:
    place = (await api.done("GET", "/places"))[0]
    await api.done("PATCH", f"/places/{place['id']}", {"place": {"latitude": 1, "longitude": 2}})
    floor = await api.done("POST", "/floors", {"floor": {"number": 0, "name": "G", "place_id": place["id"]}})
    wanted = {"name": "front", "place_id": place["id"], "latitude": 3, "longitude": 4}
    more = {"floor_id": floor["id"], "order_id": 7, "favorite": True, "description": "d"}
    lock = await api.done("POST", "/locks", {"lock": {**wanted, **more}})
    assert (lock["latitude"], lock["longitude"], lock["floor_id"], lock["order_id"]) == (3, 4, floor["id"], 7)
    assert (lock["place"]["latitude"], lock["place"]["longitude"]) == (1, 2)
    assert (await api.done("GET", f"/locks/{lock['id']}?favorite=*"))["favorite"] is True
    assert await ids(api, f"/locks?floor_id={floor['id']}") == [lock["id"]]
    await api.done("PATCH", f"/locks/{lock['id']}", {"lock": {"floor_id": None, "latitude": None}})
    after = await api.done("GET", f"/locks/{lock['id']}")
    assert (after["floor_id"], after["longitude"], after["order_id"]) == (None, None, 7)


@kisi_test
async def test_a_lock_is_on_no_floor_of_another_place(api: Api) -> None:
    other = await api.done("POST", "/places", {"place": {"name": "Annex", "address": "Main 1"}})
    floor = await api.done("POST", "/floors", {"floor": {"number": 1, "name": "1", "place_id": other["id"]}})
    lock = await add_lock(api, "front")
    for number in (floor["id"], 987_654):
        body = {"lock": {"floor_id": number}}
        assert await reasons(api, "PATCH", f"/locks/{lock['id']}", body) == {"floor"}


@kisi_test
async def test_what_a_lock_does_just_now_is_its_drivers_word(api: Api) -> None:
    front, back = await add_lock(api, "front"), await add_lock(api, "back")
    assert (front["online"], front["unlocked"], front["configured"]) == (True, False, True)
    api.world.simulated.configure(await door_of(api, back), [("offline", "true")])
    assert (await api.done("GET", f"/locks/{back['id']}"))["online"] is False
    assert await ids(api, "/locks?online=true") == [front["id"]]
    assert await ids(api, "/locks?online=false") == [back["id"]]
    answer = await api.call("GET", "/locks?online=true&limit=1&offset=1")
    assert (answer.json(), answer.header("x-collection-range")) == ([], "*/1")


@kisi_test
async def test_favourites_are_everybodys_own(api: Api) -> None:
    front, back = await add_lock(api, "front"), await add_lock(api, "back")
    user = await add_user(api, "ada")
    await assign(api, user, await add_group(api, "staff", front, back))
    mine = await sign_in_for(api, user)
    assert (await mine.call("POST", f"/locks/{back['id']}/favorite")).status == 204
    assert await ids(mine, "/locks?favorite=true") == [back["id"]]
    assert await ids(mine, "/locks?favorite=false") == [front["id"]]
    assert await ids(mine, "/locks?sort=-favorite") == [back["id"], front["id"]]
    assert await ids(api, "/locks?favorite=true") == []
    assert (await mine.call("POST", f"/locks/{back['id']}/unfavorite")).status == 204
    assert await ids(mine, "/locks?favorite=true") == []


@kisi_test
async def test_nobody_marks_what_he_cannot_see(api: Api) -> None:
    lock, place = await add_lock(api, "front"), (await api.done("GET", "/places"))[0]
    mine = await sign_in_for(api, await add_user(api, "ada"))
    for path in (f"/locks/{lock['id']}/favorite", f"/places/{place['id']}/favorite"):
        assert (await mine.call("POST", path)).status == 404


@kisi_test
async def test_places_are_favourites_as_locks_are(api: Api) -> None:
    annex = await api.done("POST", "/places", {"place": {"name": "Annex", "address": "Main 1"}})
    assert (await api.call("POST", f"/places/{annex['id']}/favorite")).status == 204
    assert await ids(api, "/places?favorite=true") == [annex["id"]]
    assert (await ids(api, "/places?sort=-favorite"))[0] == annex["id"]
    assert (await api.done("GET", f"/places/{annex['id']}?favorite=*"))["favorite"] is True


@kisi_test
async def test_floors_need_their_place_and_have_no_delete(api: Api) -> None:
    assert (await api.call("GET", "/floors")).status == 400
    place = (await api.done("GET", "/places"))[0]
    body = {"floor": {"number": "2", "name": "Second", "place_id": place["id"], "description": "d"}}
    floor = await api.done("POST", "/floors", body)
    expected = {
        "id",
        "resource_type",
        "name",
        "description",
        "number",
        "created_at",
        "updated_at",
        "place_id",
    }
    assert set(floor) == expected
    assert await api.done("GET", f"/floors?place_id={place['id']}&query=SEC") == [floor]
    await api.done("PATCH", f"/floors/{floor['id']}", {"floor": {"number": -3}})
    assert (await api.done("GET", f"/floors/{floor['id']}"))["number"] == -3
    assert (await api.call("DELETE", f"/floors/{floor['id']}")).status == 404
    assert await reasons(api, "POST", "/floors", {"floor": {"place_id": place["id"]}}) == {"name", "number"}


@kisi_test
async def test_a_stop_is_called_after_its_elevator_and_floor_whatever_these_are_called_by_now(
    api: Api,
) -> None:
    elevator, floor, stop = await add_elevator(api)
    roof = {"place_id": stop["place_id"], "name": "Roof", "number": 9}
    above = await api.done("POST", "/floors", {"floor": roof})
    path = f"/elevator_stops/{stop['id']}"
    await api.done("PATCH", f"/elevators/{elevator['id']}", {"elevator": {"name": "Goods"}})
    await api.done("PATCH", f"/floors/{floor['id']}", {"floor": {"name": "Cellar"}})
    assert (await api.done("GET", path))["name"] == "Goods Cellar"
    await api.done("PATCH", path, {"elevator_stop": {"floor_id": above["id"]}})
    assert (await api.done("GET", path))["name"] == "Goods Roof"


@kisi_test
async def test_an_elevator_stop_is_a_door_of_its_kind(api: Api) -> None:
    elevator, floor, stop = await add_elevator(api)
    assert set(elevator) == {
        *("id", "resource_type", "name", "description", "created_at", "updated_at", "place_id"),
        *("integration_id", "elevator_stops_count"),
    }
    assert (stop["elevator_id"], stop["floor"]["number"], stop["permitted"]) == (elevator["id"], -1, False)
    assert (await api.done("GET", f"/elevators/{elevator['id']}"))["elevator_stops_count"] == 1
    assert await ids(api, "/locks") == []
    assert (await api.call("GET", f"/locks/{stop['id']}")).status == 404
    assert (await api.call("GET", "/elevator_stops")).status == 400
    query = f"place_id={stop['place_id']}&elevator_id={elevator['id']}&floor_id={floor['id']}"
    assert await ids(api, f"/elevator_stops?{query}") == [stop["id"]]
    assert (await api.call("POST", f"/elevator_stops/{stop['id']}/lock_down")).status == 204
    assert (await api.done("GET", f"/elevator_stops/{stop['id']}"))["locked_down"] is True
    assert (await api.call("POST", f"/elevator_stops/{stop['id']}/cancel_lockdown")).status == 204


@kisi_test
async def test_stops_are_put_into_groups_apart_from_locks(api: Api) -> None:
    _elevator, _floor, stop = await add_elevator(api)
    lock = await add_lock(api, "front")
    wanted = {"name": "all", "locks_to_assign": [lock["id"]], "elevator_stops_to_assign": [stop["id"]]}
    before = await api.world.journal_size()
    group = await api.done("POST", "/groups", {"group": wanted})
    assert await api.world.journal_size() == before + 1
    assert (group["locks_count"], group["elevator_stops_count"]) == (1, 1)
    (placed,) = await api.done("GET", f"/group_elevator_stops?group_id={group['id']}")
    assert (placed["elevator_stop_id"], placed["group_id"]) == (stop["id"], group["id"])
    assert len(await api.done("GET", f"/group_locks?group_id={group['id']}")) == 1
    assert (await api.call("GET", f"/group_locks/{placed['id']}")).status == 404
    assert await ids(api, f"/groups?elevator_stop_id={stop['id']}") == [group["id"]]
    assert (await api.call("DELETE", f"/group_elevator_stops/{placed['id']}")).status == 204
    assert await api.done("GET", f"/group_elevator_stops?group_id={group['id']}") == []


@kisi_test
async def test_a_group_of_unknown_locks_is_not_made(api: Api) -> None:
    body = {"group": {"name": "all", "locks_to_assign": [987_654]}}
    assert await reasons(api, "POST", "/groups", body) == {"locks_to_assign"}
    assert await api.done("GET", "/groups") == []


@kisi_test
async def test_an_elevator_that_goes_takes_its_stops_along(api: Api) -> None:
    elevator, _floor, stop = await add_elevator(api)
    assert (await api.call("DELETE", f"/elevators/{elevator['id']}")).status == 204
    assert (await api.call("GET", f"/elevators/{elevator['id']}")).status == 404
    assert (await api.call("GET", f"/elevator_stops/{stop['id']}")).status == 404


@kisi_test
async def test_a_place_that_goes_takes_floors_and_elevators_out_of_sight(api: Api) -> None:
    annex = await api.done("POST", "/places", {"place": {"name": "Annex", "address": "Main 1"}})
    floor = await api.done("POST", "/floors", {"floor": {"number": 0, "name": "G", "place_id": annex["id"]}})
    elevator = await api.done("POST", "/elevators", {"elevator": {"name": "E", "place_id": annex["id"]}})
    assert (await api.call("DELETE", f"/places/{annex['id']}")).status == 204
    assert (await api.call("GET", f"/floors/{floor['id']}")).status == 404
    assert (await api.call("GET", f"/elevators/{elevator['id']}")).status == 404
    assert await ids(api, "/elevators") == []


@kisi_test
async def test_hardware_that_is_not_here_lists_nothing_and_is_found_nowhere(api: Api) -> None:
    for name in ["controllers", "readers", "terminals", "controller_inputs", "wireless_locks", "cameras"]:
        answer = await api.call("GET", f"/{name}")
        assert (answer.status, answer.json(), answer.header("x-collection-range")) == (200, [], "*/0"), name
        assert (await api.call("GET", f"/{name}/1")).status == 404
        assert (await api.call("POST", f"/{name}", {})).status == 404
    for name, requires in (("controller_relay_connections", "controller_id"), ("group_zones", "group_id")):
        assert (await api.call("GET", f"/{name}")).status == 400
        assert await api.done("GET", f"/{name}?{requires}=1") == []
    relays = await api.call("GET", "/controller_relay_connections?controller_id=1")
    assert relays.header("x-collection-range") is None


@kisi_test
async def test_presences_tell_who_came_in_on_a_day_of_the_place(api: Api) -> None:
    lock, user = await add_lock(api, "front"), await add_user(api, "ada")
    await assign(api, user, await add_group(api, "staff", lock))
    mine = await sign_in_for(api, user)
    await mine.done("POST", f"/locks/{lock['id']}/unlock")
    await mine.done("POST", f"/locks/{lock['id']}/unlock")
    today = api.world.clock.now().date().isoformat()
    where = f"place_id={lock['place_id']}"
    (seen,) = await api.done("GET", f"/presences?{where}&date={today}")
    assert set(seen) == keys_of(
        "actor_type actor_id actor_name actor_email first_unlock_at last_unlock_at "
        "last_unlocked_lock_id last_unlocked_lock_name status place_id "
    )
    assert (seen["actor_id"], seen["status"], seen["last_unlocked_lock_id"]) == (
        user["id"],
        "on_site",
        lock["id"],
    )
    assert seen["first_unlock_at"] <= seen["last_unlock_at"]
    assert await api.done("GET", f"/presences?{where}&date=2001-01-01") == []
    for query in (where, f"date={today}", f"{where}&date=today"):
        assert (await api.call("GET", f"/presences?{query}")).status == 400
