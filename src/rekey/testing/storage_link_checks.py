"""What every store promises of links, and of credentials with and without a holder."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from rekey.domain.access import DoorRecord
from rekey.domain.block import SubjectKind
from rekey.domain.credential import Credential, CredentialKind, CredentialState
from rekey.domain.errors import AlreadyExists
from rekey.domain.estate import Door
from rekey.domain.grant import Grant, Holder
from rekey.domain.ids import Position
from rekey.domain.link import Link, LinkState
from rekey.domain.role import Role
from rekey.domain.scope import Scope
from rekey.domain.validity import Validity
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.people import CredentialFilter
from rekey.ports.store import UnitOfWork
from rekey.testing.frozen_clock import NOON
from rekey.testing.storage_check import Chapter, refuses, same
from rekey.testing.storage_values import add_block, add_door, add_person, add_revocation, add_site
from rekey.testing.storage_world import World, new_id

LINKS = Chapter()


async def _link(work: UnitOfWork, **parts: Any) -> Link:
    plain: dict[str, Any] = {"id": new_id(), "number": work.next_number(), "name": "Visitor"}
    link = Link(**plain | {"created_at": NOON, "updated_at": NOON} | parts)
    await work.links.add(link)
    return link


async def _grant(work: UnitOfWork, link: Link, door: Door) -> Grant:
    grant = Grant(
        id=new_id(),  # type: ignore[arg-type]  # an id as the store keeps it
        number=work.next_number(),
        holder=link.holder,
        scope=Scope.door(door.id),
        role=Role.BASIC,
        named_at=work.position,
        created_at=NOON,
        updated_at=NOON,
    )
    await work.grants.add(grant)
    return grant


async def _credential(work: UnitOfWork, **parts: Any) -> Credential:
    plain: dict[str, Any] = {"id": new_id(), "number": work.next_number(), "kind": CredentialKind.CARD}
    credential = Credential(**plain | {"fingerprint": new_id(), "created_at": NOON} | parts)
    await work.credentials.add(credential)
    return credential


async def _at_door(work: UnitOfWork) -> tuple[Door, Link, Grant]:
    door, link = await add_door(work, await add_site(work)), await _link(work)
    return door, link, await _grant(work, link, door)


@LINKS.promise
async def a_link_is_found_as_it_was_written(world: World) -> None:
    ada = await world.act(add_person)
    link = await world.act(
        lambda work: _link(
            work,
            email="v@acme.test",
            phone="+4930123456",
            for_person_id=ada.id,
            validity=Validity(NOON, NOON + timedelta(days=1)),
            max_uses=3,
            uses=1,
            origin="suite",
            last_used_at=NOON,
        )
    )
    same(await world.read(lambda view: view.links.get(link.id)), link)
    same(await world.read(lambda view: view.links.by_number(link.number)), link)
    for_ada = await world.read(lambda view: view.links.list(WHOLE, for_person_id=ada.id))
    same(for_ada.items, (link,))


@LINKS.promise
async def an_ended_link_is_gone_and_its_past_is_not(world: World) -> None:
    door, link, grant = await world.act(_at_door)
    then = Position(await world.position())
    await world.act(lambda work: work.links.end(link.id, NOON))
    same(await world.read(lambda view: view.links.get(link.id)), None)
    same(await world.read(lambda view: view.access.link(link.id)), None)
    last = await world.read(lambda view: view.links.last_known(link.id))
    same(last and last.state, LinkState.ENDED)
    holder = await world.read(lambda view: view.access.link(link.id, then))
    same(holder and holder.grants, (grant,))
    record = await world.read(lambda view: view.access.door(door.id))
    same(await _near(world, record), ())
    same(await _near(world, record, then), (link.id,))


async def _near(world: World, door: DoorRecord | None, as_of: Position | None = None) -> tuple[str, ...]:
    if door is None:
        return ()
    return await world.read(lambda view: view.access.links_near(door, as_of))


@LINKS.promise
async def the_record_of_a_link_holds_what_stands_against_its_person(world: World) -> None:
    async def fill(work: UnitOfWork) -> tuple[Link, str]:
        ada = await add_person(work)
        await add_revocation(work, ada, Scope.organization(work.organization_id))
        await add_block(work, SubjectKind.PERSON, ada.id)
        link = await _link(work, for_person_id=ada.id)
        await add_block(work, SubjectKind.LINK, link.id)
        return link, ada.id

    link, ada = await world.act(fill)
    holder = await world.read(lambda view: view.access.link(link.id))
    same(holder and (len(holder.revocations), len(holder.blocks)), (1, 2))
    await world.act(lambda work: work.people.end(ada))
    same(await world.read(lambda view: view.access.link(link.id)), None)


@LINKS.promise
async def a_credential_keeps_all_that_it_was_given(world: World) -> None:
    link = await world.act(_link)
    door_ids = frozenset({new_id(), new_id()})
    card = await world.act(
        lambda work: _credential(
            work,
            link_id=link.id,
            second_fingerprint="second",
            second_sealed_part=b"sealed",
            card_type="hf_uid",
            identifiers=(("uid", "04A1B2"),),
            door_ids=door_ids,
            max_uses=5,
            uses=2,
            origin="suite",
            last_used_at=NOON,
            activated_at=NOON,
            deactivated_at=NOON,
            changed_at=NOON,
        )
    )
    same(await world.read(lambda view: view.credentials.get(card.id)), card)
    same(await world.read(lambda view: view.credentials.by_number(card.number)), card)
    for matching in (
        CredentialFilter(holder=Holder.link(link.id)),
        CredentialFilter(door_id=min(door_ids)),
        CredentialFilter(identifier=("uid", "04A1B2")),
        CredentialFilter(ids=(card.id,), card_types=("hf_uid",), states=(CredentialState.ACTIVE,)),
    ):
        same(await _listed(world, matching), (card,))


async def _listed(world: World, matching: CredentialFilter) -> tuple[Credential, ...]:
    return (await world.read(lambda view: view.credentials.list(WHOLE, matching=matching))).items


@LINKS.promise
async def a_credential_without_a_holder_belongs_to_nobody(world: World) -> None:
    card = await world.act(lambda work: _credential(work, state=CredentialState.UNASSIGNED))
    same((await world.read(lambda view: view.credentials.get(card.id))), card)
    ada = await world.act(add_person)
    given = replace(card, person_id=ada.id, state=CredentialState.ACTIVE)
    await world.act(lambda work: work.credentials.replace(given))
    same((await world.read(lambda view: view.credentials.list(WHOLE, person_id=ada.id))).items, (given,))


@LINKS.promise
async def one_pin_is_held_at_doors_that_have_nothing_in_common(world: World) -> None:
    link = await world.act(_link)
    first, second = new_id(), new_id()

    def pin(*doors: str) -> Any:
        kept = {"kind": CredentialKind.PIN, "fingerprint": "f", "link_id": link.id}
        return lambda work: _credential(work, **kept, door_ids=frozenset(doors))

    await world.act(pin(first))
    await world.act(pin(second))
    for taken in ((first,), (second, new_id()), ()):
        await refuses(world.act(pin(*taken)), AlreadyExists)
    alike = await world.read(lambda view: view.credentials.sharing(CredentialKind.PIN, "f"))
    same([one.door_ids for one in alike], [frozenset({first}), frozenset({second})])


@LINKS.promise
async def a_credential_that_is_moved_to_other_doors_is_found_there_only(world: World) -> None:
    old, new = new_id(), new_id()
    card = await world.act(lambda work: _credential(work, door_ids=frozenset({old})))
    await world.act(lambda work: work.credentials.replace(replace(card, door_ids=frozenset({new}))))
    same(await _listed(world, CredentialFilter(door_id=old)), ())
    same(len(await _listed(world, CredentialFilter(door_id=new))), 1)


@LINKS.promise
async def computed_codes_are_found_until_their_windows_end_ended_or_not(world: World) -> None:
    hour = Validity(NOON, NOON + timedelta(hours=1))
    standing = await world.act(lambda work: _credential(work, computed=True, validity=hour))
    ended = await world.act(lambda work: _credential(work, computed=True, validity=hour))
    await world.act(lambda work: _credential(work, validity=hour))
    over = replace(ended, state=CredentialState.ENDED, ended_at=NOON)
    await world.act(lambda work: work.credentials.replace(over))
    before = hour.end or NOON
    found = await world.read(lambda view: view.credentials.computed(before - timedelta(microseconds=1)))
    same(found, (standing, over))
    same(await world.read(lambda view: view.credentials.computed(before)), ())


@LINKS.promise
async def credentials_that_ended_last_come_first(world: World) -> None:
    cards = [await world.act(_credential) for _ in range(3)]

    async def end_all(work: UnitOfWork) -> None:
        for minutes, card in enumerate(cards):
            ended_at = NOON + timedelta(minutes=minutes)
            await work.credentials.replace(replace(card, state=CredentialState.ENDED, ended_at=ended_at))

    await world.act(end_all)
    newest = await world.read(lambda view: view.credentials.newly_ended(2))
    same([one.id for one in newest], [cards[2].id, cards[1].id])
