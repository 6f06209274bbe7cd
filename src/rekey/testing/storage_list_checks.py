"""What every store promises of lists: order, paging, filters, literal search."""

from rekey.domain.estate import Door, DoorGroup, Site
from rekey.domain.grant import Grant, Holder
from rekey.domain.people import Enrolment, Person
from rekey.domain.role import Role
from rekey.domain.scope import Scope, ScopeKind
from rekey.ports.listing import WHOLE, Listing, Order, Part
from rekey.ports.repositories.journal import JournalFilter, StoredRow
from rekey.ports.repositories.rights import GrantFilter
from rekey.ports.store import UnitOfWork, View
from rekey.testing.frozen_clock import NOON
from rekey.testing.storage_check import Chapter, same
from rekey.testing.storage_values import (
    add_door,
    add_enrolment,
    add_grant,
    add_group,
    add_operator,
    add_person,
    add_revocation,
    add_site,
    add_team,
)
from rekey.testing.storage_world import World, new_id, nothing

LISTS = Chapter()


async def _seven(work: UnitOfWork) -> list[int]:
    return [(await add_person(work, name=f"Person {index}")).number for index in range(7)]


def _numbers(listing: Listing[Person]) -> list[int]:
    return [person.number for person in listing.items]


@LISTS.promise
async def lists_come_in_the_order_of_their_numbers(world: World) -> None:
    numbers = await world.act(_seven)
    same(_numbers(await world.read(lambda view: view.people.list(WHOLE))), numbers)
    newest = await world.read(lambda view: view.people.list(WHOLE, newest_first=True))
    same(_numbers(newest), numbers[::-1])


@LISTS.promise
async def lists_come_by_name_with_the_older_first_among_equals(world: World) -> None:
    async def work(unit: UnitOfWork) -> list[int]:
        return [(await add_person(unit, name=name)).number for name in ("Same", "beta", "same", "Alpha")]

    first, beta, second, alpha = await world.act(work)

    async def page(order: Order, offset: int) -> list[int]:
        part = Part(limit=2, offset=offset, order=order)
        return _numbers(await world.read(lambda view: view.people.list(part)))

    same([await page(Order.NAME, 0), await page(Order.NAME, 2)], [[alpha, beta], [first, second]])
    same([await page(Order.NAME_DOWN, 0), await page(Order.NAME_DOWN, 2)], [[first, second], [beta, alpha]])


@LISTS.promise
async def grants_come_by_the_name_of_their_person_and_those_of_teams_last(world: World) -> None:
    async def work(unit: UnitOfWork) -> tuple[Grant, Grant, Grant]:
        scope = Scope.organization(unit.organization_id)
        of_team = await add_grant(unit, await add_team(unit), scope)
        of_zoe = await add_grant(unit, await add_person(unit, name="Zoe"), scope)
        return of_team, of_zoe, await add_grant(unit, await add_person(unit, name="ada"), scope)

    async def listed(order: Order) -> list[str]:
        found = await world.read(lambda view: view.grants.list(Part(order=order)))
        return [grant.id for grant in found.items]

    of_team, of_zoe, of_ada = await world.act(work)
    same(await listed(Order.NAME), [of_ada.id, of_zoe.id, of_team.id])
    same(await listed(Order.NAME_DOWN), [of_zoe.id, of_ada.id, of_team.id])


@LISTS.promise
async def a_list_goes_on_past_a_number(world: World) -> None:
    numbers = await world.act(_seven)

    async def pages(view: View, *, newest_first: bool) -> list[int]:
        found: list[int] = []
        while page := _numbers(
            await view.people.list(Part(limit=3, after=found[-1] if found else 0), newest_first=newest_first)
        ):
            found += page
        return found

    same(await world.read(lambda view: pages(view, newest_first=False)), numbers)
    same(await world.read(lambda view: pages(view, newest_first=True)), numbers[::-1])


@LISTS.promise
async def a_list_goes_on_past_an_offset_and_counts_all(world: World) -> None:
    numbers = await world.act(_seven)
    part = Part(limit=3, offset=5, with_total=True)
    listing = await world.read(lambda view: view.people.list(part))
    same((_numbers(listing), listing.total), (numbers[5:], 7))


@LISTS.promise
async def a_total_is_given_only_when_asked_for_and_counts_what_matches(world: World) -> None:
    await world.act(_seven)
    counted = Part(limit=1, with_total=True)
    same((await world.read(lambda view: view.people.list(Part(limit=1)))).total, None)
    same((await world.read(lambda view: view.people.list(counted, query="person 3"))).total, 1)


@LISTS.promise
async def a_search_takes_every_character_literally(world: World) -> None:
    async def fill(work: UnitOfWork) -> None:
        for name in ("100% Ada", "1000 Ada", "a_da", "axda", "bang!", "back\\slash", "quo'te"):
            await add_person(work, name=name)

    await world.act(fill)

    async def names(query: str) -> list[str]:
        listing = await world.read(lambda view: view.people.list(WHOLE, query=query))
        return [person.name for person in listing.items]

    same(await names("0%"), ["100% Ada"])
    same(await names("A_D"), ["a_da"])
    same(await names("!"), ["bang!"])
    same(await names("K\\s"), ["back\\slash"])
    same(await names("O'T"), ["quo'te"])


@LISTS.promise
async def a_search_of_people_looks_at_name_email_and_notes(world: World) -> None:
    async def fill(work: UnitOfWork) -> list[str]:
        return [
            (await add_person(work, name="Zebra Ltd")).id,
            (await add_person(work, email="zebra@acme.test")).id,
            (await add_person(work, notes="the ZEBRA crossing")).id,
        ]

    wanted = await world.act(fill)
    await world.act(add_person)
    listing = await world.read(lambda view: view.people.list(WHOLE, query="zebra"))
    same([person.id for person in listing.items], wanted)


@LISTS.promise
async def people_are_found_by_ids_and_by_email(world: World) -> None:
    ada = await world.act(lambda work: add_person(work, email="ada@acme.test"))
    await world.act(add_person)
    by_ids = await world.read(lambda view: view.people.list(WHOLE, ids=[ada.id, new_id()]))
    by_email = await world.read(lambda view: view.people.list(WHOLE, email="ada@acme.test"))
    nobody = await world.read(lambda view: view.people.list(WHOLE, ids=[]))
    same((by_ids.items, by_email.items, nobody.items), ((ada,), (ada,), ()))


@LISTS.promise
async def doors_and_groups_are_listed_by_site_by_door_and_by_name(world: World) -> None:
    async def fill(work: UnitOfWork) -> tuple[Site, Door, Door, DoorGroup]:
        works, depot = await add_site(work), await add_site(work, name="Depot")
        gate, hatch = await add_door(work, works), await add_door(work, depot, name="Hatch")
        labs = await add_group(work, gate, site_id=works.id)
        await add_group(work, name="Empty")
        return works, gate, hatch, labs

    works, gate, hatch, labs = await world.act(fill)

    async def look(view: View) -> tuple[object, ...]:
        return (
            (await view.doors.list(WHOLE, site_id=works.id)).items,
            (await view.doors.list(WHOLE, query="hat")).items,
            (await view.doors.list(WHOLE, ids=[hatch.id])).items,
            (await view.door_groups.list(WHOLE, door_id=gate.id)).items,
            (await view.door_groups.list(WHOLE, site_id=works.id)).items,
            (await view.door_groups.list(WHOLE, query="LAB")).items,
        )

    same(await world.read(look), ((gate,), (hatch,), (hatch,), (labs,), (labs,), (labs,)))


@LISTS.promise
async def grants_are_listed_by_every_field_of_their_filter(world: World) -> None:
    async def fill(work: UnitOfWork) -> list[str]:
        site, ada, bob = await add_site(work), await add_person(work), await add_person(work)
        operator = await add_operator(work)
        team = await add_team(work, ada)
        await add_grant(work, bob, Scope.site(site.id), role=Role.OBSERVER, origin="kisi")
        await add_grant(work, team, Scope.site(site.id))
        wanted = await add_grant(
            work, ada, Scope.door("gate"), role=Role.MANAGER, origin="seam", made_by=operator.id
        )
        return [wanted.id, ada.id, operator.id]

    grant_id, ada_id, operator_id = await world.act(fill)
    filters = (
        GrantFilter(holder=Holder.person(ada_id)),
        GrantFilter(scope=Scope.door("gate")),
        GrantFilter(scope_kinds=(ScopeKind.DOOR, ScopeKind.DOOR_GROUP)),
        GrantFilter(roles=("manager", "owner")),
        GrantFilter(origin="seam"),
        GrantFilter(made_by=operator_id),
        GrantFilter(ids=(grant_id,)),
    )

    async def look(view: View) -> list[list[str]]:
        return [[grant.id for grant in (await view.grants.list(WHOLE, by)).items] for by in filters]

    same(await world.read(look), [[grant_id]] * len(filters))


@LISTS.promise
async def holders_are_told_by_the_exact_scope(world: World) -> None:
    async def fill(work: UnitOfWork) -> frozenset[Holder]:
        ada, bob = await add_person(work), await add_person(work)
        team = await add_team(work, bob)
        for holder in (ada, ada, team):
            await add_grant(work, holder, Scope.door_group("night"))
        await add_grant(work, bob, Scope.site("night"))
        ended = await add_grant(work, bob, Scope.door_group("night"))
        await work.grants.end(ended.id, NOON)
        return frozenset({Holder.person(ada.id), Holder.team(team.id)})

    holders = await world.act(fill)
    same(await world.read(lambda view: view.grants.holders_at(Scope.door_group("night"))), holders)


@LISTS.promise
async def memberships_are_listed_of_many_people(world: World) -> None:
    async def fill(work: UnitOfWork) -> list[str]:
        ada, bob, cleo = await add_person(work), await add_person(work), await add_person(work)
        for person in (ada, bob, cleo):
            await add_team(work, person)
        return [ada.id, cleo.id]

    wanted = await world.act(fill)
    found = await world.read(lambda view: view.teams.memberships(WHOLE, person_ids=wanted))
    same([membership.person_id for membership in found.items], wanted)


@LISTS.promise
async def a_team_gives_its_members_in_the_order_in_which_they_joined_without_those_who_left(
    world: World,
) -> None:
    async def fill(work: UnitOfWork) -> tuple[str, list[str]]:
        ada, bob, cleo = await add_person(work), await add_person(work), await add_person(work)
        await add_team(work, bob)
        team = await add_team(work, cleo, bob, ada)
        await work.teams.remove_member(team.id, bob.id)
        return team.id, [cleo.id, ada.id]

    team_id, wanted = await world.act(fill)
    same([*await world.read(lambda view: view.teams.member_ids(team_id))], wanted)


@LISTS.promise
async def every_given_field_of_a_grant_filter_must_match(world: World) -> None:
    async def fill(work: UnitOfWork) -> str:
        ada = await add_person(work)
        await add_grant(work, ada, Scope.door("gate"))
        return ada.id

    ada_id = await world.act(fill)
    holder, part = Holder.person(ada_id), Part(with_total=True)
    impossible = GrantFilter(scope=Scope.door("gate"), scope_kinds=(ScopeKind.SITE,))
    filters = (
        GrantFilter(holder=holder, origin="kisi"),
        GrantFilter(holder=holder, ids=()),
        impossible,
    )

    async def look(view: View) -> list[Listing[Grant]]:
        return [await view.grants.list(part, by) for by in filters]

    same(await world.read(look), [Listing((), 0)] * 3)


@LISTS.promise
async def enrolments_are_searched_by_their_persons_name_and_email(world: World) -> None:
    async def fill(work: UnitOfWork) -> Enrolment:
        site = await add_site(work)
        ada = await add_person(work, name="Ada", email="ada@acme.test")
        await add_enrolment(work, await add_person(work, name="Bob"), site)
        return await add_enrolment(work, ada, site)

    enrolment = await world.act(fill)
    by_name = await world.read(lambda view: view.enrolments.list(WHOLE, query="ADA"))
    by_email = await world.read(lambda view: view.enrolments.list(WHOLE, query="acme"))
    same((by_name.items, by_email.items), ((enrolment,), (enrolment,)))


@LISTS.promise
async def revocations_are_listed_by_position(world: World) -> None:
    person = await world.act(add_person)
    made = [await world.act(lambda work: add_revocation(work, person, Scope.door("gate"))) for _ in range(3)]
    newest = await world.read(lambda view: view.revocations.list(WHOLE, person_id=person.id))
    older = Part(after=made[1].position)
    before = await world.read(lambda view: view.revocations.list(older, person_id=person.id))
    after = await world.read(lambda view: view.revocations.list(older, newest_first=False))
    same((newest.items, before.items, after.items), (tuple(made[::-1]), (made[0],), (made[2],)))


@LISTS.promise
async def journal_rows_are_found_by_person_door_action_and_time(world: World) -> None:
    await world.act(nothing, person_id="ada", door_id="gate", action="door.opened", at=NOON.replace(hour=13))
    await world.act(nothing, person_id="bob", at=NOON.replace(hour=14))
    (wanted,) = await world.read(lambda view: view.journal.rows(after=1, limit=1))
    one_hour = JournalFilter(since=NOON.replace(hour=13), before=NOON.replace(hour=14))
    by_names = (
        JournalFilter(person_id="ada"),
        JournalFilter(door_id="gate"),
        JournalFilter(action="door.opened"),
    )

    async def look(view: View) -> list[tuple[StoredRow, ...]]:
        return [await view.journal.rows(matching=by) for by in (*by_names, one_hour)]

    same(await world.read(look), [(wanted,)] * 4)
