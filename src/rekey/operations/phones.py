"""add_phone and deactivate_phone: what carries a person's keys."""

from dataclasses import dataclass, field, replace

from rekey.domain.credential import Credential, CredentialKind, CredentialState
from rekey.domain.document import Document, DocumentBody, DocumentKind, merged
from rekey.domain.errors import NotFound
from rekey.domain.grant import Holder
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.end_credential import end_within
from rekey.operations.find import find_person
from rekey.operations.give_credential import put_part
from rekey.operations.given_with import CARRIER, SHARED
from rekey.operations.issue_credential import note_change
from rekey.operations.leavers import refuse_leaver
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.people import CredentialFilter
from rekey.ports.store import View


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPhone:
    """`body` is what a wire API shows of the phone."""

    person_id: str
    body: DocumentBody = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeactivatePhone:
    phone_id: str


@operation(Permission.PEOPLE_WRITE)
async def add_phone(act: Act, wanted: AddPhone) -> Document:
    """Add a phone; the keys of its person that wait for one are put on it. Raises: NotFound, PersonLeft."""
    await act.require(Scope.organization(act.work.organization_id))
    await find_person(act.work, wanted.person_id)
    await refuse_leaver(act, wanted.person_id)
    phone = Document(
        id=act.new_id(),
        number=act.next_number(),
        kind=DocumentKind.PHONE,
        parent_id=wanted.person_id,
        body=merged({}, wanted.body),
        created_at=act.now,
        updated_at=act.now,
    )
    await act.work.documents.add(phone)
    issued = await _issue(act, phone)
    await act.record(
        "phone.added",
        person_id=wanted.person_id,
        detail={"document": phone.id, "issued": [one.id for one in issued]},
    )
    return phone


@operation(Permission.PEOPLE_WRITE)
async def deactivate_phone(act: Act, wanted: DeactivatePhone) -> Document:
    """End a phone that was lost, with the keys on it. Raises: NotFound."""
    await act.require(Scope.organization(act.work.organization_id))
    phone = await find_phone(act.work, wanted.phone_id)
    ended = await keys_on(act.work, phone.id)
    for credential in ended:
        await end_within(act, credential)
    await act.work.documents.end(phone.id, act.now)
    await act.record(
        "phone.ended",
        person_id=phone.parent_id,
        detail={"document": phone.id, "credentials": [one.id for one in ended]},
    )
    return phone


async def find_phone(view: View, phone_id: str) -> Document:
    """Find a phone of somebody who is still here. Raises: NotFound."""
    phone = await view.documents.get(DocumentKind.PHONE, phone_id)
    if phone is None or await view.people.get(phone.parent_id or "") is None:
        raise NotFound("phone", phone_id)
    return phone


async def keys_on(view: View, phone_id: str) -> tuple[Credential, ...]:
    """Give the keys that a phone carries."""
    matching = CredentialFilter(identifier=(CARRIER, phone_id))
    return (await view.credentials.list(WHOLE, matching=matching)).items


async def _issue(act: Act, phone: Document) -> list[Credential]:
    """Put the waiting keys of the phone's person on it: each key on one phone, a shared one on every phone."""
    matching = CredentialFilter(
        holder=Holder.person(phone.parent_id or ""), states=(CredentialState.INACTIVE,)
    )
    waiting = await act.work.credentials.list(WHOLE, kind=CredentialKind.MOBILE_KEY, matching=matching)
    issued = []
    for credential in waiting.items:
        if credential.identifiers == SHARED:
            issued.append(await put_part(act, credential, phone.id))
            continue
        ready = replace(
            credential,
            state=CredentialState.ACTIVE,
            activated_at=act.now,
            identifiers=((CARRIER, phone.id),),
        )
        await act.work.credentials.replace(ready)
        await note_change(act, ready)
        issued.append(ready)
    return issued
