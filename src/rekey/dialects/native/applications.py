"""Applications that sign their own users in: what they are believed by, and taking that away."""

from rekey.dialects.native.kit import Kit, body_of, part_of, reply_json, reply_page
from rekey.dialects.native.wire import ApplicationEdit
from rekey.domain.application import Application
from rekey.domain.journal import JsonValue
from rekey.domain.role import Permission
from rekey.operations.find_application import find_application
from rekey.operations.keep_application import (
    EditApplication,
    EndApplication,
    edit_application,
    end_application,
)
from rekey.operations.trust_application import EndApplicationKey, end_application_key
from rekey.webkit.jwk import JwkRefused, read_jwk
from rekey.webkit.message import Reply, Request


class Applications:
    """Handlers of `/applications`."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, request: Request) -> Reply:
        part = part_of(request)
        listed = await self._kit.read(
            request, Permission.OPERATORS_WRITE, lambda view: view.applications.list(part)
        )
        return reply_page(listed, part, _show, lambda application: application.number)

    async def get(self, request: Request) -> Reply:
        application_id = request.params["application"]
        found = await self._kit.read(
            request, Permission.OPERATORS_WRITE, lambda view: find_application(view, application_id)
        )
        return reply_json(_show(found))

    async def edit(self, request: Request) -> Reply:
        """Rename or suspend an application; a suspended one signs nobody in, at once."""
        body = body_of(request, ApplicationEdit)
        wanted = EditApplication(
            application_id=request.params["application"], name=body.name, suspended=body.suspended
        )
        return reply_json(_show(await self._kit.perform(request, edit_application, wanted)))

    async def end(self, request: Request) -> Reply:
        wanted = EndApplication(application_id=request.params["application"])
        await self._kit.perform(request, end_application, wanted)
        return Reply(204)

    async def end_key(self, request: Request) -> Reply:
        """Believe a key no more, such as one whose private half went with somebody who left."""
        wanted = EndApplicationKey(application_id=request.params["application"], kid=request.params["kid"])
        return reply_json(_show(await self._kit.perform(request, end_application_key, wanted)))


def _show(application: Application) -> JsonValue:
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
