"""Access systems: sites."""

from collections.abc import Mapping

from rekey.dialects.seam.errors import InvalidInput, NotSupported
from rekey.dialects.seam.kit import Call, Kit, is_found
from rekey.dialects.seam.replies import reply_ok
from rekey.dialects.seam.translate import show_system
from rekey.domain.document import DocumentKind
from rekey.domain.role import Permission
from rekey.domain.scope import Scope
from rekey.operations.do_together import DoTogether, Step, do_together
from rekey.operations.find import find_site
from rekey.operations.keep_document import AddDocument, EndDocument, add_document, end_document
from rekey.ports.listing import WHOLE
from rekey.webkit.message import Reply

_LONGEST = 100


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
        """Take encoders by their numbers; doors are added through their drivers, so none can be reported."""
        await self._site(call)
        if call.args.objects("acs_entrances"):
            raise NotSupported("doors of this system are known by their drivers: none can be reported")
        reported = tuple(_reported(encoder) for encoder in call.args.objects("acs_encoders"))
        steps = await self._steps(call, call.args.required("acs_system_id"), reported)
        if steps:
            await self._kit.perform(call, do_together, DoTogether(steps=steps))
        else:
            core = self._kit.services.core
            await core.require(call.actor, Permission.ESTATE_WRITE, None, attempted="add_document")
        return reply_ok()

    async def _steps(
        self, call: Call, site_id: str, reported: tuple[tuple[str, bool], ...]
    ) -> tuple[Step, ...]:
        """Give what makes the reported encoders true: those that are new come, those removed go."""
        keys = {number: f"{site_id}:{number}" for number, _removed in reported}
        listed = await self._kit.read(
            call,
            Permission.ESTATE_READ,
            lambda view: view.documents.list(WHOLE, DocumentKind.ENCODER, keys=[*keys.values()]),
        )
        known = {encoder.key: encoder.id for encoder in listed.items}
        steps = []
        for number, removed in dict(reported).items():
            encoder_id = known.get(keys[number])
            if removed and encoder_id is not None:
                end = EndDocument(kind=DocumentKind.ENCODER, document_id=encoder_id)
                steps.append(Step(operation=end_document, wanted=end))
            elif not removed and encoder_id is None:
                add = AddDocument(
                    kind=DocumentKind.ENCODER,
                    key=keys[number],
                    parent_id=site_id,
                    body={"name": f"Encoder {number}"},
                )
                steps.append(Step(operation=add_document, wanted=add))
        return tuple(steps)

    async def _site(self, call: Call) -> None:
        site_id = call.args.required("acs_system_id")
        await self._kit.read(
            call, Permission.ESTATE_READ, lambda view: find_site(view, site_id), Scope.site(site_id)
        )


def _reported(encoder: Mapping[str, object]) -> tuple[str, bool]:
    """Read the number of an encoder, and whether it is gone. Raises: InvalidInput."""
    told, removed = encoder.get("hotek_metadata"), encoder.get("is_removed", False)
    number = told.get("encoder_number") if isinstance(told, dict) else None
    if not isinstance(number, str) or not number.strip() or len(number) > _LONGEST:
        raise InvalidInput({"acs_encoders": ["Expected hotek_metadata with an encoder_number"]})
    if not isinstance(removed, bool):
        raise InvalidInput({"acs_encoders": ["Expected boolean for is_removed"]})
    return number, removed
