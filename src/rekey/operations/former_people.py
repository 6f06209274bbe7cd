"""That an automation which adds somebody anew lifts no operator's "no"; part of several operations."""

from rekey.domain.ids import PersonId, RevocationId
from rekey.domain.people import Person
from rekey.domain.revocation import Revocation
from rekey.domain.scope import Scope
from rekey.operations.act import Act
from rekey.operations.leavers import note_conflict
from rekey.ports.listing import WHOLE


async def removed_before(act: Act, email: str | None) -> Person | None:
    """Give who had this address last and was removed; to be asked before somebody else gets it."""
    former = None if email is None else await act.work.people.last_with_email(email)
    if former is None or await act.work.people.get(former.id) is not None:
        return None
    return former


async def carry_revocation(act: Act, person: Person, former: Person | None) -> Revocation | None:
    """Give a person whom an automation adds the revocation of the one whom an operator removed.

    Nothing else is handed on: an operator's new grant counts at once, what an automation gives does not.
    """
    if not act.actor.is_automation or former is None:
        return None
    everywhere = Scope.organization(act.work.organization_id)
    listed = await act.work.revocations.list(WHOLE, person_id=former.id)
    by_operator = [one for one in listed.items if one.scope == everywhere and not one.by_automation]
    if not by_operator:
        return None
    carried = Revocation(
        id=RevocationId(act.new_id()),
        person_id=PersonId(person.id),
        scope=everywhere,
        position=act.position,
        by_automation=False,
        revoked_by=by_operator[0].revoked_by,
        via=by_operator[0].via,
        reason=f"was removed before (revocation {by_operator[0].id})",
        at=act.now,
    )
    await act.work.revocations.add(carried)
    await note_conflict(act, person.id, "to be added anew", by_operator[0].id)
    return carried
