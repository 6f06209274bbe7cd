"""remove_people: many profiles go in one act, or none."""

from dataclasses import dataclass

from rekey.domain.errors import Invalid
from rekey.domain.journal import JsonValue
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.find import find_person
from rekey.operations.remove_person import (
    PersonRemoved,
    RemovePerson,
    remove_within,
    removed_line,
    require_removal,
)

MAX_PEOPLE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovePeople:
    """Up to 1,000 people; the same id counts once."""

    person_ids: tuple[str, ...]
    cascade: bool = False
    reason: str = ""


@operation(Permission.PEOPLE_WRITE)
async def remove_people(act: Act, wanted: RemovePeople) -> tuple[PersonRemoved, ...]:
    """Remove several people as `remove_person` does, each with a revocation and a receipt of its own.

    Raises: NotFound (one who is unknown or removed already: nobody is removed then), NotAllowed, LastOwner,
    Invalid (person_ids).
    """
    person_ids = sorted(set(wanted.person_ids))
    if not 1 <= len(person_ids) <= MAX_PEOPLE:
        raise Invalid("person_ids", f"must be from 1 to {MAX_PEOPLE}")
    await act.require(Scope.organization(act.work.organization_id))
    # Asked for everybody before anything changes: whoever removes himself keeps the power for this act.
    people = [await find_person(act.work, person_id) for person_id in person_ids]
    for person in people:
        await require_removal(act, person.id)
    removed = tuple(
        [
            await remove_within(
                act, person, RemovePerson(person_id=person.id, cascade=wanted.cascade, reason=wanted.reason)
            )
            for person in people
        ]
    )
    await act.record("people.removed", detail={"removed": [_line(one) for one in removed]})
    return removed


def _line(removed: PersonRemoved) -> JsonValue:
    return {"person": removed.person.id, "email": removed.person.email, **removed_line(removed)}
