"""end_credential: a card, key, code or link stops working for good."""

from dataclasses import dataclass, replace

from rekey.domain.credential import Credential, CredentialState
from rekey.domain.errors import NotFound
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.doors import ChangeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class EndCredential:
    credential_id: str


@operation(Permission.PEOPLE_WRITE)
async def end_credential(act: Act, wanted: EndCredential) -> Credential:
    """End a credential. Raises: NotFound, also for one that has ended."""
    await act.require(Scope.organization(act.work.organization_id))
    credential = await act.work.credentials.get(wanted.credential_id)
    if credential is None or credential.state is CredentialState.ENDED:
        raise NotFound("credential", wanted.credential_id)
    ended = await _end(act, credential)
    await act.changed(ChangeKind.PERSON, credential.person_id)
    await act.record(
        "credential.ended",
        person_id=credential.person_id,
        detail={"credential": credential.id, "kind": credential.kind.value},
    )
    return ended


async def end_credentials_of(act: Act, person_id: str) -> int:
    """End every credential of the person, whatever its kind, within an act that records it."""
    listed = await act.work.credentials.list(WHOLE, person_id=person_id)
    for credential in listed.items:
        await _end(act, credential)
    return len(listed.items)


async def _end(act: Act, credential: Credential) -> Credential:
    ended = replace(credential, state=CredentialState.ENDED, ended_at=act.now)
    await act.work.credentials.replace(ended)
    return ended
