"""Locks that are open to all by their schedule, and what holds that or ends it. Source: contract 5.2, 7.1."""

from datetime import UTC, datetime, timedelta
from typing import Any

from rekey.testing.frozen_clock import FrozenClock
from tests.dialects.in_world import Api
from tests.dialects.kisi.api import add_group, add_lock, add_user, assign, sign_in_for
from tests.dialects.kisi.schedules import OFFICE, add_schedule, timed
from tests.dialects.kisi.test_estate import add_elevator, door_of, ids
from tests.dialects.kisi.test_restrictions import outcome

MORNING = "2026-06-02T07:00:00.000Z"
EVENING = "2026-06-01T15:00:00.000Z"
HOURS = (
    "on_scheduled_unlock",
    "unlocked",
    "unlocked_until",
    "first_to_arrive_required_until",
    "first_to_arrive_satisfied",
)


async def hours(api: Api, lock: Any) -> tuple[Any, ...]:
    """Give what the lock says of its hours once its door was served."""
    await api.world.settle()
    shown = await api.done("GET", f"/locks/{lock['id']}")
    return tuple(shown[name] for name in HOURS)


async def types(api: Api, *wanted: str) -> list[str]:
    asked = {"event_set": {"event_type": ",".join(wanted)}}
    return [one["type"] for one in (await api.done("POST", "/event_sets", asked))["events"]]


async def let_in(api: Api, *locks: Any) -> Api:
    """Add a user with access to these locks, signed in."""
    user = await add_user(api, "ada")
    await assign(api, user, await add_group(api, "staff", *locks))
    return await sign_in_for(api, user)


@timed
async def test_a_lock_is_open_to_all_while_its_schedule_holds(api: Api, clock: FrozenClock) -> None:
    lock = await add_lock(api, "front")
    assert await hours(api, lock) == (False, False, None, None, False)
    await add_schedule(api, "Lock", lock, "unlock", **OFFICE)
    assert await hours(api, lock) == (True, True, EVENING, None, False)
    assert await ids(api, "/locks?unlocked=true") == [lock["id"]]
    clock.advance(timedelta(hours=3))
    assert await hours(api, lock) == (False, False, None, None, False)
    clock.set(datetime.fromisoformat(MORNING))
    assert (await hours(api, lock))[:2] == (True, True)
    told = await types(api, "lock.scheduled_unlock_started", "lock.scheduled_unlock_ended")
    assert told == [
        "lock.scheduled_unlock_started",
        "lock.scheduled_unlock_ended",
        "lock.scheduled_unlock_started",
    ]


@timed
async def test_a_schedule_that_ends_or_is_switched_off_locks_the_door(api: Api, clock: FrozenClock) -> None:
    lock = await add_lock(api, "front")
    made = await add_schedule(api, "Lock", lock, "unlock", **OFFICE)
    path = f"/schedules/{made['id']}"
    assert (await hours(api, lock))[1] is True
    await api.done("PATCH", path, {"schedule": {"enabled": False}})
    assert (await hours(api, lock))[1] is False
    await api.done("PATCH", path, {"schedule": {"enabled": True}})
    assert (await hours(api, lock))[1] is True
    await api.done("DELETE", path)
    assert (await hours(api, lock))[1] is False


@timed
async def test_a_holiday_takes_the_day_from_an_unlock(api: Api, clock: FrozenClock) -> None:
    lock = await add_lock(api, "front")
    await add_schedule(api, "Lock", lock, "unlock", **OFFICE)
    fields = {"region": "DE-BE", "observed": False, "override": True}
    await add_schedule(api, "Lock", lock, "unlock", **fields)
    clock.set(datetime(2026, 12, 25, 10, tzinfo=UTC))
    assert (await hours(api, lock))[1] is False
    clock.set(datetime(2026, 12, 28, 10, tzinfo=UTC))
    assert (await hours(api, lock))[1] is True


@timed
async def test_hours_go_by_the_clock_of_the_place_when_it_is_changed(api: Api, clock: FrozenClock) -> None:
    lock = await add_lock(api, "front")
    await add_schedule(api, "Lock", lock, "unlock", sunday=True, starts_at_time="01:30", ends_at_time="04:00")
    # On 25 October 2026 the clock of Berlin goes back from 3 to 2 at 01:00 UTC.
    for hour, minute, free in ((23, 29, False), (23, 30, True)):
        clock.set(datetime(2026, 10, 24, hour, minute, tzinfo=UTC))
        assert (await hours(api, lock))[1] is free
    for hour, minute, free in ((2, 59, True), (3, 0, False)):
        clock.set(datetime(2026, 10, 25, hour, minute, tzinfo=UTC))
        assert (await hours(api, lock))[1] is free


@timed
async def test_whoever_may_is_told_that_the_lock_is_open_to_all(api: Api, clock: FrozenClock) -> None:
    lock = await add_lock(api, "front")
    mine, stranger = await let_in(api, lock), await sign_in_for(api, await add_user(api, "eve"))
    await add_schedule(api, "Lock", lock, "unlock", **OFFICE)
    await api.world.settle()
    answer = await mine.call("POST", f"/locks/{lock['id']}/unlock")
    assert (answer.status, answer.json()["code"]) == (409, "fad110")
    assert await outcome(stranger, lock) == "fcd8ef"
    told = (await api.done("POST", "/event_sets", {"event_set": {"event_type": "lock.unlock"}}))["events"]
    assert [(one["success"], one["code"], one["actor_name"]) for one in told if one["actor_id"]] == [
        (False, "fcd8ef", "eve"),
        (False, "fad110", "ada"),
    ]
    clock.advance(timedelta(hours=3))
    await api.world.settle()
    assert await outcome(mine, lock) == "open"


@timed
async def test_a_lock_that_has_not_heard_of_its_hours_is_opened(api: Api, clock: FrozenClock) -> None:
    lock = await add_lock(api, "front")
    mine, door = await let_in(api, lock), await door_of(api, lock)
    api.world.simulated.configure(door, [("offline", "true")])
    await add_schedule(api, "Lock", lock, "unlock", **OFFICE)
    await api.world.settle()
    api.world.simulated.configure(door, [("offline", "false")])
    assert await outcome(mine, lock) == "open"


@timed
async def test_a_lockdown_beats_the_schedule_and_leaves_it_standing(api: Api, clock: FrozenClock) -> None:
    lock = await add_lock(api, "front")
    mine = await let_in(api, lock)
    await add_schedule(api, "Lock", lock, "unlock", **OFFICE)
    assert (await hours(api, lock))[:2] == (True, True)
    await api.done("POST", f"/locks/{lock['id']}/lock_down")
    assert (await hours(api, lock))[:2] == (False, False)
    assert await outcome(mine, lock) == "fad001"
    await api.done("POST", f"/locks/{lock['id']}/cancel_lockdown")
    assert (await hours(api, lock))[:2] == (True, True)


@timed
async def test_an_unlock_waits_for_the_first_who_is_let_in(api: Api, clock: FrozenClock) -> None:
    lock = await add_lock(api, "front")
    mine = await let_in(api, lock)
    await add_schedule(api, "Lock", lock, "unlock", **OFFICE)
    await add_schedule(api, "Lock", lock, "first_to_arrive", **OFFICE)
    assert await hours(api, lock) == (False, False, None, EVENING, False)
    assert await outcome(mine, lock) == "open"
    assert await hours(api, lock) == (True, True, EVENING, EVENING, True)


@timed
async def test_first_to_arrive_holds_an_unlock_and_last_to_leave_lets_go(
    api: Api, clock: FrozenClock
) -> None:
    lock = await add_lock(api, "front")
    mine, path = await let_in(api, lock), f"/locks/{lock['id']}"
    for nothing in ("first_to_arrive", "last_to_leave"):
        assert (await mine.call("POST", f"{path}/{nothing}")).status == 409
    await add_schedule(api, "Lock", lock, "unlock", **OFFICE)
    assert (await mine.call("POST", f"{path}/first_to_arrive", {})).status == 204
    assert await hours(api, lock) == (False, False, None, EVENING, False)
    assert (await mine.call("POST", f"{path}/last_to_leave")).status == 204
    assert (await hours(api, lock))[:2] == (True, True)
    assert await types(api, "lock.first_to_arrive", "lock.last_to_leave") == [
        "lock.last_to_leave",
        "lock.first_to_arrive",
    ]


@timed
async def test_whoever_may_not_open_a_lock_may_not_hold_its_unlock(api: Api, clock: FrozenClock) -> None:
    lock = await add_lock(api, "front")
    await add_schedule(api, "Lock", lock, "unlock", **OFFICE)
    stranger = await sign_in_for(api, await add_user(api, "eve"))
    answer = await stranger.call("POST", f"/locks/{lock['id']}/first_to_arrive")
    assert (answer.status, answer.json()["code"]) == (403, "fcd8ef")
    assert (await hours(api, lock))[:2] == (True, True)


@timed
async def test_a_stop_is_permitted_while_its_schedule_holds(api: Api, clock: FrozenClock) -> None:
    _elevator, _floor, stop = await add_elevator(api)
    await add_schedule(api, "ElevatorStop", stop, "permit", **OFFICE)
    await api.world.settle()
    path = f"/elevator_stops/{stop['id']}"
    shown = await api.done("GET", path)
    assert (shown["on_scheduled_permit"], shown["permitted"]) == (True, True)
    await api.done("POST", f"{path}/lock_down")
    await api.world.settle()
    shown = await api.done("GET", path)
    assert (shown["locked_down"], shown["on_scheduled_permit"], shown["permitted"]) == (True, False, False)
    told = await types(api, "elevator_stop.create", "elevator_stop.lock_down")
    assert told == ["elevator_stop.lock_down", "elevator_stop.create"]
    permits = await types(
        api, "elevator_stop.scheduled_permit_started", "elevator_stop.scheduled_permit_ended"
    )
    assert permits == ["elevator_stop.scheduled_permit_ended", "elevator_stop.scheduled_permit_started"]
    assert await types(api, "lock.create", "lock.scheduled_unlock_started") == []


@timed
async def test_a_visitor_with_a_link_holds_the_unlock_of_its_locks_alone(
    api: Api, clock: FrozenClock
) -> None:
    front, back = await add_lock(api, "front"), await add_lock(api, "back")
    group = await add_group(api, "visitors", front)
    wanted = {"name": "Vera", "group_id": group["id"]}
    secret = (await api.done("POST", "/group_links", {"group_link": wanted}))["secret"]
    client = api.world.client("/kisi", {"authorization": f"KISI-GROUP-LINK {secret}"})
    visitor = Api(api.world, client)
    await add_schedule(api, "Lock", front, "unlock", **OFFICE)
    assert (await visitor.call("POST", f"/locks/{front['id']}/first_to_arrive")).status == 204
    assert (await hours(api, front))[:2] == (False, False)
    assert (await visitor.call("POST", f"/locks/{front['id']}/last_to_leave", {})).status == 204
    assert (await hours(api, front))[:2] == (True, True)
    answer = await visitor.call("POST", f"/locks/{back['id']}/first_to_arrive")
    assert (answer.status, answer.json()["code"]) == (403, "fcd8ef")
