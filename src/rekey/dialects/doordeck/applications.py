"""Applications: adding, changing and ending them, and listing the users whom they brought."""

import asyncio

from rekey.dialects.doordeck.account_keys import make_pair
from rekey.dialects.doordeck.application_shapes import profile_of, show_account, show_application
from rekey.dialects.doordeck.errors import BadRequest
from rekey.dialects.doordeck.ids import is_uuid
from rekey.dialects.doordeck.kit import NO_CONTENT, Kit, body_of, id_of, reply_json, signed_in_of
from rekey.dialects.doordeck.links import base_url
from rekey.dialects.doordeck.platform_wire import ApplicationFields, NewApplication
from rekey.domain.application import Application, ForeignAccount
from rekey.operations.find_application import find_own_application, own_applications
from rekey.operations.keep_application import (
    AddApplication,
    EditApplication,
    EndApplication,
    add_application,
    edit_application,
    end_application,
)
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

APPLICATION = "application"
_MOST_USERS = 100


class Applications:
    """Handlers of `/platform/application`, for their owners."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def add(self, request: Request) -> Reply:
        """Add an application of the caller's; clients read its id from an absolute Location."""
        body = body_of(request, NewApplication)
        public, private = await asyncio.to_thread(make_pair)
        wanted = AddApplication(
            name=body.name,
            profile=profile_of(body),
            identity_public=public,
            identity_sealed=self._kit.core.secrets.seal(private),
            open_to_all=self._kit.settings.registration == "open",
        )
        made = await self._kit.perform(request, add_application, wanted)
        location = f"{base_url(self._kit.settings, request)}/platform/application/{made.id}"
        return NO_CONTENT.with_headers(("Location", location))

    async def list(self, request: Request) -> Reply:
        me = signed_in_of(request).person_id
        owned = await self._kit.look(request, lambda view: own_applications(view, me))
        return reply_json([show_application(application) for application in owned])

    async def get(self, request: Request) -> Reply:
        return reply_json(show_application(await self.own(request)))

    async def edit(self, request: Request) -> Reply:
        body = body_of(request, ApplicationFields)
        wanted = EditApplication(
            application_id=id_of(request, APPLICATION), name=body.name, profile=profile_of(body)
        )
        await self._kit.perform(request, edit_application, wanted)
        return NO_CONTENT

    async def end(self, request: Request) -> Reply:
        wanted = EndApplication(application_id=id_of(request, APPLICATION))
        await self._kit.perform(request, end_application, wanted)
        return NO_CONTENT

    async def list_users(self, request: Request) -> Reply:
        """List the application's users by their ids, a page at a time."""
        query = request.query()
        limit = query.integer("pageSize", least=1, most=_MOST_USERS) or _MOST_USERS
        after = query.one("lastUserRetrieved") or ""
        if after and not is_uuid(after):
            raise BadRequest("lastUserRetrieved must be the userId of the last user of the previous page")
        application = await self.own(request)

        async def look(view: View) -> tuple[ForeignAccount, ...]:
            return await view.foreign_accounts.page(application.id, after=after.lower(), limit=limit)

        return reply_json([show_account(account) for account in await self._kit.look(request, look)])

    async def own(self, request: Request) -> Application:
        """Find the application of the path among the caller's. Raises: NotFound, NotAllowed."""
        application_id, me = id_of(request, APPLICATION), signed_in_of(request).person_id
        return await self._kit.look(request, lambda view: find_own_application(view, application_id, me))
