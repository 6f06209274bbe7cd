"""Access systems: sites."""

from rekey.dialects.seam.errors import NotSupported
from rekey.dialects.seam.kit import Call, Kit, is_found
from rekey.dialects.seam.replies import reply_ok
from rekey.dialects.seam.reported_devices import (
    encoder_steps,
    entrance_steps,
    reported_encoder,
    reported_entrance,
)
from rekey.dialects.seam.translate import show_system
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.do_together import DoTogether, Step, do_together
from rekey.operations.find import find_site
from rekey.ports.listing import WHOLE
from rekey.ports.store import View
from rekey.webkit.message import Reply


class AcsSystems:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def get(self, call: Call) -> Reply:
        site_id = call.args.required("acs_system_id")
        site = await self._kit.read(
            call, Permission.ESTATE_READ, lambda view: find_site(view, site_id), Scope.site(site_id)
        )
        return reply_ok(acs_system=show_system(site, workspace_id=call.workspace_id))

    async def list(self, call: Call) -> Reply:
        """List every site; a filter by what sites do not have finds none."""
        sites = await self._kit.read(call, Permission.ESTATE_READ, lambda view: view.sites.list(WHOLE))
        account, search = call.args.text("connected_account_id"), call.args.text("search")
        # A site belongs to the workspace's own account and to no customer, so a session of either sees none.
        nothing = "customer_key" in call.args or account not in {None, call.workspace_id}
        nothing = nothing or call.session is not None
        systems = [
            show_system(site, workspace_id=call.workspace_id)
            for site in sites.items
            if not nothing and is_found(search, (site.name,), (site.id,))
        ]
        return reply_ok(acs_systems=systems)

    async def list_credential_managers(self, call: Call) -> Reply:
        """List none: no site keeps the credentials of another."""
        await self._site(call)
        return reply_ok(acs_systems=[])

    async def report_devices(self, call: Call) -> Reply:
        """Take encoders by their numbers and entrances by their rooms, all in one act.

        A reported entrance becomes a simulated door, so only a server for trying out takes any: in earnest a
        door has a driver that moves it. Raises: NotSupported.
        """
        await self._site(call)
        encoders = [reported_encoder(told) for told in call.args.objects("acs_encoders")]
        entrances = [reported_entrance(told) for told in call.args.objects("acs_entrances")]
        if entrances and not self._kit.settings.sandbox:
            raise NotSupported("this server is in earnest: add a door with the driver that moves it")
        site_id = call.args.required("acs_system_id")

        async def look(view: View) -> list[Step]:
            return [
                *await encoder_steps(view, site_id, encoders),
                *await entrance_steps(view, site_id, entrances),
            ]

        steps = await self._kit.read(call, Permission.ESTATE_READ, look)
        if steps:
            await self._kit.perform(call, do_together, DoTogether(steps=tuple(steps)))
        else:
            core = self._kit.services.core
            await core.require(call.actor, Permission.ESTATE_WRITE, None, attempted="add_document")
        return reply_ok()

    async def _site(self, call: Call) -> None:
        site_id = call.args.required("acs_system_id")
        await self._kit.read(
            call, Permission.ESTATE_READ, lambda view: find_site(view, site_id), Scope.site(site_id)
        )
