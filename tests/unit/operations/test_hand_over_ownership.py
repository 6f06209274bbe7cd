"""The organization goes from one owner to another, and is never without one."""

import pytest

from rekey.domain.block import BlockCause, Subject, SubjectKind
from rekey.domain.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn, PersonLeft
from rekey.domain.grant import Holder
from rekey.domain.handover import HandoverState
from rekey.domain.role import Role
from rekey.operations.hand_over_ownership import (
    OfferOwnership,
    accept_ownership,
    decline_ownership,
    offer_ownership,
    withdraw_ownership,
)
from rekey.operations.place_block import PlaceBlock, place_block
from rekey.operations.remove_person import RemovePerson, remove_person
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.rights import GrantFilter
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio


async def roles_of(acme: Acme, person: str) -> list[Role]:
    matching = GrantFilter(holder=Holder.person(person))
    return [grant.role for grant in (await acme.read(lambda view: view.grants.list(WHOLE, matching))).items]


async def test_who_accepts_is_the_owner_and_who_offered_an_administrator(acme: Acme) -> None:
    owner, ada = await acme.owner(), await acme.person("Ada")
    boss, heir = await acme.account(owner), await acme.account(ada)
    await acme.do(offer_ownership, OfferOwnership(person_id=ada), by=boss)
    assert await roles_of(acme, ada) == []
    settled = await acme.do(accept_ownership, None, by=heir)
    assert settled.state is HandoverState.ACCEPTED
    assert await roles_of(acme, owner) == [Role.ADMINISTRATOR]
    assert await roles_of(acme, ada) == [Role.OWNER]
    assert await acme.read(lambda view: view.handovers.standing()) is None
    assert (await acme.newest()).action == "ownership.accepted"


async def test_only_an_owner_offers_and_withdraws(acme: Acme) -> None:
    ada, ben = await acme.person("Ada"), await acme.person("Ben")
    await acme.grant(ada, acme.everywhere, Role.ADMINISTRATOR)
    admin = await acme.account(ada)
    await acme.account(ben)
    for actor in (admin, acme.service):
        with pytest.raises(NotAllowed):
            await acme.do(offer_ownership, OfferOwnership(person_id=ben), by=actor)
        with pytest.raises(NotAllowed):
            await acme.do(withdraw_ownership, None, by=actor)


async def test_only_whom_it_was_offered_to_accepts_or_declines(acme: Acme) -> None:
    ada, ben = await acme.person("Ada"), await acme.person("Ben")
    boss, heir, other = [await acme.account(one) for one in (await acme.owner(), ada, ben)]
    await acme.do(offer_ownership, OfferOwnership(person_id=ada), by=boss)
    for verb in (accept_ownership, decline_ownership):
        with pytest.raises(NotFound):
            await acme.do(verb, None, by=other)
    await acme.do(decline_ownership, None, by=heir)
    with pytest.raises(NotFound):
        await acme.do(accept_ownership, None, by=heir)


async def test_an_offer_that_is_withdrawn_can_no_longer_be_accepted(acme: Acme) -> None:
    ada = await acme.person("Ada")
    boss, heir = await acme.account(await acme.owner()), await acme.account(ada)
    await acme.do(offer_ownership, OfferOwnership(person_id=ada), by=boss)
    await acme.do(withdraw_ownership, None, by=boss)
    with pytest.raises(NotFound):
        await acme.do(accept_ownership, None, by=heir)


async def test_one_offer_stands_at_a_time_and_one_to_somebody_removed_stands_no_more(acme: Acme) -> None:
    ada, ben = await acme.person("Ada"), await acme.person("Ben")
    boss = await acme.account(await acme.owner())
    for person in (ada, ben):
        await acme.account(person)
    await acme.do(offer_ownership, OfferOwnership(person_id=ada), by=boss)
    with pytest.raises(Conflict):
        await acme.do(offer_ownership, OfferOwnership(person_id=ben), by=boss)
    await acme.do(remove_person, RemovePerson(person_id=ada))
    offered = await acme.do(offer_ownership, OfferOwnership(person_id=ben), by=boss)
    assert await acme.read(lambda view: view.handovers.standing()) == offered


async def test_nobody_who_could_not_act_becomes_owner(acme: Acme) -> None:
    boss = await acme.account(await acme.owner())
    guest, idle = await acme.person("Gus", is_guest=True), await acme.person("Ida")
    blocked, left = await acme.person("Bob"), await acme.person("Lea")
    await acme.account(blocked)
    subject = Subject(SubjectKind.PERSON, blocked)
    await acme.do(place_block, PlaceBlock(subject=subject, cause=BlockCause.ACCESS_SWITCH))
    await acme.account(left)
    await acme.revoke_everywhere(left)
    for person, refusal in ((guest, Invalid), (idle, Invalid), (blocked, Conflict), (left, PersonLeft)):
        with pytest.raises(refusal):
            await acme.do(offer_ownership, OfferOwnership(person_id=person), by=boss)


async def test_who_was_blocked_or_left_after_the_offer_does_not_become_owner(acme: Acme) -> None:
    boss = await acme.account(await acme.owner())
    for leaves in (False, True):
        heir = await acme.person("Ada")
        account = await acme.account(heir)
        await acme.do(offer_ownership, OfferOwnership(person_id=heir), by=boss)
        if leaves:
            await acme.revoke_everywhere(heir)
        else:
            subject = Subject(SubjectKind.PERSON, heir)
            await acme.do(place_block, PlaceBlock(subject=subject, cause=BlockCause.OPERATOR))
        before = await acme.state()
        with pytest.raises(NotSignedIn if leaves else Conflict):
            await acme.do(accept_ownership, None, by=account)
        assert await acme.state() == before
        await acme.do(withdraw_ownership, None, by=boss)


async def test_an_offer_of_somebody_who_is_no_owner_any_more_is_worth_nothing(acme: Acme) -> None:
    owner, ada, ben = await acme.owner(), await acme.person("Ada"), await acme.person("Ben")
    boss, heir = await acme.account(owner), await acme.account(ada)
    await acme.account(ben)
    await acme.do(offer_ownership, OfferOwnership(person_id=ada), by=boss)
    await acme.grant(ben, acme.everywhere, Role.OWNER)
    await acme.revoke_everywhere(owner)
    with pytest.raises(Conflict):
        await acme.do(accept_ownership, None, by=heir)


async def test_a_revocation_after_the_offer_silences_what_is_accepted_there(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    boss, heir = await acme.account(await acme.owner()), await acme.account(ada)
    await acme.do(offer_ownership, OfferOwnership(person_id=ada), by=boss)
    await acme.revoke(ada, door)
    await acme.do(accept_ownership, None, by=heir)
    assert not await acme.may(ada, door)
