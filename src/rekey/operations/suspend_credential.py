"""suspend_credential and resume_credential: a credential rests and comes back."""

from dataclasses import dataclass, replace

from rekey.domain.credential import Credential, CredentialKind, CredentialState
from rekey.domain.errors import Conflict, NotFound
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.given_with import parts_of, web_keys_with
from rekey.operations.issue_credential import credential_line, note_change


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendCredential:
    """`suspended` False resumes it."""

    credential_id: str
    suspended: bool


@operation(Permission.PEOPLE_WRITE)
async def suspend_credential(act: Act, wanted: SuspendCredential) -> Credential:
    """Suspend or resume a credential, and what was given with it; repeating it is not an error.

    What rested before, or was suspended by itself, is not resumed with it. Raises: NotFound, Conflict (it has
    ended).
    """
    await act.require(Scope.organization(act.work.organization_id))
    credential = await act.work.credentials.get(wanted.credential_id)
    if credential is None:
        raise NotFound("credential", wanted.credential_id)
    if credential.state is CredentialState.ENDED:
        raise Conflict("this credential has ended for good: issue a new one")
    changed = credential
    if wanted.suspended != (credential.state is CredentialState.SUSPENDED):
        for part in await _resting_with(act, credential, suspended=wanted.suspended):
            await _turn(act, part, suspended=wanted.suspended)
        changed = await _turn(act, credential, suspended=wanted.suspended)
    await act.record(
        "credential.suspended" if wanted.suspended else "credential.resumed",
        person_id=credential.person_id,
        detail=credential_line(credential),
    )
    return changed


async def _resting_with(act: Act, credential: Credential, *, suspended: bool) -> list[Credential]:
    """Give what was given with a credential and rests, or comes back, with it: it rested from the same act on."""
    parts = (*await parts_of(act.work, credential), *await web_keys_with(act.work, credential))
    if suspended:
        return [part for part in parts if part.state is CredentialState.ACTIVE]
    return [
        part
        for part in parts
        if part.state is CredentialState.SUSPENDED and part.deactivated_at == credential.deactivated_at
    ]


async def _turn(act: Act, credential: Credential, *, suspended: bool) -> Credential:
    changed = replace(
        credential,
        state=_state(credential, suspended=suspended),
        deactivated_at=act.now if suspended else None,
        changed_at=act.now,
    )
    await act.work.credentials.replace(changed)
    await note_change(act, changed)
    return changed


def _state(credential: Credential, *, suspended: bool) -> CredentialState:
    """Give the state to come; what was never assigned or activated is not so by being resumed."""
    if suspended:
        return CredentialState.SUSPENDED
    if credential.holder is None:
        return CredentialState.UNASSIGNED
    waits = credential.kind is CredentialKind.CARD and credential.activated_at is None
    return CredentialState.INACTIVE if waits else CredentialState.ACTIVE
