"""Reading what the API shows of a user beside the profile."""

from collections.abc import Sequence
from datetime import datetime

from rekey.dialects.kisi.holders import groups_of
from rekey.dialects.kisi.notes import Notes, notes_of, notes_of_all
from rekey.dialects.kisi.people_shapes import UserFacts
from rekey.dialects.kisi.shapes import switches
from rekey.domain.block import Subject, SubjectKind
from rekey.domain.document import DocumentBody
from rekey.domain.operator import Operator
from rekey.domain.people import Person
from rekey.ports.repositories.journal import JournalFilter
from rekey.ports.store import View

UNLOCKED = "door.opened"


async def facts_of(view: View, person: Person, now: datetime) -> UserFacts:
    blocks = await view.blocks.standing(Subject(SubjectKind.PERSON, person.id))
    noted = await notes_of(view, person.id)
    written = await _directory_metadata(view, [person.id])
    return await _facts(view, person, _with_metadata(noted, written.get(person.id)), switches(blocks, now))


async def facts_of_all(view: View, people: Sequence[Person], now: datetime) -> list[UserFacts]:
    """Give the facts of a page of people."""
    ids = [person.id for person in people]
    noted, standing = await notes_of_all(view, ids), await view.blocks.standing_on(SubjectKind.PERSON, ids)
    written = await _directory_metadata(view, ids)
    return [
        await _facts(
            view,
            person,
            _with_metadata(noted[person.id], written.get(person.id)),
            switches(standing.get(person.id, ()), now),
        )
        for person in people
    ]


async def _directory_metadata(view: View, ids: Sequence[str]) -> dict[str, DocumentBody]:
    """Give the flat map that the directory keeps of each person; what is nested has no form here."""
    entries = await view.directory_entries.several(list(ids))
    kept = {id_: entry.attributes.get("metadata") for id_, entry in entries.items()}
    return {
        id_: {name: value for name, value in given.items() if not isinstance(value, dict | list)}
        for id_, given in kept.items()
        if isinstance(given, dict)
    }


def _with_metadata(noted: Notes, written: DocumentBody | None) -> Notes:
    """Show the directory's map, and over it what this API noted itself."""
    if not written:
        return noted
    own = noted.get("metadata")
    return {**noted, "metadata": {**written, **(own if isinstance(own, dict) else {})}}


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
