"""part_enrolment and join_enrolment: what lives on without its person, and what opens nothing by that."""

import pytest

from rekey.domain.block import BlockCause, Subject, SubjectKind
from rekey.domain.credential import CredentialKind, CredentialState
from rekey.domain.decision import DenyReason
from rekey.domain.errors import AlreadyExists, Conflict, NotAllowed, PersonLeft
from rekey.domain.grant import Holder
from rekey.domain.role import Role
from rekey.domain.scope import Scope
from rekey.operations.end_enrolment import EndEnrolment, end_enrolment
from rekey.operations.enrol_person import EnrolPerson, enrol_person
from rekey.operations.give_credential import GiveCredential, give_credential
from rekey.operations.join_enrolment import JoinEnrolment, join_enrolment
from rekey.operations.list_leftovers import list_leftovers
from rekey.operations.part_enrolment import Parted, PartEnrolment, part_enrolment
from rekey.operations.phones import AddPhone, add_phone
from rekey.operations.place_block import PlaceBlock, place_block
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio


async def enrolled(acme: Acme, person: str) -> str:
    wanted = EnrolPerson(person_id=person, site_id=acme.world.site_id)
    return (await acme.do(enrol_person, wanted)).id


async def part(acme: Acme, enrolment: str) -> Parted:
    return await acme.do(part_enrolment, PartEnrolment(enrolment_id=enrolment))


async def join(acme: Acme, enrolment: str, person: str) -> None:
    await acme.do(join_enrolment, JoinEnrolment(enrolment_id=enrolment, person_id=person))


async def test_the_enrolment_keeps_its_access_and_the_person_loses_it(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada", email="ada@acme.test")
    enrolment = await enrolled(acme, ada)
    await acme.grant(ada, door)
    parted = await part(acme, enrolment)
    assert await acme.may(parted.person.id, door)
    assert not await acme.may(ada, door)
    assert (parted.person.name, parted.person.email) == ("Ada", None)
    assert parted.enrolment.person_id == parted.person.id


async def test_joined_again_the_person_opens_what_only_the_parting_shut(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    enrolment = await enrolled(acme, ada)
    await acme.grant(ada, door)
    parted = await part(acme, enrolment)
    await join(acme, enrolment, ada)
    assert await acme.may(ada, door)
    assert not await acme.may(parted.person.id, door)


async def test_another_person_may_join_and_every_no_of_that_person_binds(acme: Acme) -> None:
    front, back = await acme.door("front"), await acme.door("back")
    ada, bob = await acme.person("Ada"), await acme.person("Bob")
    enrolment = await enrolled(acme, ada)
    await acme.grant(ada, front)
    await acme.grant(ada, back)
    await acme.revoke(bob, back)
    await part(acme, enrolment)
    await join(acme, enrolment, bob)
    assert await acme.may(bob, front)
    assert not await acme.may(bob, back)
    assert not await acme.may(ada, front)


async def test_what_was_revoked_before_stays_shut_to_both(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    enrolment = await enrolled(acme, ada)
    group = await acme.door_group(door)
    await acme.grant(ada, group)
    await acme.revoke(ada, door)
    parted = await part(acme, enrolment)
    assert not await acme.may(parted.person.id, door)
    await join(acme, enrolment, ada)
    assert not await acme.may(ada, door)


@pytest.mark.parametrize("cause", [BlockCause.OPERATOR, BlockCause.ACCESS_SWITCH, BlockCause.DIRECTORY])
async def test_a_block_on_the_person_stands_on_the_record_too(acme: Acme, cause: BlockCause) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    enrolment = await enrolled(acme, ada)
    await acme.grant(ada, door)
    await acme.do(place_block, PlaceBlock(subject=Subject(SubjectKind.PERSON, ada), cause=cause))
    parted = await part(acme, enrolment)
    assert await acme.why_not(parted.person.id, door) is DenyReason.BLOCKED


async def test_a_suspended_user_stays_suspended_and_the_person_does_not_come_in_by_a_team(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    enrolment = await enrolled(acme, ada)
    await acme.grant(ada, door)
    team = await acme.team(ada)
    await acme.grant(Holder.team(team), door)
    subject = Subject(SubjectKind.ENROLMENT, enrolment)
    await acme.do(place_block, PlaceBlock(subject=subject, cause=BlockCause.SUSPENSION))
    parted = await part(acme, enrolment)
    assert await acme.why_not(parted.person.id, door) is DenyReason.BLOCKED
    assert await acme.why_not(ada, door) is DenyReason.REVOKED


async def test_access_elsewhere_stays_with_the_person(acme: Acme) -> None:
    annex = await acme.another_site()
    here, there = await acme.door("here"), await acme.world.add_door("there", site_id=annex.id)
    ada = await acme.person("Ada")
    enrolment = await enrolled(acme, ada)
    await acme.grant(ada, here)
    await acme.grant(ada, there)
    both = await acme.door_group(here, there)
    await acme.grant(ada, both)
    parted = await part(acme, enrolment)
    assert await acme.may(ada, there)
    assert not await acme.may(parted.person.id, there)
    assert await acme.may(parted.person.id, here)


async def test_a_role_that_does_more_than_open_goes_to_nobody(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    enrolment = await enrolled(acme, ada)
    await acme.grant(ada, acme.site, Role.ADMINISTRATOR)
    parted = await part(acme, enrolment)
    assert not await acme.may(ada, door)
    assert not await acme.may(parted.person.id, door)


async def test_codes_given_at_the_site_live_on_and_a_key_leaves_the_phone(acme: Acme) -> None:
    ada, site = await acme.person("Ada"), acme.world.site_id
    enrolment = await enrolled(acme, ada)
    pin = await acme.do(
        give_credential, GiveCredential(person_id=ada, site_id=site, kind=CredentialKind.PIN, code="482913")
    )
    await acme.do(add_phone, AddPhone(person_id=ada))
    key = await acme.do(
        give_credential, GiveCredential(person_id=ada, site_id=site, kind=CredentialKind.MOBILE_KEY)
    )
    parted = await part(acme, enrolment)
    kept = await acme.read(lambda view: view.credentials.get(pin.id))
    off = await acme.read(lambda view: view.credentials.get(key.id))
    assert (kept.person_id, kept.state) == (parted.person.id, CredentialState.ACTIVE)
    assert (off.person_id, off.state, off.identifiers) == (parted.person.id, CredentialState.INACTIVE, ())
    left = await acme.read(lambda view: list_leftovers(view, ada))
    assert {one.id for one in left.known_codes} == {pin.id, key.id}


async def test_nobody_who_left_is_parted_and_nobody_who_left_joins(acme: Acme) -> None:
    ada, bob = await acme.person("Ada"), await acme.person("Bob")
    enrolment, other = await enrolled(acme, ada), await enrolled(acme, bob)
    await acme.revoke_everywhere(bob)
    with pytest.raises(PersonLeft):
        await part(acme, other)
    await part(acme, enrolment)
    with pytest.raises(PersonLeft):
        await join(acme, enrolment, bob)


async def test_nobody_parts_or_joins_the_own_record(acme: Acme) -> None:
    ada = await acme.person("Ada", email="ada@acme.test")
    enrolment = await enrolled(acme, ada)
    await acme.grant(ada, acme.everywhere, Role.ADMINISTRATOR)
    actor = await acme.account(ada)
    with pytest.raises(NotAllowed):
        await acme.do(part_enrolment, PartEnrolment(enrolment_id=enrolment), by=actor)
    await part(acme, enrolment)
    await acme.grant(ada, acme.everywhere, Role.ADMINISTRATOR)
    with pytest.raises(NotAllowed):
        await acme.do(join_enrolment, JoinEnrolment(enrolment_id=enrolment, person_id=ada), by=actor)


async def test_an_automation_parts_nothing(acme: Acme) -> None:
    enrolment = await enrolled(acme, await acme.person("Ada"))
    with pytest.raises(NotAllowed):
        await acme.do(part_enrolment, PartEnrolment(enrolment_id=enrolment), by=await acme.automation())


async def test_an_enrolment_with_a_person_is_not_joined_to_another(acme: Acme) -> None:
    enrolment, bob = await enrolled(acme, await acme.person("Ada")), await acme.person("Bob")
    with pytest.raises(Conflict):
        await join(acme, enrolment, bob)


async def test_somebody_enrolled_at_the_site_does_not_join_another_enrolment_there(acme: Acme) -> None:
    ada = await acme.person("Ada")
    enrolment = await enrolled(acme, ada)
    await part(acme, enrolment)
    await enrolled(acme, ada)
    with pytest.raises(AlreadyExists):
        await join(acme, enrolment, ada)


async def test_a_key_that_nobody_bears_makes_a_person_of_the_record(acme: Acme) -> None:
    enrolment = await enrolled(acme, await acme.person("Ada", external_key="ada"))
    parted = await part(acme, enrolment)
    wanted = JoinEnrolment(enrolment_id=enrolment, external_key="ada-2")
    person = await acme.do(join_enrolment, wanted)
    assert (person.id, person.external_key, person.parted_by) == (parted.person.id, "ada-2", None)


async def test_the_record_goes_with_its_enrolment(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    enrolment = await enrolled(acme, ada)
    await acme.grant(ada, door)
    parted = await part(acme, enrolment)
    await acme.do(end_enrolment, EndEnrolment(enrolment_id=enrolment))
    assert await acme.read(lambda view: view.people.get(parted.person.id)) is None
    assert not await acme.may(parted.person.id, door)


async def test_an_organization_wide_group_of_this_site_goes_along(acme: Acme) -> None:
    door, ada = await acme.door(), await acme.person("Ada")
    enrolment = await enrolled(acme, ada)
    group: Scope = await acme.door_group(door)
    await acme.grant(ada, group)
    parted = await part(acme, enrolment)
    assert await acme.may(parted.person.id, door)
    assert not await acme.may(ada, door)
