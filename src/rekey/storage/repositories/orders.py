"""Orders to doors."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from rekey.domain.door_order import DoorOrder, OrderFailure, OrderKind, OrderState
from rekey.ports.listing import Listing, Part
from rekey.storage.asked import read_circumstances, write_circumstances
from rekey.storage.conditions import equals
from rekey.storage.engine.clauses import one_of
from rekey.storage.engine.row import Row
from rekey.storage.rows import Rows, Values
from rekey.storage.session import Session
from rekey.storage.tables import door_orders
from rekey.storage.times import instant_of, instant_or_none, micros, micros_or_none


def _read(row: Row) -> DoorOrder:
    return DoorOrder(
        id=row.id,
        number=row.number,
        door_id=row.door_id,
        kind=OrderKind(row.kind),
        seconds=row.seconds,
        person_id=row.person_id,
        operator_id=row.operator_id,
        credential_id=row.credential_id,
        link_id=row.link_id,
        via=row.via,
        waits=row.waits,
        state=OrderState(row.state),
        failure=None if row.failure is None else OrderFailure(row.failure),
        position=row.position,
        created_at=instant_of(row.created_at),
        expires_at=instant_of(row.expires_at),
        ended_at=instant_or_none(row.ended_at),
        circumstances=read_circumstances(row.circumstances),
    )


def _write(order: DoorOrder) -> Values:
    return {
        "id": order.id,
        "number": order.number,
        "door_id": order.door_id,
        "kind": order.kind.value,
        "seconds": order.seconds,
        "person_id": order.person_id,
        "operator_id": order.operator_id,
        "credential_id": order.credential_id,
        "link_id": order.link_id,
        "via": order.via,
        "waits": order.waits,
        "state": order.state.value,
        "failure": None if order.failure is None else order.failure.value,
        "position": order.position,
        "created_at": micros(order.created_at),
        "expires_at": micros(order.expires_at),
        "ended_at": micros_or_none(order.ended_at),
        "circumstances": write_circumstances(order.circumstances),
        "is_over": order.is_over,
    }


ORDERS = Rows(
    door_orders,
    read=_read,
    write=_write,
    filters={
        "door_id": equals(door_orders.c.door_id, "door_id"),
        "person_id": equals(door_orders.c.person_id, "person_id"),
        "ids": one_of(door_orders.c.id, "ids"),
        "past": door_orders.c.position > sa.bindparam("past", type_=sa.BigInteger, required=True),
        # Written out, not bound, so that it is the same condition as that of the partial indexes.
        "unfinished": sa.text("NOT door_orders.is_over"),
        "now": door_orders.c.expires_at <= sa.bindparam("now", type_=sa.BigInteger, required=True),
    },
)


class SqlOrders:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, order: DoorOrder) -> None:
        await ORDERS.add(self._session, order)

    async def get(self, order_id: str) -> DoorOrder | None:
        return await ORDERS.get(self._session, order_id)

    async def replace(self, order: DoorOrder) -> None:
        await ORDERS.replace(self._session, order)

    async def list(
        self,
        part: Part,
        *,
        door_id: str | None = None,
        ids: Sequence[str] | None = None,
        past: int | None = None,
    ) -> Listing[DoorOrder]:
        return await ORDERS.list(self._session, part, door_id=door_id, ids=ids, past=past)

    async def unfinished(
        self, *, door_id: str | None = None, person_id: str | None = None
    ) -> tuple[DoorOrder, ...]:
        return await ORDERS.all(self._session, always=("unfinished",), door_id=door_id, person_id=person_id)

    async def overdue(self, now: datetime) -> tuple[DoorOrder, ...]:
        return await ORDERS.all(self._session, always=("unfinished",), now=micros(now))
