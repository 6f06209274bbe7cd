"""Who was merged into whom."""

from collections.abc import Sequence

from rekey.domain.people import MergedPerson
from rekey.storage.engine.clauses import one_of
from rekey.storage.engine.row import Row
from rekey.storage.rows import Rows, Values
from rekey.storage.session import Session
from rekey.storage.tables.upstreams import merged_people
from rekey.storage.times import instant_of, micros


def _read(row: Row) -> MergedPerson:
    return MergedPerson(
        person_id=row.id,
        survivor_id=row.survivor_id,
        external_key=row.external_key,
        merged_at=instant_of(row.merged_at),
    )


def _write(merged: MergedPerson) -> Values:
    return {
        "id": merged.person_id,
        "survivor_id": merged.survivor_id,
        "external_key": merged.external_key,
        "merged_at": micros(merged.merged_at),
    }


MERGED = Rows(
    merged_people,
    read=_read,
    write=_write,
    filters={"survivors": one_of(merged_people.c.survivor_id, "survivors")},
    order="merged_at",
)


class SqlMergedPeople:
    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, merged: MergedPerson) -> None:
        await MERGED.add(self._session, merged)

    async def get(self, person_id: str) -> MergedPerson | None:
        return await MERGED.get(self._session, person_id)

    async def by_external_key(self, key: str) -> MergedPerson | None:
        # Of two who bore it one after the other the newest counts.
        return await MERGED.find(self._session, ended=True, external_key=key)

    async def into(self, survivor_ids: Sequence[str]) -> tuple[MergedPerson, ...]:
        return await MERGED.all(self._session, survivors=[*survivor_ids]) if survivor_ids else ()

    async def replace(self, merged: MergedPerson) -> None:
        await MERGED.replace(self._session, merged)
