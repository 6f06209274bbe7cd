"""Places. Source: contract section 5.1."""

from rekey.dialects.kisi.attributes import unwrap
from rekey.dialects.kisi.kit import (
    NO_CONTENT,
    Kit,
    path_number,
    site_numbered,
)
from rekey.dialects.kisi.lists import (
    ESTATE,
    asks_favorite,
    cut,
    numbers_of,
    order_of,
    paged,
    part_of,
    plain,
    whole,
)
from rekey.dialects.kisi.shapes import Shape, show_place, with_favorite
from rekey.dialects.kisi.visible import visible_doors
from rekey.domain.block import Subject, SubjectKind
from rekey.domain.errors import NotFound
from rekey.domain.estate import Site
from rekey.domain.scope import Scope
from rekey.operations.add_site import AddSite, add_site
from rekey.operations.edit_site import EditSite, edit_site
from rekey.operations.lock_down import LockDown, Release, lock_down, release
from rekey.ports.listing import Listing, Part
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

_COUNT = Part(limit=1, with_total=True)


class Places:
    """Handlers of sites as Kisi's places."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        """List the places that the caller may see: all, or those of the doors that open to him."""
        part = part_of(request, ESTATE, order_of(request, alike=frozenset({"favorite"})))
        shown, _wanted = asks_favorite(request)

        async def look(view: View) -> Reply:
            found = await self._find(view, request, part)
            places = [with_favorite(await place_shape(view, site), shown=shown) for site in found.items]
            return paged(places, part, found.total)

        return await self._kit.look(request, look)

    async def create(self, request: Request) -> Reply:
        place = unwrap(request, "place")
        name, address = place.text("name", required=True), place.text("address")
        zone = place.text("time_zone")
        place.check()
        wanted = AddSite(name=name or "", time_zone=zone or "UTC", address=address or "")
        site = await self._kit.perform(request, add_site, wanted)
        return plain(await self._kit.look(request, lambda view: place_shape(view, site)))

    async def get(self, request: Request) -> Reply:
        number = path_number(request, "site")

        async def look(view: View) -> Shape:
            site = await site_numbered(view, number)
            seen = await visible_doors(self._kit.services, view, request)
            if seen is not None and site.id not in {one.site_id for one in seen}:
                raise NotFound("site", str(number))
            return with_favorite(await place_shape(view, site), shown=asks_favorite(request)[0])

        return plain(await self._kit.look(request, look))

    async def update(self, request: Request) -> Reply:
        place = unwrap(request, "place")
        name, zone, address = place.new_name("name"), place.new_name("time_zone"), place.new_text("address")
        place.check()
        site = await self._site(request)
        wanted = EditSite(site_id=site.id, name=name, time_zone=zone, address=address)
        await self._kit.perform(request, edit_site, wanted)
        return NO_CONTENT

    async def lock_down(self, request: Request) -> Reply:
        site = await self._site(request)
        await self._kit.perform(request, lock_down, LockDown(scope=Scope.site(site.id)))
        return NO_CONTENT

    async def cancel_lockdown(self, request: Request) -> Reply:
        site = await self._site(request)
        await self._kit.perform(request, release, Release(scope=Scope.site(site.id)))
        return NO_CONTENT

    async def _find(self, view: View, request: Request, part: Part) -> Listing[Site]:
        numbers, query = numbers_of(request, "ids"), request.query().one("query")
        seen = await visible_doors(self._kit.services, view, request)
        if asks_favorite(request)[1] is True:
            return Listing((), 0)
        if numbers is None and seen is None:
            return await view.sites.list(part, query=query)
        sites = {one.site_id for one in seen or ()}
        found = await view.sites.list(whole(part), query=query)
        chosen = [site for site in found.items if numbers is None or site.number in numbers]
        return cut([site for site in chosen if seen is None or site.id in sites], part)

    async def _site(self, request: Request) -> Site:
        number = path_number(request, "site")
        return await self._kit.look(request, lambda view: site_numbered(view, number))


async def place_shape(view: View, site: Site) -> Shape:
    """Show a site with its lockdown as it stands."""
    doors = await view.doors.list(_COUNT, site_id=site.id)
    blocks = await view.blocks.standing(Subject(SubjectKind.SITE, site.id))
    return show_place(site, await view.organizations.get(), locks=doors.total or 0, blocks=blocks)
