"""Applications that sign their own users in: what they are believed by, and taking that away."""

from rekey.dialects.native.kit import Kit, actor_of, body_of, part_of, reply_json, reply_page
from rekey.dialects.native.wire import ApplicationEdit, ApplicationToAdd
from rekey.domain.application import Application
from rekey.domain.journal import JsonValue
from rekey.domain.role import Permission
from rekey.operations.core import Core
from rekey.operations.find_application import find_application
from rekey.operations.keep_application import (
    AddApplication,
    EditApplication,
    EndApplication,
    add_application,
    edit_application,
    end_application,
)
from rekey.operations.renew_application_secret import RenewApplicationSecret, renew_application_secret
from rekey.operations.trust_application import EndApplicationKey, end_application_key
from rekey.ports.store import View
from rekey.webkit.jwk import JwkRefused, read_jwk
from rekey.webkit.message import Reply, Request

_SECRET_BYTES = 32


class Applications:
    """Handlers of `/applications`."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        part = part_of(request)
        listed = await self._kit.read(
            request, Permission.OPERATORS_WRITE, lambda view: view.applications.list(part)
        )
        domain = await self._domain(request)
        return reply_page(listed, part, lambda one: _show(one, domain), lambda one: one.number)

    async def get(self, request: Request) -> Reply:
        application_id = request.params["application"]
        found = await self._kit.read(
            request, Permission.OPERATORS_WRITE, lambda view: find_application(view, application_id)
        )
        return await self._shown(request, found)

    async def edit(self, request: Request) -> Reply:
        """Rename or suspend an application; a suspended one signs nobody in, at once."""
        body = body_of(request, ApplicationEdit)
        wanted = EditApplication(
            application_id=request.params["application"],
            name=body.name,
            suspended=body.suspended,
            return_urls=None if body.return_urls is None else tuple(body.return_urls),
        )
        return await self._shown(request, await self._kit.perform(request, edit_application, wanted))

    async def add(self, request: Request) -> Reply:
        """Add an application that asks people to let it act for them; its secret is shown once."""
        body = body_of(request, ApplicationToAdd)
        core = self._kit.services.core
        secret = _new_secret(core)
        wanted = AddApplication(
            name=body.name,
            owner_id=await self._kit.person(request, body.owner),
            return_urls=tuple(body.return_urls),
            secret_fingerprint=core.secrets.fingerprint(secret),
        )
        made = await self._kit.perform(request, add_application, wanted)
        return await self._shown(request, made, secret=secret, status=201)

    async def renew_secret(self, request: Request) -> Reply:
        """Give an application another secret, shown once; the old one counts no more."""
        core = self._kit.services.core
        secret = _new_secret(core)
        wanted = RenewApplicationSecret(
            application_id=request.params["application"], secret_fingerprint=core.secrets.fingerprint(secret)
        )
        changed = await self._kit.perform(request, renew_application_secret, wanted)
        return await self._shown(request, changed, secret=secret)

    async def end(self, request: Request) -> Reply:
        wanted = EndApplication(application_id=request.params["application"])
        await self._kit.perform(request, end_application, wanted)
        return Reply(204)

    async def end_key(self, request: Request) -> Reply:
        """Believe a key no more, such as one whose private half went with somebody who left."""
        wanted = EndApplicationKey(application_id=request.params["application"], kid=request.params["kid"])
        return await self._shown(request, await self._kit.perform(request, end_application_key, wanted))

    async def _shown(
        self, request: Request, application: Application, *, secret: str | None = None, status: int = 200
    ) -> Reply:
        shown = _show(application, await self._domain(request))
        return reply_json(shown if secret is None else {**shown, "secret": secret}, status)

    async def _domain(self, request: Request) -> str:
        async def look(view: View) -> str:
            return (await view.organizations.get()).domain

        return await self._kit.services.core.store.read(actor_of(request).organization_id, look)


def _new_secret(core: Core) -> str:
    return core.entropy.token_bytes(_SECRET_BYTES).hex()


def _show(application: Application, domain: str) -> dict[str, JsonValue]:
    return {
        "id": application.id,
        "number": application.number,
        "name": application.name,
        "owners": [*application.owners],
        "issuers": [*application.issuers],
        "origins": [*application.origins],
        "keys": [
            {"kid": key.kid, "kind": str(key.jwk.get("kty")), "usable": _is_usable(key.jwk)}
            for key in application.keys
        ],
        "suspended": application.suspended,
        "client_id": f"{domain}.{application.id}" if application.secret_fingerprint else None,
        "return_urls": [*application.return_urls],
        "created_at": application.created_at.isoformat(),
        "updated_at": application.updated_at.isoformat(),
    }


def _is_usable(jwk: object) -> bool:
    """Say whether the key can check anything: one that is no point of its curve is kept and signs nobody in."""
    try:
        read_jwk(jwk if isinstance(jwk, dict) else {})
    except JwkRefused:
        return False
    return True
