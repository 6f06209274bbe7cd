"""Sites."""

from rekey.domain.estate import Site
from rekey.ports.listing import Listing, Part
from rekey.storage.asked import read_location, write_location
from rekey.storage.conditions import contains, pattern
from rekey.storage.engine.row import Row
from rekey.storage.repositories.base import NumberedRepository
from rekey.storage.rows import Values
from rekey.storage.session import Session
from rekey.storage.tables import sites
from rekey.storage.times import instant_of, micros
from rekey.storage.versions import Versions


def _read(row: Row) -> Site:
    return Site(
        id=row.id,
        number=row.number,
        name=row.name,
        time_zone=row.time_zone,
        address=row.address,
        location=read_location(row.location),
        created_at=instant_of(row.created_at),
        updated_at=instant_of(row.updated_at),
    )


def _write(site: Site) -> Values:
    return {
        "id": site.id,
        "number": site.number,
        "name": site.name,
        "time_zone": site.time_zone,
        "address": site.address,
        "location": write_location(site.location),
        "created_at": micros(site.created_at),
        "updated_at": micros(site.updated_at),
    }


SITES = Versions(sites, read=_read, write=_write, filters={"query": contains("query", sites.c.name)})


class SqlSites(NumberedRepository[Site]):
    def __init__(self, session: Session) -> None:
        super().__init__(session, SITES)

    async def list(self, part: Part, *, query: str | None = None) -> Listing[Site]:
        return await SITES.list(self._session, part, query=pattern(query))

    async def end(self, site_id: str) -> None:
        await SITES.end(self._session, site_id)
