"""What every store promises of the records that decisions are made from: all that concerns, nothing else."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from rekey.domain.access import DoorRecord, HolderRecord, decide
from rekey.domain.block import Block, SubjectKind
from rekey.domain.circumstances import AT_READER
from rekey.domain.conditions import DoorConditions
from rekey.domain.decision import Granted
from rekey.domain.estate import Door, DoorGroup, DoorMode, DoorSettings, Site
from rekey.domain.grant import Grant, Holder
from rekey.domain.people import Person, Team
from rekey.domain.scope import Scope
from rekey.ports.listing import WHOLE
from rekey.ports.store import UnitOfWork, View
from rekey.testing.frozen_clock import NOON
from rekey.testing.storage_check import Chapter, same
from rekey.testing.storage_values import (
    add_block,
    add_credential,
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
from rekey.testing.storage_world import World

RECORDS = Chapter()


@dataclass(frozen=True, slots=True)
class _House:
    """Ada in a team, Bob in none, two doors of one site, one of them in a group."""

    site: Site
    gate: Door
    hatch: Door
    labs: DoorGroup
    ada: Person
    bob: Person
    team: Team


async def _build(work: UnitOfWork) -> _House:
    site = await add_site(work)
    settings = DoorSettings(
        open_seconds=9, hidden=True, conditions=DoorConditions(permitted_addresses=("10.0.0.1",))
    )
    gate = await add_door(
        work, site, settings=settings, mode=DoorMode.UNLOCKED, driver_settings=(("a", "b"),)
    )
    hatch, ada, bob = await add_door(work, site), await add_person(work), await add_person(work)
    labs, team = await add_group(work, gate), await add_team(work, ada)
    return _House(site, gate, hatch, labs, ada, bob, team)


@RECORDS.promise
async def a_holder_record_is_what_a_plain_reading_gives(world: World) -> None:
    house = await world.act(_build)

    async def fill(work: UnitOfWork) -> None:
        hours = await add_schedule(work)
        for holder in (house.ada, house.bob, house.team):
            await add_grant(work, holder, Scope.door(house.gate.id), schedule=hours)
            await add_grant(work, holder, Scope.site(house.site.id))
        for person in (house.ada, house.bob):
            await add_enrolment(work, person, house.site)
            await add_revocation(work, person, Scope.door(house.hatch.id), reason="lost card")
            await add_block(work, SubjectKind.PERSON, person.id)

    await world.act(fill)
    found, wanted = await world.read(lambda view: _both_readings(view, house.ada))
    same(found, wanted)
    same(found and len(found.grants), 4)


async def _both_readings(view: View, person: Person) -> tuple[HolderRecord | None, HolderRecord]:
    memberships = (await view.teams.memberships(WHOLE, person_id=person.id)).items
    enrolments = (await view.enrolments.list(WHOLE, person_id=person.id)).items
    holders = {Holder.person(person.id), *(Holder.team(membership.team_id) for membership in memberships)}
    grants = [grant for grant in (await view.grants.list(WHOLE)).items if grant.holder in holders]
    revocations = (await view.revocations.list(WHOLE, person_id=person.id, newest_first=False)).items
    holder = await view.access.holder(person.id)
    blocks = () if holder is None else holder.blocks
    same({block.subject.id for block in blocks}, {person.id})
    return holder, HolderRecord(
        organization_id=view.organization_id,
        holder=Holder.person(person.id),
        grants=tuple(grants),
        memberships=memberships,
        enrolments=enrolments,
        revocations=revocations,
        blocks=blocks,
    )


@RECORDS.promise
async def a_holder_record_holds_the_blocks_on_all_that_leads_to_the_person(world: World) -> None:
    house = await world.act(_build)

    async def fill(work: UnitOfWork) -> set[Block]:
        cards = [await add_credential(work, person) for person in (house.ada, house.bob)]
        enrolments = [await add_enrolment(work, person, house.site) for person in (house.ada, house.bob)]
        other_team = await add_team(work, house.bob)
        for kind, id_of_bobs in (
            (SubjectKind.PERSON, house.bob.id),
            (SubjectKind.ENROLMENT, enrolments[1].id),
            (SubjectKind.TEAM, other_team.id),
            (SubjectKind.CREDENTIAL, cards[1].id),
            (SubjectKind.DOOR, house.gate.id),
        ):
            await add_block(work, kind, id_of_bobs)
        return {
            await add_block(work, SubjectKind.PERSON, house.ada.id),
            await add_block(work, SubjectKind.ENROLMENT, enrolments[0].id),
            await add_block(work, SubjectKind.TEAM, house.team.id),
            await add_block(work, SubjectKind.CREDENTIAL, cards[0].id, until=NOON),
        }

    wanted = await world.act(fill)
    holder = await world.read(lambda view: view.access.holder(house.ada.id))
    same(None if holder is None else set(holder.blocks), wanted)


@RECORDS.promise
async def a_door_record_is_what_a_plain_reading_gives(world: World) -> None:
    house = await world.act(_build)

    async def fill(work: UnitOfWork) -> set[Block]:
        await add_block(work, SubjectKind.DOOR, house.hatch.id)
        await add_block(work, SubjectKind.PERSON, house.gate.id)
        return {
            await add_block(work, SubjectKind.DOOR, house.gate.id),
            await add_block(work, SubjectKind.SITE, house.site.id),
            await add_block(work, SubjectKind.ORGANIZATION, world.organization_id),
        }

    blocks = await world.act(fill)
    found = await world.read(lambda view: view.access.door(house.gate.id))
    same(None if found is None else set(found.blocks), blocks)
    wanted = DoorRecord(
        organization_id=world.organization_id,
        door_id=house.gate.id,
        name=house.gate.name,
        site_id=house.site.id,
        zone=ZoneInfo("Europe/Berlin"),
        driver=house.gate.driver,
        mode=DoorMode.UNLOCKED,
        settings=house.gate.settings,
        group_ids=frozenset({house.labs.id}),
        blocks=() if found is None else found.blocks,
    )
    same(found, wanted)


@RECORDS.promise
async def a_lifted_block_is_in_no_record(world: World) -> None:
    house = await world.act(_build)
    on_person = await world.act(lambda work: add_block(work, SubjectKind.PERSON, house.ada.id))
    on_door = await world.act(lambda work: add_block(work, SubjectKind.DOOR, house.gate.id))
    await world.act(lambda work: work.blocks.lift(on_person.id))
    await world.act(lambda work: work.blocks.lift(on_door.id))

    async def look(view: View) -> tuple[object, ...]:
        holder, door = await view.access.holder(house.ada.id), await view.access.door(house.gate.id)
        return holder and holder.blocks, door and door.blocks

    same(await world.read(look), ((), ()))


@RECORDS.promise
async def a_removed_person_and_an_ended_door_have_no_record(world: World) -> None:
    house = await world.act(_build)

    async def end(work: UnitOfWork) -> None:
        await work.people.end(house.ada.id)
        await work.doors.end(house.gate.id)

    await world.act(end)

    async def look(view: View) -> tuple[object, ...]:
        return await view.access.holder(house.ada.id), await view.access.door(house.gate.id)

    same(await world.read(look), (None, None))


@RECORDS.promise
async def no_door_of_an_ended_site_has_a_record(world: World) -> None:
    house = await world.act(_build)
    await world.act(lambda work: work.sites.end(house.site.id))
    same(await world.read(lambda view: view.access.door(house.gate.id)), None)


@RECORDS.promise
async def a_grant_keeps_to_its_schedule_as_it_was_last_changed(world: World) -> None:
    house = await world.act(_build)
    hours = await world.act(add_schedule)
    grant = await world.act(
        lambda work: add_grant(work, house.ada, Scope.door(house.gate.id), schedule=hours)
    )
    shorter = type(hours)(id=hours.id, name="None", windows=(), exceptions=frozenset({NOON.date()}))
    await world.act(lambda work: work.schedules.replace(shorter))
    holder = await world.read(lambda view: view.access.holder(house.ada.id))
    same([held.schedule for held in holder.grants] if holder else None, [shorter])
    listed = await world.read(lambda view: view.grants.get(grant.id))
    same(listed and listed.schedule, shorter)


async def _reach_gate_every_way(work: UnitOfWork, house: _House, organization_id: str) -> list[Person]:
    """Give a person for each kind of scope, each alone."""
    scopes = (
        Scope.door(house.gate.id),
        Scope.door_group(house.labs.id),
        Scope.site(house.site.id),
        Scope.organization(organization_id),
    )
    people = [await add_person(work) for _ in scopes]
    for person, scope in zip(people, scopes, strict=True):
        await add_grant(work, person, scope)
    return people


@RECORDS.promise
async def people_near_a_door_are_all_whom_a_grant_reaches(world: World) -> None:
    house = await world.act(_build)
    people = await world.act(lambda work: _reach_gate_every_way(work, house, world.organization_id))
    await world.act(lambda work: add_grant(work, house.team, Scope.door_group(house.labs.id)))
    await world.act(lambda work: add_grant(work, house.bob, Scope.door(house.hatch.id)))

    async def look(view: View) -> tuple[str, ...]:
        door = await view.access.door(house.gate.id)
        return () if door is None else await view.access.people_near(door)

    same(await world.read(look), (house.ada.id, *(person.id for person in people)))


@RECORDS.promise
async def doors_near_a_holder_are_all_that_a_grant_reaches(world: World) -> None:
    house = await world.act(_build)
    people = await world.act(lambda work: _reach_gate_every_way(work, house, world.organization_id))
    elsewhere = await world.act(_build)

    async def look(view: View) -> list[tuple[str, ...]]:
        holders = [await view.access.holder(person.id) for person in people]
        return [await view.access.doors_near(holder) for holder in holders if holder]

    gate, hatch = house.gate.id, house.hatch.id
    every = (gate, hatch, elsewhere.gate.id, elsewhere.hatch.id)
    same(await world.read(look), [(gate,), (gate,), (gate, hatch), every])


@RECORDS.promise
async def the_rule_decides_on_the_records_as_they_are_read(world: World) -> None:
    house = await world.act(_build)
    grant = await world.act(lambda work: add_grant(work, house.team, Scope.door_group(house.labs.id)))

    async def decision(view: View) -> Grant | None:
        holder, door = await view.access.holder(house.ada.id), await view.access.door(house.gate.id)
        decided = decide(holder, door, NOON, circumstances=AT_READER)
        return decided.path.grant if isinstance(decided, Granted) else None

    same(await world.read(decision), grant)
    await world.act(lambda work: add_revocation(work, house.ada, Scope.site(house.site.id)))
    same(await world.read(decision), None)
