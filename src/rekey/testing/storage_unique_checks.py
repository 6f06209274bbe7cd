"""What every store promises of values that only one thing may have."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from rekey.domain.credential import CredentialKind, CredentialState
from rekey.domain.errors import AlreadyExists, NotFound
from rekey.domain.estate import Door, DoorGroup, Organization, Site
from rekey.domain.people import Person, Team
from rekey.ports.listing import WHOLE
from rekey.ports.store import UnitOfWork, View
from rekey.testing.frozen_clock import NOON
from rekey.testing.storage_check import Chapter, refuses, same
from rekey.testing.storage_values import (
    a_membership,
    a_place,
    add_credential,
    add_door,
    add_enrolment,
    add_group,
    add_operator,
    add_person,
    add_site,
    add_team,
)
from rekey.testing.storage_world import World, a_row

UNIQUE = Chapter()


async def _taken(world: World, work: Callable[[UnitOfWork], Awaitable[object]], field: str) -> None:
    refused = await refuses(world.act(work), AlreadyExists)
    same(getattr(refused, "field", None), field)


@UNIQUE.promise
async def email_phone_and_external_key_belong_to_one_person(world: World) -> None:
    await world.act(lambda work: add_person(work, email="ada", phone="1", external_key="k"))
    await _taken(world, lambda work: add_person(work, email="ada"), "email")
    await _taken(world, lambda work: add_person(work, phone="1"), "phone")
    await _taken(world, lambda work: add_person(work, external_key="k"), "external_key")


@UNIQUE.promise
async def people_without_an_email_do_not_collide(world: World) -> None:
    await world.act(add_person)
    await world.act(add_person)
    same(len((await world.read(lambda view: view.people.list(WHOLE))).items), 2)


@UNIQUE.promise
async def an_email_is_free_again_once_its_person_is_removed_or_gives_it_up(world: World) -> None:
    first = await world.act(lambda work: add_person(work, email="ada"))
    await world.act(lambda work: work.people.end(first.id))
    second = await world.act(lambda work: add_person(work, email="ada"))
    await world.act(lambda work: work.people.replace(replace(second, email=None)))
    third = await world.act(lambda work: add_person(work, email="ada"))
    same(await world.read(lambda view: view.people.by_email("ada")), third)


@UNIQUE.promise
async def a_change_cannot_take_anothers_email(world: World) -> None:
    await world.act(lambda work: add_person(work, email="ada"))
    bob = await world.act(lambda work: add_person(work, email="bob"))
    await _taken(world, lambda work: work.people.replace(replace(bob, email="ada")), "email")
    same(await world.read(lambda view: view.people.get(bob.id)), bob)


@UNIQUE.promise
async def an_act_may_go_on_after_it_heard_that_a_value_is_taken(world: World) -> None:
    await world.act(lambda work: add_person(work, email="ada"))

    async def work(unit: UnitOfWork) -> None:
        bob = await add_person(unit, email="bob")
        await refuses(add_person(unit, email="ada"), AlreadyExists)
        await refuses(unit.people.replace(replace(bob, email="ada")), AlreadyExists)
        await unit.people.replace(replace(bob, name="Robert"))

    await world.act(work)
    bob = await world.read(lambda view: view.people.by_email("bob"))
    same(bob and bob.name, "Robert")


@UNIQUE.promise
async def a_person_has_one_place_in_a_team_and_one_enrolment_at_a_site(world: World) -> None:
    async def fill(work: UnitOfWork) -> tuple[Site, Person, Team]:
        site, ada = await add_site(work), await add_person(work)
        team = await add_team(work, ada)
        await add_enrolment(work, ada, site)
        return site, ada, team

    site, ada, team = await world.act(fill)

    async def again(work: UnitOfWork) -> None:
        await work.teams.add_member(a_membership(work, team, ada))

    await _taken(world, again, "person_id")
    await _taken(world, lambda work: add_enrolment(work, ada, site), "site_id")
    await world.act(lambda work: work.teams.remove_member(team.id, ada.id))
    await world.act(again)


@UNIQUE.promise
async def a_door_has_one_place_in_a_group(world: World) -> None:
    async def fill(work: UnitOfWork) -> tuple[DoorGroup, Door]:
        door = await add_door(work, await add_site(work))
        return await add_group(work, door), door

    group, door = await world.act(fill)

    async def again(work: UnitOfWork) -> None:
        await work.door_groups.add_door(a_place(work, group, door))

    await _taken(world, again, "door_id")
    await world.act(lambda work: work.door_groups.remove_door(group.id, door.id))
    await world.act(again)


@UNIQUE.promise
async def a_fingerprint_is_held_once_for_each_kind_until_its_credential_ends(world: World) -> None:
    ada = await world.act(add_person)
    first = await world.act(lambda work: add_credential(work, ada, fingerprint="f"))
    await _taken(world, lambda work: add_credential(work, ada, fingerprint="f"), "fingerprint")
    await world.act(lambda work: add_credential(work, ada, fingerprint="f", kind=CredentialKind.PIN))
    ended = replace(first, state=CredentialState.ENDED, ended_at=NOON)
    await world.act(lambda work: work.credentials.replace(ended))
    same(await _presented(world), ended)
    second = await world.act(lambda work: add_credential(work, ada, fingerprint="f"))
    same(await _presented(world), second)


async def _presented(world: World) -> object:
    return await world.read(lambda view: view.credentials.by_fingerprint(CredentialKind.CARD, "f"))


@UNIQUE.promise
async def an_ended_credential_never_comes_back(world: World) -> None:
    ada = await world.act(add_person)
    card = await world.act(lambda work: add_credential(work, ada))
    ended = replace(card, state=CredentialState.ENDED, ended_at=NOON)
    await world.act(lambda work: work.credentials.replace(ended))
    await refuses(world.act(lambda work: work.credentials.replace(card)), NotFound)
    same(await world.read(lambda view: view.credentials.get(card.id)), ended)


@UNIQUE.promise
async def a_person_has_one_operator(world: World) -> None:
    ada = await world.act(add_person)
    await world.act(lambda work: add_operator(work, person_id=ada.id))
    await _taken(world, lambda work: add_operator(work, person_id=ada.id), "person_id")


@UNIQUE.promise
async def a_domain_belongs_to_one_organization(world: World) -> None:
    organization = await world.read(_organization)
    other = World(world.store, world.signer)
    refused = await refuses(other.found(domain=organization.domain), AlreadyExists)
    same(getattr(refused, "field", None), "domain")


@UNIQUE.promise
async def an_organization_is_founded_once(world: World) -> None:
    organization = await world.read(_organization)

    async def again(work: UnitOfWork) -> None:
        await work.organizations.add(organization)
        await work.record(a_row(work))

    await refuses(world.store.act(world.organization_id, again), AlreadyExists)


@UNIQUE.promise
async def an_id_is_used_once(world: World) -> None:
    ada = await world.act(add_person)
    await _taken(world, lambda work: add_person(work, id=ada.id), "id")


async def _organization(view: View) -> Organization:
    return await view.organizations.get()
