"""remove_provisioned_person: the directory deletes somebody for good."""

from dataclasses import dataclass

from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.directory_switch import count_leaver
from rekey.operations.find import find_person
from rekey.operations.provisioned import provisioned_person
from rekey.operations.remove_person import PersonRemoved, RemovePerson, remove_person


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveProvisionedPerson:
    """`expected` is the revision that the removal was meant for."""

    person_id: str
    expected: str | None = None


@operation(Permission.PEOPLE_WRITE)
async def remove_provisioned_person(act: Act, wanted: RemoveProvisionedPerson) -> PersonRemoved | None:
    """Remove a person as `remove_person` does; None, and nothing done, if it was meant for an older revision.

    Raises: NotFound, NotAllowed, LastOwner.
    """
    await act.require(Scope.organization(act.work.organization_id))
    person = await find_person(act.work, wanted.person_id)
    before = await provisioned_person(act.work, person, act.now)
    if wanted.expected not in {None, before.revision}:
        act.work.keep_books()
        return None
    if before.active:
        await count_leaver(act)
    return await remove_person(act, RemovePerson(person_id=person.id, reason="deleted by the directory"))
