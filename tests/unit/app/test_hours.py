"""Who keeps the hours: doors are free when their calendar has it, and locked when it has not."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from rekey.domain.calendar import Consequence, SingleEvent
from rekey.domain.circumstances import AT_READER
from rekey.domain.estate import DoorMode
from rekey.domain.grant import Holder
from rekey.domain.role import Role
from rekey.domain.scope import Scope
from rekey.operations.add_calendar_rule import AddCalendarRule, add_calendar_rule
from rekey.operations.edit_site import EditSite, edit_site
from rekey.operations.end_calendar_rule import EndCalendarRule, end_calendar_rule
from rekey.operations.first_to_arrive import (
    ArmFirstToArrive,
    UndoFirstToArrive,
    arm_first_to_arrive,
    undo_first_to_arrive,
)
from rekey.operations.grant_access import GrantAccess, NewGrant, grant_access
from rekey.operations.holiday_dates import resolve_holidays
from rekey.operations.keep_hours import KeepHours, keep_hours
from rekey.operations.lock_down import LockDown, Release, lock_down, release
from rekey.operations.open_door import OpenDoor
from rekey.operations.retire_door import RetireDoor, retire_door
from rekey.operations.set_door_mode import SetDoorMode
from rekey.operations.show_hours import HoursShown, show_hours
from rekey.operations.use_door import open_and_wait, set_mode_and_wait
from rekey.testing.frozen_clock import FrozenClock
from tests.support.world import World, open_world

HOUR = timedelta(hours=1)
SOON = timedelta(seconds=3)


class Hours:
    """A world with one door that is free from one hour after noon to four hours after it."""

    def __init__(self, world: World, clock: FrozenClock) -> None:
        self.world = world
        self.clock = clock
        self.door = ""
        self.rule = ""

    async def begin(self, **switches: str) -> None:
        self.door = await self.world.add_door("Front", **switches)
        self.rule = await self.add(Consequence.UNLOCK, start=1, end=4)

    async def add(self, consequence: Consequence, *, start: float, end: float) -> str:
        event = SingleEvent(self.clock.now() + start * HOUR, self.clock.now() + end * HOUR)
        wanted = AddCalendarRule(subject=Scope.door(self.door), consequence=consequence, timing=event)
        rule = await self.world.perform(add_calendar_rule, wanted)
        await self.world.settle()
        return rule.id

    async def wait(self, hours: float = 0) -> None:
        """Let time pass, a little more than was asked for, and the worker look."""
        self.clock.advance(hours * HOUR + SOON)
        await self.world.settle()

    async def do(self, operation: Any, wanted: Any) -> None:
        await self.world.perform(operation, wanted)
        await self.world.settle()

    async def is_free(self) -> bool:
        record = await self.read(lambda view: view.access.door(self.door))
        return (await self.world.simulated.observe(record)).locked is False

    async def arrive(self) -> None:
        """Have somebody open the door, and let it lock again."""
        person = await self.world.add_person("Ada")
        grant = NewGrant(
            holder=Holder.person(person), scope=Scope.door(self.door), role=Role.BASIC, origin="test"
        )
        await self.world.perform(grant_access, GrantAccess(grants=(grant,)))
        wanted = OpenDoor(door_id=self.door, person_id=person, circumstances=AT_READER)
        await open_and_wait(self.world.services, self.world.actor, wanted)
        self.clock.advance(timedelta(minutes=1))
        await self.world.settle()

    async def set_mode(self, mode: DoorMode) -> None:
        wanted = SetDoorMode(door_id=self.door, mode=mode)
        await set_mode_and_wait(self.world.services, self.world.actor, wanted)
        await self.world.settle()

    async def read(self, look: Any) -> Any:
        return await self.world.core.store.read(self.world.organization_id, look)

    async def shown(self) -> HoursShown:
        now = self.clock.now()
        return await self.read(lambda view: show_hours(view, self.door, now))

    async def told(self) -> list[str]:
        """Give what the journal tells of the hours, oldest first."""
        rows = await self.read(lambda view: view.journal.rows(limit=1000))
        told = ("door.scheduled_unlock_started", "door.scheduled_unlock_ended", "door.hours_repeated")
        return [row.row.action.removeprefix("door.") for row in rows if row.row.action in told]


STARTED, ENDED = "scheduled_unlock_started", "scheduled_unlock_ended"


def play(data: Path, scene: Callable[[Hours], Awaitable[None]], **switches: str) -> None:
    async def run() -> None:
        clock = FrozenClock()
        async with open_world(data, clock=clock, dialects=()) as world:
            hours = Hours(world, clock)
            await hours.begin(**switches)
            await scene(hours)

    asyncio.run(run())


def test_a_door_is_free_from_the_start_of_its_hours_to_their_end(tmp_path: Path) -> None:
    async def scene(hours: Hours) -> None:
        assert not await hours.is_free()
        await hours.wait(1)
        assert await hours.is_free()
        await hours.wait(2.9)
        assert await hours.is_free()
        await hours.wait(0.1)
        assert not await hours.is_free()
        assert await hours.told() == [STARTED, ENDED]

    play(tmp_path, scene)


def test_the_row_tells_that_the_door_is_on_its_scheduled_unlock_and_until_when(tmp_path: Path) -> None:
    async def scene(hours: Hours) -> None:
        assert await hours.shown() == HoursShown()
        end = hours.clock.now() + 4 * HOUR
        await hours.wait(1)
        assert await hours.shown() == HoursShown(on_scheduled_unlock=True, unlocked_until=end)

    play(tmp_path, scene)


def test_looking_again_changes_nothing_whoever_looks(tmp_path: Path) -> None:
    async def scene(hours: Hours) -> None:
        await hours.wait(1)
        size = await hours.world.journal_size()
        again = [hours.world.perform(keep_hours, KeepHours(door_id=hours.door)) for _ in range(3)]
        assert await asyncio.gather(*again) == [None, None, None]
        await hours.wait(0.5)
        assert await hours.world.journal_size() == size

    play(tmp_path, scene)


def test_a_lockdown_ends_the_unlock_and_its_release_begins_it_again(tmp_path: Path) -> None:
    async def scene(hours: Hours) -> None:
        everywhere = Scope.organization(hours.world.organization_id)
        await hours.wait(1)
        await hours.do(lock_down, LockDown(scope=everywhere))
        assert not await hours.is_free()
        await hours.do(release, Release(scope=everywhere))
        assert await hours.is_free()
        assert await hours.told() == [STARTED, ENDED, STARTED]

    play(tmp_path, scene)


def test_an_unlock_never_begins_during_a_lockdown(tmp_path: Path) -> None:
    async def scene(hours: Hours) -> None:
        await hours.do(lock_down, LockDown(scope=Scope.door(hours.door)))
        await hours.wait(1)
        assert not await hours.is_free()
        assert await hours.told() == []

    play(tmp_path, scene)


def test_the_end_of_the_rule_locks_the_door_at_once(tmp_path: Path) -> None:
    async def scene(hours: Hours) -> None:
        await hours.wait(1)
        await hours.do(end_calendar_rule, EndCalendarRule(rule_id=hours.rule))
        assert not await hours.is_free()
        await hours.wait(0.1)
        assert await hours.read(lambda view: view.door_hours.get(hours.door)) is None

    play(tmp_path, scene)


def test_a_hand_that_locks_the_door_ends_the_unlock_for_that_time(tmp_path: Path) -> None:
    async def scene(hours: Hours) -> None:
        await hours.wait(1)
        await hours.set_mode(DoorMode.LOCKED)
        await hours.wait(1)
        assert not await hours.is_free()
        assert not (await hours.shown()).on_scheduled_unlock
        await hours.add(Consequence.UNLOCK, start=10, end=11)
        await hours.wait(10)
        assert await hours.is_free()

    play(tmp_path, scene)


def test_a_door_that_a_hand_unlocked_stays_so_when_the_hours_end(tmp_path: Path) -> None:
    async def scene(hours: Hours) -> None:
        await hours.wait(1)
        await hours.set_mode(DoorMode.UNLOCKED)
        await hours.wait(3)
        assert await hours.is_free()
        assert await hours.told() == [STARTED, ENDED]

    play(tmp_path, scene)


def test_an_offline_door_hears_of_it_when_it_is_back(tmp_path: Path) -> None:
    async def scene(hours: Hours) -> None:
        await hours.wait(1)
        hours.world.simulated.configure(hours.door, [("offline", "false")])
        await hours.wait(0.1)
        assert await hours.is_free()

    play(tmp_path, scene, offline="true")


def test_an_unlock_that_came_too_late_never_reaches_the_door(tmp_path: Path) -> None:
    async def scene(hours: Hours) -> None:
        await hours.wait(1)
        await hours.wait(3)
        hours.world.simulated.configure(hours.door, [("offline", "false")])
        await hours.wait(0.1)
        assert not await hours.is_free()

    play(tmp_path, scene, offline="true")


def test_what_the_door_refused_is_repeated_until_it_confirms(tmp_path: Path) -> None:
    async def scene(hours: Hours) -> None:
        await hours.wait(1)
        assert not await hours.is_free()
        hours.world.simulated.configure(hours.door, [("jammed", "false")])
        await hours.wait(0.1)
        assert await hours.is_free()
        assert await hours.told() == [STARTED, "hours_repeated"]

    play(tmp_path, scene, jammed="true")


def test_an_unlock_waits_for_the_first_to_arrive(tmp_path: Path) -> None:
    async def scene(hours: Hours) -> None:
        until = hours.clock.now() + 3 * HOUR
        await hours.add(Consequence.FIRST_TO_ARRIVE, start=0.5, end=3)
        await hours.wait(1)
        assert not await hours.is_free()
        shown = await hours.shown()
        assert (shown.first_to_arrive_required_until, shown.first_to_arrive_satisfied) == (until, False)
        await hours.arrive()
        assert await hours.is_free()
        assert (await hours.shown()).first_to_arrive_satisfied

    play(tmp_path, scene)


def test_an_operator_who_opens_by_permission_has_not_arrived(tmp_path: Path) -> None:
    async def scene(hours: Hours) -> None:
        await hours.add(Consequence.FIRST_TO_ARRIVE, start=0.5, end=3)
        await hours.wait(1)
        await open_and_wait(hours.world.services, hours.world.actor, OpenDoor(door_id=hours.door))
        await hours.wait(0.1)
        assert not await hours.is_free()

    play(tmp_path, scene)


def test_arming_by_hand_locks_the_door_until_somebody_arrives(tmp_path: Path) -> None:
    async def scene(hours: Hours) -> None:
        await hours.wait(1)
        await hours.do(arm_first_to_arrive, ArmFirstToArrive(door_id=hours.door))
        assert not await hours.is_free()
        hours.clock.advance(SOON)
        await hours.arrive()
        assert await hours.is_free()

    play(tmp_path, scene)


def test_arming_is_undone_by_hand(tmp_path: Path) -> None:
    async def scene(hours: Hours) -> None:
        await hours.do(arm_first_to_arrive, ArmFirstToArrive(door_id=hours.door))
        await hours.wait(1)
        assert not await hours.is_free()
        await hours.do(undo_first_to_arrive, UndoFirstToArrive(door_id=hours.door))
        assert await hours.is_free()

    play(tmp_path, scene)


def test_a_site_that_moves_to_another_zone_takes_its_hours_along(tmp_path: Path) -> None:
    async def scene(hours: Hours) -> None:
        before = await hours.read(lambda view: view.door_hours.get(hours.door))
        await hours.do(edit_site, EditSite(site_id=hours.world.site_id, time_zone="Asia/Tokyo"))
        await hours.wait(1)
        assert await hours.is_free()
        assert before is not None

    play(tmp_path, scene)


def test_rules_about_holidays_learn_of_the_years_to_come(tmp_path: Path) -> None:
    async def scene(hours: Hours) -> None:
        timing = resolve_holidays(hours.world.core, "DE-BY", observed=False, ignored=frozenset({"Epiphany"}))
        wanted = AddCalendarRule(
            subject=Scope.door(hours.door), consequence=Consequence.ALLOW, timing=timing, override=True
        )
        rule = await hours.world.perform(add_calendar_rule, wanted)
        await hours.wait(24 * 366)
        kept = await hours.read(lambda view: view.calendar.get(rule.id))
        assert (kept.timing.through, timing.through) == (2032, 2031)
        assert date(2032, 1, 1) in kept.timing.dates()
        assert date(2032, 1, 6) not in kept.timing.dates()

    play(tmp_path, scene)


def test_a_retired_door_keeps_no_hours(tmp_path: Path) -> None:
    async def scene(hours: Hours) -> None:
        await hours.do(retire_door, RetireDoor(door_id=hours.door))
        await hours.wait(1)
        assert await hours.told() == []
        assert await hours.read(lambda view: view.door_hours.get(hours.door)) is None

    play(tmp_path, scene)
