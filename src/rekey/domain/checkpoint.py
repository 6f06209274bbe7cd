"""Signed checkpoints: the head of a journal's tree, in a form that outsiders can keep and check.

Sources: c2sp.org/tlog-checkpoint (the text) and c2sp.org/signed-note (the signature lines).

CheckpointError
├── CheckpointMalformed     the text is not a checkpoint of the form that we write
└── CheckpointForged        no signature of the expected key holds
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from rekey.domain.merkle import HASH_BYTES

_ED25519 = b"\x01"
_KEY_ID_BYTES = 4
_MAX_NOTE_CHARACTERS = 1 << 20
_MAX_SIGNATURES = 64
_DASH = "\u2014"
_KEY_NAME = re.compile(r"[^\s+]+")
_SIGNATURE_LINE = re.compile(_DASH + r" ([^\s+]+) ([A-Za-z0-9+/=]+)")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class CheckpointError(Exception):
    """Base of both; the text echoes nothing of the input."""


class CheckpointMalformed(CheckpointError):
    """The text is not a checkpoint of the form that we write."""


class CheckpointForged(CheckpointError):
    """No signature of the expected key holds."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The tree of one log at one size; `origin` names the log. Raises: CheckpointMalformed on bad values."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not self.origin or not self.origin.isprintable():
            raise CheckpointMalformed("the origin is one line of printable text")
        if self.size < 0 or not _SIZE.fullmatch(str(self.size)):
            raise CheckpointMalformed("the size is a whole number of at most 19 digits")
        if len(self.root) != HASH_BYTES:
            raise CheckpointMalformed("the root is a hash of 32 bytes")

    def text(self) -> str:
        """Give the three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSignature:
    """One signature line; the name and the key id together say which key, and neither proves anything.

    Raises: CheckpointMalformed if the name is none.
    """

    key_name: str
    key_id: bytes
    signature: bytes

    def __post_init__(self) -> None:
        _require_key_name(self.key_name)

    def line(self) -> str:
        return f"{_DASH} {self.key_name} {b64encode(self.key_id + self.signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint as read, with its signatures, none of them verified."""

    checkpoint: Checkpoint
    signatures: tuple[NoteSignature, ...]


def key_id(key_name: str, public_key: bytes) -> bytes:
    """Give the four bytes by which a signature line points to an Ed25519 key.

    Raises: CheckpointMalformed if the name is none.
    """
    _require_key_name(key_name)
    return sha256(key_name.encode() + b"\n" + _ED25519 + public_key).digest()[:_KEY_ID_BYTES]


def sign(checkpoint: Checkpoint, *, key_name: str, public_key: bytes, sign: Callable[[bytes], bytes]) -> str:
    """Give the signed note of a checkpoint.

    Takes: sign, which gives the Ed25519 signature of the bytes by the key of `public_key`.
    Raises: CheckpointMalformed if the key name is empty or holds a space or a plus.
    """
    text = checkpoint.text()
    signature = NoteSignature(
        key_name=key_name, key_id=key_id(key_name, public_key), signature=sign(text.encode())
    )
    return f"{text}\n{signature.line()}"


def parse(note: str) -> SignedCheckpoint:
    """Read a signed note without verifying it: nothing in it may be believed yet.

    Extension lines are refused: our logs write none, so text and checkpoint stay one to one.
    Raises: CheckpointMalformed.
    """
    text, blank, lines = note.rpartition("\n\n")
    if len(note) > _MAX_NOTE_CHARACTERS or not blank or not lines.endswith("\n"):
        raise CheckpointMalformed("a checkpoint is a text, an empty line and signature lines")
    signature_lines = lines[:-1].split("\n")
    if len(signature_lines) > _MAX_SIGNATURES:
        raise CheckpointMalformed(f"a checkpoint holds at most {_MAX_SIGNATURES} signatures")
    return SignedCheckpoint(_parse_text(text), tuple(map(_parse_signature, signature_lines)))


def verify(
    note: str, *, key_name: str, public_key: bytes, verify: Callable[[bytes, bytes], bool]
) -> Checkpoint:
    """Give the checkpoint if the key signed it; signatures of other keys are ignored.

    Takes: verify, which says whether (message, signature) holds for the Ed25519 key of `public_key`.
    Raises: CheckpointMalformed; CheckpointForged if the key did not sign or one of its signatures fails.
    """
    signed = parse(note)
    expected = (key_name, key_id(key_name, public_key))
    ours = [line for line in signed.signatures if (line.key_name, line.key_id) == expected]
    message = signed.checkpoint.text().encode()
    if not ours or not all(verify(message, line.signature) for line in ours):
        raise CheckpointForged("the checkpoint is not signed by the expected key")
    return signed.checkpoint


def _parse_text(text: str) -> Checkpoint:
    lines = text.split("\n")
    if len(lines) != 3:  # origin, size, root
        raise CheckpointMalformed("the text of a checkpoint is three lines")
    origin, size, root = lines
    if not _SIZE.fullmatch(size):
        raise CheckpointMalformed("the size is a whole number without leading zeros")
    return Checkpoint(origin=origin, size=int(size), root=_decode(root))


def _parse_signature(line: str) -> NoteSignature:
    match = _SIGNATURE_LINE.fullmatch(line)
    if match is None:
        raise CheckpointMalformed("a signature line is a dash, a key name and base64")
    signed = _decode(match[2])
    if len(signed) <= _KEY_ID_BYTES:
        raise CheckpointMalformed("a signature holds a key id and the signature itself")
    return NoteSignature(key_name=match[1], key_id=signed[:_KEY_ID_BYTES], signature=signed[_KEY_ID_BYTES:])


def _require_key_name(name: str) -> None:
    if not _KEY_NAME.fullmatch(name) or not name.isprintable():
        raise CheckpointMalformed("a key name is printable, not empty, and holds neither spaces nor a plus")


def _decode(text: str) -> bytes:
    """Decode base64 in its one canonical spelling."""
    try:
        data = b64decode(text, validate=True)
    except ValueError as error:
        raise CheckpointMalformed("a hash or a signature is not base64") from error
    if b64encode(data).decode() != text:
        raise CheckpointMalformed("a hash or a signature is not canonical base64")
    return data
