"""Organizations: the caller's own, and founding another on the same server."""

from rekey.dialects.native.kit import Kit, actor_of, body_of, reply_json
from rekey.dialects.native.translate import show_organization, show_site
from rekey.dialects.native.wire import NewOrganization
from rekey.domain.role import Permission
from rekey.operations.found_another import found_another
from rekey.operations.found_organization import FoundOrganization
from rekey.webkit.message import Reply, Request

_PASSWORD_BYTES = 12


class Organizations:
    """Handlers of tenants."""

    def __init__(self, kit: Kit, *, sandbox: bool) -> None:
        self._kit = kit
        self._sandbox = sandbox

    async def get(self, request: Request) -> Reply:
        organization = await self._kit.read(
            request, Permission.ORGANIZATION_READ, lambda view: view.organizations.get()
        )
        return reply_json(show_organization(organization))

    async def found(self, request: Request) -> Reply:
        """Found another organization; the owner's password and the keys are shown once."""
        body = body_of(request, NewOrganization)
        core = self._kit.services.core
        password = core.entropy.token_bytes(_PASSWORD_BYTES).hex()
        wanted = FoundOrganization(
            name=body.name,
            domain=body.domain,
            site_name=body.site,
            time_zone=body.time_zone,
            owner_name=body.owner_name,
            owner_email=body.owner_email,
            password_hash=await core.secrets.hash_password(password),
        )
        made = await found_another(core, actor_of(request), wanted, sandbox=self._sandbox)
        keys = {
            "seam": made.keys.seam,
            "kisi": made.keys.kisi,
            "rekey": made.keys.rekey,
            "scim": made.keys.scim,
        }
        founded = {
            "organization": show_organization(made.founded.organization),
            "site": show_site(made.founded.site),
            "owner": {"email": made.founded.owner.email, "password": password},
            "keys": keys,
        }
        return reply_json(founded, 201)
