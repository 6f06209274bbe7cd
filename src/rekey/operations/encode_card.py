"""encode_card, scan_card, script_encoder: writing cards and reading them on a desk."""

from dataclasses import dataclass, replace

from rekey.domain.bundle import Bundle, Medium, MediumKind
from rekey.domain.card import CardType
from rekey.domain.credential import Credential, CredentialKind, CredentialState, mark_of_site
from rekey.domain.document import Document, DocumentBody, DocumentKind, merged
from rekey.domain.encoder import EncoderFault, Finding, Script, read_script, write_script
from rekey.domain.errors import Conflict, Invalid, NotFound
from rekey.domain.grant import Holder
from rekey.domain.journal import JournalRow, JsonValue
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.bundle_media import medium_line
from rekey.operations.bundle_parts import (
    bundle_line,
    find_medium,
    issue_line,
    media_of,
    places_of,
    reached,
)
from rekey.operations.encoding import encoding_of, note_encoded, written_here
from rekey.operations.enrol_person import ensure_enrolled
from rekey.operations.find import find_credential, find_person
from rekey.operations.give_credential import hand_within
from rekey.operations.imprints import card_imprint
from rekey.operations.issue_credential import NewCredential, hold_credential, note_change
from rekey.operations.leavers import refuse_in_name_of, refuse_leaver
from rekey.operations.write_over import write_over, written_over_line
from rekey.ports.store import View

_ENCODE, _SCAN, _CARD = "encode", "scan", "card"
# The card that the newest scan found: it lies there until the next write, which goes over it.
_LYING = "lying"
_UID, _TOKEN = 7, 32


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodeCard:
    """`reachable` says whether this server reaches encoders at all: the caller asks the server's settings."""

    encoder_id: str
    credential_id: str
    reachable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodeMedium:
    encoder_id: str
    medium_id: str
    reachable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanCard:
    """`assign_to` is the person that gets the card which is read; None only reads."""

    encoder_id: str
    reachable: bool
    assign_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptEncoder:
    """Decides the next write or the next read of an encoder, or with None takes such a decision back."""

    encoder_id: str
    encode: bool
    script: Script | None


@operation(Permission.PEOPLE_WRITE)
async def encode_card(act: Act, wanted: EncodeCard) -> JournalRow:
    """Write a credential to the card on an encoder, from when it counts; a failure is a row like a success.

    A credential is on one card: it is written again only after it has changed. What was on a card that is
    written over, because a scan had found it lying there, ends.
    Raises: NotFound, NotAllowed (a card in another's name, as for `issue_credential`), Invalid (credential_id:
    no card).
    """
    await act.require(Scope.organization(act.work.organization_id))
    encoder = await find_encoder(act.work, wanted.encoder_id)
    credential = await find_credential(act.work, wanted.credential_id)
    if credential.kind is not CredentialKind.CARD:
        raise Invalid("credential_id", "must be a card")
    if credential.holder is not None:
        await refuse_in_name_of(act, credential.person_id)
    before = await encoding_of(act.work, credential)
    script = await _take(act, encoder, _ENCODE, credential.id)
    fault = _encode_fault(wanted.reachable, script)
    if fault is None and (not written_here(credential) or (before.done and before.stale_since is None)):
        fault = EncoderFault.WRITTEN_BEFORE
    detail: dict[str, JsonValue] = {
        "encoder": encoder.id,
        "credential": credential.id,
        "origin": credential.origin,
        "again": before.done,
    }
    if fault is not None:
        detail["fault"] = fault.value
        return await act.record("card.encode_failed", person_id=credential.person_id, detail=detail)
    if credential.state is CredentialState.INACTIVE:
        credential = replace(credential, state=CredentialState.ACTIVE, activated_at=act.now)
        await act.work.credentials.replace(credential)
        await note_change(act, credential)
    await note_encoded(act, credential)
    detail |= await _write(act, encoder, credential)
    return await act.record("card.encoded", person_id=credential.person_id, detail=detail)


@operation(Permission.GRANTS_WRITE)
async def encode_medium(act: Act, wanted: EncodeMedium) -> JournalRow:
    """Write the card of a medium, which opens the bundle's doors in its window; a failure is a row like a success.

    Raises: NotFound, NotAllowed, PersonLeft, Invalid (medium_id: takes no card), Conflict (no door to open).
    """
    medium, bundle = await find_medium(act.work, wanted.medium_id)
    for scope in await places_of(act.work, bundle):
        await act.require(scope)
    await refuse_leaver(act, bundle.person_id)
    await refuse_in_name_of(act, bundle.person_id)
    encoder = await find_encoder(act.work, wanted.encoder_id)
    if medium.kind is not MediumKind.CARD:
        raise Invalid("medium_id", "must be one that takes a card")
    script = await _take(act, encoder, _ENCODE, medium.credential_id)
    fault = _encode_fault(wanted.reachable, script)
    if fault is None and medium.credential_id is not None and medium.issued_at is not None:
        fault = EncoderFault.WRITTEN_BEFORE
    detail: dict[str, JsonValue] = {"encoder": encoder.id, "medium": medium.id, "again": medium.issues > 0}
    if fault is not None:
        detail["fault"] = fault.value
        return await act.record("card.encode_failed", person_id=bundle.person_id, detail=detail)
    card = await _card_of(act, medium, bundle)
    before = await media_of(act.work, bundle)
    bound = replace(medium.ready(act.now), credential_id=card.id)
    await act.work.media.replace(bound)
    await note_encoded(act, card)
    detail |= await _write(act, encoder, card)
    detail |= {**bundle_line(bundle), "media": [medium_line(bound)], "credential": card.id}
    detail |= await issue_line(act.work, bundle, before)
    return await act.record("card.encoded", person_id=bundle.person_id, detail=detail)


async def _write(act: Act, encoder: Document, card: Credential) -> dict[str, JsonValue]:
    """Note what the encoder wrote, and give what the journal tells of what was there before."""
    over = await write_over(act, encoder.body.get(_LYING), card)
    await _put(act, encoder.id, {_CARD: card.id, _LYING: None})
    return written_over_line(over)


async def _card_of(act: Act, medium: Medium, bundle: Bundle) -> Credential:
    """Give the card of a medium, made now if it has none."""
    known = None if medium.credential_id is None else await act.work.credentials.get(medium.credential_id)
    if known is not None and known.ended_at is None:
        return known
    door_ids = frozenset(await reached(act.work, bundle))
    if not door_ids:
        raise Conflict("there is no door to open")
    token = act.secrets.fingerprint(act.entropy.token_bytes(_TOKEN).hex())
    card = card_imprint(act.secrets, CardType.DESFIRE, {"token": token})
    new = NewCredential(
        kind=CredentialKind.CARD,
        fingerprint=card.fingerprint,
        sealed_part=card.sealed_part,
        card_type=card.card_type,
        identifiers=(("token", card.fingerprint),),
        door_ids=door_ids,
        origin=bundle.origin,
        validity=bundle.validity,
    )
    return await hold_credential(act, new, Holder.person(bundle.person_id))


@operation(Permission.PEOPLE_WRITE)
async def scan_card(act: Act, wanted: ScanCard) -> JournalRow:
    """Read the card on an encoder, and with `assign_to` hand it to a person; a failure is a row like a success.

    Raises: NotFound, PersonLeft.
    """
    await act.require(Scope.organization(act.work.organization_id))
    encoder = await find_encoder(act.work, wanted.encoder_id)
    if wanted.assign_to is not None:
        await find_person(act.work, wanted.assign_to)
        await refuse_leaver(act, wanted.assign_to)
        await refuse_in_name_of(act, wanted.assign_to)
    script = await _take(act, encoder, _SCAN, None)
    script = script or Script(finding=Finding.KNOWN, credential_id=_last_card(encoder))
    detail: dict[str, JsonValue] = {"encoder": encoder.id, "assigning": wanted.assign_to is not None}
    fault = EncoderFault.OFFLINE if not wanted.reachable else script.fault
    known = None if script.credential_id is None else await act.work.credentials.get(script.credential_id)
    if fault is None and known is None and script.finding in {Finding.KNOWN, Finding.STALE}:
        fault = EncoderFault.NO_CARD
    finding = script.finding or Finding.EMPTY
    if wanted.assign_to is None and known is not None and known.state is CredentialState.ENDED:
        # The card still holds it, and nothing here does.
        known, finding = None, Finding.FOREIGN
    if fault is None and wanted.assign_to is not None:
        known, fault = await _assign(act, encoder, known, finding=finding, person_id=wanted.assign_to)
    if fault is not None:
        detail["fault"] = fault.value
        return await act.record("card.scan_failed", person_id=wanted.assign_to, detail=detail)
    await _put(act, encoder.id, {_LYING: None if known is None else known.id})
    detail |= {
        "finding": finding.value,
        "credential": None if known is None else known.id,
        "number": _number(act) if finding is Finding.FOREIGN and known is None else None,
    }
    return await act.record("card.scanned", person_id=wanted.assign_to, detail=detail)


@operation(Permission.PEOPLE_WRITE)
async def script_encoder(act: Act, wanted: ScriptEncoder) -> Document:
    """Decide what a simulated encoder comes to next, once. Raises: NotFound (also the credential named)."""
    await act.require(Scope.organization(act.work.organization_id))
    encoder = await find_encoder(act.work, wanted.encoder_id)
    script = wanted.script
    if script is not None and script.credential_id is not None:
        await find_credential(act.work, script.credential_id)
    kept: DocumentBody | None = None if script is None else {**write_script(script)}
    edited = await _put(act, encoder.id, {_ENCODE if wanted.encode else _SCAN: kept})
    await act.record(
        "encoder.scripted", detail={"encoder": encoder.id, "of": _ENCODE if wanted.encode else _SCAN}
    )
    return edited


async def find_encoder(view: View, encoder_id: str) -> Document:
    """Find an encoder that stands. Raises: NotFound."""
    encoder = await view.documents.get(DocumentKind.ENCODER, encoder_id)
    if encoder is None:
        raise NotFound("encoder", encoder_id)
    return encoder


def _encode_fault(reachable: bool, script: Script | None) -> EncoderFault | None:
    if not reachable:
        return EncoderFault.OFFLINE
    return None if script is None else script.fault


async def _take(act: Act, encoder: Document, what: str, credential_id: str | None) -> Script | None:
    """Take the script that is up next, once; one for another credential stays."""
    script = read_script(encoder.body.get(what))
    if script is None:
        return None
    if credential_id is not None and script.credential_id not in {None, credential_id}:
        return None
    await _put(act, encoder.id, {what: None})
    return script


async def _put(act: Act, encoder_id: str, changes: DocumentBody) -> Document:
    encoder = await find_encoder(act.work, encoder_id)
    edited = replace(encoder, body=merged(encoder.body, changes), updated_at=act.now)
    await act.work.documents.replace(edited)
    return edited


async def _assign(
    act: Act, encoder: Document, known: Credential | None, *, finding: Finding, person_id: str
) -> tuple[Credential | None, EncoderFault | None]:
    """Hand the card that was read to the person, or say why not."""
    if finding is Finding.EMPTY:
        return None, EncoderFault.NO_CARD
    if known is None:
        return await _take_in(act, encoder, person_id), None
    if known.state is CredentialState.ENDED:
        return None, EncoderFault.UNKNOWN
    try:
        return await hand_within(act, known, person_id), None
    except Conflict:
        return None, EncoderFault.TAKEN


async def _take_in(act: Act, encoder: Document, person_id: str) -> Credential:
    """Make a card that was made elsewhere the person's."""
    site_id = encoder.parent_id or ""
    card = card_imprint(act.secrets, CardType.HF_UID, {"uid": _number(act)})
    await ensure_enrolled(act, person_id, site_id)
    new = NewCredential(
        kind=CredentialKind.CARD,
        fingerprint=card.fingerprint,
        sealed_part=card.sealed_part,
        card_type=card.card_type,
        identifiers=card.identifiers,
        origin=mark_of_site(site_id),
    )
    return await hold_credential(act, new, Holder.person(person_id))


def _number(act: Act) -> str:
    return act.entropy.token_bytes(_UID).hex().upper()


def _last_card(encoder: Document) -> str | None:
    card = encoder.body.get(_CARD)
    return card if isinstance(card, str) else None
