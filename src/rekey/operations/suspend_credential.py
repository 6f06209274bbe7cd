"""suspend_credential and resume_credential: a credential rests and comes back."""

from dataclasses import dataclass, replace

from rekey.domain.credential import Credential, CredentialState
from rekey.domain.errors import Conflict, NotFound
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.ports.repositories.doors import ChangeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendCredential:
    """`suspended` False resumes it."""

    credential_id: str
    suspended: bool


@operation(Permission.PEOPLE_WRITE)
async def suspend_credential(act: Act, wanted: SuspendCredential) -> Credential:
    """Suspend or resume a credential; repeating it is not an error. Raises: NotFound, Conflict (it has ended)."""
    await act.require(Scope.organization(act.work.organization_id))
    credential = await act.work.credentials.get(wanted.credential_id)
    if credential is None:
        raise NotFound("credential", wanted.credential_id)
    if credential.state is CredentialState.ENDED:
        raise Conflict("this credential has ended for good: issue a new one")
    state = CredentialState.SUSPENDED if wanted.suspended else CredentialState.ACTIVE
    changed = replace(credential, state=state)
    await act.work.credentials.replace(changed)
    await act.changed(ChangeKind.PERSON, credential.person_id)
    await act.record(
        "credential.suspended" if wanted.suspended else "credential.resumed",
        person_id=credential.person_id,
        detail={"credential": credential.id, "kind": credential.kind.value},
    )
    return changed
