"""Conflicts of automations with what an operator decided."""

from rekey.ports.listing import Listing, Part
from rekey.ports.repositories.rights import AccessConflict
from rekey.storage.conditions import equals
from rekey.storage.engine.row import Row
from rekey.storage.rows import Rows, Values
from rekey.storage.session import Session
from rekey.storage.tables import conflicts
from rekey.storage.times import instant_of, micros


def _read(row: Row) -> AccessConflict:
    return AccessConflict(
        id=row.id,
        person_id=row.person_id,
        at=instant_of(row.at),
        via=row.via,
        wanted=row.wanted,
        against=row.against,
    )


def _write(conflict: AccessConflict) -> Values:
    return {
        "id": conflict.id,
        "person_id": conflict.person_id,
        "at": micros(conflict.at),
        "via": conflict.via,
        "wanted": conflict.wanted,
        "against": conflict.against,
    }


CONFLICTS = Rows(
    conflicts,
    read=_read,
    write=_write,
    filters={"person_id": equals(conflicts.c.person_id, "person_id")},
)


class SqlConflicts:
    """A conflict has no number to show; the one it is stored under puts lists in order."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, conflict: AccessConflict) -> None:
        await CONFLICTS.add(self._session, conflict, number=self._session.next_number())

    async def list(self, part: Part, *, person_id: str | None = None) -> Listing[AccessConflict]:
        return await CONFLICTS.list(self._session, part, person_id=person_id)
