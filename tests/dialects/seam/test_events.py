"""Events: the journal in Seam's words, the same each time it is asked."""

from datetime import UTC, datetime, timedelta
from typing import Any

from rekey.dialects.seam.event_types import EVENT_FORMS
from rekey.dialects.seam.events import ONE
from rekey.dialects.seam.translate import instant
from rekey.operations.open_door import OpenDoor, open_door
from rekey.operations.retire_door import RetireDoor, retire_door
from tests.dialects.in_world import Api
from tests.dialects.seam.api import UNKNOWN, add_person, add_user, link, query, refusal, seam_test
from tests.dialects.seam.furnished import connect, open_session

LONG_AGO = "2020-01-01T00:00:00.000Z"


async def events(api: Api, **filters: Any) -> list[dict[str, Any]]:
    wanted = filters or {"since": LONG_AGO}
    listed: list[dict[str, Any]] = (await api.done("GET", query("/events/list", **wanted)))["events"]
    return listed


async def types(api: Api, **filters: Any) -> list[str]:
    return [event["event_type"] for event in await events(api, **filters)]


async def unlocked_door(api: Api) -> str:
    door = await api.world.add_door("front")
    await api.done("POST", "/locks/unlock_door", {"device_id": door, "sync": True})
    return door


@seam_test
async def test_an_unlock_is_told_with_its_attempt(api: Api) -> None:
    door = await unlocked_door(api)
    told = [event for event in await events(api) if event.get("action_attempt_id")]
    assert [event["event_type"] for event in told] == [
        "lock.unlocked",
        "action_attempt.unlock_door.succeeded",
    ]
    assert told[0]["device_id"] == door
    assert told[0]["acs_system_id"] == api.world.site_id
    assert (told[0]["method"], told[1]["status"]) == ("remote", "success")


@seam_test
async def test_an_event_is_found_by_its_id_and_is_the_same_each_time(api: Api) -> None:
    await unlocked_door(api)
    listed = await events(api)
    for event in listed:
        found = await api.done("GET", query("/events/get", event_id=event["event_id"]))
        assert found["event"] == event
    assert len({event["event_id"] for event in listed}) == len(listed)


@seam_test
async def test_an_unknown_event_is_not_found(api: Api) -> None:
    assert refusal(await api.call("POST", "/events/get", {"event_id": UNKNOWN})) == (404, "event_not_found")
    answer = await api.call("POST", "/events/get", {"event_id": "no id"})
    assert refusal(answer) == (404, "event_not_found")


@seam_test
async def test_an_event_must_be_asked_for_by_something(api: Api) -> None:
    assert refusal(await api.call("POST", "/events/get", {})) == (400, "invalid_input")
    assert refusal(await api.call("POST", "/events/list", {})) == (400, "invalid_input")


@seam_test
async def test_the_first_event_of_a_device_or_a_type_can_be_asked_for(api: Api) -> None:
    door = await unlocked_door(api)
    of_door = await api.done("GET", query("/events/get", device_id=door))
    of_type = await api.done("GET", query("/events/get", event_type="lock.unlocked"))
    assert of_door["event"]["event_type"] == "device.added"
    assert of_type["event"]["device_id"] == door


@seam_test
async def test_filters_are_joined_by_and(api: Api) -> None:
    door, other = await unlocked_door(api), await api.world.add_door("back")
    assert await types(api, device_id=door, event_type="device.added") == ["device.added"]
    assert await types(api, device_id=other, event_type="lock.unlocked") == []
    assert await types(api, device_ids=[door, other], event_types=["device.added"]) == ["device.added"] * 2
    assert await types(api, acs_entrance_id=door, since=LONG_AGO) == ["acs_entrance.added", "lock.unlocked"]
    assert await types(api, device_id=UNKNOWN) == []


@seam_test
async def test_an_empty_list_of_ids_selects_nothing(api: Api) -> None:
    await unlocked_door(api)
    assert (await api.done("GET", "/events/list?device_ids=&_strict=true"))["events"] == []


@seam_test
async def test_events_lie_between_two_times_without_the_bounds(api: Api) -> None:
    await unlocked_door(api)
    moment = datetime.now(UTC)
    around = [instant(moment - timedelta(minutes=1)), instant(moment + timedelta(minutes=1))]
    assert "lock.unlocked" in await types(api, between=around)
    later = [instant(moment + timedelta(minutes=1)), instant(moment + timedelta(minutes=2))]
    assert await types(api, between=later) == []
    first = (await events(api))[0]["created_at"]
    assert first not in [event["created_at"] for event in await events(api, between=[first, around[1]])]
    assert first in [event["created_at"] for event in await events(api, since=first)]


@seam_test
async def test_a_span_that_makes_no_sense_is_refused(api: Api) -> None:
    for wanted in (
        {"since": LONG_AGO, "between": [LONG_AGO, "2021-01-01T00:00:00Z"]},
        {"between": [LONG_AGO]},
        {"between": [LONG_AGO, LONG_AGO]},
        {"since": "yesterday"},
        {"event_type": "lock.exploded"},
        {"event_types": ["lock.unlocked", "lock.exploded"]},
    ):
        assert refusal(await api.call("POST", "/events/list", wanted)) == (400, "invalid_input"), wanted


@seam_test
async def test_a_list_goes_on_where_the_last_one_ended(api: Api) -> None:
    await unlocked_door(api)
    whole = await events(api)
    parts = [await events(api, since=LONG_AGO, limit=2, unstable_offset=skip) for skip in range(0, 10, 2)]
    assert [event for part in parts for event in part] == whole


@seam_test
async def test_a_denied_attempt_names_who_was_refused(api: Api) -> None:
    door, person = await api.world.add_door("front"), await add_person(api)
    await api.world.perform(open_door, OpenDoor(door_id=door, person_id=person))
    denied, attempt = (await events(api, device_id=door))[-2:]
    assert (denied["event_type"], denied["user_identity_id"]) == ("lock.access_denied", person)
    assert denied["reason"]["reason_code"] == "credential_error"
    assert attempt["event_type"] == "action_attempt.unlock_door.failed"
    assert await types(api, user_identity_id=person) == ["lock.access_denied"]


@seam_test
async def test_an_offline_door_fails_its_attempt(api: Api) -> None:
    door = await api.world.add_door("front", offline="true")
    await api.done("POST", "/locks/unlock_door", {"device_id": door, "sync": True})
    last = (await events(api, device_id=door))[-1]
    assert (last["event_type"], last["status"]) == ("action_attempt.unlock_door.failed", "error")


@seam_test
async def test_users_and_names_of_devices_are_told(api: Api) -> None:
    user = await add_user(api)
    assert await types(api, acs_user_id=user["acs_user_id"]) == ["acs_user.created"]
    assert await types(api, user_identity_id=user["user_identity_id"]) == ["acs_user.created"]
    await api.done("POST", "/acs/users/delete", {"acs_user_id": user["acs_user_id"]})
    assert await types(api, acs_user_id=user["acs_user_id"]) == ["acs_user.created", "acs_user.deleted"]


@seam_test
async def test_events_outlive_what_they_are_about(api: Api) -> None:
    door, person = await unlocked_door(api), await add_person(api)
    await link(api, person, door)
    before = await events(api, device_id=door)
    await api.world.perform(retire_door, RetireDoor(door_id=door))
    after = await events(api, device_id=door)
    assert after[: len(before)] == before
    assert (after[-1]["event_type"], after[-1]["device_name"]) == ("device.deleted", "front")


@seam_test
async def test_a_system_is_asked_for_with_its_doors_and_its_people(api: Api) -> None:
    door, gone = await unlocked_door(api), await unlocked_door(api)
    await api.world.perform(retire_door, RetireDoor(door_id=gone))
    await add_user(api)
    named = await events(api, acs_system_id=api.world.site_id)
    assert {event["acs_system_id"] for event in named} == {api.world.site_id}
    seen = [(event["event_type"], event.get("device_id")) for event in named]
    assert [kind for kind, _door in seen if kind == "acs_user.created"]
    assert {door for kind, door in seen if kind == "lock.unlocked"} == {door, gone}
    assert named == [event for event in await events(api) if event.get("acs_system_id")]
    assert await events(api, acs_system_id=UNKNOWN) == []


@seam_test
async def test_every_filter_by_id_finds_what_a_search_through_everything_finds(api: Api) -> None:
    await furnish_feed(api)
    every = await events(api)
    for name in ONE:
        for value in {str(event[name]) for event in every if name in event}:
            named = await events(api, **{name: value})
            assert [event for event in named if name in event] == [
                event for event in every if event.get(name) == value
            ], name


@seam_test
async def test_every_event_carries_what_its_type_has_and_nothing_else(api: Api) -> None:
    await furnish_feed(api)
    for event in await events(api):
        form = EVENT_FORMS[event["event_type"]]
        carried = {*event} - {"event_id", "event_type", "workspace_id", "created_at", "occurred_at"}
        assert form.always <= carried <= form.always | form.sometimes, event


async def furnish_feed(api: Api) -> None:
    """Do a little of everything that is told of."""
    door = await unlocked_door(api)
    await api.done("POST", "/locks/lock_door", {"device_id": door, "sync": True})
    await add_user(api)
    person = await add_person(api, "Bo")
    space = {"name": "Lobby", "device_ids": [door], "space_key": "lobby"}
    space_id = (await api.done("POST", "/spaces/create", space))["space"]["space_id"]
    methods = [{"mode": "code"}]
    grant = {"user_identity_id": person, "device_ids": [door], "requested_access_methods": methods}
    made = (await api.done("POST", "/access_grants/create", grant))["access_grant"]
    await api.done("POST", "/access_grants/delete", {"access_grant_id": made["access_grant_id"]})
    code = (await api.done("POST", "/access_codes/create", {"device_id": door, "code": "4711"}))[
        "access_code"
    ]
    changed = {"access_code_id": code["access_code_id"], "name": "Cleaner"}
    await api.done("POST", "/access_codes/update", changed)
    await connect(api)
    session = await open_session(api)
    await api.done("POST", "/client_sessions/delete", {"client_session_id": session["client_session_id"]})
    encoders = {"hotek_metadata": {"encoder_number": "1"}}
    system = {"acs_system_id": api.world.site_id, "acs_encoders": [encoders]}
    await api.done("POST", "/acs/systems/report_devices", system)
    await api.done("POST", "/devices/simulate/disconnect", {"device_id": door})
    await api.done("POST", "/spaces/delete", {"space_id": space_id})
    await api.done("POST", "/user_identities/delete", {"user_identity_id": person})
