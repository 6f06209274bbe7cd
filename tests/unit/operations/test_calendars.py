"""What add_calendar_rule, edit_calendar_rule and end_calendar_rule promise, and what allowed hours do."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from rekey.domain.calendar import AllDay, Consequence, SingleEvent, Weekly
from rekey.domain.circumstances import AT_READER
from rekey.domain.conditions import GroupConditions
from rekey.domain.decision import DenyReason
from rekey.domain.errors import Gone, Invalid, NotAllowed, NotFound
from rekey.domain.role import Role
from rekey.domain.schedule import Weekday, WeeklyWindow
from rekey.domain.scope import Scope
from rekey.operations.add_calendar_rule import AddCalendarRule, add_calendar_rule
from rekey.operations.edit_calendar_rule import EditCalendarRule, edit_calendar_rule
from rekey.operations.edit_door import EditDoor, edit_door
from rekey.operations.edit_door_group import EditDoorGroup, edit_door_group
from rekey.operations.end_calendar_rule import EndCalendarRule, end_calendar_rule
from rekey.operations.end_door_group import EndDoorGroup, end_door_group
from rekey.operations.holiday_dates import resolve_holidays
from rekey.operations.open_hours import open_hours_of
from rekey.operations.retire_door import RetireDoor, retire_door
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio
HOUR = timedelta(hours=1)
OFFICE = Weekly(window=WeeklyWindow(frozenset(Weekday), time(9), time(17)))


def allow(subject: Scope, timing: object = OFFICE, **parts: object) -> AddCalendarRule:
    return AddCalendarRule(subject=subject, consequence=Consequence.ALLOW, timing=timing, **parts)  # type: ignore[arg-type]  # as given


async def test_a_rule_is_kept_and_its_row_says_what_it_is(acme: Acme) -> None:
    door = await acme.door()
    rule = await acme.do(add_calendar_rule, allow(Scope.door(door), name="Office", override=True))
    assert await acme.read(lambda view: view.calendar.get(rule.id)) == rule
    row = await acme.newest()
    assert (row.action, row.door_id, row.site_id) == ("calendar_rule.added", door, acme.site.id)
    assert row.detail["consequence"] == "allow"


async def test_allowed_hours_keep_everybody_out_at_other_times(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    await acme.do(edit_door, EditDoor(door_id=door, allowed_hours=True))
    assert await acme.why_not(ada, door) is DenyReason.OUTSIDE_ALLOWED_HOURS
    await acme.do(
        add_calendar_rule, allow(Scope.door(door), SingleEvent(acme.clock.now(), acme.clock.now() + HOUR))
    )
    assert await acme.may(ada, door)
    acme.pass_time(hours=1)
    assert await acme.why_not(ada, door) is DenyReason.OUTSIDE_ALLOWED_HOURS


async def test_the_past_is_judged_by_the_calendar_of_then(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    await acme.do(edit_door, EditDoor(door_id=door, allowed_hours=True))
    event = SingleEvent(acme.clock.now(), acme.clock.now() + 9 * HOUR)
    rule = await acme.do(add_calendar_rule, allow(Scope.door(door), event))
    then = acme.clock.now()
    acme.pass_time(hours=1)
    await acme.do(end_calendar_rule, EndCalendarRule(rule_id=rule.id))
    assert not await acme.may(ada, door)
    assert (await acme.decide(ada, door, past=then)).__class__.__name__ == "Granted"


async def test_a_door_that_keeps_a_list_learns_of_allowed_hours(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    group = await acme.door_group(door)
    await acme.world.settle()
    assert acme.simulated.present(door, ada)
    await acme.do(edit_door, EditDoor(door_id=door, allowed_hours=True))
    await acme.world.settle()
    assert not acme.simulated.present(door, ada)
    await acme.do(
        add_calendar_rule, allow(Scope.door(door), SingleEvent(acme.clock.now(), acme.clock.now() + HOUR))
    )
    await acme.world.settle()
    assert acme.simulated.present(door, ada)
    assert group.id


async def test_a_groups_calendar_binds_the_paths_through_it(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    group = await acme.door_group(door)
    await acme.grant(ada, group)
    await acme.do(
        edit_door_group, EditDoorGroup(door_group_id=group.id, conditions=GroupConditions(allowed_hours=True))
    )
    assert await acme.why_not(ada, door) is DenyReason.OUTSIDE_ALLOWED_HOURS
    await acme.do(add_calendar_rule, allow(group, SingleEvent(acme.clock.now(), acme.clock.now() + HOUR)))
    assert await acme.may(ada, door)


async def test_an_edit_changes_what_it_names_and_nothing_else(acme: Acme) -> None:
    door = await acme.door()
    rule = await acme.do(add_calendar_rule, allow(Scope.door(door), name="Office"))
    edited = await acme.do(edit_calendar_rule, EditCalendarRule(rule_id=rule.id, enabled=False))
    assert replace(edited, enabled=True) == rule
    later = AllDay(date(2026, 7, 1), date(2026, 7, 2))
    edited = await acme.do(edit_calendar_rule, EditCalendarRule(rule_id=rule.id, timing=later, name="July"))
    assert (edited.timing, edited.name, edited.enabled) == (later, "July", False)


async def test_an_ended_rule_is_found_no_more(acme: Acme) -> None:
    door = await acme.door()
    rule = await acme.do(add_calendar_rule, allow(Scope.door(door)))
    await acme.do(end_calendar_rule, EndCalendarRule(rule_id=rule.id))
    for again in (
        acme.do(end_calendar_rule, EndCalendarRule(rule_id=rule.id)),
        acme.do(edit_calendar_rule, EditCalendarRule(rule_id=rule.id)),
    ):
        with pytest.raises(NotFound):
            await again


async def test_a_site_has_no_calendar_and_a_group_none_that_unlocks(acme: Acme) -> None:
    group = await acme.door_group(await acme.door())
    with pytest.raises(Invalid, match="a door or a door group"):
        await acme.do(add_calendar_rule, allow(acme.site))
    with pytest.raises(Invalid, match="must be allow"):
        await acme.do(
            add_calendar_rule,
            AddCalendarRule(subject=group, consequence=Consequence.UNLOCK, timing=OFFICE),
        )


async def test_an_unknown_zone_is_refused(acme: Acme) -> None:
    door = await acme.door()
    with pytest.raises(Invalid, match="time_zone"):
        await acme.do(add_calendar_rule, allow(Scope.door(door), replace(OFFICE, time_zone="Mars/Olympus")))


async def test_who_may_not_change_the_estate_may_not_change_its_hours(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door, role=Role.MANAGER)
    with pytest.raises(NotAllowed):
        await acme.do(add_calendar_rule, allow(Scope.door(door)), by=await acme.account(ada))


async def test_the_calendar_ends_with_its_door_and_with_its_group(acme: Acme) -> None:
    door, other = await acme.door(), await acme.door("back")
    group = await acme.door_group(other)
    for subject in (Scope.door(door), group):
        await acme.do(add_calendar_rule, allow(subject))
    await acme.do(retire_door, RetireDoor(door_id=door))
    await acme.do(end_door_group, EndDoorGroup(door_group_id=group.id))
    for subject in (Scope.door(door), group):
        assert await acme.read(lambda view, subject=subject: view.calendar.of(subject)) == ()
    with pytest.raises(Gone):
        await acme.do(add_calendar_rule, allow(Scope.door(door)))


async def test_open_hours_are_the_doors_weekly_unlock_rule(acme: Acme) -> None:
    door = await acme.door()
    hours = replace(OFFICE, time_zone="Asia/Tokyo", exceptions=frozenset({date(2026, 12, 24)}))
    await acme.do(edit_door, EditDoor(door_id=door, open_hours=OFFICE))
    await acme.do(edit_door, EditDoor(door_id=door, open_hours=hours))
    rules = await acme.read(lambda view: view.calendar.of(Scope.door(door)))
    assert [(rule.consequence, rule.timing) for rule in rules] == [(Consequence.UNLOCK, hours)]
    assert await acme.read(lambda view: open_hours_of(view, door)) == rules[0]


async def test_closing_the_open_hours_ends_every_rule_that_unlocks(acme: Acme) -> None:
    door = await acme.door()
    await acme.do(edit_door, EditDoor(door_id=door, open_hours=OFFICE))
    event = SingleEvent(acme.clock.now(), acme.clock.now() + HOUR)
    for consequence in (Consequence.UNLOCK, Consequence.ALLOW):
        wanted = AddCalendarRule(subject=Scope.door(door), consequence=consequence, timing=event)
        await acme.do(add_calendar_rule, wanted)
    await acme.do(edit_door, EditDoor(door_id=door, closes_open_hours=True))
    rules = await acme.read(lambda view: view.calendar.of(Scope.door(door)))
    assert [rule.consequence for rule in rules] == [Consequence.ALLOW]


async def test_holidays_are_those_of_this_year_and_the_next_five(acme: Acme) -> None:
    holidays = resolve_holidays(acme.core, "DE-BY", observed=False, ignored=frozenset({"Epiphany"}))
    assert (holidays.through, min(holidays.dates()).year, max(holidays.dates()).year) == (2031, 2026, 2031)
    assert date(2026, 1, 1) in holidays.dates()
    assert date(2026, 1, 6) not in holidays.dates()
    with pytest.raises(Invalid, match="region"):
        resolve_holidays(acme.core, "Atlantis", observed=False)


async def test_a_question_about_a_person_is_asked_as_if_at_the_reader(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, door)
    await acme.do(edit_door, EditDoor(door_id=door, proximity=True, permitted_addresses=("10.0.0.1",)))
    assert await acme.may(ada, door)
    assert AT_READER.at_reader
