"""keep_account_key: the key pair that the server holds for a person whom a wire API shows with one."""

from dataclasses import dataclass

from rekey.domain.credential import Credential, CredentialKind
from rekey.domain.ids import CredentialId, PersonId
from rekey.operations.act import Act, operation
from rekey.operations.find import find_person
from rekey.operations.leavers import refuse_leaver
from rekey.ports.listing import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepAccountKey:
    """A fresh pair: the private half comes sealed, and the fingerprint is that of the public half."""

    person_id: str
    fingerprint: str
    public_part: bytes
    sealed_part: bytes


@operation(None)
async def keep_account_key(act: Act, wanted: KeepAccountKey) -> Credential:
    """Keep the pair as the person's account key, or give the one that the person has. Raises: NotFound, PersonLeft."""
    act.waive("the key opens nothing, and nobody is given its private half who did not sign in as the person")
    person = await find_person(act.work, wanted.person_id)
    held = await act.work.credentials.list(
        Part(limit=1), person_id=person.id, kind=CredentialKind.ACCOUNT_KEY
    )
    if held.items:
        act.work.keep_books()
        return held.items[0]
    await refuse_leaver(act, person.id)
    credential = Credential(
        id=CredentialId(act.new_id()),
        number=act.next_number(),
        person_id=PersonId(person.id),
        kind=CredentialKind.ACCOUNT_KEY,
        fingerprint=wanted.fingerprint,
        public_part=wanted.public_part,
        sealed_part=wanted.sealed_part,
        created_at=act.now,
    )
    await act.work.credentials.add(credential)
    await act.record(
        "credential.issued",
        person_id=person.id,
        detail={"credential": credential.id, "kind": credential.kind.value, "label": ""},
    )
    return credential
