"""An export that was tampered with names the first row in doubt, with the public key alone."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rekey.app.adapters.secret_files import SIGNER_NAME
from rekey.app.verify_journal import (
    ExportUnreadable,
    JournalTruncated,
    RowAltered,
    RowMissing,
    verify_journal,
)
from rekey.domain.checkpoint import Checkpoint, sign
from rekey.domain.ids import Position
from rekey.domain.journal import JournalRow, Outcome
from rekey.domain.merkle import root_of
from rekey.webkit.keys import Ed25519Signer

SIGNER = Ed25519Signer(b"k" * 32)
STRANGER = Ed25519Signer(b"x" * 32)
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
Lines = list[dict[str, Any]]


def row(position: int, action: str = "person.added") -> JournalRow:
    return JournalRow(
        position=Position(position),
        id=f"row-{position}",
        at=NOON + timedelta(seconds=position),
        action=action,
        outcome=Outcome.DONE,
        via="test",
        detail={"name": "Zoë"},
    )


def note(size: int, *, signer: Ed25519Signer = SIGNER, rows: Sequence[JournalRow] = ()) -> str:
    leaves = [one.leaf() for one in (rows or [row(n) for n in range(1, size + 1)])]
    checkpoint = Checkpoint(origin="rekey/acme", size=size, root=root_of(leaves))
    return sign(checkpoint, key_name=SIGNER_NAME, public_key=signer.public_key, sign=signer.sign)


def export(size: int = 6, checkpoints: Sequence[int] = (2, 4, 6)) -> Lines:
    lines: Lines = [{"checkpoint": note(at)} for at in checkpoints]
    return lines + [_line(row(n)) for n in range(1, size + 1)]


def _line(one: JournalRow) -> dict[str, Any]:
    return {"row": json.loads(one.canonical()), "leaf": one.leaf().hex()}


def check(lines: Lines, witness: str | None = None) -> Any:
    text = "".join(json.dumps(line) + "\n" for line in lines)
    return verify_journal(text, SIGNER.public_key, witness=witness)


def test_an_untouched_export_is_verified() -> None:
    found = check(export())
    assert (found.rows, found.covered, found.checkpoints) == (6, 6, 3)


def test_rows_that_no_checkpoint_covers_yet_are_counted_apart() -> None:
    found = check(export(size=8))
    assert (found.rows, found.covered) == (8, 6)


def test_an_altered_row_is_named() -> None:
    lines = export()
    lines[5]["row"]["action"] = "person.removed"
    with pytest.raises(RowAltered) as doubt:
        check(lines)
    assert doubt.value.position == 3


def test_a_row_altered_together_with_its_leaf_is_found_between_its_checkpoints() -> None:
    lines = export()
    lines[5] = _line(row(3, "person.removed"))
    with pytest.raises(RowAltered, match="one of the rows 3 to 4"):
        check(lines)


def test_a_missing_row_is_named() -> None:
    lines = export()
    del lines[6]
    with pytest.raises(RowMissing) as doubt:
        check(lines)
    assert doubt.value.position == 4


def test_a_cut_off_end_is_seen_by_the_checkpoint_that_covered_it() -> None:
    with pytest.raises(JournalTruncated) as doubt:
        check(export()[:-2])
    assert doubt.value.position == 5


def test_an_end_cut_off_together_with_its_checkpoints_is_seen_by_a_witness() -> None:
    lines = export(size=4, checkpoints=(2, 4))
    assert check(lines).covered == 4
    with pytest.raises(JournalTruncated) as doubt:
        check(lines, witness=note(6))
    assert doubt.value.position == 5


def test_a_history_written_anew_is_seen_by_a_witness() -> None:
    forged = [row(n, "nothing.happened") for n in range(1, 5)]
    lines: Lines = [{"checkpoint": note(4, rows=forged)}, *map(_line, forged)]
    assert check(lines).covered == 4
    with pytest.raises(RowAltered):
        check(lines, witness=note(4))


def test_a_checkpoint_of_a_strangers_key_is_refused() -> None:
    lines: Lines = [{"checkpoint": note(6, signer=STRANGER)}, *export(checkpoints=())]
    with pytest.raises(ExportUnreadable, match="not signed by the expected key"):
        check(lines)


def test_checkpoints_of_two_journals_are_refused() -> None:
    other = Checkpoint(origin="rekey/other", size=6, root=root_of([row(n).leaf() for n in range(1, 7)]))
    foreign = sign(other, key_name=SIGNER_NAME, public_key=SIGNER.public_key, sign=SIGNER.sign)
    with pytest.raises(ExportUnreadable, match="different journals"):
        check([{"checkpoint": foreign}, *export()])


@pytest.mark.parametrize("text", ["not json\n", '{"other": 1}\n', "[]\n", '{"row": 5}\n'])
def test_a_text_that_is_no_export_is_refused(text: str) -> None:
    with pytest.raises((ExportUnreadable, RowMissing)):
        verify_journal(text, SIGNER.public_key)
