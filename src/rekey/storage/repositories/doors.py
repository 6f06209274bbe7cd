"""Doors."""

from collections.abc import Sequence

import msgspec

from rekey.domain.canonical import canonical_json
from rekey.domain.estate import Door, DoorKind, DoorMode
from rekey.ports.listing import Listing, Part
from rekey.storage.asked import read_location, read_settings, write_location, write_settings
from rekey.storage.conditions import contains, equals, pattern
from rekey.storage.engine.clauses import one_of
from rekey.storage.engine.row import Row
from rekey.storage.repositories.base import NumberedRepository
from rekey.storage.rows import Values
from rekey.storage.session import Session
from rekey.storage.tables import doors
from rekey.storage.times import instant_of, micros
from rekey.storage.versions import Versions


def _read(row: Row) -> Door:
    return Door(
        id=row.id,
        number=row.number,
        site_id=row.site_id,
        name=row.name,
        description=row.description,
        driver=row.driver,
        driver_settings=tuple((name, value) for name, value in msgspec.json.decode(row.driver_settings)),
        upstream_id=row.upstream_id,
        mode=DoorMode(row.mode),
        settings=read_settings(row.settings),
        kind=DoorKind(row.kind),
        location=read_location(row.location),
        created_at=instant_of(row.created_at),
        updated_at=instant_of(row.updated_at),
    )


def _write(door: Door) -> Values:
    return {
        "id": door.id,
        "number": door.number,
        "site_id": door.site_id,
        "name": door.name,
        "description": door.description,
        "driver": door.driver,
        "driver_settings": canonical_json([[name, value] for name, value in door.driver_settings]).decode(),
        "upstream_id": door.upstream_id,
        "mode": door.mode.value,
        "settings": write_settings(door.settings),
        "kind": door.kind.value,
        "location": write_location(door.location),
        "created_at": micros(door.created_at),
        "updated_at": micros(door.updated_at),
    }


DOORS = Versions(
    doors,
    read=_read,
    write=_write,
    filters={
        "site_id": equals(doors.c.site_id, "site_id"),
        "ids": one_of(doors.c.id, "ids"),
        "upstream_ids": one_of(doors.c.upstream_id, "upstream_ids"),
        "query": contains("query", doors.c.name, doors.c.description),
        "kind": equals(doors.c.kind, "kind"),
    },
)


class SqlDoors(NumberedRepository[Door]):
    def __init__(self, session: Session) -> None:
        super().__init__(session, DOORS)

    async def has_ended(self, door_id: str) -> bool:
        known = await DOORS.last_known(self._session, door_id)
        return known is not None and await self.get(door_id) is None

    async def list(
        self,
        part: Part,
        *,
        site_id: str | None = None,
        ids: Sequence[str] | None = None,
        upstream_ids: Sequence[str] | None = None,
        query: str | None = None,
        kind: DoorKind | None = None,
    ) -> Listing[Door]:
        return await DOORS.list(
            self._session,
            part,
            site_id=site_id,
            ids=ids,
            upstream_ids=upstream_ids,
            query=pattern(query),
            kind=None if kind is None else kind.value,
        )

    async def end(self, door_id: str) -> None:
        await DOORS.end(self._session, door_id)
