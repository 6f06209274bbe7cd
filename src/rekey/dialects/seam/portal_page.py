"""The page behind a customer's portal link: its places and doors, to look at."""

from rekey.dialects.seam.callers import Callers
from rekey.dialects.seam.doors import SPACE_ORIGIN
from rekey.dialects.seam.errors import Unauthorized
from rekey.dialects.seam.html import page, text
from rekey.dialects.seam.kit import Kit
from rekey.dialects.seam.looks import looks_in
from rekey.dialects.seam.tokens import TokenKind, kind_of
from rekey.domain.client_session import ClientSession
from rekey.operations.reach import reachable_doors
from rekey.ports.listing import WHOLE
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request
from rekey.webkit.query import QueryRefused


class PortalPage:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._callers = Callers(kit.services)

    async def show(self, request: Request) -> Reply:
        """Show a customer what bears its key, while the link lasts."""
        try:
            token = request.query().one("token") or ""
            if kind_of(token) is not TokenKind.CLIENT_SESSION:
                raise Unauthorized("this is no portal link")
            caller = await self._callers.of_session(request, token, "P")
        except (QueryRefused, Unauthorized):
            body = "<h1>This link has expired</h1><p>Ask whoever sent it for another one.</p>"
            return page("Portal", body, status=401)
        session = caller.session
        if session is None:
            raise TypeError("a portal's caller is a client session")
        return await self._kit.services.core.store.read(
            caller.actor.organization_id, lambda view: _shown(view, session)
        )


async def _shown(view: View, session: ClientSession) -> Reply:
    groups = await view.door_groups.list(WHOLE, origin=SPACE_ORIGIN, customer_key=session.customer_key)
    ids = await reachable_doors(view, session)
    doors = (await view.doors.list(WHOLE, ids=[*ids])).items if ids else ()
    people = await view.people.list(WHOLE, customer_key=session.customer_key)
    looks = await looks_in(view)
    body = (
        "<h1>Your places and doors</h1>"
        f"<h2>Places</h2>{_list([group.name for group in groups.items])}"
        f"<h2>Doors</h2>{_list([door.name for door in doors])}"
        f"<h2>People</h2>{_list([person.name for person in people.items])}"
    )
    return page("Portal", body, looks=looks)


def _list(names: list[str]) -> str:
    if not names:
        return "<p><small>None yet.</small></p>"
    return "<ul>" + "".join(f"<li>{text(name)}</li>" for name in names) + "</ul>"
