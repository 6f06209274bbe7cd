"""Hardware and things of the vendor's own that this server does not have: empty lists, and 404 for the rest.

Source: contract sections 5.3, 6.3; the gap table of docs/dialects/kisi.md names them.
"""

from dataclasses import dataclass

from rekey.dialects.kisi.errors import BadQuery
from rekey.dialects.kisi.kit import Kit
from rekey.dialects.kisi.lists import PLAIN, paged, part_of, plain
from rekey.domain.errors import NotFound
from rekey.domain.role import Permission
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request


@dataclass(frozen=True, slots=True)
class Missing:
    """A resource that is always empty: its path, what its list must name, whether the list is paged."""

    path: str
    requires: str | None = None
    is_paged: bool = True


MISSING = (
    Missing("/controllers"),
    Missing("/readers"),
    Missing("/terminals"),
    Missing("/controller_inputs"),
    Missing("/controller_relays"),
    Missing("/controller_wiegands"),
    Missing("/controller_input_connections", "controller_id", is_paged=False),
    Missing("/controller_relay_connections", "controller_id", is_paged=False),
    Missing("/controller_wiegand_connections", "controller_id", is_paged=False),
    Missing("/wireless_locks"),
    Missing("/cameras"),
    Missing("/group_zones", "group_id"),
    Missing("/group_terminals", "group_id"),
)


class NotHere:
    """Handlers of one such resource."""

    def __init__(self, kit: Kit, missing: Missing) -> None:
        self._kit = kit
        self._missing = missing

    async def list(self, request: Request) -> Reply:
        """Give the empty list to who may read the estate. Raises: BadQuery where what it is of is not named."""
        requires = self._missing.requires
        if requires is not None and request.query().one(requires) is None:
            raise BadQuery(f"{requires} is required")
        part = part_of(request, PLAIN)

        async def look(_view: View) -> Reply:
            return paged([], part, 0) if self._missing.is_paged else plain([])

        return await self._kit.read(request, Permission.ESTATE_READ, look)

    async def refuse(self, request: Request) -> Reply:
        """Answer a single thing, and what would make or change one. Raises: NotFound."""
        raise NotFound(self._missing.path.strip("/"), request.params.get("id", ""))
