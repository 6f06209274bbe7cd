"""issue_credential: a person gets a card, key, code or link."""

from dataclasses import dataclass

from rekey.domain.credential import Credential, CredentialKind
from rekey.domain.errors import Invalid
from rekey.domain.ids import CredentialId, PersonId
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.domain.validity import ALWAYS, Validity
from rekey.operations.act import Act, operation
from rekey.operations.find import find_person
from rekey.operations.leavers import refuse_leaver
from rekey.operations.texts import clean_text
from rekey.ports.repositories.doors import ChangeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueCredential:
    """`fingerprint` is how the credential is found when presented; secrets come in hashed or sealed."""

    person_id: str
    kind: CredentialKind
    fingerprint: str
    label: str = ""
    public_part: bytes = b""
    sealed_part: bytes = b""
    validity: Validity = ALWAYS


@operation(Permission.PEOPLE_WRITE)
async def issue_credential(act: Act, wanted: IssueCredential) -> Credential:
    """Issue a credential. Raises: NotFound, PersonLeft, Invalid, AlreadyExists (fingerprint)."""
    await act.require(Scope.organization(act.work.organization_id))
    credential = await put_credential(act, wanted)
    await act.record(
        "credential.issued",
        person_id=credential.person_id,
        detail={"credential": credential.id, "kind": credential.kind.value, "label": credential.label},
    )
    return credential


@operation(None)
async def enrol_own_key(act: Act, wanted: IssueCredential) -> Credential:
    """Issue a signing key to the person who is signed in. Raises: as `issue_credential`, NotFound for others."""
    operator = await act.work.operators.get(act.actor.operator_id)
    if operator is None or operator.person_id != wanted.person_id:
        raise Invalid("person_id", "must be the person who is signed in")
    act.waive("everybody may enrol a key for himself; it opens nothing without a grant")
    credential = await put_credential(act, wanted)
    await act.record(
        "credential.issued",
        person_id=credential.person_id,
        detail={"credential": credential.id, "kind": credential.kind.value, "label": credential.label},
    )
    return credential


async def put_credential(act: Act, wanted: IssueCredential) -> Credential:
    """Store a new credential within an act that records it. Raises: as `issue_credential`."""
    if not wanted.fingerprint:
        raise Invalid("fingerprint", "must not be empty")
    person = await find_person(act.work, wanted.person_id)
    await refuse_leaver(act, person.id)
    credential = Credential(
        id=CredentialId(act.new_id()),
        number=act.next_number(),
        person_id=PersonId(person.id),
        kind=wanted.kind,
        fingerprint=wanted.fingerprint,
        label=clean_text(wanted.label, "label", limit=200),
        public_part=wanted.public_part,
        sealed_part=wanted.sealed_part,
        validity=wanted.validity,
        created_at=act.now,
    )
    await act.work.credentials.add(credential)
    await act.changed(ChangeKind.PERSON, person.id)
    return credential
