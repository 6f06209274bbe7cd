"""The head of each organization: where its acts, its numbers and its journal's tree have come to.

The heads of a batch are locked in the order of their ids, kept in memory while its acts run, and written
back once. So the acts on one organization are in one order over all processes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from rekey.domain import checkpoint
from rekey.domain.checkpoint import Checkpoint
from rekey.domain.ids import OrganizationId, Position
from rekey.domain.merkle import Frontier
from rekey.ports.secrets import JournalSigner
from rekey.storage.conditions import in_organization
from rekey.storage.engine.clauses import one_of, upsert
from rekey.storage.engine.connection import Connection
from rekey.storage.engine.errors import SerializationLost
from rekey.storage.engine.statement import Statement
from rekey.storage.tables import checkpoints, organization_heads

_LOCK = Statement(
    sa.select(organization_heads)
    .where(one_of(organization_heads.c.organization_id, "organizations"))
    .order_by(organization_heads.c.organization_id)
    .with_for_update()
)
POSITION = Statement(sa.select(organization_heads.c.position).where(in_organization(organization_heads)))
_FOUND = upsert(organization_heads, keys=("organization_id",))
_SAVE = Statement(
    sa.update(organization_heads)
    .where(in_organization(organization_heads))
    .values(
        position=sa.bindparam("position", type_=sa.BigInteger, required=True),
        next_number=sa.bindparam("next_number", type_=sa.BigInteger, required=True),
        frontier=sa.bindparam("frontier", type_=sa.LargeBinary, required=True),
    )
)
_SIGN = Statement(sa.insert(checkpoints))


EMPTY: Final = Frontier()


@dataclass(frozen=True, slots=True)
class Head:
    """The journal holds one row for each act, so its tree is as large as the position."""

    position: int = 0
    next_number: int = 1
    frontier: Frontier = EMPTY


async def lock(connection: Connection, organization_ids: Sequence[str]) -> dict[str, Head]:
    """Hold the heads until the transaction ends; an organization that is not there has none."""
    rows = await connection.fetch(_LOCK, organizations=list(organization_ids))
    return {
        row.organization_id: Head(row.position, row.next_number, Frontier.from_bytes(row.frontier))
        for row in rows
    }


async def position_of(connection: Connection, organization_id: OrganizationId) -> Position:
    row = await connection.fetch_one(POSITION, organization=organization_id)
    return Position(0 if row is None else row.position)


async def save(
    connection: Connection, old: Mapping[str, Head], new: Mapping[str, Head], signer: JournalSigner
) -> None:
    """Write the heads that have moved, each with a signed checkpoint of its tree.

    Raises: SerializationLost if another process has founded the same organization meanwhile.
    """
    for organization_id, head in new.items():
        before = old.get(organization_id)
        if head == before:
            continue
        parts = {
            "position": head.position,
            "next_number": head.next_number,
            "frontier": head.frontier.to_bytes(),
        }
        if before is not None:
            await connection.execute(_SAVE, organization=organization_id, **parts)
        elif not await connection.execute(_FOUND, organization_id=organization_id, **parts):
            raise SerializationLost("another process founded this organization")
        if before is None or head.position > before.position:
            note = _sign(organization_id, head, signer)
            await connection.execute(_SIGN, organization_id=organization_id, size=head.position, note=note)


def _sign(organization_id: str, head: Head, signer: JournalSigner) -> str:
    tree = Checkpoint(origin=origin_of(organization_id), size=head.frontier.size, root=head.frontier.root())
    return checkpoint.sign(tree, key_name=signer.name, public_key=signer.public_key, sign=signer.sign)


def origin_of(organization_id: str) -> str:
    """Name the log of an organization in its checkpoints."""
    return f"rekey/{organization_id}"
