"""Signed operations that were accepted once."""

from datetime import datetime

import sqlalchemy as sa

from rekey.ports.repositories.journal import SeenOperation
from rekey.storage.conditions import in_organization
from rekey.storage.engine.clauses import upsert
from rekey.storage.engine.statement import Statement
from rekey.storage.session import Session
from rekey.storage.tables import seen_operations
from rekey.storage.times import micros

_REMEMBER = upsert(seen_operations, keys=("organization_id", "issuer", "token_id"))
_FORGET = Statement(
    sa.delete(seen_operations).where(
        in_organization(seen_operations),
        seen_operations.c.expires_at < sa.bindparam("before", type_=sa.BigInteger, required=True),
    )
)


class SqlReplays:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def remember(self, seen: SeenOperation) -> bool:
        added = await self._session.insert(
            _REMEMBER,
            issuer=seen.issuer,
            token_id=seen.token_id,
            digest=seen.digest,
            expires_at=micros(seen.expires_at),
        )
        return added > 0

    async def forget_before(self, instant: datetime) -> int:
        return await self._session.change(_FORGET, before=micros(instant))
