"""The organization and the list of roles. Source: contract sections 4.1 and 7.5."""

from rekey.dialects.kisi.kit import Kit
from rekey.dialects.kisi.lists import plain
from rekey.dialects.kisi.roles import BY_ID, KISI_ROLES, show_role
from rekey.dialects.kisi.shapes import Shape, show_organization
from rekey.domain.errors import NotFound
from rekey.ports.listing import Part
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request


class Organizations:
    """Handlers that every signed-in caller may use."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        return plain([await self._kit.look(request, _shape)])

    async def get(self, request: Request) -> Reply:
        return plain(await self._kit.look(request, _shape))

    async def list_roles(self, _request: Request) -> Reply:
        return plain([show_role(role) for role in KISI_ROLES])

    async def get_role(self, request: Request) -> Reply:
        role = BY_ID.get(request.params["id"])
        if role is None:
            raise NotFound("role", request.params["id"])
        return plain(show_role(role))


async def _shape(view: View) -> Shape:
    sites = await view.sites.list(Part(limit=1, with_total=True))
    return show_organization(await view.organizations.get(), places=sites.total or 0)
