"""leave: a person deletes an own account, and with it every own access."""

from rekey.domain.errors import NotAllowed, NotFound
from rekey.operations.act import Act, operation
from rekey.operations.authority import signed_in
from rekey.operations.find import find_person
from rekey.operations.remove_person import PersonRemoved, RemovePerson, remove_within, removed_line

_WHY = "deleted the own account"


@operation(None)
async def leave(act: Act, _wanted: None) -> PersonRemoved:
    """Remove the caller: access, keys, sessions and profile.

    Raises: NotSignedIn, NotFound (a service), NotAllowed (a limited key, an application), LastOwner.
    """
    act.waive("everybody may leave; it only takes away what is one's own")
    operator, key = await signed_in(act.work, act.actor, act.now)
    if key is not None and (key.permissions is not None or key.consent_id is not None):
        raise NotAllowed("this key may not end the account")
    if operator.person_id is None:
        raise NotFound("person", operator.id)
    person = await find_person(act.work, operator.person_id)
    removed = await remove_within(act, person, RemovePerson(person_id=person.id, reason=_WHY))
    await act.record("person.removed", person_id=person.id, detail=removed_line(removed))
    return removed
