"""Second factors of operators."""

import msgspec
import sqlalchemy as sa

from rekey.domain.second_factor import SecondFactor
from rekey.storage.conditions import equals, in_organization
from rekey.storage.engine.clauses import upsert
from rekey.storage.engine.row import Row
from rekey.storage.engine.statement import Statement
from rekey.storage.rows import Rows, Values
from rekey.storage.session import Session
from rekey.storage.tables.accounts import second_factors
from rekey.storage.times import instant_or_none, micros_or_none


def _read(row: Row) -> SecondFactor:
    return SecondFactor(
        operator_id=row.id,
        sealed_secret=row.sealed_secret,
        active_at=instant_or_none(row.active_at),
        last_step=row.last_step,
        backup_fingerprints=tuple(msgspec.json.decode(row.backup_fingerprints)),
        failures=row.failures,
        failed_at=instant_or_none(row.failed_at),
    )


def _write(factor: SecondFactor) -> Values:
    return {
        "id": factor.operator_id,
        "sealed_secret": factor.sealed_secret,
        "active_at": micros_or_none(factor.active_at),
        "last_step": factor.last_step,
        "backup_fingerprints": msgspec.json.encode(factor.backup_fingerprints).decode(),
        "failures": factor.failures,
        "failed_at": micros_or_none(factor.failed_at),
    }


SECOND_FACTORS = Rows(second_factors, read=_read, write=_write, order="id")
_PUT = upsert(
    second_factors,
    keys=("organization_id", "id"),
    changes=("sealed_secret", "active_at", "last_step", "backup_fingerprints", "failures", "failed_at"),
)
_REMOVE = Statement(
    sa.delete(second_factors).where(in_organization(second_factors), equals(second_factors.c.id, "key"))
)


class SqlSecondFactors:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def get(self, operator_id: str) -> SecondFactor | None:
        return await SECOND_FACTORS.get(self._session, operator_id)

    async def put(self, factor: SecondFactor) -> None:
        await self._session.insert(_PUT, **_write(factor))

    async def remove(self, operator_id: str) -> bool:
        return await self._session.change(_REMOVE, key=operator_id) > 0
