"""end_operator: an account and all its keys and sessions end."""

from dataclasses import dataclass

from rekey.domain.errors import NotFound
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.keys_for_others import end_sessions_for_others


@dataclass(frozen=True, slots=True, kw_only=True)
class EndOperator:
    operator_id: str


@operation(Permission.OPERATORS_WRITE)
async def end_operator(act: Act, wanted: EndOperator) -> int:
    """End an operator and say how many keys ended. Raises: NotFound."""
    await act.require(Scope.organization(act.work.organization_id))
    operator = await act.work.operators.get(wanted.operator_id)
    if operator is None:
        raise NotFound("operator", wanted.operator_id)
    keys = await act.work.keys.end_all(operator.id, act.now)
    keys += await end_sessions_for_others(act, operator.id)
    await act.work.operators.end(operator.id)
    await act.record(
        "operator.ended", person_id=operator.person_id, detail={"operator": operator.id, "keys": keys}
    )
    return keys


async def end_operator_of(act: Act, person_id: str) -> int:
    """End the person's operator within an act that records it; say how many keys and sessions ended."""
    operator = await act.work.operators.of_person(person_id)
    if operator is None:
        return 0
    keys = await act.work.keys.end_all(operator.id, act.now)
    keys += await end_sessions_for_others(act, operator.id)
    await act.work.operators.end(operator.id)
    return keys
