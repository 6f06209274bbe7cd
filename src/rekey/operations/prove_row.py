"""prove_row: that a journal row belongs to the tree of a signed checkpoint."""

from dataclasses import dataclass

from rekey.domain.checkpoint import parse
from rekey.domain.errors import NotFound
from rekey.domain.merkle import inclusion_proof
from rekey.ports.repositories.journal import StoredRow
from rekey.ports.store import View


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProof:
    """A row, the newest checkpoint as signed, and the hashes that lead from the row's leaf to its root."""

    stored: StoredRow
    checkpoint: str
    index: int
    size: int
    path: tuple[bytes, ...]


async def prove_row(view: View, position: int) -> RowProof:
    """Prove a row by its position; reads every leaf of the tree. Raises: NotFound."""
    rows = await view.journal.rows(after=position - 1, limit=1)
    note = await view.journal.newest_checkpoint()
    if not rows or rows[0].row.position != position or note is None:
        raise NotFound("journal_row", str(position))
    size = parse(note).checkpoint.size
    leaves = await view.journal.leaves(first=1, last=size)
    path = inclusion_proof(leaves, position - 1)
    return RowProof(stored=rows[0], checkpoint=note, index=position - 1, size=size, path=path)
