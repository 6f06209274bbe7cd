"""Workspaces: an organization is one, and a key reaches no other."""

from rekey.dialects.seam.kit import Call, Kit
from rekey.dialects.seam.replies import reply_ok
from rekey.dialects.seam.translate import show_workspace
from rekey.dialects.seam.wire import Workspace
from rekey.domain.role import Permission
from rekey.webkit.message import Reply


class Workspaces:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def get(self, call: Call) -> Reply:
        return reply_ok(workspace=await self._own(call))

    async def list(self, call: Call) -> Reply:
        return reply_ok(workspaces=[await self._own(call)])

    async def _own(self, call: Call) -> Workspace:
        organization = await self._kit.read(
            call, Permission.ORGANIZATION_READ, lambda view: view.organizations.get()
        )
        return show_workspace(organization, sandbox=self._kit.settings.sandbox)
