"""Sites where the caller holds a lock."""

from rekey.dialects.doordeck.kit import Kit, reply_json, signed_in_of
from rekey.dialects.doordeck.translate import show_site
from rekey.domain.document import DocumentBody
from rekey.domain.estate import Site
from rekey.operations.annotate import annotations_of
from rekey.operations.find import find_site
from rekey.operations.held_doors import held_doors
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

# Where the native API notes how a site looks on a map.
_NAMESPACE = "map"


class Sites:
    """Handler of `/site`."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        me = signed_in_of(request).person_id

        async def look(view: View) -> list[tuple[Site, DocumentBody]]:
            held = await held_doors(view, me, self._kit.now)
            site_ids = sorted({one.door.site_id for one in held})
            noted = await annotations_of(view, _NAMESPACE, site_ids)
            return [(await find_site(view, site_id), noted[site_id]) for site_id in site_ids]

        sites = await self._kit.look(request, look)
        return reply_json([show_site(site, noted) for site, noted in sites])
