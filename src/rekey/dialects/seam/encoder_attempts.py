"""Attempts at cards: they ended in the act that began them, and its journal row is the attempt."""

from typing import assert_never

from rekey.dialects.seam.credentials_shapes import see_credentials, show_credential
from rekey.dialects.seam.grant_scene import see_medium
from rekey.dialects.seam.grant_shapes import show_method
from rekey.dialects.seam.kit import Kit
from rekey.dialects.seam.translate import instant
from rekey.dialects.seam.wire import ActionAttempt, AttemptError, DoorResult, Wire
from rekey.dialects.seam.wire_credentials import AcsCredential, CardOnEncoder, ScanResult, ScanWarning
from rekey.domain.encoder import EncoderFault, Finding
from rekey.domain.journal import JournalRow
from rekey.ports.store import View

CARD_ACTIONS = frozenset({"card.encoded", "card.encode_failed", "card.scanned", "card.scan_failed"})


async def show_encoder_attempt(kit: Kit, view: View, row: JournalRow) -> ActionAttempt:
    """Show the row of an encoder's act; a success shows the credential as it is by now."""
    fault = row.detail.get("fault")
    if fault is not None:
        return _attempt(row, error=show_fault(EncoderFault(str(fault))))
    if row.action == "card.encoded":
        return _attempt(row, result=await _encoded(kit, view, row))
    credential = await _credential(kit, view, row)
    if row.detail.get("assigning") is True:
        return _attempt(row, result=credential or DoorResult())
    return _attempt(row, result=_scanned(row, credential))


def _attempt(
    row: JournalRow, *, result: Wire | None = None, error: AttemptError | None = None
) -> ActionAttempt:
    return ActionAttempt(
        action_attempt_id=row.id,
        action_type=_type_of(row),
        status="success" if error is None else "error",
        result=result,
        error=error,
    )


def _type_of(row: JournalRow) -> str:
    if row.action in {"card.encoded", "card.encode_failed"}:
        return "ENCODE_CREDENTIAL"
    return "SCAN_TO_ASSIGN_CREDENTIAL" if row.detail.get("assigning") is True else "SCAN_CREDENTIAL"


async def _encoded(kit: Kit, view: View, row: JournalRow) -> Wire:
    """Give the access method, where the card of one was written, or the credential."""
    medium_id = row.detail.get("medium")
    if not isinstance(medium_id, str):
        return await _credential(kit, view, row) or DoorResult()
    seen = await see_medium(kit, None, view, medium_id)
    return DoorResult() if seen is None else show_method(*seen, workspace_id=view.organization_id)


async def _credential(kit: Kit, view: View, row: JournalRow) -> AcsCredential | None:
    """Give the credential of the row, as it was last where it has ended."""
    named = row.detail.get("credential")
    credential = await view.credentials.get(named) if isinstance(named, str) else None
    if credential is None:
        return None
    seen = await see_credentials(kit, view, [credential])
    return show_credential(seen[0], workspace_id=view.organization_id)


def _scanned(row: JournalRow, known: AcsCredential | None) -> ScanResult:
    finding = Finding(str(row.detail["finding"]))
    if finding is Finding.EMPTY:
        return ScanResult(acs_credential_on_encoder=None, acs_credential_on_seam=None, warnings=[])
    number = row.detail.get("number")
    on_card = CardOnEncoder(
        created_at=instant(row.at) if known is None else known.created_at,
        is_issued=True,
        starts_at=(known.starts_at or None) if known is not None else None,
        ends_at=(known.ends_at or None) if known is not None else None,
        card_number=known.card_number if known is not None else str(number) if number else None,
    )
    return ScanResult(
        acs_credential_on_encoder=on_card, acs_credential_on_seam=known, warnings=_warnings(finding)
    )


def _warnings(finding: Finding) -> list[ScanWarning]:
    match finding:
        case Finding.KNOWN | Finding.EMPTY:
            return []
        case Finding.STALE:
            text = "The card holds older terms than the credential: encode it again."
            return [ScanWarning(warning_code="acs_credential_on_encoder_out_of_sync", warning_message=text)]
        case Finding.FOREIGN:
            text = "No credential here belongs to this card."
            return [ScanWarning(warning_code="acs_credential_on_seam_not_found", warning_message=text)]
        case _:
            assert_never(finding)


def show_fault(fault: EncoderFault) -> AttemptError:
    """Name what went wrong at an encoder; total over EncoderFault."""
    match fault:
        case EncoderFault.NO_CARD:
            return AttemptError(
                type="no_credential_on_encoder", message="There is no card with a credential on the encoder."
            )
        case EncoderFault.INTERRUPTED:
            return AttemptError(
                type="encoding_interrupted", message="The card was taken away while it was written."
            )
        case EncoderFault.WRITTEN_BEFORE:
            return AttemptError(
                type="credential_cannot_be_reissued", message="The credential is on a card already."
            )
        case EncoderFault.OFFLINE:
            return AttemptError(type="encoder_not_online", message="The encoder cannot be reached.")
        case EncoderFault.EXPIRED:
            return AttemptError(type="action_attempt_expired", message="No card was presented in time.")
        case EncoderFault.TAKEN:
            return AttemptError(type="uncategorized_error", message="The card belongs to another user.")
        case EncoderFault.UNKNOWN:
            return AttemptError(
                type="uncategorized_error", message="It is not known what went wrong with the card."
            )
        case _:
            assert_never(fault)
