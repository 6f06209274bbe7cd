"""What every store promises of calendars, of the hours that doors keep, and of what doors and groups ask."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

from rekey.domain.calendar import (
    AllDay,
    CalendarRule,
    Consequence,
    Holiday,
    Holidays,
    SingleEvent,
    Timing,
    Weekly,
)
from rekey.domain.circumstances import Circumstances, Location, Means
from rekey.domain.conditions import DoorConditions, GroupConditions, UsageWindow
from rekey.domain.door_contact import DoorContact, Trouble
from rekey.domain.door_hours import DoorHours
from rekey.domain.estate import Door, DoorGroup, DoorKind, DoorSettings, SignInRules
from rekey.domain.ids import CalendarRuleId, DoorId, OrderId
from rekey.domain.schedule import Weekday, WeeklyWindow
from rekey.domain.scope import Scope
from rekey.ports.listing import WHOLE
from rekey.ports.store import UnitOfWork, View
from rekey.testing.frozen_clock import NOON
from rekey.testing.storage_check import Chapter, same
from rekey.testing.storage_values import add_door, add_group, add_order, add_site
from rekey.testing.storage_world import World, new_id

CALENDARS = Chapter()
MORNINGS = WeeklyWindow(frozenset({Weekday.MONDAY, Weekday.FRIDAY}), time(22), time(6, 30))
TIMINGS: tuple[Timing, ...] = (
    Weekly(window=MORNINGS),
    Weekly(window=MORNINGS, time_zone="Asia/Tokyo", exceptions=frozenset({date(2026, 12, 24)})),
    SingleEvent(NOON, NOON + timedelta(minutes=5, microseconds=1)),
    AllDay(date(2026, 6, 11), date(2026, 6, 12)),
    Holidays(
        region="DE-BY",
        observed=True,
        ignored=frozenset({"Epiphany"}),
        days=(Holiday(date(2026, 1, 1), "New Year's Day"), Holiday(date(2026, 1, 6), "Epiphany")),
        through=2031,
    ),
)
ASKS = GroupConditions(app_allowed=False, primary_login=True, geofence_radius=300, allowed_hours=True)
DOOR_ASKS = DoorConditions(
    permitted_addresses=("10.0.0.0/8", "2001:db8::1"),
    usage_windows=(UsageWindow(MORNINGS, "Europe/Berlin"),),
    geofence_radius=50,
    proximity=True,
    allowed_hours=True,
)


async def add_rule(
    work: UnitOfWork, subject: Scope, timing: Timing = TIMINGS[0], **parts: Any
) -> CalendarRule:
    given: dict[str, Any] = {"id": CalendarRuleId(new_id()), "number": work.next_number()}
    given |= {"consequence": Consequence.ALLOW, "created_at": NOON, "updated_at": NOON}
    rule = CalendarRule(subject=subject, timing=timing, **given | parts)
    await work.calendar.add(rule)
    return rule


async def _asking_door(work: UnitOfWork) -> tuple[Door, DoorGroup]:
    site = await add_site(work, location=Location(48.137154, 11.576124))
    door = await add_door(work, site, settings=DoorSettings(conditions=DOOR_ASKS))
    return door, await add_group(work, door, conditions=ASKS)


@CALENDARS.promise
async def a_calendar_rule_reads_back_whole_whatever_its_timing(world: World) -> None:
    async def fill(work: UnitOfWork) -> list[CalendarRule]:
        door = Scope.door((await add_door(work, await add_site(work))).id)
        return [
            await add_rule(work, door, timing, name=f"rule {at}", enabled=at > 1, override=at > 2)
            for at, timing in enumerate(TIMINGS)
        ]

    rules = await world.act(fill)

    async def look(view: View) -> tuple[object, ...]:
        listed = (await view.calendar.list(WHOLE)).items
        return (
            list(listed),
            await view.calendar.get(rules[1].id),
            await view.calendar.by_number(rules[2].number),
        )

    same(await world.read(look), (rules, rules[1], rules[2]))


@CALENDARS.promise
async def a_calendar_holds_the_rules_of_its_subject_and_consequence_alone(world: World) -> None:
    async def fill(work: UnitOfWork) -> tuple[Scope, CalendarRule, CalendarRule]:
        site = await add_site(work)
        door, other = await add_door(work, site), await add_door(work, site)
        group = await add_group(work, door)
        mine = await add_rule(work, Scope.door(door.id))
        unlock = await add_rule(work, Scope.door(door.id), consequence=Consequence.UNLOCK)
        await add_rule(work, Scope.door(other.id))
        await add_rule(work, Scope.door_group(group.id))
        return Scope.door(door.id), mine, unlock

    scope, mine, unlock = await world.act(fill)
    same(await world.read(lambda view: view.calendar.of(scope)), (mine, unlock))
    same(await world.read(lambda view: view.calendar.of(scope, Consequence.UNLOCK)), (unlock,))


@CALENDARS.promise
async def an_ended_calendar_has_no_rules(world: World) -> None:
    async def fill(work: UnitOfWork) -> Scope:
        scope = Scope.door((await add_door(work, await add_site(work))).id)
        await add_rule(work, scope)
        await add_rule(work, scope)
        return scope

    scope = await world.act(fill)
    same(await world.act(lambda work: work.calendar.end_of(scope)), 2)
    same(await world.read(lambda view: view.calendar.of(scope)), ())


@CALENDARS.promise
async def a_door_record_holds_what_the_door_and_its_groups_ask(world: World) -> None:
    async def fill(work: UnitOfWork) -> tuple[Door, DoorGroup, CalendarRule, CalendarRule]:
        door, group = await _asking_door(work)
        of_door = await add_rule(work, Scope.door(door.id))
        of_group = await add_rule(work, Scope.door_group(group.id))
        await add_rule(work, Scope.door(door.id), consequence=Consequence.UNLOCK)
        return door, group, of_door, of_group

    door, group, of_door, of_group = await world.act(fill)
    record = await world.read(lambda view: view.access.door(door.id))
    same(record and record.settings.conditions, DOOR_ASKS)
    same(record and dict(record.group_conditions), {group.id: ASKS})
    same(record and record.calendar, (of_door, of_group))
    same(record and record.location, Location(48.137154, 11.576124))


@CALENDARS.promise
async def a_door_record_of_the_past_holds_what_was_asked_then(world: World) -> None:
    door, group = await world.act(_asking_door)
    rule = await world.act(lambda work: add_rule(work, Scope.door_group(group.id)))
    before = await world.position()

    async def ask_nothing(work: UnitOfWork) -> None:
        await work.calendar.end(rule.id)
        await work.door_groups.replace(replace(group, conditions=GroupConditions()))
        await work.doors.replace(replace(door, settings=DoorSettings(), location=Location(-1.5, 2.25)))

    await world.act(ask_nothing)

    async def look(view: View) -> list[tuple[object, ...]]:
        records = [await view.access.door(door.id), await view.access.door(door.id, before)]  # type: ignore[arg-type]  # a position as told
        return [
            (
                record and record.settings.conditions == DOOR_ASKS,
                record and len(record.group_conditions),
                record and len(record.calendar),
                record and record.location,
            )
            for record in records
        ]

    then = (True, 1, 1, Location(48.137154, 11.576124))
    same(await world.read(look), [(False, 0, 0, Location(-1.5, 2.25)), then])


@CALENDARS.promise
async def what_a_door_is_reads_back_whole(world: World) -> None:
    place = Location(-33.856784000000003, 151.21529699999999)

    async def fill(work: UnitOfWork) -> Door:
        site = await add_site(work)
        return await add_door(work, site, kind=DoorKind.ELEVATOR_STOP, location=place)

    stop = await world.act(fill)
    same(await world.read(lambda view: view.doors.get(stop.id)), stop)


@CALENDARS.promise
async def the_hours_of_a_door_are_kept_in_place_and_found_when_due(world: World) -> None:
    hours = DoorHours(
        door_id=DoorId("gate"),
        free_since=NOON,
        free_until=NOON + timedelta(hours=1),
        armed_at=NOON - timedelta(hours=2),
        armed_until=NOON + timedelta(hours=2),
        arrived_at=NOON - timedelta(minutes=1),
        paused_until=NOON + timedelta(minutes=9),
        order_id=OrderId("order"),
        tries=3,
        due_at=NOON + timedelta(seconds=1),
    )
    await world.act(lambda work: work.door_hours.save(DoorHours(door_id=DoorId("gate"), due_at=NOON)))
    await world.act(lambda work: work.door_hours.save(hours))
    await world.act(lambda work: work.door_hours.save(DoorHours(door_id=DoorId("hatch"))))
    same(await world.read(lambda view: view.door_hours.get("gate")), hours)
    same(await world.read(lambda view: view.door_hours.of(["gate", "wicket"])), (hours,))
    same(await world.read(lambda view: view.door_hours.due(NOON)), ())
    same(await world.read(lambda view: view.door_hours.due(NOON + timedelta(seconds=1))), (hours,))
    await world.act(lambda work: work.door_hours.forget("gate"))
    same(await world.read(lambda view: view.door_hours.get("gate")), None)


@CALENDARS.promise
async def how_a_door_was_last_seen_is_kept_in_place(world: World) -> None:
    lost = DoorContact(door_id=DoorId("gate"), trouble=Trouble.REMOVED, since=NOON)
    back = DoorContact(door_id=DoorId("gate"), since=NOON + timedelta(hours=1), relocked_at=NOON)
    for contact in (lost, back):
        await world.act(partial(_see, contact=contact))
        same(await world.read(lambda view: view.door_contacts.get("gate")), contact)
    same(await world.read(lambda view: view.door_contacts.of(["gate", "wicket"])), {"gate": back})
    same(await world.read(lambda view: view.door_contacts.of([])), {})
    other = await world.other()
    same(await other.read(lambda view: view.door_contacts.get("gate")), None)


async def _see(work: UnitOfWork, *, contact: DoorContact) -> None:
    await work.door_contacts.save(contact)


@CALENDARS.promise
async def the_hours_of_another_organizations_doors_are_not_found(world: World) -> None:
    other = await world.other()
    await other.act(lambda work: work.door_hours.save(DoorHours(door_id=DoorId("gate"), due_at=NOON)))
    same(await world.read(lambda view: view.door_hours.due(NOON)), ())
    same(await world.read(lambda view: view.door_hours.get("gate")), None)


@CALENDARS.promise
async def an_order_keeps_the_circumstances_that_it_was_asked_for_in(world: World) -> None:
    given = Circumstances(
        means=Means.DIRECT, address="2001:db8::1", location=Location(1.5, -2.25), primary_login=True
    )

    async def fill(work: UnitOfWork) -> tuple[object, object]:
        door = await add_door(work, await add_site(work))
        plain = await add_order(work, door)
        asked = await add_order(work, door, circumstances=given)
        return plain, asked

    plain, asked = await world.act(fill)
    listed = await world.read(lambda view: view.orders.list(WHOLE))
    same(listed.items, (plain, asked))


@CALENDARS.promise
async def the_rules_for_signing_in_are_kept(world: World) -> None:
    same((await world.read(lambda view: view.organizations.get())).sign_in, SignInRules())
    rules = SignInRules(idle_session_seconds=60)
    await world.act(lambda work: work.organizations.set_sign_in(rules))
    same((await world.read(lambda view: view.organizations.get())).sign_in, rules)


@CALENDARS.promise
async def an_event_keeps_its_instants_in_utc(world: World) -> None:
    event = SingleEvent(datetime(2026, 6, 11, 12, tzinfo=UTC), datetime(2026, 6, 11, 13, tzinfo=UTC))

    async def fill(work: UnitOfWork) -> CalendarRule:
        return await add_rule(work, Scope.door("gate"), event)

    rule = await world.act(fill)
    kept = await world.read(lambda view: view.calendar.get(rule.id))
    same(kept and kept.timing, event)
