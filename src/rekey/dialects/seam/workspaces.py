"""Workspaces: an organization is one, and a key reaches no other; a person's token those that it made."""

from msgspec import UNSET

from rekey.dialects.seam.callers import VIA, twin_of
from rekey.dialects.seam.errors import InvalidInput, NotInSandbox
from rekey.dialects.seam.kit import Call, Kit
from rekey.dialects.seam.looks import FIELD, NAMESPACE, OLDER, kept_looks, noted_looks
from rekey.dialects.seam.replies import reply_ok
from rekey.dialects.seam.secrets import PUBLISHABLE, make_secret
from rekey.dialects.seam.translate import show_done_attempt
from rekey.dialects.seam.wire import Customization, Workspace
from rekey.domain.document import DocumentBody
from rekey.domain.ids import OrganizationId
from rekey.domain.role import Permission
from rekey.operations.annotate import annotation_of
from rekey.operations.arrange_organization import ArrangeOrganization, arrange_organization
from rekey.operations.edit_sandbox import ResetOrganization, reset_organization
from rekey.operations.found_for_person import FoundForPerson, found_for_person
from rekey.operations.set_publishable_key import (
    SetPublishableKey,
    publishable_key,
)
from rekey.ports.store import View
from rekey.webkit.message import Reply


class Workspaces:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def get(self, call: Call) -> Reply:
        return reply_ok(workspace=await self._own(call))

    async def list(self, call: Call) -> Reply:
        """List the own one; for a person's token also those that it has made."""
        shown = [await self._own(call)]
        if call.caller.personal:
            directory, secrets = self._kit.services.core.store.directory, self._kit.services.core.secrets
            for organization_id in await directory.all_organizations():
                twin = secrets.fingerprint(twin_of(call.caller.secret, organization_id))
                if await directory.organization_of_key(twin) == organization_id:
                    shown.append(await self._show(organization_id))
        return reply_ok(workspaces=shown)

    async def create(self, call: Call) -> Reply:
        """Found an organization whose owner is the person behind the token, which reaches it from then on."""
        caller, args = call.caller, call.args
        if args.flag("is_sandbox") and not self._kit.settings.sandbox:
            raise NotInSandbox("this server is in earnest, so it makes no workspace for trying out")
        core = self._kit.services.core

        def fingerprint(organization_id: str) -> str:
            return core.secrets.fingerprint(twin_of(caller.secret, organization_id))

        wanted = FoundForPerson(
            name=args.required("name"), fingerprint_for=fingerprint, via=VIA, notes=_notes(call)
        )
        organization_id = await found_for_person(core, call.actor, wanted)
        return reply_ok(workspace=await self._show(organization_id))

    async def update(self, call: Call) -> Reply:
        """Rename, choose how connect pages look, and turn the publishable key on or off."""
        args = call.args
        if args.flag("is_suspended"):
            raise InvalidInput({"is_suspended": ["Lock the organization down instead; this is not kept"]})
        enabled, publishable = args.boolean("is_publishable_key_auth_enabled"), None
        if enabled is not None:
            core = self._kit.services.core
            text = make_secret(core, PUBLISHABLE) if enabled else None
            fingerprint = "" if text is None else core.secrets.fingerprint(text)
            publishable = SetPublishableKey(text=text, secret_fingerprint=fingerprint, via=VIA)
        wanted = ArrangeOrganization(
            name=args.text("name"), publishable=publishable, namespace=NAMESPACE, notes=_notes(call)
        )
        await self._kit.perform(call, arrange_organization, wanted)
        return reply_ok()

    async def reset_sandbox(self, call: Call) -> Reply:
        """Bring the workspace back to how it was founded."""
        if not self._kit.settings.sandbox:
            raise NotInSandbox("this server is in earnest, so its workspaces are not reset")
        row = await self._kit.perform(call, reset_organization, ResetOrganization(is_sandbox=True))
        return reply_ok(action_attempt=show_done_attempt(row))

    async def _own(self, call: Call) -> Workspace:
        return await self._kit.read(
            call, Permission.ORGANIZATION_READ, lambda view: show_workspace(self._kit, view)
        )

    async def _show(self, organization_id: OrganizationId) -> Workspace:
        return await self._kit.services.core.store.read(
            organization_id, lambda view: show_workspace(self._kit, view)
        )


async def show_workspace(kit: Kit, view: View) -> Workspace:
    """Show the organization of a view."""
    organization = await view.organizations.get()
    notes, key = await annotation_of(view, NAMESPACE, organization.id), await publishable_key(view)
    partner, company = notes.get("connect_partner_name"), notes.get("company_name")
    return Workspace(
        workspace_id=organization.id,
        name=organization.name,
        company_name=company if isinstance(company, str) else organization.name,
        connect_partner_name=partner if isinstance(partner, str) else None,
        connect_webview_customization=Customization(**kept_looks(notes)),
        is_publishable_key_auth_enabled=key is not None,
        is_sandbox=kit.settings.sandbox,
        is_suspended=False,
        organization_id=None,
        publishable_key=UNSET if key is None else key.hint,
    )


def _notes(call: Call) -> DocumentBody:
    args, notes = call.args, DocumentBody()
    for name in ("connect_partner_name", "company_name"):
        if name in args:
            notes[name] = args.text(name)
    older = {name: args.text(sent) for sent, name in OLDER.items() if args.text(sent) is not None}
    return {**notes, **noted_looks({**older, **(args.mapping(FIELD) or {})})}
