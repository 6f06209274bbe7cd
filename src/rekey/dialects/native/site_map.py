"""Sites on a map, and who administers a site."""

import re
from urllib.parse import urlsplit

from msgspec import UNSET

from rekey.dialects.native.errors import Unfit
from rekey.dialects.native.kit import Kit, body_of, reply_json
from rekey.dialects.native.translate import show_grant
from rekey.dialects.native.wire import SiteMapEdit
from rekey.domain.circumstances import Location
from rekey.domain.document import DocumentBody
from rekey.domain.errors import NotFound
from rekey.domain.estate import Site
from rekey.domain.grant import Grant, Holder
from rekey.domain.journal import JsonValue
from rekey.domain.role import Permission, Role
from rekey.domain.scope import Scope
from rekey.operations.annotate import Annotate, AnnotatedKind, annotate, annotation_of
from rekey.operations.do_together import DoTogether, Step, do_together
from rekey.operations.edit_site import EditSite, edit_site
from rekey.operations.end_grant import EndGrant, end_grant
from rekey.operations.find import find_site
from rekey.operations.grant_access import GrantAccess, NewGrant, grant_access
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.rights import GrantFilter
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

NAMESPACE = "map"
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_FARTHEST_METRES = 100_000


class SiteMap:
    """Handlers of `/sites/{site}/map` and `/sites/{site}/administrators`."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def get(self, request: Request) -> Reply:
        return reply_json(await self._show(request, await self._site(request)))

    async def edit(self, request: Request) -> Reply:
        """Place a site on a map and choose how it looks there; null takes a member away."""
        body, site_id = body_of(request, SiteMapEdit), await self._site(request)
        steps = [Step(operation=edit_site, wanted=_edit(site_id, body))]
        changes = _changes(body)
        if changes:
            noted = Annotate(kind=AnnotatedKind.SITE, id=site_id, namespace=NAMESPACE, changes=changes)
            steps.append(Step(operation=annotate, wanted=noted))
        await self._kit.perform(request, do_together, DoTogether(steps=tuple(steps)))
        return reply_json(await self._show(request, site_id))

    async def list_administrators(self, request: Request) -> Reply:
        """List the grants that make somebody an administrator of the site."""
        grants = await self._grants(request, await self._site(request))
        return reply_json({"items": [show_grant(grant) for grant in grants], "next": None})

    async def add_administrator(self, request: Request) -> Reply:
        """Make a person an administrator of the site; being one already is what was wanted."""
        site_id = await self._site(request)
        person_id = await self._kit.person(request, request.params["person"])
        held = [
            grant
            for grant in await self._grants(request, site_id)
            if grant.holder == Holder.person(person_id)
        ]
        if held:
            return reply_json(show_grant(held[0]))
        new = NewGrant(holder=Holder.person(person_id), scope=Scope.site(site_id), role=Role.ADMINISTRATOR)
        given = await self._kit.perform(request, grant_access, GrantAccess(grants=(new,)))
        return reply_json(show_grant(given.grants[0]))

    async def remove_administrator(self, request: Request) -> Reply:
        """End what makes a person an administrator of the site; other access stays as it is."""
        site_id = await self._site(request)
        person_id = await self._kit.person(request, request.params["person"])
        held = [
            grant
            for grant in await self._grants(request, site_id)
            if grant.holder == Holder.person(person_id)
        ]
        if not held:
            raise NotFound("administrator", person_id)
        steps = tuple(Step(operation=end_grant, wanted=EndGrant(grant_id=grant.id)) for grant in held)
        await self._kit.perform(request, do_together, DoTogether(steps=steps))
        return reply_json({"ended_grants": [grant.id for grant in held]})

    async def _grants(self, request: Request, site_id: str) -> tuple[Grant, ...]:
        matching = GrantFilter(scope=Scope.site(site_id), roles=(Role.ADMINISTRATOR.value,))

        async def look(view: View) -> tuple[Grant, ...]:
            await find_site(view, site_id)
            return (await view.grants.list(WHOLE, matching)).items

        return await self._kit.read(request, Permission.GRANTS_READ, look, Scope.site(site_id))

    async def _show(self, request: Request, site_id: str) -> dict[str, JsonValue | float]:
        async def look(view: View) -> tuple[Site, DocumentBody]:
            return await find_site(view, site_id), await annotation_of(view, NAMESPACE, site_id)

        site, noted = await self._kit.read(request, Permission.ESTATE_READ, look, Scope.site(site_id))
        where = site.location
        radius, colour, logo = (noted.get(name) for name in ("radius", "colour", "logo_url"))
        return {
            "site": site.id,
            "latitude": None if where is None else where.latitude,
            "longitude": None if where is None else where.longitude,
            "radius": radius if isinstance(radius, int) else None,
            "colour": colour if isinstance(colour, str) else None,
            "logo_url": logo if isinstance(logo, str) else None,
        }

    async def _site(self, request: Request) -> str:
        return await self._kit.name(request, "site", request.params["site"])


def _edit(site_id: str, body: SiteMapEdit) -> EditSite:
    """Plan the change of place. Raises: Unfit for half a place, or one beyond the map."""
    if body.latitude is UNSET and body.longitude is UNSET:
        return EditSite(site_id=site_id)
    if body.latitude is None and body.longitude is None:
        return EditSite(site_id=site_id, clears_location=True)
    if not isinstance(body.latitude, int | float) or not isinstance(body.longitude, int | float):
        raise Unfit("latitude", "and longitude go together")
    try:
        return EditSite(site_id=site_id, location=Location(latitude=body.latitude, longitude=body.longitude))
    except ValueError as beyond:
        raise Unfit("latitude", str(beyond)) from beyond


def _changes(body: SiteMapEdit) -> DocumentBody:
    if isinstance(body.radius, int) and not 1 <= body.radius <= _FARTHEST_METRES:
        raise Unfit("radius", f"must be from 1 to {_FARTHEST_METRES} metres")
    if isinstance(body.colour, str) and _COLOUR.fullmatch(body.colour) is None:
        raise Unfit("colour", "must have the form #RRGGBB")
    if isinstance(body.logo_url, str) and not _is_web_address(body.logo_url):
        raise Unfit("logo_url", "must be an https address")
    members = {"radius": body.radius, "colour": body.colour, "logo_url": body.logo_url}
    return {name: value for name, value in members.items() if value is not UNSET}


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and not any(map(str.isspace, url))
