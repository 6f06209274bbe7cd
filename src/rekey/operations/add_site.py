"""add_site: a new place in the organization."""

from dataclasses import dataclass

from rekey.domain.circumstances import Location
from rekey.domain.errors import Invalid
from rekey.domain.estate import Site, zone_named
from rekey.domain.ids import SiteId
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.texts import clean_name, clean_text


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSite:
    """`time_zone` is an IANA name; schedules at the site are read by its wall clock."""

    name: str
    time_zone: str
    address: str = ""
    location: Location | None = None


@operation(Permission.ESTATE_WRITE)
async def add_site(act: Act, wanted: AddSite) -> Site:
    """Add a site.

    Raises: Invalid (name, time_zone, address).
    """
    await act.require(Scope.organization(act.work.organization_id))
    site = Site(
        id=SiteId(act.new_id()),
        number=act.next_number(),
        name=clean_name(wanted.name),
        time_zone=checked_zone(wanted.time_zone),
        address=clean_text(wanted.address, "address", limit=500),
        location=wanted.location,
        created_at=act.now,
        updated_at=act.now,
    )
    await act.work.sites.add(site)
    await act.record("site.added", site_id=site.id, detail={"name": site.name, "time_zone": site.time_zone})
    return site


def checked_zone(name: str) -> str:
    """Give the zone's name back. Raises: Invalid for a name that is not in the IANA database."""
    try:
        zone_named(name)
    except ValueError as unknown:
        raise Invalid("time_zone", "must be a name of the IANA database such as Europe/Berlin") from unknown
    return name
