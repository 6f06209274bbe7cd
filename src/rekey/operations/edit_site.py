"""edit_site: rename a site or correct its address or zone."""

from dataclasses import dataclass, replace

from rekey.domain.circumstances import Location
from rekey.domain.estate import Site
from rekey.domain.journal import JsonValue
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.act import Act, operation
from rekey.operations.add_site import checked_zone
from rekey.operations.find import find_site
from rekey.operations.stamping import stamped, unchanged_mark
from rekey.operations.texts import clean_name, clean_text
from rekey.ports.repositories.doors import ChangeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class EditSite:
    """None leaves a field as it is."""

    site_id: str
    name: str | None = None
    time_zone: str | None = None
    address: str | None = None
    location: Location | None = None
    clears_location: bool = False


@operation(Permission.ESTATE_WRITE)
async def edit_site(act: Act, wanted: EditSite) -> Site:
    """Change a site. Raises: NotFound, Invalid (name, time_zone, address)."""
    await act.require(Scope.site(wanted.site_id))
    site = await find_site(act.work, wanted.site_id)
    edited = replace(
        site,
        name=site.name if wanted.name is None else clean_name(wanted.name),
        time_zone=site.time_zone if wanted.time_zone is None else checked_zone(wanted.time_zone),
        address=site.address if wanted.address is None else clean_text(wanted.address, "address", limit=500),
        location=None if wanted.clears_location else wanted.location or site.location,
    )
    edited = stamped(site, edited, act.now)
    await act.work.sites.replace(edited)
    await act.changed(ChangeKind.SITE, site.id)
    detail: dict[str, JsonValue] = {"name": edited.name, "time_zone": edited.time_zone}
    await act.record("site.edited", site_id=site.id, detail=detail | unchanged_mark(site, edited))
    return edited
