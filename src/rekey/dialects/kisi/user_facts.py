"""Reading what the API shows of a user beside the profile."""

from collections.abc import Sequence
from datetime import datetime

from rekey.dialects.kisi.holders import groups_of
from rekey.dialects.kisi.notes import Notes, notes_of, notes_of_all
from rekey.dialects.kisi.people_shapes import UserFacts
from rekey.dialects.kisi.shapes import switches
from rekey.domain.block import Subject, SubjectKind
from rekey.domain.operator import Operator
from rekey.domain.people import Person
from rekey.ports.repositories.journal import JournalFilter
from rekey.ports.store import View

UNLOCKED = "door.opened"


async def facts_of(view: View, person: Person, now: datetime) -> UserFacts:
    blocks = await view.blocks.standing(Subject(SubjectKind.PERSON, person.id))
    return await _facts(view, person, await notes_of(view, person.id), switches(blocks, now))


async def facts_of_all(view: View, people: Sequence[Person], now: datetime) -> list[UserFacts]:
    """Give the facts of a page of people."""
    ids = [person.id for person in people]
    noted, standing = await notes_of_all(view, ids), await view.blocks.standing_on(SubjectKind.PERSON, ids)
    return [
        await _facts(view, person, noted[person.id], switches(standing.get(person.id, ()), now))
        for person in people
    ]


async def _facts(view: View, person: Person, noted: Notes, enabled: tuple[bool, bool]) -> UserFacts:
    operator = await view.operators.of_person(person.id)
    return UserFacts(
        enabled=enabled,
        organization_id=view.organization_id,
        has_account=operator is not None,
        has_second_factor=await has_second_factor(view, operator),
        groups=await groups_of(view, person.id),
        last_unlock=await last_unlock(view, person.id),
        notes=noted,
    )


async def has_second_factor(view: View, operator: Operator | None) -> bool:
    """Say whether a code is asked for when this account signs in."""
    factor = None if operator is None else await view.second_factors.get(operator.id)
    return factor is not None and factor.active_at is not None


async def last_unlock(view: View, person_id: str) -> datetime | None:
    """Give when a door last opened to the person, as the door itself confirmed."""
    rows = await view.journal.rows(
        limit=1, matching=JournalFilter(person_id=person_id, action=UNLOCKED), newest_first=True
    )
    return rows[0].row.at if rows else None
