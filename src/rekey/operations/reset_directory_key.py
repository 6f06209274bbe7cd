"""reset_directory_key: the directory gets a new key, and the old one is dead at once."""

from dataclasses import dataclass, replace

from rekey.domain.ids import OperatorId
from rekey.domain.operator import Key, KeyKind, Operator
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.issue_key import IssueKey, put_key, refuse_higher_operator
from rekey.ports.listing import WHOLE

DIRECTORY_OPERATOR = "SCIM directory"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetDirectoryKey:
    """`secret_fingerprint` is the Secrets port's hash of a secret that is shown once and kept nowhere."""

    secret_fingerprint: str
    hint: str = ""


@operation(Permission.OPERATORS_WRITE)
async def reset_directory_key(act: Act, wanted: ResetDirectoryKey) -> Key:
    """End every key of the directory and issue one that does not expire.

    Raises: NotAllowed (the directory may do more than the actor).
    """
    await act.require(Scope.organization(act.work.organization_id))
    held = (await act.work.keys.list(WHOLE, kind=KeyKind.SCIM)).items
    operator = await _directory_operator(act)
    await refuse_higher_operator(act, operator.id)
    for key in held:
        await act.work.keys.end(key.id, act.now)
    key = await put_key(
        act,
        IssueKey(
            operator_id=operator.id,
            kind=KeyKind.SCIM,
            name="directory key",
            via="scim",
            secret_fingerprint=wanted.secret_fingerprint,
            hint=wanted.hint,
        ),
    )
    state = await act.work.directory.get()
    await act.work.directory.save(replace(state, configured=False))
    await act.record("directory.key_reset", detail={"key": key.id, "ended_keys": [old.id for old in held]})
    return key


async def _directory_operator(act: Act) -> Operator:
    for operator in (await act.work.operators.list(WHOLE)).items:
        if operator.is_automation and operator.person_id is None and operator.name == DIRECTORY_OPERATOR:
            return operator
    operator = Operator(
        id=OperatorId(act.new_id()),
        number=act.next_number(),
        name=DIRECTORY_OPERATOR,
        is_automation=True,
        created_at=act.now,
    )
    await act.work.operators.add(operator)
    return operator
