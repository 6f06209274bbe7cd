"""reinstate_person: a person who left may be granted access again."""

from dataclasses import dataclass

from rekey.domain.errors import NotAllowed, NotFound
from rekey.domain.people import Person
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.find import find_person
from rekey.operations.leavers import leaver_block, refuse_own_return


@dataclass(frozen=True, slots=True, kw_only=True)
class ReinstatePerson:
    person_id: str
    reason: str = ""


@operation(Permission.GRANTS_WRITE)
async def reinstate_person(act: Act, wanted: ReinstatePerson) -> Person:
    """Lift the block of a leaver; no old access comes back, new grants count again.

    Raises: NotFound (also when the person did not leave), NotAllowed (an automation, or oneself).
    """
    everywhere = Scope.organization(act.work.organization_id)
    await act.require(everywhere)
    person = await find_person(act.work, wanted.person_id)
    if act.actor.is_automation:
        raise NotAllowed("an automation may not reinstate a person: an operator must")
    await refuse_own_return(act, person.id, everywhere)
    block = await leaver_block(act, person.id)
    if block is None:
        raise NotFound("leaver", person.id)
    await act.work.blocks.lift(block.id)
    await act.record(
        "person.reinstated",
        person_id=person.id,
        detail={"revocation": block.revocation_id, "reason": wanted.reason},
    )
    return person
