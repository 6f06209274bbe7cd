"""What somebody who left had put under way: orders that wait, sessions opened for others, cards in their names."""

from dataclasses import replace

import pytest

from rekey.domain.block import BlockCause, Subject, SubjectKind
from rekey.domain.credential import CredentialKind
from rekey.domain.door_order import OrderState
from rekey.domain.errors import Conflict, NotAllowed, NotSignedIn
from rekey.domain.grant import Holder
from rekey.domain.operator import Actor, KeyKind
from rekey.domain.role import Role
from rekey.operations.assign_credential import AssignCredential, assign_credential
from rekey.operations.authority import signed_in
from rekey.operations.edit_credential import EditCredential, edit_credential
from rekey.operations.edit_person import EditPerson, edit_person
from rekey.operations.hand_over_ownership import OfferOwnership, accept_ownership, offer_ownership
from rekey.operations.issue_credential import IssueCredential, issue_credential
from rekey.operations.issue_key import IssueKey
from rekey.operations.open_door import OpenDoor
from rekey.operations.open_session import NewSession, OpenSessionFor, open_session_for
from rekey.operations.place_block import LiftBlock, PlaceBlock, lift_block, place_block
from rekey.operations.reinstate_person import ReinstatePerson, reinstate_person
from rekey.operations.use_door import open_and_wait
from tests.unit.operations.acme import Acme
from tests.unit.operations.at_doors import a_card, a_pin

pytestmark = pytest.mark.anyio


async def an_administrator(acme: Acme, name: str = "Ada") -> tuple[str, Actor]:
    person = await acme.person(name)
    await acme.grant(person, acme.everywhere, Role.ADMINISTRATOR)
    return person, await acme.account(person)


async def test_an_order_that_an_operator_made_for_somebody_else_does_not_run_after_the_operator_left(
    acme: Acme,
) -> None:
    door, ben = await acme.door(), await acme.person("Ben")
    await acme.grant(ben, door)
    ada, session = await an_administrator(acme)
    acme.simulated.switches(door).offline = True
    order = await open_and_wait(
        acme.world.services, session, OpenDoor(door_id=door, person_id=ben, waits=True)
    )
    assert order.state is OrderState.QUEUED
    await acme.revoke_everywhere(ada)
    assert (await acme.order(order)).state is OrderState.CANCELLED


async def test_a_session_that_an_operator_opened_for_somebody_else_ends_when_the_operator_leaves(
    acme: Acme,
) -> None:
    ben = await acme.person("Ben")
    await acme.grant(ben, acme.everywhere, Role.ADMINISTRATOR)
    ada, session = await an_administrator(acme)
    key = IssueKey(operator_id="", kind=KeyKind.SESSION, name="x", via="test", secret_fingerprint="on behalf")
    opened = await acme.do(
        open_session_for, OpenSessionFor(person_id=ben, keys=NewSession(session=key)), by=session
    )
    hers = Actor(
        organization_id=acme.world.organization_id,
        operator_id=opened.operator.id,
        key_id=opened.session.id,
        via="test",
    )
    bens = await acme.account(ben)
    await acme.revoke_everywhere(ada)
    with pytest.raises(NotSignedIn):
        await acme.read(lambda view: signed_in(view, hers, acme.clock.now()))
    assert await acme.read(lambda view: signed_in(view, bens, acme.clock.now()))


async def test_who_was_revoked_at_a_door_makes_no_card_in_a_friends_name(acme: Acme) -> None:
    door, ben = await acme.door(), await acme.person("Ben")
    await acme.grant(ben, door)
    ada, session = await an_administrator(acme)
    known, free = await a_pin(acme, ben), await a_card(acme)
    await acme.revoke(ada, door)
    card = IssueCredential(person_id=ben, kind=CredentialKind.CARD, fingerprint="mine")
    with pytest.raises(NotAllowed):
        await acme.do(issue_credential, card, by=session)
    handing = AssignCredential(credential_id=free.id, holder=Holder.person(ben))
    with pytest.raises(NotAllowed):
        await acme.do(assign_credential, handing, by=session)
    edit = replace(EditCredential.of(known), fingerprint="mine")
    with pytest.raises(NotAllowed):
        await acme.do(edit_credential, edit, by=session)


async def test_nobody_makes_a_card_for_a_person_above_himself(acme: Acme) -> None:
    una = await acme.person("Una")
    await acme.grant(una, acme.everywhere, Role.USER_MANAGER)
    session = await acme.account(una)
    card = IssueCredential(person_id=await acme.owner(), kind=CredentialKind.CARD, fingerprint="mine")
    with pytest.raises(NotAllowed):
        await acme.do(issue_credential, card, by=session)


async def test_an_order_of_an_operator_who_is_blocked_meanwhile_does_not_run(acme: Acme) -> None:
    door, ben = await acme.door(), await acme.person("Ben")
    await acme.grant(ben, door)
    ada, session = await an_administrator(acme)
    acme.simulated.switches(door).offline = True
    asked = OpenDoor(door_id=door, person_id=ben, waits=True)
    order = await open_and_wait(acme.world.services, session, asked)
    await acme.do(
        place_block, PlaceBlock(subject=Subject(SubjectKind.PERSON, ada), cause=BlockCause.OPERATOR)
    )
    acme.simulated.switches(door).offline = False
    await acme.world.services.orders.take_up_waiting(
        acme.world.organization_id, acme.service, await acme.record(door)
    )
    assert (await acme.order(order)).state is OrderState.CANCELLED


async def test_who_was_revoked_at_a_door_does_not_turn_a_friends_mail_to_himself(acme: Acme) -> None:
    door, ben = await acme.door(), await acme.person("Ben", email="ben@acme.test")
    ada, session = await an_administrator(acme)
    await acme.revoke(ada, door)
    with pytest.raises(NotAllowed):
        await acme.do(edit_person, EditPerson(person_id=ben, email="ada@evil.test"), by=session)


async def test_an_offer_of_the_organization_from_before_a_person_left_counts_no_more_after_the_return(
    acme: Acme,
) -> None:
    ben, owner = await acme.person("Ben"), await acme.account(await acme.owner())
    await acme.account(ben)
    await acme.do(offer_ownership, OfferOwnership(person_id=ben), by=owner)
    await acme.revoke_everywhere(ben)
    await acme.do(reinstate_person, ReinstatePerson(person_id=ben))
    session = await acme.account(ben)
    with pytest.raises(Conflict):
        await acme.do(accept_ownership, None, by=session)


async def test_a_manager_of_people_frees_nobody_whose_role_is_above_his_own(acme: Acme) -> None:
    ada, _session = await an_administrator(acme)
    uma = await acme.person("Uma")
    await acme.grant(uma, acme.everywhere, Role.USER_MANAGER)
    subject = Subject(SubjectKind.PERSON, ada)
    await acme.do(place_block, PlaceBlock(subject=subject, cause=BlockCause.OPERATOR))
    with pytest.raises(NotAllowed):
        await acme.do(
            lift_block, LiftBlock(subject=subject, cause=BlockCause.OPERATOR), by=await acme.account(uma)
        )
