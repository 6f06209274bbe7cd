"""Notices that wait to be sent."""

from datetime import datetime

import sqlalchemy as sa

from rekey.domain.outbox import QueuedNotice
from rekey.storage.conditions import equals, in_organization
from rekey.storage.engine.row import Row
from rekey.storage.engine.statement import Statement
from rekey.storage.rows import Rows, Values
from rekey.storage.session import Session
from rekey.storage.tables.accounts import outbox
from rekey.storage.times import instant_of, micros


def _read(row: Row) -> QueuedNotice:
    return QueuedNotice(
        id=row.id,
        sealed_notice=row.sealed_notice,
        subject=row.subject,
        tries=row.tries,
        created_at=instant_of(row.created_at),
        due_at=instant_of(row.due_at),
        expires_at=instant_of(row.expires_at),
    )


def _write(notice: QueuedNotice) -> Values:
    return {
        "id": notice.id,
        "sealed_notice": notice.sealed_notice,
        "subject": notice.subject,
        "tries": notice.tries,
        "created_at": micros(notice.created_at),
        "due_at": micros(notice.due_at),
        "expires_at": micros(notice.expires_at),
    }


OUTBOX = Rows(outbox, read=_read, write=_write, order="due_at")
DUE = Statement(
    sa.select(outbox)
    .where(
        in_organization(outbox),
        outbox.c.due_at <= sa.bindparam("now", type_=sa.BigInteger, required=True),
    )
    .order_by(outbox.c.due_at, outbox.c.id)
    .limit(sa.bindparam("part_limit", type_=sa.BigInteger, required=True))
)
_REMOVE = Statement(sa.delete(outbox).where(in_organization(outbox), equals(outbox.c.id, "key")))


class SqlOutbox:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, notice: QueuedNotice) -> None:
        await OUTBOX.add(self._session, notice)

    async def due(self, now: datetime, *, limit: int) -> tuple[QueuedNotice, ...]:
        rows = await self._session.fetch(DUE, now=micros(now), part_limit=limit)
        return tuple(map(_read, rows))

    async def replace(self, notice: QueuedNotice) -> None:
        await OUTBOX.replace(self._session, notice)

    async def remove(self, notice_id: str) -> bool:
        return await self._session.change(_REMOVE, key=notice_id) > 0
