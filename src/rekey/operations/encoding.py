"""What is known of the encoding of a card: when it was written, and whether it must be written again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from rekey.domain.credential import Credential, CredentialKind
from rekey.operations.act import Act
from rekey.operations.annotate import annotations_of, put_annotation
from rekey.ports.store import View

NAMESPACE = "encoding"


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """`at` is when the credential was written or became usable the last time, None while it waits.

    `stale_since` is when it changed after that.
    """

    at: datetime | None = None
    stale_since: datetime | None = None

    @property
    def done(self) -> bool:
        return self.at is not None


async def encoding_of(view: View, credential: Credential) -> Encoding:
    return (await encodings_of(view, (credential,)))[credential.id]


async def encodings_of(view: View, credentials: tuple[Credential, ...]) -> dict[str, Encoding]:
    """Say of each credential when it was ready; a card that came otherwise than by an encoder is ready."""
    notes = await annotations_of(view, NAMESPACE, [credential.id for credential in credentials])
    return {credential.id: _read(credential, notes[credential.id]) for credential in credentials}


async def note_encoded(act: Act, credential: Credential) -> None:
    """Note that a card was written now."""
    await put_annotation(act, NAMESPACE, credential.id, {"at": act.now.isoformat(), "stale": None})


async def note_stale(act: Act, credential: Credential) -> None:
    """Note that a card which was written has other terms by now."""
    if credential.kind is CredentialKind.CARD and (await encoding_of(act.work, credential)).done:
        await put_annotation(act, NAMESPACE, credential.id, {"stale": act.now.isoformat()})


def _read(credential: Credential, notes: Mapping[str, object]) -> Encoding:
    at, stale = _instant(notes.get("at")), _instant(notes.get("stale"))
    if at is None and not (credential.kind is CredentialKind.CARD and written_here(credential)):
        at = credential.activated_at
    return Encoding(at=at, stale_since=stale)


def written_here(card: Credential) -> bool:
    """Say whether an encoder of this server gives the card what readers read."""
    return dict(card.identifiers).get("token") == card.fingerprint


def _instant(value: object) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else None
