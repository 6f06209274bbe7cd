"""Blocks: placed and lifted, never changed."""

from collections import defaultdict
from collections.abc import Collection

import sqlalchemy as sa

from rekey.domain.block import Block, BlockCause, Subject, SubjectKind
from rekey.storage.conditions import current, equals, in_organization
from rekey.storage.engine.clauses import one_of
from rekey.storage.engine.row import Row
from rekey.storage.engine.statement import Statement
from rekey.storage.rows import Values
from rekey.storage.session import Session
from rekey.storage.tables import blocks
from rekey.storage.times import instant_of, instant_or_none, micros, micros_or_none
from rekey.storage.versions import Versions


def read_block(row: Row) -> Block:
    return Block(
        id=row.id,
        subject=Subject(SubjectKind(row.subject_kind), row.subject_id),
        cause=BlockCause(row.cause),
        until=instant_or_none(row.stands_until),
        placed_at=row.placed_at,
        placed_by=row.placed_by,
        by_automation=row.by_automation,
        reason=row.reason,
        revocation_id=row.revocation_id,
        created_at=instant_of(row.created_at),
    )


def _write(block: Block) -> Values:
    return {
        "id": block.id,
        "subject_kind": block.subject.kind.value,
        "subject_id": block.subject.id,
        "cause": block.cause.value,
        "stands_until": micros_or_none(block.until),
        "placed_at": block.placed_at,
        "placed_by": block.placed_by,
        "by_automation": block.by_automation,
        "reason": block.reason,
        "revocation_id": block.revocation_id,
        "created_at": micros(block.created_at),
    }


BLOCKS = Versions(blocks, read=read_block, write=_write, order="placed_at")
_STANDING = Statement(
    sa.select(blocks)
    .where(
        in_organization(blocks),
        equals(blocks.c.subject_kind, "kind"),
        equals(blocks.c.subject_id, "id"),
        current(blocks),
    )
    .order_by(blocks.c.placed_at, blocks.c.id)
)
STANDING_ON = Statement(
    sa.select(blocks)
    .where(
        in_organization(blocks),
        equals(blocks.c.subject_kind, "kind"),
        one_of(blocks.c.subject_id, "ids"),
        current(blocks),
    )
    .order_by(blocks.c.placed_at, blocks.c.id)
)
OF_CAUSE = Statement(
    sa.select(blocks)
    .where(
        in_organization(blocks),
        equals(blocks.c.subject_kind, "kind"),
        equals(blocks.c.cause, "cause"),
        current(blocks),
    )
    .order_by(blocks.c.placed_at, blocks.c.id)
)


class SqlBlocks:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def place(self, block: Block) -> None:
        await BLOCKS.add(self._session, block)

    async def get(self, block_id: str) -> Block | None:
        """Find a block that has not been lifted."""
        return await BLOCKS.get(self._session, block_id)

    async def standing(self, subject: Subject, *, cause: BlockCause | None = None) -> tuple[Block, ...]:
        rows = await self._session.fetch(_STANDING, kind=subject.kind.value, id=subject.id)
        found = map(read_block, rows)
        return tuple(block for block in found if cause is None or block.cause is cause)

    async def standing_on(self, kind: SubjectKind, ids: Collection[str]) -> dict[str, tuple[Block, ...]]:
        found: defaultdict[str, list[Block]] = defaultdict(list)
        for row in await self._session.fetch(STANDING_ON, kind=kind.value, ids=list(ids)):
            found[row.subject_id].append(read_block(row))
        return {subject_id: tuple(standing) for subject_id, standing in found.items()}

    async def of_cause(self, kind: SubjectKind, cause: BlockCause) -> tuple[Block, ...]:
        rows = await self._session.fetch(OF_CAUSE, kind=kind.value, cause=cause.value)
        return tuple(map(read_block, rows))

    async def lift(self, block_id: str) -> bool:
        return await BLOCKS.end(self._session, block_id)
