"""edit_own_profile: a person says how to be called."""

from dataclasses import dataclass, replace

from rekey.domain.errors import NotFound
from rekey.domain.people import Person
from rekey.operations.act import Act, operation
from rekey.operations.authority import signed_in
from rekey.operations.find import find_person
from rekey.operations.texts import clean_name


@dataclass(frozen=True, slots=True, kw_only=True)
class EditOwnProfile:
    name: str


@operation(None)
async def edit_own_profile(act: Act, wanted: EditOwnProfile) -> Person:
    """Change the caller's own name. Raises: Invalid (name), NotFound for an account that is no person's."""
    act.waive("everybody may say how to be called; it changes no access")
    operator, _key = await signed_in(act.work, act.actor, act.now)
    if operator.person_id is None:
        raise NotFound("person", operator.id)
    person = await find_person(act.work, operator.person_id)
    edited = replace(person, name=clean_name(wanted.name), updated_at=act.now)
    await act.work.people.replace(edited)
    await act.record("person.edited", person_id=person.id, detail={"name": edited.name})
    return edited
