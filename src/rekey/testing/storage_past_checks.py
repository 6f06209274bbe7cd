"""What every store promises of the past: what stood at a position stays known."""

from dataclasses import replace
from datetime import timedelta

from rekey.domain.access import DoorRecord
from rekey.domain.block import SubjectKind
from rekey.domain.errors import NotFound
from rekey.domain.estate import DoorMode
from rekey.domain.ids import Position
from rekey.domain.people import Person
from rekey.domain.role import Role
from rekey.domain.schedule import Schedule
from rekey.domain.scope import Scope
from rekey.domain.validity import Validity
from rekey.ports.store import UnitOfWork, View
from rekey.testing.frozen_clock import NOON
from rekey.testing.storage_check import Chapter, refuses, same
from rekey.testing.storage_values import (
    add_block,
    add_door,
    add_enrolment,
    add_grant,
    add_group,
    add_person,
    add_revocation,
    add_schedule,
    add_site,
    add_team,
)
from rekey.testing.storage_world import World, nothing

PAST = Chapter()


@PAST.promise
async def a_change_leaves_the_old_terms_known_at_their_position(world: World) -> None:
    ada = await world.act(add_person)
    old = await world.act(lambda work: add_grant(work, ada, Scope.door("gate")))
    before = await world.position()
    new = replace(old, role=Role.MANAGER, validity=Validity(NOON), updated_at=NOON + timedelta(hours=1))
    await world.act(lambda work: work.grants.replace(new))
    same(await world.read(lambda view: view.grants.get(old.id)), new)
    same((await _grants(world, ada.id), await _grants(world, ada.id, before)), ((new,), (old,)))


@PAST.promise
async def an_ended_thing_is_gone_now_and_there_before(world: World) -> None:
    ada = await world.act(add_person)
    grant = await world.act(lambda work: add_grant(work, ada, Scope.door("gate")))
    before = await world.position()
    same(await world.act(lambda work: work.grants.end(grant.id, NOON)), True)
    same(await world.read(lambda view: view.grants.get(grant.id)), None)
    same((await _grants(world, ada.id), await _grants(world, ada.id, before)), ((), (grant,)))


@PAST.promise
async def nothing_is_known_before_it_was_made(world: World) -> None:
    before = await world.position()
    ada = await world.act(add_person)
    same(await world.read(lambda view: view.access.holder(ada.id, Position(before))), None)


@PAST.promise
async def two_changes_in_one_act_leave_one_version(world: World) -> None:
    async def twice(work: UnitOfWork) -> str:
        ada = await add_person(work, name="One")
        await work.people.replace(replace(ada, name="Two"))
        await work.people.replace(replace(ada, name="Three"))
        return ada.id

    ada_id = await world.act(twice)
    known = await world.read(lambda view: view.people.get(ada_id))
    same(known and known.name, "Three")


@PAST.promise
async def what_ends_in_the_act_that_made_it_never_stood(world: World) -> None:
    async def blink(work: UnitOfWork) -> str:
        ada = await add_person(work)
        await work.people.end(ada.id)
        return ada.id

    ada_id = await world.act(blink)
    position = await world.position()
    same(await world.read(lambda view: view.access.holder(ada_id, Position(position))), None)


@PAST.promise
async def ending_twice_is_told(world: World) -> None:
    ada = await world.act(add_person)
    grant = await world.act(lambda work: add_grant(work, ada, Scope.door("gate")))
    block = await world.act(lambda work: add_block(work, SubjectKind.PERSON, ada.id))

    async def end(work: UnitOfWork) -> tuple[bool, bool]:
        return await work.grants.end(grant.id, NOON), await work.blocks.lift(block.id)

    same((await world.act(end), await world.act(end)), ((True, True), (False, False)))


@PAST.promise
async def a_change_of_what_has_ended_is_refused(world: World) -> None:
    ada = await world.act(add_person)
    await world.act(lambda work: work.people.end(ada.id))
    await refuses(world.act(lambda work: work.people.replace(ada)), NotFound)


@PAST.promise
async def a_removed_person_is_still_known_by_name(world: World) -> None:
    ada = await world.act(add_person)
    await world.act(lambda work: work.people.end(ada.id))

    async def look(view: View) -> tuple[object, ...]:
        return await view.people.get(ada.id), await view.people.last_known(ada.id)

    same(await world.read(look), (None, ada))


@PAST.promise
async def a_door_that_was_and_one_that_never_was_are_told_apart(world: World) -> None:
    site = await world.act(add_site)
    gate, hatch = [await world.act(lambda work: add_door(work, site)) for _ in range(2)]
    await world.act(lambda work: work.doors.end(gate.id))

    async def look(view: View) -> list[bool]:
        return [await view.doors.has_ended(door_id) for door_id in (gate.id, hatch.id, "unknown")]

    same(await world.read(look), [True, False, False])


@PAST.promise
async def a_team_and_a_door_group_end_with_all_places_in_them(world: World) -> None:
    async def fill(work: UnitOfWork) -> tuple[str, str, str, str]:
        ada, door = await add_person(work), await add_door(work, await add_site(work))
        team, group = await add_team(work, ada), await add_group(work, door)
        return ada.id, door.id, team.id, group.id

    ada_id, door_id, team_id, group_id = await world.act(fill)

    async def end(work: UnitOfWork) -> None:
        await work.teams.end(team_id)
        await work.door_groups.end(group_id)

    await world.act(end)

    async def look(view: View) -> tuple[object, ...]:
        holder, door = await view.access.holder(ada_id), await view.access.door(door_id)
        places = await view.teams.membership(team_id, ada_id), await view.door_groups.place(group_id, door_id)
        return places, holder and holder.memberships, door and door.group_ids

    same(await world.read(look), ((None, None), (), frozenset()))


@PAST.promise
async def a_holder_is_known_as_of_every_position(world: World) -> None:
    async def fill(work: UnitOfWork) -> tuple[Person, Schedule]:
        site, ada = await add_site(work), await add_person(work)
        hours = await add_schedule(work)
        team = await add_team(work, ada)
        await add_grant(work, team, Scope.site(site.id), schedule=hours)
        await add_enrolment(work, ada, site)
        await add_block(work, SubjectKind.TEAM, team.id)
        await add_revocation(work, ada, Scope.site(site.id))
        return ada, hours

    ada, hours = await world.act(fill)
    position = Position(await world.position())
    full = await world.read(lambda view: view.access.holder(ada.id))

    async def undo(work: UnitOfWork) -> None:
        holder = await work.access.holder(ada.id)
        if holder is None:
            raise LookupError
        await work.schedules.replace(replace(hours, name="Days"))
        await work.grants.end(holder.grants[0].id, NOON)
        await work.enrolments.end(holder.enrolments[0].id)
        await work.blocks.lift(holder.blocks[0].id)
        await work.teams.end(holder.memberships[0].team_id)
        await add_revocation(work, ada, Scope.door("gate"))

    await world.act(undo)
    same(await world.read(lambda view: view.access.holder(ada.id, position)), full)


@PAST.promise
async def a_door_is_known_as_of_every_position(world: World) -> None:
    site = await world.act(add_site)
    door = await world.act(lambda work: add_door(work, site))
    group = await world.act(lambda work: add_group(work, door))
    block = await world.act(lambda work: add_block(work, SubjectKind.SITE, site.id))
    position = Position(await world.position())
    full = await world.read(lambda view: view.access.door(door.id))

    async def undo(work: UnitOfWork) -> None:
        await work.doors.replace(replace(door, mode=DoorMode.UNLOCKED))
        await work.sites.replace(replace(site, time_zone="Asia/Tokyo"))
        await work.door_groups.remove_door(group.id, door.id)
        await work.blocks.lift(block.id)

    await world.act(undo)
    same(await world.read(lambda view: view.access.door(door.id, position)), full)
    now = await world.read(lambda view: view.access.door(door.id))
    same(
        now and (now.mode, now.zone.key, now.group_ids, now.blocks),
        (DoorMode.UNLOCKED, "Asia/Tokyo", frozenset(), ()),
    )


@PAST.promise
async def who_is_near_a_door_is_known_as_of_every_position(world: World) -> None:
    async def fill(work: UnitOfWork) -> tuple[str, str, str]:
        ada, door = await add_person(work), await add_door(work, await add_site(work))
        grant = await add_grant(work, ada, Scope.door(door.id))
        return ada.id, door.id, grant.id

    ada_id, door_id, grant_id = await world.act(fill)
    position = Position(await world.position())
    await world.act(lambda work: work.grants.end(grant_id, NOON))

    async def look(view: View) -> tuple[object, ...]:
        door: DoorRecord | None = await view.access.door(door_id)
        past = await view.access.holder(ada_id, position)
        if door is None or past is None:
            return ()
        people = await view.access.people_near(door), await view.access.people_near(door, position)
        return people, await view.access.doors_near(past, position)

    same(await world.read(look), (((), (ada_id,)), (door_id,)))


@PAST.promise
async def an_instant_leads_to_the_last_position_at_or_before_it(world: World) -> None:
    hour = timedelta(hours=1)
    await world.act(nothing, at=NOON + hour)
    await world.act(nothing, at=NOON + hour)
    await world.act(nothing, at=NOON + 3 * hour)

    async def look(view: View) -> list[int]:
        instants = (NOON - hour, NOON, NOON + hour, NOON + 2 * hour, NOON + 9 * hour)
        return [await view.access.position_at(instant) for instant in instants]

    same(await world.read(look), [0, 1, 3, 3, 4])


async def _grants(world: World, person_id: str, at: int | None = None) -> tuple[object, ...] | None:
    position = None if at is None else Position(at)
    holder = await world.read(lambda view: view.access.holder(person_id, position))
    return None if holder is None else holder.grants
