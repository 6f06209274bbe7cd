"""Sites where the caller holds a lock."""

from rekey.dialects.doordeck.kit import Kit, reply_json, signed_in_of
from rekey.dialects.doordeck.translate import show_site
from rekey.domain.estate import Site
from rekey.operations.find import find_site
from rekey.operations.held_doors import held_doors
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request


class Sites:
    """Handler of `/site`."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        me = signed_in_of(request).person_id

        async def look(view: View) -> tuple[Site, ...]:
            held = await held_doors(view, me, self._kit.now)
            site_ids = sorted({one.door.site_id for one in held})
            return tuple([await find_site(view, site_id) for site_id in site_ids])

        return reply_json([show_site(site) for site in await self._kit.look(request, look)])
