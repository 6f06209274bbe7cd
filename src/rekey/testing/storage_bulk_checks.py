"""What every store promises of many credentials that are written in one act, and taken back."""

from dataclasses import replace
from datetime import timedelta

from rekey.domain.block import SubjectKind
from rekey.domain.credential import Credential, CredentialKind, CredentialState
from rekey.domain.errors import AlreadyExists
from rekey.domain.grant import Grant, Holder
from rekey.domain.ids import CredentialId, GrantId, Number, PersonId, Position, TeamId
from rekey.domain.people import Membership, Person
from rekey.domain.role import Role
from rekey.domain.scope import Scope
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.bulk import Prepared
from rekey.ports.repositories.rights import GrantFilter
from rekey.ports.store import UnitOfWork, View
from rekey.testing.frozen_clock import NOON
from rekey.testing.storage_check import BrokenPromise, Chapter, same
from rekey.testing.storage_values import (
    add_block,
    add_grant,
    add_person,
    add_revocation,
    add_team,
)
from rekey.testing.storage_world import World, new_id

BULK = Chapter()
_LATER = NOON + timedelta(hours=1)


def _card(fingerprint: str, person_id: str | None = None) -> Credential:
    held = person_id is not None
    return Credential(
        id=CredentialId(new_id()),
        number=Number(0),
        person_id=None if person_id is None else PersonId(person_id),
        kind=CredentialKind.CARD,
        fingerprint=fingerprint,
        state=CredentialState.ACTIVE if held else CredentialState.UNASSIGNED,
        activated_at=NOON if held else None,
        created_at=NOON,
    )


@BULK.promise
async def many_cards_are_added_found_and_known_as_taken(world: World) -> None:
    async def act(work: UnitOfWork) -> None:
        # More than one statement takes at once.
        cards = [replace(_card(f"print-{index}"), number=Number(index)) for index in range(1203)]
        first = work.next_numbers(len(cards))
        await work.bulk.write([work.bulk.prepare_credentials(cards)], first=first)
        listed = (await work.credentials.list(WHOLE)).items
        same(listed, tuple(replace(card, number=Number(card.number + first)) for card in cards))
        same(work.next_number(), first + len(cards))
        taken = await work.bulk.taken_fingerprints(CredentialKind.CARD, ["print-1", "unknown"])
        same(taken, frozenset({"print-1"}))
        same(await work.bulk.taken_fingerprints(CredentialKind.PIN, ["print-1"]), frozenset())

    await world.act(act)


@BULK.promise
async def people_are_found_by_many_addresses(world: World) -> None:
    async def act(work: UnitOfWork) -> None:
        ada = await add_person(work, email="ada@acme.test")
        found = await work.bulk.people_with(["ada@acme.test", "nobody@acme.test"])
        same(found, {"ada@acme.test": ada.id})

    await world.act(act)


@BULK.promise
async def undoing_ends_the_cards_that_nobody_got_since(world: World) -> None:
    async def act(work: UnitOfWork) -> None:
        ada = await add_person(work, email="ada@acme.test")
        cards = [_card("free"), _card("held", ada.id), _card("turned", ada.id)]
        cards = [replace(card, number=Number(place)) for place, card in enumerate(cards)]
        first = work.next_numbers(len(cards))
        last = first + len(cards) - 1
        await work.bulk.write([work.bulk.prepare_credentials(cards)], first=first)
        turned = await work.credentials.get(cards[2].id)
        if turned is not None:
            await work.credentials.replace(replace(turned, state=CredentialState.SUSPENDED))
        undone = await work.bulk.undo(first=first, last=last, position=work.position, at=_LATER)
        same(undone.credentials, 2)
        same([card.id for card in (await work.credentials.list(WHOLE)).items], [cards[2].id])

    await world.act(act)


@BULK.promise
async def what_was_made_ready_outside_is_named_at_the_act_that_writes_it(world: World) -> None:
    ada = Person(id=PersonId(new_id()), number=Number(0), name="Ada", created_at=NOON, updated_at=NOON)
    joined = Membership(
        id=new_id(),
        number=Number(1),
        team_id=TeamId(new_id()),
        person_id=ada.id,
        named_at=Position(0),
        created_at=NOON,
    )
    given = Grant(
        id=GrantId(new_id()),
        number=Number(2),
        holder=Holder.person(ada.id),
        scope=Scope.door_group(new_id()),
        role=Role.BASIC,
        named_at=Position(0),
        created_at=NOON,
        updated_at=NOON,
    )

    async def prepare(view: View) -> list[Prepared]:
        bulk = view.bulk
        ready = [bulk.prepare_people([ada]), bulk.prepare_memberships([joined]), bulk.prepare_grants([given])]
        return [*ready, bulk.prepare_credentials([])]

    ready = await world.read(prepare)

    async def act(work: UnitOfWork) -> None:
        first = work.next_numbers(3)
        await work.bulk.write(ready, first=first)
        same(await work.people.get(ada.id), replace(ada, number=Number(first)))
        memberships = (await work.teams.memberships(WHOLE, person_id=ada.id)).items
        same(memberships, (replace(joined, number=Number(first + 1), named_at=work.position),))
        grants = (await work.grants.list(WHOLE, GrantFilter(holder=Holder.person(ada.id)))).items
        same(grants, (replace(given, number=Number(first + 2), named_at=work.position),))

    await world.act(act)


@BULK.promise
async def those_whom_a_later_act_concerned_are_told(world: World) -> None:
    async def add(work: UnitOfWork) -> list[Person]:
        return [await add_person(work, email=f"p{index}@acme.test") for index in range(4)]

    people = await world.act(add)
    changed, ended, revoked, left_alone = people
    ids = [person.id for person in people]
    before = await world.read(_position)

    async def act(work: UnitOfWork) -> None:
        await work.people.replace(replace(changed, name="Other"))
        await work.people.end(ended.id)
        await add_revocation(work, revoked, Scope.organization(world.organization_id))

    await world.act(act)

    async def look(view: View) -> None:
        touched = frozenset({changed.id, ended.id, revoked.id})
        same(await view.bulk.touched_since(ids, before), touched)
        same(await view.bulk.touched_since([left_alone.id], before), frozenset())
        same(await view.bulk.touched_since(ids, view.position), frozenset())

    await world.read(look)


@BULK.promise
async def the_address_of_somebody_whom_an_operator_said_no_to_is_told_once_it_is_free(world: World) -> None:
    everywhere = Scope.organization(world.organization_id)

    async def act(work: UnitOfWork) -> None:
        names = ("gone", "blocked", "switched", "moved", "here")
        people = {name: await add_person(work, email=f"{name}@acme.test") for name in names}
        await add_revocation(work, people["gone"], everywhere)
        await add_revocation(work, people["switched"], everywhere, by_automation=True)
        await add_revocation(work, people["here"], everywhere)
        await add_block(work, SubjectKind.PERSON, people["blocked"].id)

    await world.act(act)

    async def leave(work: UnitOfWork) -> None:
        for person in (await work.people.list(WHOLE)).items:
            if person.email != "here@acme.test":
                await work.people.end(person.id)

    await world.act(leave)

    async def look(view: View) -> None:
        asked = [f"{name}@acme.test" for name in ("gone", "blocked", "switched", "moved", "here", "unknown")]
        denied = frozenset({"gone@acme.test", "blocked@acme.test"})
        same(await view.bulk.denied_addresses(asked), denied)

    await world.read(look)


@BULK.promise
async def whoever_holds_a_rank_is_told_alone_or_in_a_team(world: World) -> None:
    async def act(work: UnitOfWork) -> None:
        chief, member, plain = [await add_person(work) for _ in range(3)]
        site = Scope.site(new_id())
        await add_grant(work, chief, site, role=Role.OBSERVER)
        await add_grant(work, await add_team(work, member), site, role=Role.MANAGER)
        await add_grant(work, plain, site)
        same(await work.bulk.of_rank() & {chief.id, member.id, plain.id}, frozenset({chief.id, member.id}))

    await world.act(act)


@BULK.promise
async def an_act_that_fails_after_writing_very_many_leaves_none_of_them(world: World) -> None:
    async def act(work: UnitOfWork) -> None:
        cards = [replace(_card(f"lost-{index}"), number=Number(index)) for index in range(1100)]
        # The last one has the fingerprint of the first: all are refused by one.
        ready = work.bulk.prepare_credentials([*cards, replace(cards[0], id=CredentialId(new_id()))])
        await work.bulk.write([ready], first=work.next_numbers(len(cards) + 1))

    try:
        await world.act(act)
    except AlreadyExists:
        pass
    else:
        raise BrokenPromise("two cards with one fingerprint were due to be refused")

    async def look(view: View) -> None:
        same((await view.credentials.list(WHOLE)).items, ())

    await world.read(look)


async def _position(view: View) -> Position:
    return view.position
