"""assign_credential and unassign_credential: a credential gets its holder, and loses it."""

from dataclasses import dataclass, replace

from rekey.domain.credential import READ_AT_DOORS, Credential, CredentialState
from rekey.domain.errors import Conflict, Invalid
from rekey.domain.grant import Holder, HolderKind
from rekey.domain.ids import LinkId, PersonId
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.find import find_credential
from rekey.operations.given_with import end_grants_with
from rekey.operations.holders import refuse_gone
from rekey.operations.imprints import Imprint
from rekey.operations.issue_credential import credential_line, note_change
from rekey.operations.leavers import refuse_in_name_of
from rekey.operations.waiting_credentials import stop_waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignCredential:
    """`inactive` lets it wait until the holder activates it; `second` is the PIN to be typed beside it."""

    credential_id: str
    holder: Holder
    inactive: bool = False
    second: Imprint | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnassignCredential:
    credential_id: str


@operation(Permission.PEOPLE_WRITE)
async def assign_credential(act: Act, wanted: AssignCredential) -> Credential:
    """Give a credential that nobody holds to a person or a link; repeating it is not an error.

    Raises: NotFound, PersonLeft, Conflict (another holder has it, or it is suspended), Invalid (holder),
    NotAllowed (in another's name, by who is revoked somewhere or stands below).
    """
    await act.require(Scope.organization(act.work.organization_id))
    credential = await find_credential(act.work, wanted.credential_id)
    if wanted.holder.kind is HolderKind.TEAM:
        raise Invalid("holder", "must be a person or a link")
    await refuse_gone(act, wanted.holder)
    await refuse_in_name_of(act, wanted.holder.id if wanted.holder.kind is HolderKind.PERSON else None)
    assigned = credential
    if credential.holder is None:
        assigned = held_by(act, credential, wanted)
        await act.work.credentials.replace(assigned)
        await note_change(act, assigned)
    elif credential.holder != wanted.holder:
        raise Conflict("another holder has this credential: unassign it first")
    await act.record(
        "credential.assigned",
        person_id=assigned.person_id,
        detail={**credential_line(assigned), "state": assigned.state.value},
    )
    return assigned


@operation(Permission.PEOPLE_WRITE)
async def unassign_credential(act: Act, wanted: UnassignCredential) -> Credential:
    """Take a credential from its holder; it opens nothing until somebody gets it.

    The PIN beside it goes with the holder, a suspension stays. Repeating it is not an error.
    Raises: NotFound, Invalid (a key that signs, which lives and ends with its person).
    """
    await act.require(Scope.organization(act.work.organization_id))
    credential = await find_credential(act.work, wanted.credential_id)
    if credential.kind not in READ_AT_DOORS:
        raise Invalid("credential_id", "must name a card, a code or a key that doors read: end it instead")
    free = credential
    if credential.holder is not None:
        free = await unassign_within(act, credential)
    await act.record(
        "credential.unassigned", person_id=credential.person_id, detail=credential_line(credential)
    )
    return free


async def unassign_within(act: Act, credential: Credential) -> Credential:
    """Take a credential from its holder within an act that records it."""
    await note_change(act, credential)
    await stop_waiting(act, credential.id)
    await end_grants_with(act, credential)
    suspended = credential.state is CredentialState.SUSPENDED
    free = replace(
        credential,
        person_id=None,
        link_id=None,
        second_fingerprint="",
        second_sealed_part=b"",
        activated_at=None,
        deactivated_at=None,
        changed_at=act.now,
        state=CredentialState.SUSPENDED if suspended else CredentialState.UNASSIGNED,
    )
    await act.work.credentials.replace(free)
    return free


def held_by(act: Act, credential: Credential, wanted: AssignCredential) -> Credential:
    """Give the credential as this holder's. Raises: Conflict (it is suspended)."""
    if credential.state is CredentialState.SUSPENDED:
        raise Conflict("this credential is suspended: resume it first")
    person = wanted.holder.kind is HolderKind.PERSON
    second = wanted.second
    return replace(
        credential,
        person_id=PersonId(wanted.holder.id) if person else None,
        link_id=None if person else LinkId(wanted.holder.id),
        second_fingerprint="" if second is None else second.fingerprint,
        second_sealed_part=b"" if second is None else second.sealed_part,
        state=CredentialState.INACTIVE if wanted.inactive else CredentialState.ACTIVE,
        activated_at=None if wanted.inactive else act.now,
        deactivated_at=None,
        changed_at=act.now,
    )
