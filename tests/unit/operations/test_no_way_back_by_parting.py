"""Whatever happened before, nobody opens by a parting or a joining what was shut, neither person nor record."""

import random

import pytest

from rekey.domain.block import BlockCause, Subject, SubjectKind
from rekey.domain.grant import Holder
from rekey.domain.scope import Scope
from rekey.domain.validity import Validity
from rekey.operations.edit_enrolment import EditEnrolment, edit_enrolment
from rekey.operations.enrol_person import EnrolPerson, enrol_person
from rekey.operations.join_enrolment import JoinEnrolment, join_enrolment
from rekey.operations.part_enrolment import PartEnrolment, part_enrolment
from rekey.operations.place_block import PlaceBlock, place_block
from tests.unit.operations.acme import Acme

pytestmark = pytest.mark.anyio
CAUSES = (BlockCause.OPERATOR, BlockCause.ACCESS_SWITCH, BlockCause.DIRECTORY)


async def opened(acme: Acme, person: str, doors: list[str]) -> set[str]:
    return {door for door in doors if await acme.may(person, door)}


async def something_happens(
    acme: Acme, chance: random.Random, who: tuple[str, str], places: list[Scope]
) -> None:
    """Give, revoke, block, suspend or bound something, as chance has it, to a person and an enrolment."""
    (ada, enrolment), place = who, chance.choice(places)
    what = chance.randrange(12)
    if what < 5:
        await acme.grant(ada, place)
    elif what < 7:
        await acme.grant(Holder.team(await acme.team(ada)), place)
    elif what < 9:
        narrow = chance.choice([one for one in places if one.kind.value in {"door", "site"}])
        await acme.revoke(ada, narrow)
    elif what == 9:
        cause = chance.choice(CAUSES)
        await acme.do(place_block, PlaceBlock(subject=Subject(SubjectKind.PERSON, ada), cause=cause))
    elif what == 10:
        subject = Subject(SubjectKind.ENROLMENT, enrolment)
        await acme.do(place_block, PlaceBlock(subject=subject, cause=BlockCause.SUSPENSION))
    else:
        over = Validity(end=acme.clock.now())
        await acme.do(edit_enrolment, EditEnrolment(enrolment_id=enrolment, validity=over))


@pytest.mark.parametrize("seed", range(12))
async def test_parting_and_joining_open_nothing_that_was_shut(acme: Acme, seed: int) -> None:
    chance = random.Random(seed)
    annex = await acme.another_site()
    here = [await acme.door(f"here {number}") for number in range(2)]
    doors = [*here, await acme.world.add_door("there", site_id=annex.id)]
    groups = [await acme.door_group(*here), await acme.door_group(*doors)]
    places = [*map(Scope.door, doors), acme.site, annex, *groups]
    ada = await acme.person("Ada")
    enrolment = (await acme.do(enrol_person, EnrolPerson(person_id=ada, site_id=acme.world.site_id))).id
    for _act in range(chance.randrange(2, 9)):
        await something_happens(acme, chance, (ada, enrolment), places)
    before = await opened(acme, ada, doors)
    parted = await acme.do(part_enrolment, PartEnrolment(enrolment_id=enrolment))
    assert await opened(acme, parted.person.id, doors) <= before & set(here)
    assert await opened(acme, ada, doors) <= before - set(here)
    if chance.random() < 0.5:
        await acme.revoke(ada, chance.choice(here))
    kept = await opened(acme, ada, doors) | await opened(acme, parted.person.id, doors)
    await acme.do(join_enrolment, JoinEnrolment(enrolment_id=enrolment, person_id=ada))
    assert await opened(acme, ada, doors) <= kept
    assert await opened(acme, parted.person.id, doors) == set()
