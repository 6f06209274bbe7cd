"""Checking a journal's export with the public key alone.

JournalDoubted
├── RowAltered          a row does not fit its leaf, or the leaves do not fit a signed root (position)
├── RowMissing          a position is skipped (position)
├── JournalTruncated    a signed checkpoint covers more rows than there are (position of the first missing one)
└── ExportUnreadable    the text is no export, or a checkpoint is not signed by the expected key
"""

import json
from dataclasses import dataclass
from typing import Any

from rekey.app.adapters.secret_files import SIGNER_NAME
from rekey.app.errors import SetupError
from rekey.domain.canonical import canonical_json
from rekey.domain.checkpoint import Checkpoint, CheckpointError, verify
from rekey.domain.merkle import Frontier, leaf_hash
from rekey.webkit.keys import verify_ed25519


class JournalDoubted(SetupError):
    """Base of all; the text names the first row in doubt."""


class RowAltered(JournalDoubted):
    """A row does not fit its leaf, or the leaves do not fit a signed root."""

    def __init__(self, first: int, last: int | None = None) -> None:
        which = f"row {first}" if last is None or last == first else f"one of the rows {first} to {last}"
        super().__init__(f"{which} was altered")
        self.position = first


class RowMissing(JournalDoubted):
    """A position is skipped."""

    def __init__(self, position: int) -> None:
        super().__init__(f"row {position} is missing")
        self.position = position


class JournalTruncated(JournalDoubted):
    """A signed checkpoint covers more rows than there are."""

    def __init__(self, position: int, size: int) -> None:
        super().__init__(f"the journal was cut off: rows {position} to {size} were signed and are missing")
        self.position = position


class ExportUnreadable(JournalDoubted):
    """The text is no export, or a checkpoint is not signed by the expected key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """How many rows there are, how many of them a checkpoint covers, and how many checkpoints were checked."""

    rows: int
    covered: int
    checkpoints: int


def verify_journal(text: str, public_key: bytes, *, witness: str | None = None) -> Verified:
    """Check an export, line by line of JSON; `witness` is a signed checkpoint that was kept elsewhere.

    Raises: JournalDoubted.
    """
    lines = [_read(line) for line in text.splitlines()]
    notes = [line["checkpoint"] for line in lines if "checkpoint" in line]
    signed = [check_note(note, public_key) for note in notes]
    if witness is not None:
        signed.append(check_note(witness, public_key))
    if len({checkpoint.origin for checkpoint in signed}) > 1:
        raise ExportUnreadable("the checkpoints belong to different journals")
    leaves = _leaves([line for line in lines if "row" in line])
    ordered = sorted(signed, key=lambda checkpoint: checkpoint.size)
    covered = _compare(leaves, ordered)
    return Verified(rows=len(leaves), covered=covered, checkpoints=len(ordered))


def check_note(note: str, public_key: bytes) -> Checkpoint:
    """Give a checkpoint if the key signed it. Raises: ExportUnreadable."""
    try:
        return verify(
            note,
            key_name=SIGNER_NAME,
            public_key=public_key,
            verify=lambda message, signature: verify_ed25519(public_key, message, signature),
        )
    except CheckpointError as doubted:
        raise ExportUnreadable(str(doubted)) from doubted


def leaf_of(row: Any) -> bytes:
    """Give the leaf that an exported row must have. Raises: ExportUnreadable."""
    try:
        return leaf_hash(canonical_json(row))
    except (TypeError, ValueError) as unfit:
        raise ExportUnreadable("a row holds what no journal row holds") from unfit


def _read(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError as malformed:
        raise ExportUnreadable("a line is not JSON") from malformed
    if not isinstance(found, dict) or not found.keys() & {"row", "checkpoint"}:
        raise ExportUnreadable("a line is neither a row nor a checkpoint")
    return found


def _leaves(lines: list[dict[str, Any]]) -> list[bytes]:
    leaves: list[bytes] = []
    for due, line in enumerate(lines, start=1):
        position = line["row"].get("position") if isinstance(line["row"], dict) else None
        if position != due:
            raise RowMissing(due)
        leaf = leaf_of(line["row"])
        if leaf.hex() != line.get("leaf"):
            raise RowAltered(due)
        leaves.append(leaf)
    return leaves


def _compare(leaves: list[bytes], ordered: list[Checkpoint]) -> int:
    """Compare the tree with every signed root, from the smallest on; give the largest size that was signed."""
    tree = Frontier()
    for checkpoint in ordered:
        if checkpoint.size > len(leaves):
            raise JournalTruncated(len(leaves) + 1, checkpoint.size)
        known = tree.size
        tree = tree.extend(leaves[known : checkpoint.size])
        if tree.root() != checkpoint.root:
            raise RowAltered(min(known + 1, checkpoint.size), checkpoint.size)
    return tree.size
