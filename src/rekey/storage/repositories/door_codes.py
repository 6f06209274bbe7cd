"""PINs at doors."""

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from rekey.domain.door_code import CodeStage, CodeWish, DoorCode, Lateness, Reserve
from rekey.ports.listing import Listing, Part
from rekey.storage.conditions import equals, in_organization
from rekey.storage.engine.clauses import one_of, upsert
from rekey.storage.engine.row import Row
from rekey.storage.engine.statement import Statement
from rekey.storage.rows import Rows, Values
from rekey.storage.session import Session
from rekey.storage.tables.bundles import door_codes, former_pins
from rekey.storage.times import instant_of, instant_or_none, micros, micros_or_none


def _read(row: Row) -> DoorCode:
    return DoorCode(
        id=row.id,
        number=row.number,
        door_id=row.door_id,
        name=row.name,
        foreign=row.is_foreign,
        holder_id=row.holder_id,
        medium_id=row.medium_id,
        common_key=row.common_key,
        native=row.native,
        lets_change=row.lets_change,
        due_at=instant_or_none(row.due_at),
        reserve=Reserve(row.reserve),
        stands_in_for=row.stands_in_for,
        fingerprint=row.fingerprint,
        sealed_part=row.sealed_part,
        erasing=row.erasing,
        given_up=row.given_up,
        settled=row.settled,
        stage=CodeStage(row.stage),
        stage_since=instant_of(row.stage_since),
        lateness=Lateness(row.lateness),
        problem=row.problem,
        changed_at_door=instant_or_none(row.changed_at_door),
        altered_part=row.altered_part or b"",
        wish=msgspec.json.decode(row.wish, type=CodeWish) if row.wish else None,
        created_at=instant_of(row.created_at),
        updated_at=instant_of(row.updated_at),
        ended_at=instant_or_none(row.ended_at),
    )


def _write(code: DoorCode) -> Values:
    return {
        "id": code.id,
        "number": code.number,
        "door_id": code.door_id,
        "name": code.name,
        "is_foreign": code.foreign,
        "holder_id": code.holder_id,
        "medium_id": code.medium_id,
        "common_key": code.common_key,
        "native": code.native,
        "lets_change": code.lets_change,
        "due_at": micros_or_none(code.due_at),
        "reserve": code.reserve.value,
        "stands_in_for": code.stands_in_for,
        "fingerprint": code.fingerprint,
        "sealed_part": code.sealed_part,
        "erasing": code.erasing,
        "given_up": code.given_up,
        "settled": code.settled,
        "stage": code.stage.value,
        "stage_since": micros(code.stage_since),
        "lateness": code.lateness.value,
        "problem": code.problem,
        "changed_at_door": micros_or_none(code.changed_at_door),
        "altered_part": code.altered_part,
        "wish": "" if code.wish is None else msgspec.json.encode(code.wish).decode(),
        "created_at": micros(code.created_at),
        "updated_at": micros(code.updated_at),
        "ended_at": micros_or_none(code.ended_at),
    }


DOOR_CODES = Rows(
    door_codes,
    read=_read,
    write=_write,
    alive=sa.text("door_codes.ended_at IS NULL"),
    filters={
        "ids": one_of(door_codes.c.id, "ids"),
        "door_id": equals(door_codes.c.door_id, "door_id"),
        "medium_ids": one_of(door_codes.c.medium_id, "medium_ids"),
        "common_key": equals(door_codes.c.common_key, "common_key"),
    },
)


_KEEP_FORMER = upsert(former_pins, keys=("organization_id", "code_id", "until"))
# The PIN at a position is the one that was replaced first after it.
FORMER = Statement(
    sa.select(former_pins.c.sealed_part)
    .where(
        in_organization(former_pins),
        equals(former_pins.c.code_id, "code_id"),
        former_pins.c.until > sa.bindparam("position", type_=sa.BigInteger, required=True),
    )
    .order_by(former_pins.c.until)
    .limit(1)
)


class SqlDoorCodes:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, code: DoorCode) -> None:
        await DOOR_CODES.add(self._session, code)

    async def get(self, code_id: str) -> DoorCode | None:
        return await DOOR_CODES.get(self._session, code_id)

    async def list(
        self,
        part: Part,
        *,
        ids: Sequence[str] | None = None,
        door_id: str | None = None,
        medium_ids: Sequence[str] | None = None,
        common_key: str | None = None,
    ) -> Listing[DoorCode]:
        return await DOOR_CODES.list(
            self._session, part, ids=ids, door_id=door_id, medium_ids=medium_ids, common_key=common_key
        )

    async def replace(self, code: DoorCode) -> None:
        await DOOR_CODES.replace(self._session, code)

    async def last_known(self, code_id: str) -> DoorCode | None:
        return await DOOR_CODES.get(self._session, code_id, ended=True)

    async def keep_former(self, code_id: str, until: int, sealed_part: bytes) -> None:
        await self._session.insert(_KEEP_FORMER, code_id=code_id, until=until, sealed_part=sealed_part)

    async def former(self, code_id: str, position: int) -> bytes | None:
        row = await self._session.fetch_one(FORMER, code_id=code_id, position=position)
        return None if row is None else bytes(row.sealed_part)
