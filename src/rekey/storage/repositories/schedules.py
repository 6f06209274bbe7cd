"""Schedules."""

from datetime import date, time
from functools import lru_cache

import msgspec
import sqlalchemy as sa

from rekey.domain.canonical import canonical_json
from rekey.domain.errors import NotFound
from rekey.domain.schedule import Schedule, Weekday, WeeklyWindow
from rekey.ports.listing import Listing, Part
from rekey.storage.conditions import current, equals, in_organization
from rekey.storage.engine.row import Row
from rekey.storage.engine.statement import Statement
from rekey.storage.repositories.base import VersionedRepository
from rekey.storage.rows import Values
from rekey.storage.session import Session
from rekey.storage.tables import schedules
from rekey.storage.versions import Versions

_NUMBER = Statement(
    sa.select(schedules.c.number).where(
        in_organization(schedules), current(schedules), equals(schedules.c.id, "key")
    )
)


@lru_cache(maxsize=1024)
def read_schedule(key: str, name: str, windows: str, exceptions: str) -> Schedule:
    """Make a schedule of its stored parts; many grants share one, so the values are shared."""
    return Schedule(
        id=key,  # type: ignore[arg-type]  # an id as stored
        name=name,
        windows=tuple(
            WeeklyWindow(frozenset(map(Weekday, days)), time.fromisoformat(start), time.fromisoformat(end))
            for days, start, end in msgspec.json.decode(windows)
        ),
        exceptions=frozenset(map(date.fromisoformat, msgspec.json.decode(exceptions))),
    )


def _read(row: Row) -> Schedule:
    return read_schedule(row.id, row.name, row.windows, row.exceptions)


def _write(schedule: Schedule) -> Values:
    windows = [
        [sorted(day.value for day in window.days), window.start.isoformat(), window.end.isoformat()]
        for window in schedule.windows
    ]
    exceptions = [day.isoformat() for day in sorted(schedule.exceptions)]
    return {
        "id": schedule.id,
        "name": schedule.name,
        "windows": canonical_json(windows).decode(),
        "exceptions": canonical_json(exceptions).decode(),
    }


SCHEDULES = Versions(schedules, read=_read, write=_write)


class SqlSchedules(VersionedRepository[Schedule]):
    """A schedule has no number of its own to show; the one it is stored under puts lists in order."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, SCHEDULES)

    async def add(self, schedule: Schedule) -> None:
        await SCHEDULES.add(self._session, schedule, number=self._session.next_number())

    async def list(self, part: Part) -> Listing[Schedule]:
        return await SCHEDULES.list(self._session, part)

    async def replace(self, schedule: Schedule) -> None:
        stored = await self._session.fetch_one(_NUMBER, key=schedule.id)
        if stored is None:
            raise NotFound(SCHEDULES.kind, schedule.id)
        await SCHEDULES.replace(self._session, schedule, number=stored.number)
