"""Places. Source: contract section 5.1."""

from rekey.dialects.kisi.attributes import unwrap
from rekey.dialects.kisi.estate_shapes import PlaceFacts, show_place
from rekey.dialects.kisi.favorites import Favorites, favorites_of, mark
from rekey.dialects.kisi.holders import people_at, scopes_within
from rekey.dialects.kisi.kit import NO_CONTENT, Kit, path_number, site_numbered
from rekey.dialects.kisi.lists import (
    ESTATE,
    by_favorite,
    cut,
    numbers_of,
    order_of,
    paged,
    part_of,
    plain,
    whole,
)
from rekey.dialects.kisi.notes import Notes, note, note_beside_new, notes_of_all, texts_of
from rekey.dialects.kisi.pictures import take_picture
from rekey.dialects.kisi.shapes import Shape
from rekey.dialects.kisi.visible import visible_to_caller
from rekey.dialects.kisi.where import whereabouts_of
from rekey.domain.block import Subject, SubjectKind
from rekey.domain.errors import NotFound
from rekey.domain.estate import DoorKind, Site
from rekey.domain.scope import Scope
from rekey.operations.add_site import AddSite, add_site
from rekey.operations.annotate import AnnotatedKind, keep_preference
from rekey.operations.do_together import Step
from rekey.operations.edit_site import EditSite, edit_site
from rekey.operations.lock_down import LockDown, Release, lock_down, release
from rekey.operations.retire_site import RetireSite, retire_site
from rekey.ports.listing import Listing, Part
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

_COUNT = Part(limit=1, with_total=True)
_BESIDE = ("description", "image")


class Places:
    """Handlers of sites as Kisi's places."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        """List the places that the caller may see: all, or those of the doors that open to him."""
        part = part_of(request, ESTATE, order_of(request, alike=frozenset({"favorite"})))

        async def look(view: View) -> Reply:
            liked = await favorites_of(view, request)
            found = await self._find(view, request, part, liked)
            noted = await notes_of_all(view, [site.id for site in found.items])
            places = [await _shape(view, site, noted[site.id], liked) for site in found.items]
            return paged(places, part, found.total)

        return await self._kit.look(request, look)

    async def create(self, request: Request) -> Reply:
        place = unwrap(request, "place")
        name, address = place.text("name", required=True), place.text("address", required=True)
        zone, where = place.text("time_zone"), whereabouts_of(place)
        picture = await take_picture(self._kit, request, place)
        beside = texts_of(place, *_BESIDE)
        place.check()
        wanted = AddSite(
            name=name or "", time_zone=zone or "UTC", address=address or "", location=where.location
        )
        made = await self._kit.together(
            request,
            Step(operation=add_site, wanted=wanted),
            *note_beside_new(AnnotatedKind.SITE, beside),
            *picture.of_new(AnnotatedKind.SITE),
        )
        return plain(await self._kit.look(request, lambda view: place_shape(view, request, made[0])))

    async def get(self, request: Request) -> Reply:
        return plain(await self._kit.look(request, lambda view: self._seen(view, request)))

    async def update(self, request: Request) -> Reply:
        place = unwrap(request, "place")
        name, zone, address = place.new_name("name"), place.new_name("time_zone"), place.new_text("address")
        site = await self._site(request)
        picture = await take_picture(self._kit, request, place)
        where, beside = whereabouts_of(place, site.location), texts_of(place, *_BESIDE)
        place.check()
        wanted = EditSite(
            site_id=site.id,
            name=name,
            time_zone=zone,
            address=address,
            location=where.location,
            clears_location=where.clears,
        )
        await self._kit.together(
            request,
            Step(operation=edit_site, wanted=wanted),
            *note(AnnotatedKind.SITE, site.id, beside),
            *picture.of(AnnotatedKind.SITE, site.id),
        )
        return NO_CONTENT

    async def delete(self, request: Request) -> Reply:
        """End a place with its locks, its groups and the access rights at any of them."""
        site = await self._site(request)
        await self._kit.perform(request, retire_site, RetireSite(site_id=site.id))
        return NO_CONTENT

    async def lock_down(self, request: Request) -> Reply:
        site = await self._site(request)
        await self._kit.perform(request, lock_down, LockDown(scope=Scope.site(site.id)))
        return NO_CONTENT

    async def cancel_lockdown(self, request: Request) -> Reply:
        site = await self._site(request)
        await self._kit.perform(request, release, Release(scope=Scope.site(site.id)))
        return NO_CONTENT

    async def favorite(self, request: Request) -> Reply:
        return await self._mark(request, favorite=True)

    async def unfavorite(self, request: Request) -> Reply:
        return await self._mark(request, favorite=False)

    async def _mark(self, request: Request, *, favorite: bool) -> Reply:
        site = await self._kit.look(request, lambda view: _visible(self._kit, view, request))
        await self._kit.perform(request, keep_preference, mark(site.id, favorite=favorite))
        return NO_CONTENT

    async def _seen(self, view: View, request: Request) -> Shape:
        return await place_shape(view, request, await _visible(self._kit, view, request))

    async def _find(self, view: View, request: Request, part: Part, liked: Favorites) -> Listing[Site]:
        numbers, query = numbers_of(request, "ids"), request.query().one("query")
        seen = await visible_to_caller(self._kit.services, view, request)
        by_hand = liked.wanted is not None or by_favorite(request) is not None
        if numbers is None and seen is None and not by_hand:
            return await view.sites.list(part, query=query)
        found = await view.sites.list(whole(part), query=query)
        chosen = [
            site
            for site in found.items
            if (numbers is None or site.number in numbers)
            and (seen is None or site.id in seen.site_ids)
            and liked.keeps(site.id)
        ]
        if (down := by_favorite(request)) is not None:
            chosen.sort(key=lambda site: site.id in liked.ids, reverse=down)
        return cut(chosen, part)

    async def _site(self, request: Request) -> Site:
        number = path_number(request, "site")
        return await self._kit.look(request, lambda view: site_numbered(view, number))


async def _visible(kit: Kit, view: View, request: Request) -> Site:
    """Find a place that the caller may see. Raises: NotFound."""
    number = path_number(request, "site")
    site = await site_numbered(view, number)
    seen = await visible_to_caller(kit.services, view, request)
    if seen is not None and site.id not in seen.site_ids:
        raise NotFound("site", str(number))
    return site


async def place_shape(view: View, request: Request, site: Site) -> Shape:
    """Show a site with its lockdown as it stands."""
    noted = await notes_of_all(view, [site.id])
    return await _shape(view, site, noted[site.id], await favorites_of(view, request))


async def _shape(view: View, site: Site, noted: Notes, liked: Favorites) -> Shape:
    locks = await view.doors.list(_COUNT, site_id=site.id, kind=DoorKind.DOOR)
    facts = PlaceFacts(
        organization=await view.organizations.get(),
        locks=locks.total or 0,
        members=len(await people_at(view, *await scopes_within(view, site.id))),
        blocks=await view.blocks.standing(Subject(SubjectKind.SITE, site.id)),
        notes=noted,
        favorite=liked.shown_of(site.id),
    )
    return show_place(site, facts)
