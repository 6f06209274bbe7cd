"""activate_credential: a credential begins to count, or rests until it is activated again."""

from dataclasses import dataclass, replace

from rekey.domain.credential import Credential, CredentialState
from rekey.domain.errors import Conflict
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.find import find_credential
from rekey.operations.holders import refuse_gone
from rekey.operations.issue_credential import credential_line, note_change
from rekey.operations.waiting_credentials import stop_waiting

_TURNS = frozenset({CredentialState.ACTIVE, CredentialState.INACTIVE})


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivateCredential:
    """`active` False lets it rest."""

    credential_id: str
    active: bool = True


@operation(Permission.PEOPLE_WRITE)
async def activate_credential(act: Act, wanted: ActivateCredential) -> Credential:
    """Activate or deactivate a credential that has a holder; repeating it is not an error.

    Raises: NotFound, PersonLeft, Conflict (it is suspended, or nobody holds it).
    """
    await act.require(Scope.organization(act.work.organization_id))
    credential = await find_credential(act.work, wanted.credential_id)
    turned = await activate_within(act, credential, active=wanted.active)
    await act.record(
        "credential.activated" if wanted.active else "credential.deactivated",
        person_id=turned.person_id,
        detail=credential_line(turned),
    )
    return turned


async def activate_within(act: Act, credential: Credential, *, active: bool) -> Credential:
    """Turn a credential on or off within an act that records it. Raises: as `activate_credential`."""
    if credential.holder is None:
        raise Conflict("nobody holds this credential: assign it first")
    if credential.state not in _TURNS:
        raise Conflict(f"this credential is {credential.state.value}")
    await refuse_gone(act, credential.holder)
    await stop_waiting(act, credential.id)
    state = CredentialState.ACTIVE if active else CredentialState.INACTIVE
    if state is credential.state:
        return credential
    turned = replace(
        credential,
        state=state,
        activated_at=act.now if active else None,
        deactivated_at=None if active else act.now,
        changed_at=act.now,
    )
    await act.work.credentials.replace(turned)
    await note_change(act, turned)
    return turned
