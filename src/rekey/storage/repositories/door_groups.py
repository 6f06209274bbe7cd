"""Door groups and the doors' places in them."""

from collections.abc import Sequence

import sqlalchemy as sa

from rekey.domain.estate import DoorGroup, DoorGroupDoor
from rekey.ports.listing import Listing, Part
from rekey.storage.asked import read_group_conditions, write_group_conditions
from rekey.storage.conditions import contains, current, equals, in_organization, pattern
from rekey.storage.engine.clauses import one_of
from rekey.storage.engine.row import Row
from rekey.storage.repositories.base import NumberedRepository
from rekey.storage.rows import Values
from rekey.storage.session import Session
from rekey.storage.tables import door_group_doors, door_groups
from rekey.storage.times import instant_of, micros
from rekey.storage.versions import Versions


def _read(row: Row) -> DoorGroup:
    return DoorGroup(
        id=row.id,
        number=row.number,
        name=row.name,
        description=row.description,
        site_id=row.site_id,
        origin=row.origin,
        external_key=row.external_key,
        customer_key=row.customer_key,
        conditions=read_group_conditions(row.conditions),
        created_at=instant_of(row.created_at),
        updated_at=instant_of(row.updated_at),
    )


def _write(group: DoorGroup) -> Values:
    return {
        "id": group.id,
        "number": group.number,
        "name": group.name,
        "description": group.description,
        "site_id": group.site_id,
        "origin": group.origin,
        "external_key": group.external_key,
        "customer_key": group.customer_key,
        "conditions": write_group_conditions(group.conditions),
        "created_at": micros(group.created_at),
        "updated_at": micros(group.updated_at),
    }


def _read_place(row: Row) -> DoorGroupDoor:
    return DoorGroupDoor(
        id=row.id,
        number=row.number,
        door_group_id=row.door_group_id,
        door_id=row.door_id,
        created_at=instant_of(row.created_at),
    )


def _write_place(place: DoorGroupDoor) -> Values:
    return {
        "id": place.id,
        "number": place.number,
        "door_group_id": place.door_group_id,
        "door_id": place.door_id,
        "created_at": micros(place.created_at),
    }


_groups_of_door = sa.select(door_group_doors.c.door_group_id).where(
    in_organization(door_group_doors),
    current(door_group_doors),
    equals(door_group_doors.c.door_id, "door_id"),
)
GROUPS = Versions(
    door_groups,
    read=_read,
    write=_write,
    unique=(("external_key",),),
    filters={
        "origin": equals(door_groups.c.origin, "origin"),
        "external_key": equals(door_groups.c.external_key, "external_key"),
        "customer_key": equals(door_groups.c.customer_key, "customer_key"),
        "site_id": equals(door_groups.c.site_id, "site_id"),
        "door_id": door_groups.c.id.in_(_groups_of_door),
        "ids": one_of(door_groups.c.id, "ids"),
        "query": contains("query", door_groups.c.name, door_groups.c.description),
    },
)
PLACES = Versions(
    door_group_doors,
    read=_read_place,
    write=_write_place,
    unique=(("door_group_id", "door_id"),),
    filters={
        "door_group_id": equals(door_group_doors.c.door_group_id, "door_group_id"),
        "door_id": equals(door_group_doors.c.door_id, "door_id"),
    },
)


class SqlDoorGroups(NumberedRepository[DoorGroup]):
    def __init__(self, session: Session) -> None:
        super().__init__(session, GROUPS)

    async def list(
        self,
        part: Part,
        *,
        site_id: str | None = None,
        door_id: str | None = None,
        ids: Sequence[str] | None = None,
        query: str | None = None,
        origin: str | None = None,
        customer_key: str | None = None,
    ) -> Listing[DoorGroup]:
        return await GROUPS.list(
            self._session,
            part,
            site_id=site_id,
            door_id=door_id,
            ids=ids,
            query=pattern(query),
            origin=origin,
            customer_key=customer_key,
        )

    async def by_external_key(self, key: str) -> DoorGroup | None:
        return await GROUPS.find(self._session, external_key=key)

    async def end(self, door_group_id: str) -> None:
        await GROUPS.end(self._session, door_group_id)
        await PLACES.end_where(self._session, door_group_id=door_group_id)

    async def add_door(self, place: DoorGroupDoor) -> None:
        await PLACES.add(self._session, place)

    async def remove_door(self, door_group_id: str, door_id: str) -> bool:
        return await PLACES.end_where(self._session, door_group_id=door_group_id, door_id=door_id) > 0

    async def place(self, door_group_id: str, door_id: str) -> DoorGroupDoor | None:
        return await PLACES.find(self._session, door_group_id=door_group_id, door_id=door_id)

    async def place_by_number(self, number: int) -> DoorGroupDoor | None:
        return await PLACES.find(self._session, number=number)

    async def places(
        self, part: Part, *, door_group_id: str, door_id: str | None = None
    ) -> Listing[DoorGroupDoor]:
        return await PLACES.list(self._session, part, door_group_id=door_group_id, door_id=door_id)
