"""Encoders: what reads and writes cards on a desk. On servers for trying out they are simulated."""

from rekey.dialects.seam.acs_credentials import AcsCredentials
from rekey.dialects.seam.encoder_attempts import show_encoder_attempt
from rekey.dialects.seam.errors import InvalidInput, NotInSandbox
from rekey.dialects.seam.kit import Call, Kit, scan
from rekey.dialects.seam.parameters import exactly_one
from rekey.dialects.seam.replies import reply_ok
from rekey.dialects.seam.translate import instant
from rekey.dialects.seam.wire_credentials import AcsEncoder
from rekey.domain.document import Document, DocumentKind
from rekey.domain.encoder import EncoderFault, Finding, Script
from rekey.domain.journal import JournalRow
from rekey.domain.role import Permission
from rekey.operations.encode_card import (
    EncodeCard,
    EncodeMedium,
    ScanCard,
    ScriptEncoder,
    encode_card,
    encode_medium,
    find_encoder,
    scan_card,
    script_encoder,
)
from rekey.webkit.message import Reply

DEFAULT_LIMIT = 500
_ID, _METHOD, _CREDENTIAL = "acs_encoder_id", "access_method_id", "acs_credential_id"
_SELECTORS = ("acs_system_id", "acs_system_ids", "acs_encoder_ids")
# The faults that the contract lets a caller decide; those of the second line may name a credential.
_FAULTS = {
    "no_credential_on_encoder": EncoderFault.NO_CARD,
    "encoding_interrupted": EncoderFault.INTERRUPTED,
}
_FAULTS_OF_ONE = {
    "uncategorized_error": EncoderFault.UNKNOWN,
    "action_attempt_expired": EncoderFault.EXPIRED,
}
_FINDINGS = {
    "credential_exists_on_seam": Finding.KNOWN,
    "credential_on_encoder_needs_update": Finding.STALE,
    "credential_does_not_exist_on_seam": Finding.FOREIGN,
    "credential_on_encoder_is_empty": Finding.EMPTY,
}


class AcsEncoders:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._credentials = AcsCredentials(kit)

    async def get(self, call: Call) -> Reply:
        encoder_id = call.args.required(_ID)
        encoder = await self._kit.read(
            call, Permission.ESTATE_READ, lambda view: find_encoder(view, encoder_id)
        )
        return reply_ok(acs_encoder=show_encoder(encoder, workspace_id=call.workspace_id))

    async def list_encoders(self, call: Call) -> Reply:
        """List the encoders of systems, or those that are named."""
        by, args = exactly_one(call.args, *_SELECTORS), call.args
        page = self._kit.page_of(call, DEFAULT_LIMIT)
        named = (args.required(by),) if by == "acs_system_id" else args.texts(by) or ()
        wanted = frozenset(name.lower() for name in named)
        by_id = by == "acs_encoder_ids"
        encoders, last = await self._kit.read(
            call,
            Permission.ESTATE_READ,
            lambda view: scan(
                lambda part: view.documents.list(part, DocumentKind.ENCODER),
                lambda encoder: encoder.number,
                page,
                lambda encoder: (encoder.id if by_id else encoder.parent_id) in wanted,
            ),
        )
        shown = [show_encoder(encoder, workspace_id=call.workspace_id) for encoder in encoders]
        return reply_ok(acs_encoders=shown, pagination=self._kit.pagination(call, last))

    async def encode(self, call: Call) -> Reply:
        """Write a credential, or the card of an access method, to the card on the encoder."""
        if exactly_one(call.args, _CREDENTIAL, _METHOD) == _METHOD:
            return await self.encode_method(call)
        wanted = EncodeCard(
            encoder_id=call.args.required(_ID),
            credential_id=call.args.required(_CREDENTIAL),
            reachable=self._kit.settings.sandbox,
        )
        return await self._attempt(call, await self._kit.perform(call, encode_card, wanted))

    async def encode_method(self, call: Call) -> Reply:
        """Write the card of an access method."""
        wanted = EncodeMedium(
            encoder_id=call.args.required(_ID),
            medium_id=call.args.required(_METHOD),
            reachable=self._kit.settings.sandbox,
        )
        return await self._attempt(call, await self._kit.perform(call, encode_medium, wanted))

    async def scan(self, call: Call) -> Reply:
        """Read the card on the encoder."""
        wanted = ScanCard(encoder_id=call.args.required(_ID), reachable=self._kit.settings.sandbox)
        return await self._attempt(call, await self._kit.perform(call, scan_card, wanted))

    async def scan_to_assign(self, call: Call) -> Reply:
        """Read the card on the encoder and hand it to a user."""
        wanted = ScanCard(
            encoder_id=call.args.required(_ID),
            reachable=self._kit.settings.sandbox,
            assign_to=await self._credentials.person(call),
        )
        return await self._attempt(call, await self._kit.perform(call, scan_card, wanted))

    async def next_encode_fails(self, call: Call) -> Reply:
        """Let the next encoding fail, once."""
        return await self._script(call, encode=True, script=_fault(call, _CREDENTIAL))

    async def next_encode_succeeds(self, call: Call) -> Reply:
        """Take back a failure that was decided on."""
        if call.args.text("scenario") not in {None, "credential_is_issued"}:
            raise InvalidInput({"scenario": ["Invalid literal value, expected credential_is_issued"]})
        return await self._script(call, encode=True, script=None)

    async def next_scan_fails(self, call: Call) -> Reply:
        """Let the next scan fail, once."""
        script = _fault(call, "acs_credential_id_on_seam")
        if script.fault is EncoderFault.INTERRUPTED:
            raise InvalidInput({"error_code": ["Invalid enum value"]})
        return await self._script(call, encode=False, script=script)

    async def next_scan_succeeds(self, call: Call) -> Reply:
        """Decide what lies on the encoder at the next scan, once."""
        scenario = call.args.text("scenario") or "credential_exists_on_seam"
        named = call.args.text("acs_credential_id_on_seam")
        finding = _FINDINGS.get(scenario)
        if finding is None:
            raise InvalidInput({"scenario": [f"Invalid enum value, expected one of {sorted(_FINDINGS)}"]})
        if named is not None and finding in {Finding.FOREIGN, Finding.EMPTY}:
            raise InvalidInput(root=["acs_credential_id_on_seam does not belong to this scenario"])
        script = Script(finding=finding, credential_id=named)
        return await self._script(call, encode=False, script=script)

    async def _script(self, call: Call, *, encode: bool, script: Script | None) -> Reply:
        if not self._kit.settings.sandbox:
            raise NotInSandbox("this server is in earnest, so nothing is simulated")
        wanted = ScriptEncoder(encoder_id=call.args.required(_ID), encode=encode, script=script)
        await self._kit.perform(call, script_encoder, wanted)
        return reply_ok()

    async def _attempt(self, call: Call, row: JournalRow) -> Reply:
        attempt = await self._kit.read(
            call, Permission.PEOPLE_READ, lambda view: show_encoder_attempt(self._kit, view, row)
        )
        return reply_ok(action_attempt=attempt)


def show_encoder(encoder: Document, *, workspace_id: str) -> AcsEncoder:
    name = encoder.body.get("name")
    return AcsEncoder(
        acs_encoder_id=encoder.id,
        acs_system_id=encoder.parent_id or workspace_id,
        workspace_id=workspace_id,
        connected_account_id=workspace_id,
        display_name=name if isinstance(name, str) else "Encoder",
        errors=[],
        created_at=instant(encoder.created_at),
    )


def _fault(call: Call, names_one: str) -> Script:
    """Read what shall go wrong. Raises: InvalidInput."""
    code, named = call.args.text("error_code"), call.args.text(names_one)
    if code in _FAULTS_OF_ONE:
        return Script(fault=_FAULTS_OF_ONE[code], credential_id=named)
    if named is not None:
        raise InvalidInput({"error_code": [f"Expected one of {sorted(_FAULTS_OF_ONE)}"]})
    code = code or "no_credential_on_encoder"
    if code not in _FAULTS:
        raise InvalidInput({"error_code": [f"Expected one of {sorted({**_FAULTS, **_FAULTS_OF_ONE})}"]})
    return Script(fault=_FAULTS[code])
