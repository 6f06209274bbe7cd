"""The pages of visitors: the doors that a link or an access key opens, each with a button, and the QR code.

They work without JavaScript. The address is the secret: it is sent nowhere else (no Referer, nothing loaded),
kept in no cache, and a plain GET never opens anything, so that whatever previews a mailed link does no harm.
"""

from html import escape

from rekey.dialects.kisi.errors import DENIALS
from rekey.dialects.kisi.kit import Kit
from rekey.dialects.kisi.pages import html_page
from rekey.dialects.kisi.visitor_secrets import QR_TYPES, WEB, qr_image
from rekey.dialects.kisi.visitors import (
    Visitor,
    Visits,
    doors_of_visitor,
    find_shown,
    open_to,
    refuse_invalid,
)
from rekey.domain.credential import CredentialKind
from rekey.domain.errors import AccessDenied, CoreError, DoorOffline, DoorRefused, DoorTimedOut, NotSignedIn
from rekey.domain.estate import Door, Organization
from rekey.operations.imprints import reveal
from rekey.ports.listing import WHOLE
from rekey.ports.repositories.people import CredentialFilter
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request
from rekey.webkit.query import Query, QueryLimits, QueryRefused, parse_query

_LIMITS = QueryLimits()


class VisitorPages:
    """Handlers of the pages."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._visits = Visits(kit)

    async def show(self, request: Request) -> Reply:
        return await self._answer(request)

    async def open(self, request: Request) -> Reply:
        """Open the door whose button was pressed, and show the page with what came of it."""
        return await self._answer(request, pressed=_pressed(request))

    async def _answer(self, request: Request, pressed: int | None = None) -> Reply:
        core = self._kit.services.core
        try:
            visitor = await find_shown(core, request.params["secret"], request.client)
            refuse_invalid(visitor, self._kit.now())
        except NotSignedIn:
            return _dead("This link is not valid", "It has ended, or the address is not complete.")
        except AccessDenied as denied:
            return _dead(DENIALS[denied.denied.reason][2], "It does not count at this time.")
        said = "" if pressed is None else await self._press(request, visitor, pressed)

        async def look(view: View) -> Reply:
            organization = await view.organizations.get()
            doors = await doors_of_visitor(view, visitor, self._kit.now())
            sites = {site.id: site.name for site in (await view.sites.list(WHOLE)).items}
            shown = doors if visitor.credential.label == WEB else []
            ready = await open_to(view, visitor, self._kit.now())
            lines = "".join(
                _line(door, sites.get(door.site_id, ""), opens=door.id in ready) for door in shown
            )
            listed = f"<ul>{lines}</ul>" if lines else ""
            return _page(organization, visitor, said + listed + await self._code(view, visitor))

        return await core.store.read(visitor.actor.organization_id, look)

    async def _press(self, request: Request, visitor: Visitor, number: int) -> str:
        core = self._kit.services.core
        door = await core.store.read(visitor.actor.organization_id, lambda view: view.doors.by_number(number))
        if door is None or visitor.credential.label != WEB:
            return _alert("There is no such door.")
        try:
            refused = await self._visits.open(request, visitor, door.id)
        except AccessDenied as denied:
            return _alert(f"{door.name}: {DENIALS[denied.denied.reason][2]}.")
        except (DoorOffline, DoorTimedOut, DoorRefused):
            return _alert(f"{door.name} did not answer. Try again.")
        except CoreError:
            return _alert(f"{door.name} could not be opened.")
        if refused is not None:
            return _alert(f"{door.name} does not open now.")
        return f'<p role="status">{escape(door.name)} is open.</p>'

    async def _code(self, view: View, visitor: Visitor) -> str:
        """Draw the QR code that belongs to the link or the key, if it has one."""
        matching = CredentialFilter(holder=visitor.credential.holder)
        listed = await view.credentials.list(WHOLE, kind=CredentialKind.LINK, matching=matching)
        codes = [one for one in listed.items if one.label in QR_TYPES and one.sealed_part]
        if visitor.credential.label != WEB:
            codes = [one for one in codes if one.id == visitor.credential.id]
        if not codes:
            return ""
        image = qr_image(reveal(self._kit.services.core.secrets, codes[-1].sealed_part))
        return (
            f'<figure><img alt="QR code" src="data:image/png;base64,{image}">'
            "<figcaption>Hold this code to the reader</figcaption></figure>"
        )


def _line(door: Door, place: str, *, opens: bool) -> str:
    """Show a door with its button; one that is shut for the hour or locked down says so, and keeps its button."""
    where = place if opens else f"{place}, closed now"
    return (
        f"<li><span>{escape(door.name)}<small>{escape(where)}</small></span>"
        f'<form method="post"><input type="hidden" name="lock" value="{door.number}">'
        f'<button aria-label="Open {escape(door.name, quote=True)}">Open</button></form></li>'
    )


def _alert(text: str) -> str:
    return f'<p role="alert">{escape(text)}</p>'


def _page(organization: Organization, visitor: Visitor, body: str) -> Reply:
    whom = "" if visitor.link is None else f"For {visitor.link.name}"
    head = f"<header><h1>{escape(organization.name)}</h1><p>{escape(whom)}</p></header>"
    return html_page(organization.name, head + (body or "<p>No door opens by this link now.</p>"))


def _dead(title: str, text: str) -> Reply:
    return html_page(title, f"<header><h1>{escape(title)}</h1></header><p>{escape(text)}</p>", status=404)


def _pressed(request: Request) -> int:
    """Read which button was pressed; 0 for a form that cannot be read."""
    try:
        form = parse_query(request.body, _LIMITS)
    except QueryRefused:
        form = Query(())
    text = form.one("lock") or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0
