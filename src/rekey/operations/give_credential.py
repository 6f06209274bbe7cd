"""give_credential, hand_credential, edit_given: a credential at a site, with the doors that it opens."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from rekey.domain.card import CardType
from rekey.domain.credential import (
    Credential,
    CredentialKind,
    mark_of_credential,
    mark_of_site,
    site_of_mark,
)
from rekey.domain.document import DocumentKind
from rekey.domain.errors import Conflict, Invalid
from rekey.domain.grant import Holder
from rekey.domain.journal import JsonValue
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.domain.validity import ALWAYS, Validity
from rekey.operations.act import Act, operation
from rekey.operations.assign_credential import AssignCredential, held_by
from rekey.operations.edit_credential import EditCredential, edit_within
from rekey.operations.edit_grant import EditGrant, edit_grant_within
from rekey.operations.encoding import encoding_of, note_stale
from rekey.operations.enrol_person import ensure_enrolled
from rekey.operations.find import find_credential, find_door, find_person, find_site
from rekey.operations.given_with import CARRIER, PART_OF, SHARED, grants_with
from rekey.operations.grant_access import NewGrant, give_within
from rekey.operations.imprints import card_imprint, pin_imprint
from rekey.operations.issue_credential import NewCredential, credential_line, hold_credential, note_change
from rekey.operations.leavers import refuse_in_name_of, refuse_leaver
from rekey.operations.pins import TRIES, random_digits
from rekey.ports.listing import WHOLE

GIVEN_KINDS = frozenset(
    {CredentialKind.PIN, CredentialKind.CARD, CredentialKind.MOBILE_KEY, CredentialKind.LINK}
)
_DIGITS = 6
_SECRET = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveCredential:
    """A credential for a person at a site, which opens these doors there, or with none what the person may.

    `code` is the PIN that is asked for; without one it is chosen. `shared` is a key that every phone of the
    person gets a part of.
    """

    person_id: str
    site_id: str
    kind: CredentialKind
    door_ids: frozenset[str] = frozenset()
    validity: Validity = ALWAYS
    code: str | None = field(default=None, repr=False)
    shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HandCredential:
    """A credential that nobody holds gets this person, with the doors that it is limited to."""

    credential_id: str
    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditGiven:
    """None leaves the PIN or the end as it is."""

    credential_id: str
    code: str | None = field(default=None, repr=False)
    end: datetime | None = None


@operation(Permission.GRANTS_WRITE)
async def give_credential(act: Act, wanted: GiveCredential) -> Credential:
    """Give a person a credential with grants at its doors; the grants end with it. The person is enrolled.

    A card opens nothing until it is encoded, a key on a phone until there is a phone.
    Raises: NotFound, Gone, PersonLeft, NotAllowed, Invalid, AlreadyExists (the PIN), Conflict (no PIN is free).
    """
    await act.require(Scope.organization(act.work.organization_id), Permission.PEOPLE_WRITE)
    if wanted.kind not in GIVEN_KINDS:
        raise Invalid("kind", "must be one that doors read")
    await find_person(act.work, wanted.person_id)
    await find_site(act.work, wanted.site_id)
    await _check_doors(act, wanted.door_ids, wanted.site_id)
    known = await act.work.enrolments.at(wanted.person_id, wanted.site_id)
    enrolment = await ensure_enrolled(act, wanted.person_id, wanted.site_id)
    credential = await hold_credential(act, await _new(act, wanted), Holder.person(wanted.person_id))
    parts = await _parts(act, credential, await phones_of(act, wanted.person_id)) if wanted.shared else ()
    await _give_doors(act, credential, wanted.person_id)
    await act.record(
        "credential.given",
        person_id=wanted.person_id,
        site_id=wanted.site_id,
        detail={
            **credential_line(credential),
            "issued": [one.id for one in (credential, *parts) if one.activated_at is not None],
            "enrolments": [] if known is not None else [enrolment.id],
        },
    )
    return credential


@operation(Permission.GRANTS_WRITE)
async def hand_credential(act: Act, wanted: HandCredential) -> Credential:
    """Give a credential that nobody holds to a person, with grants at its doors; repeating it is no error.

    Raises: NotFound, PersonLeft, NotAllowed, Conflict (another holder has it, or it is suspended).
    """
    await act.require(Scope.organization(act.work.organization_id), Permission.PEOPLE_WRITE)
    credential = await find_credential(act.work, wanted.credential_id)
    site_id = site_of_mark(credential.origin)
    known = None if site_id is None else await act.work.enrolments.at(wanted.person_id, site_id)
    handed = await hand_within(act, credential, wanted.person_id)
    enrolled = None if site_id is None else await act.work.enrolments.at(wanted.person_id, site_id)
    made: list[JsonValue] = [] if known is not None or enrolled is None else [enrolled.id]
    await act.record(
        "credential.handed",
        person_id=wanted.person_id,
        site_id=site_id,
        detail={**credential_line(handed), "enrolments": made},
    )
    return handed


async def hand_within(act: Act, credential: Credential, person_id: str) -> Credential:
    """Give a credential its person within an act that records it. Raises: as `hand_credential`."""
    await find_person(act.work, person_id)
    await refuse_leaver(act, person_id)
    await refuse_in_name_of(act, person_id)
    holder = Holder.person(person_id)
    if credential.holder == holder:
        return credential
    if credential.holder is not None:
        raise Conflict("another holder has this credential: unassign it first")
    waits = credential.kind is CredentialKind.CARD and not (await encoding_of(act.work, credential)).done
    handed = held_by(
        act, credential, AssignCredential(credential_id=credential.id, holder=holder, inactive=waits)
    )
    await act.work.credentials.replace(handed)
    await note_change(act, handed)
    site_id = site_of_mark(credential.origin)
    if site_id is not None:
        await ensure_enrolled(act, person_id, site_id)
        await _give_doors(act, handed, person_id)
    return handed


@operation(Permission.GRANTS_WRITE)
async def edit_given(act: Act, wanted: EditGiven) -> Credential:
    """Change the PIN or the end of a credential, and the end of the grants that were given with it.

    A card that was encoded shows the old end until it is encoded again; what counts is what stands here.
    Raises: NotFound, PersonLeft, NotAllowed, Invalid, AlreadyExists (the PIN).
    """
    await act.require(Scope.organization(act.work.organization_id), Permission.PEOPLE_WRITE)
    credential = await find_credential(act.work, wanted.credential_id)
    edit = EditCredential.of(credential)
    if wanted.code is not None:
        if credential.kind is not CredentialKind.PIN:
            raise Invalid("code", "belongs to a PIN alone")
        made = pin_imprint(act.secrets, wanted.code)
        edit = replace(edit, fingerprint=made.fingerprint, sealed_part=made.sealed_part)
    if wanted.end is not None:
        if wanted.end <= act.now:
            raise Invalid("end", "must be in the future")
        edit = replace(edit, validity=Validity(start=credential.validity.start, end=wanted.end))
        for grant in await grants_with(act.work, credential):
            await act.require(grant.scope)
            terms = EditGrant(
                grant_id=grant.id,
                role=grant.role,
                validity=replace(grant.validity, end=wanted.end),
                schedule=grant.schedule,
            )
            await edit_grant_within(act, grant, terms)
    edited = await edit_within(act, credential, edit)
    await note_stale(act, edited)
    await act.record("credential.edited", person_id=edited.person_id, detail=credential_line(edited))
    return edited


async def phones_of(act: Act, person_id: str) -> list[str]:
    """Name the phones of a person."""
    listed = await act.work.documents.list(WHOLE, DocumentKind.PHONE, parent_id=person_id)
    return [phone.id for phone in listed.items]


async def put_part(act: Act, shared: Credential, phone_id: str) -> Credential:
    """Put a part of a shared key on a phone within an act that records it."""
    fingerprint = act.secrets.fingerprint(act.entropy.token_bytes(_SECRET).hex())
    new = NewCredential(
        kind=CredentialKind.MOBILE_KEY,
        fingerprint=fingerprint,
        identifiers=((CARRIER, phone_id), (PART_OF, shared.id)),
        door_ids=shared.door_ids,
        origin=shared.origin,
        validity=shared.validity,
    )
    return await hold_credential(act, new, shared.holder)


async def _parts(act: Act, shared: Credential, phone_ids: Iterable[str]) -> tuple[Credential, ...]:
    return tuple([await put_part(act, shared, phone_id) for phone_id in phone_ids])


async def _give_doors(act: Act, credential: Credential, person_id: str) -> None:
    """Give the person the doors of a credential, in its window, for as long as it stands."""
    if not credential.door_ids:
        return
    new = tuple(
        NewGrant(
            holder=Holder.person(person_id),
            scope=Scope.door(door_id),
            validity=credential.validity,
            origin=mark_of_credential(credential.id),
        )
        for door_id in sorted(credential.door_ids)
    )
    await give_within(act, new)


async def _check_doors(act: Act, door_ids: Iterable[str], site_id: str) -> None:
    for door_id in sorted(door_ids):
        if (await find_door(act.work, door_id)).site_id != site_id:
            raise Invalid("door_ids", "must be doors of the same site")


async def _new(act: Act, wanted: GiveCredential) -> NewCredential:
    """Make what is held: its secret, and whether it waits."""
    if wanted.code is not None and wanted.kind is not CredentialKind.PIN:
        raise Invalid("code", "belongs to a PIN alone")
    if wanted.shared and wanted.kind is not CredentialKind.MOBILE_KEY:
        raise Invalid("shared", "is for keys on phones alone")
    token = act.entropy.token_bytes(_SECRET).hex()
    new = NewCredential(
        kind=wanted.kind,
        fingerprint=act.secrets.fingerprint(token),
        door_ids=wanted.door_ids,
        origin=mark_of_site(wanted.site_id),
        validity=wanted.validity,
    )
    if wanted.kind is CredentialKind.PIN:
        made = pin_imprint(act.secrets, wanted.code or await _free(act, wanted.door_ids))
        return replace(new, fingerprint=made.fingerprint, sealed_part=made.sealed_part)
    if wanted.kind is CredentialKind.CARD:
        card = card_imprint(act.secrets, CardType.DESFIRE, {"token": token})
        return replace(
            new,
            fingerprint=card.fingerprint,
            sealed_part=card.sealed_part,
            card_type=CardType.DESFIRE.value,
            identifiers=(("token", card.fingerprint),),
            inactive=True,
        )
    if wanted.kind is CredentialKind.MOBILE_KEY and not wanted.shared:
        phones = await phones_of(act, wanted.person_id)
        return replace(new, inactive=not phones, identifiers=((CARRIER, phones[0]),) if phones else ())
    return replace(new, inactive=wanted.shared, identifiers=SHARED if wanted.shared else ())


async def _free(act: Act, door_ids: frozenset[str]) -> str:
    """Make a PIN that no other credential at these doors has. Raises: Conflict."""
    for _turn in range(TRIES):
        digits = random_digits(act, _DIGITS)
        fingerprint = pin_imprint(act.secrets, digits).fingerprint
        alike = await act.work.credentials.sharing(CredentialKind.PIN, fingerprint)
        if all(one.door_ids and door_ids and one.door_ids.isdisjoint(door_ids) for one in alike):
            return digits
    raise Conflict("no code is free: end some first")
