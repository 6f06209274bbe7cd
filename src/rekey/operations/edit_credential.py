"""edit_credential: new terms or a new secret for a credential."""

from dataclasses import dataclass, replace

from rekey.domain.credential import Credential
from rekey.domain.errors import Invalid, Unsupported
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.domain.validity import Validity
from rekey.operations.act import Act, operation
from rekey.operations.find import find_credential
from rekey.operations.issue_credential import check_limits, credential_line, note_change
from rekey.operations.leavers import refuse_in_name_of
from rekey.operations.texts import clean_text


@dataclass(frozen=True, slots=True, kw_only=True)
class EditCredential:
    """All as it shall be; `EditCredential.of` takes what stays from the credential."""

    credential_id: str
    label: str
    validity: Validity
    door_ids: frozenset[str]
    max_uses: int | None
    fingerprint: str
    sealed_part: bytes
    second_fingerprint: str
    second_sealed_part: bytes

    @classmethod
    def of(cls, credential: Credential) -> "EditCredential":
        return cls(
            credential_id=credential.id,
            label=credential.label,
            validity=credential.validity,
            door_ids=credential.door_ids,
            max_uses=credential.max_uses,
            fingerprint=credential.fingerprint,
            sealed_part=credential.sealed_part,
            second_fingerprint=credential.second_fingerprint,
            second_sealed_part=credential.second_sealed_part,
        )


@operation(Permission.PEOPLE_WRITE)
async def edit_credential(act: Act, wanted: EditCredential) -> Credential:
    """Change a credential; the holder and the state stay.

    Raises: NotFound, Gone (door), Invalid, AlreadyExists (fingerprint), NotAllowed (in another's name, by who
    is revoked somewhere or stands below), Unsupported (anything but the label of a computed PIN).
    """
    await act.require(Scope.organization(act.work.organization_id))
    credential = await find_credential(act.work, wanted.credential_id)
    if credential.holder is not None:
        await refuse_in_name_of(act, credential.person_id)
    edited = await edit_within(act, credential, wanted)
    detail = credential_line(edited)
    detail["new_secret"] = edited.fingerprint != credential.fingerprint
    await act.record("credential.edited", person_id=edited.person_id, detail=detail)
    return edited


async def edit_within(act: Act, credential: Credential, wanted: EditCredential) -> Credential:
    """Change a credential within an act that records it. Raises: as `edit_credential`."""
    if not wanted.fingerprint:
        raise Invalid("fingerprint", "must not be empty")
    if credential.computed and replace(wanted, label=credential.label) != EditCredential.of(credential):
        raise Unsupported("a lock works this code out by itself, so it can't be changed: give another one")
    await check_limits(act, credential.kind, wanted.door_ids - credential.door_ids, wanted.max_uses)
    edited = replace(
        credential,
        label=clean_text(wanted.label, "label", limit=200),
        validity=wanted.validity,
        door_ids=wanted.door_ids,
        max_uses=wanted.max_uses,
        fingerprint=wanted.fingerprint,
        sealed_part=wanted.sealed_part,
        second_fingerprint=wanted.second_fingerprint,
        second_sealed_part=wanted.second_sealed_part,
    )
    if edited != credential:
        edited = replace(edited, changed_at=act.now)
    await act.work.credentials.replace(edited)
    # Both, because the doors that it leaves must follow as well as those that it joins.
    await note_change(act, credential)
    await note_change(act, edited)
    return edited
