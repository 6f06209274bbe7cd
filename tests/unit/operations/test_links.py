"""Links: holders that stand for themselves, with their own doors, codes and end."""

from datetime import timedelta

import pytest

from rekey.domain.block import BlockCause, Subject, SubjectKind
from rekey.domain.credential import CredentialKind, CredentialState
from rekey.domain.decision import Denied, DenyReason, Granted
from rekey.domain.errors import Invalid, NotAllowed, NotFound, PersonLeft
from rekey.domain.grant import Holder
from rekey.domain.link import Link
from rekey.domain.revocation import DoorStatus
from rekey.domain.role import Role
from rekey.domain.scope import Scope
from rekey.domain.validity import Validity
from rekey.operations.add_link import AddLink, LinkAdded, LinkGrant, add_link
from rekey.operations.edit_link import EditLink, edit_link
from rekey.operations.end_link import EndLink, end_link
from rekey.operations.explain_decision import doors_openable_by_link, explain_for_link, links_that_open
from rekey.operations.issue_credential import NewCredential
from rekey.operations.place_block import LiftBlock, PlaceBlock, lift_block, place_block
from rekey.ports.listing import WHOLE
from tests.unit.operations.acme import Acme
from tests.unit.operations.at_doors import a_link, pin, present_pin

pytestmark = pytest.mark.anyio


async def why_not(acme: Acme, link: Link, door: str) -> DenyReason | None:
    now = acme.clock.now()
    explained = await acme.read(lambda view: explain_for_link(view, link.id, door, now))
    decision = explained.decision
    return decision.reason if isinstance(decision, Denied) else None


async def test_a_link_opens_what_it_was_given_and_nothing_else(acme: Acme) -> None:
    front, back = await acme.door("front"), await acme.door("back")
    made = await a_link(acme, front)
    assert await why_not(acme, made.link, front) is None
    assert await why_not(acme, made.link, back) is DenyReason.NO_GRANT


async def test_a_link_its_grants_and_its_code_come_in_one_act_with_one_row(acme: Acme) -> None:
    front = await acme.door()
    rows = await acme.world.journal_size()
    made = await a_link(acme, front, code="2468")
    assert await acme.world.journal_size() == rows + 1
    row = await acme.newest()
    assert (row.action, row.door_id, row.detail["name"]) == ("link.added", front, "Visitor")
    assert made.credentials[0].link_id == made.link.id
    assert "2468" not in str(row.detail)


async def test_a_link_that_is_refused_in_part_is_not_made_at_all(acme: Acme) -> None:
    front = await acme.door()
    before = (await acme.state(), await links(acme))
    grants = (LinkGrant(scope=Scope.door(front)), LinkGrant(scope=Scope.door("nowhere")))
    with pytest.raises(NotFound):
        await acme.do(add_link, AddLink(name="Visitor", grants=grants))
    assert (await acme.state(), await links(acme)) == before


async def links(acme: Acme) -> tuple[Link, ...]:
    return tuple((await acme.read(lambda view: view.links.list(WHOLE))).items)


async def test_a_link_never_opens_the_whole_organization(acme: Acme) -> None:
    with pytest.raises(Invalid, match="scope"):
        await acme.do(add_link, AddLink(name="Visitor", grants=(LinkGrant(scope=acme.everywhere),)))


async def test_nobody_gives_a_link_what_is_not_his_to_give(acme: Acme) -> None:
    front, back = await acme.door("front"), await acme.door("back")
    ada = await acme.person("Ada")
    await acme.grant(ada, front, Role.MANAGER)
    session = await acme.account(ada)
    await acme.do(add_link, AddLink(name="Friend", grants=(LinkGrant(scope=Scope.door(front)),)), by=session)
    with pytest.raises(NotAllowed):
        await acme.do(
            add_link, AddLink(name="Friend", grants=(LinkGrant(scope=Scope.door(back)),)), by=session
        )


async def test_a_link_counts_only_within_its_validity(acme: Acme) -> None:
    front, now = await acme.door(), acme.clock.now()
    hour = timedelta(hours=1)
    made = await a_link(acme, front, validity=Validity(now + hour, now + 2 * hour))
    seen = [await why_not(acme, made.link, front)]
    for _ in range(2):
        acme.pass_time(hours=1)
        seen.append(await why_not(acme, made.link, front))
    assert seen == [DenyReason.LINK_NOT_YET_VALID, None, DenyReason.LINK_EXPIRED]


async def test_a_suspended_link_opens_nothing_until_it_is_resumed(acme: Acme) -> None:
    front = await acme.door()
    made = await a_link(acme, front, suspended=True)
    subject = Subject(SubjectKind.LINK, made.link.id)
    assert await why_not(acme, made.link, front) is DenyReason.BLOCKED
    await acme.do(lift_block, LiftBlock(subject=subject, cause=BlockCause.SUSPENSION))
    assert await why_not(acme, made.link, front) is None
    await acme.do(place_block, PlaceBlock(subject=subject, cause=BlockCause.OPERATOR))
    assert await why_not(acme, made.link, front) is DenyReason.BLOCKED


async def test_a_link_for_two_uses_opens_twice(acme: Acme) -> None:
    front = await acme.door()
    made = await a_link(acme, front, code="2468", max_uses=2)
    seen = [(await present_pin(acme, front, "2468")).decision for _ in range(3)]
    assert [isinstance(decision, Granted) for decision in seen] == [True, True, False]
    assert seen[2] == Denied(DenyReason.LINK_USED_UP, made.link.id)


async def test_an_ended_link_is_nobody_and_its_code_is_dead(acme: Acme) -> None:
    front = await acme.door()
    made = await a_link(acme, front, code="2468")
    ended = await acme.do(end_link, EndLink(link_id=made.link.id, reason="the visit is over"))
    assert await why_not(acme, made.link, front) is DenyReason.PERSON_UNKNOWN
    assert [one.id for one in ended.ended_grants] == [made.grants[0].id]
    shown = await present_pin(acme, front, "2468")
    assert shown.decision == Denied(DenyReason.CREDENTIAL_ENDED, made.credentials[0].id)
    with pytest.raises(NotFound):
        await acme.do(end_link, EndLink(link_id=made.link.id))


async def test_the_receipt_of_an_ended_link_names_its_doors(acme: Acme) -> None:
    front = await acme.door()
    made = await a_link(acme, front, code="2468")
    await acme.world.settle()
    acme.simulated.configure(front, [("offline", "true")])
    ended = await acme.do(end_link, EndLink(link_id=made.link.id))
    await acme.world.settle()
    (line,) = (await acme.receipt(ended)).doors
    assert (line.door_id, line.status) == (front, DoorStatus.EXPOSED)
    assert line.effective_by is not None
    acme.simulated.configure(front, [("offline", "false")])
    acme.pass_time(minutes=1)
    await acme.world.settle()
    (line,) = (await acme.receipt(ended)).doors
    assert (line.status, line.witness) == (DoorStatus.CONFIRMED, "read-back")


async def test_the_past_still_knows_an_ended_link(acme: Acme) -> None:
    front = await acme.door()
    made = await a_link(acme, front)
    then = acme.clock.now()
    acme.pass_time(hours=1)
    await acme.do(end_link, EndLink(link_id=made.link.id))
    now = acme.clock.now()
    assert await acme.read(lambda view: links_that_open(view, front, now)) == ()
    (opener,) = await acme.read(lambda view: links_that_open(view, front, then, past=True))
    assert opener.link.id == made.link.id


async def test_who_and_which_speak_of_links(acme: Acme) -> None:
    front, back = await acme.door("front"), await acme.door("back")
    made = await a_link(acme, front)
    now = acme.clock.now()
    (opener,) = await acme.read(lambda view: links_that_open(view, front, now))
    assert opener.link.id == made.link.id
    assert await acme.read(lambda view: links_that_open(view, back, now)) == ()
    opened = await acme.read(lambda view: doors_openable_by_link(view, made.link.id, now))
    assert [one.door.door_id for one in opened] == [front]


async def test_a_link_for_a_person_ends_when_the_person_leaves(acme: Acme) -> None:
    front, ada = await acme.door(), await acme.person("Ada")
    made = await a_link(acme, front, code="2468", for_person_id=ada)
    revoked = await acme.revoke_everywhere(ada)
    assert [one.link.id for one in revoked.ended_links] == [made.link.id]
    assert await why_not(acme, made.link, front) is DenyReason.PERSON_UNKNOWN
    shown = await present_pin(acme, front, "2468")
    assert isinstance(shown.decision, Denied)
    with pytest.raises(PersonLeft):
        await a_link(acme, front, for_person_id=ada)


async def test_a_link_for_a_person_obeys_what_stands_against_the_person(acme: Acme) -> None:
    front, ada = await acme.door(), await acme.person("Ada")
    made = await a_link(acme, front, for_person_id=ada)
    await acme.revoke(ada, front)
    assert await why_not(acme, made.link, front) is DenyReason.REVOKED
    again = await a_link(acme, front, for_person_id=ada)
    assert await why_not(acme, again.link, front) is None
    subject = Subject(SubjectKind.PERSON, ada)
    await acme.do(place_block, PlaceBlock(subject=subject, cause=BlockCause.ACCESS_SWITCH))
    assert await why_not(acme, again.link, front) is DenyReason.BLOCKED


async def test_the_receipt_of_a_person_names_the_doors_of_the_links_made_for_the_person(acme: Acme) -> None:
    front, ada = await acme.door(), await acme.person("Ada")
    await a_link(acme, front, code="2468", for_person_id=ada)
    await acme.world.settle()
    acme.simulated.configure(front, [("offline", "true")])
    revoked = await acme.revoke_everywhere(ada)
    await acme.world.settle()
    assert [line.status for line in (await acme.receipt(revoked)).doors] == [DoorStatus.EXPOSED]


async def test_an_offline_door_knows_the_link_and_forgets_it_with_its_end(acme: Acme) -> None:
    front = await acme.door()
    made = await a_link(acme, front, code="2468")
    await acme.world.settle()
    assert acme.simulated.read(front, pin("2468"))
    await acme.do(end_link, EndLink(link_id=made.link.id))
    await acme.world.settle()
    assert not acme.simulated.read(front, pin("2468"))


async def test_an_edit_of_a_link_is_known_at_once(acme: Acme) -> None:
    front, now = await acme.door(), acme.clock.now()
    made = await a_link(acme, front)
    over = Validity(None, now + timedelta(minutes=1))
    edit = EditLink.of(made.link)
    await acme.do(
        edit_link,
        EditLink(
            link_id=edit.link_id, name="Guest", email=None, phone=None, validity=over, max_uses=edit.max_uses
        ),
    )
    acme.pass_time(minutes=2)
    assert await why_not(acme, made.link, front) is DenyReason.LINK_EXPIRED


async def test_a_link_is_never_given_a_role_above_opening(acme: Acme) -> None:
    front = await acme.door()
    made = await a_link(acme, front)
    with pytest.raises(Invalid, match="role"):
        await acme.grant(Holder.link(made.link.id), front, Role.ADMINISTRATOR)


async def test_a_removed_person_leaves_links_made_for_others_that_are_listed(acme: Acme) -> None:
    front, ada = await acme.door(), await acme.person("Ada")
    await acme.grant(ada, front, Role.MANAGER)
    session = await acme.account(ada)
    grants = (LinkGrant(scope=Scope.door(front)),)
    mine: LinkAdded = await acme.do(add_link, AddLink(name="Friend", grants=grants), by=session)
    revoked = await acme.revoke_everywhere(ada)
    assert [link.id for link in revoked.leftovers.made_links] == [mine.link.id]
    assert await why_not(acme, mine.link, front) is None


async def test_a_code_of_a_link_is_no_card_of_a_stock(acme: Acme) -> None:
    front = await acme.door()
    made = await a_link(acme, front, code="2468")
    ended = await acme.do(end_link, EndLink(link_id=made.link.id))
    assert [one.kind for one in ended.ended_credentials] == [CredentialKind.PIN]
    after = await acme.read(lambda view: view.credentials.get(made.credentials[0].id))
    assert after.state is CredentialState.ENDED


async def test_a_link_needs_something_to_open(acme: Acme) -> None:
    with pytest.raises(Invalid, match="grants"):
        await acme.do(add_link, AddLink(name="Visitor", grants=()))


async def test_a_credential_of_a_link_needs_a_fingerprint(acme: Acme) -> None:
    front = await acme.door()
    bare = NewCredential(kind=CredentialKind.PIN, fingerprint="")
    grants = (LinkGrant(scope=Scope.door(front)),)
    with pytest.raises(Invalid, match="fingerprint"):
        await acme.do(add_link, AddLink(name="Visitor", grants=grants, credentials=(bare,)))
