"""Where doors come from."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from rekey.domain.upstream import Upstream
from rekey.ports.listing import Listing, Part
from rekey.storage.conditions import equals
from rekey.storage.engine.clauses import one_of
from rekey.storage.engine.row import Row
from rekey.storage.rows import Rows, Values
from rekey.storage.session import Session
from rekey.storage.tables.upstreams import upstreams
from rekey.storage.times import instant_of, instant_or_none, micros, micros_or_none


def _read(row: Row) -> Upstream:
    return Upstream(
        id=row.id,
        number=row.number,
        name=row.name,
        driver=row.driver,
        user_name=row.user_name,
        customer_key=row.customer_key,
        adopts=row.adopts,
        disconnected_at=instant_or_none(row.disconnected_at),
        created_at=instant_of(row.created_at),
        updated_at=instant_of(row.updated_at),
        ended_at=instant_or_none(row.ended_at),
    )


def _write(upstream: Upstream) -> Values:
    return {
        "id": upstream.id,
        "number": upstream.number,
        "name": upstream.name,
        "driver": upstream.driver,
        "user_name": upstream.user_name,
        "customer_key": upstream.customer_key,
        "adopts": upstream.adopts,
        "disconnected_at": micros_or_none(upstream.disconnected_at),
        "created_at": micros(upstream.created_at),
        "updated_at": micros(upstream.updated_at),
        "ended_at": micros_or_none(upstream.ended_at),
    }


UPSTREAMS = Rows(
    upstreams,
    read=_read,
    write=_write,
    alive=sa.text("upstreams.ended_at IS NULL"),
    filters={
        "ids": one_of(upstreams.c.id, "ids"),
        "user_name": equals(upstreams.c.user_name, "user_name"),
        "customer_key": equals(upstreams.c.customer_key, "customer_key"),
    },
)


class SqlUpstreams:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, upstream: Upstream) -> None:
        await UPSTREAMS.add(self._session, upstream)

    async def get(self, upstream_id: str) -> Upstream | None:
        return await UPSTREAMS.get(self._session, upstream_id)

    async def list(
        self,
        part: Part,
        *,
        ids: Sequence[str] | None = None,
        user_name: str | None = None,
        customer_key: str | None = None,
    ) -> Listing[Upstream]:
        return await UPSTREAMS.list(
            self._session, part, ids=ids, user_name=user_name, customer_key=customer_key
        )

    async def replace(self, upstream: Upstream) -> None:
        await UPSTREAMS.replace(self._session, upstream)

    async def end(self, upstream_id: str, at: datetime) -> bool:
        return await UPSTREAMS.set(self._session, upstream_id, ended_at=micros(at))
