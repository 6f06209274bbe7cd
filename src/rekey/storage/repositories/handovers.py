"""Offers of ownership."""

import sqlalchemy as sa

from rekey.domain.handover import Handover, HandoverState
from rekey.ports.listing import Listing, Part
from rekey.storage.engine.row import Row
from rekey.storage.rows import Rows, Values
from rekey.storage.session import Session
from rekey.storage.tables.handovers import handovers
from rekey.storage.times import instant_of, instant_or_none, micros, micros_or_none


def _read(row: Row) -> Handover:
    return Handover(
        id=row.id,
        number=row.number,
        from_person_id=row.from_person_id,
        to_person_id=row.to_person_id,
        state=HandoverState(row.state),
        named_at=row.named_at,
        created_at=instant_of(row.created_at),
        settled_at=instant_or_none(row.settled_at),
    )


def _write(handover: Handover) -> Values:
    return {
        "id": handover.id,
        "number": handover.number,
        "from_person_id": handover.from_person_id,
        "to_person_id": handover.to_person_id,
        "state": handover.state.value,
        "named_at": handover.named_at,
        "created_at": micros(handover.created_at),
        "settled_at": micros_or_none(handover.settled_at),
    }


HANDOVERS = Rows(handovers, read=_read, write=_write)
# The words of the partial index: only one offer stands.
_STANDING = Rows(
    handovers, read=_read, write=_write, alive=sa.text("handovers.state = 'offered'"), unique=(("state",),)
)


class SqlHandovers:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, handover: Handover) -> None:
        await _STANDING.add(self._session, handover)

    async def get(self, handover_id: str) -> Handover | None:
        return await HANDOVERS.get(self._session, handover_id)

    async def standing(self) -> Handover | None:
        return await _STANDING.find(self._session, state=HandoverState.OFFERED.value)

    async def list(self, part: Part) -> Listing[Handover]:
        return await HANDOVERS.list(self._session, part)

    async def replace(self, handover: Handover) -> None:
        await HANDOVERS.replace(self._session, handover)
