"""What an application is believed by: its keys, issuers and owners; and whose web pages may call."""

from rekey.dialects.doordeck.application_shapes import key_of, require_issuer
from rekey.dialects.doordeck.applications import APPLICATION, Applications
from rekey.dialects.doordeck.errors import BadRequest
from rekey.dialects.doordeck.ids import is_uuid
from rekey.dialects.doordeck.kit import NO_CONTENT, Kit, body_of, id_of, reply_json
from rekey.dialects.doordeck.people import known_people, show_known
from rekey.dialects.doordeck.platform_wire import OwnerBody, UrlBody
from rekey.dialects.doordeck.tokens import ISSUER
from rekey.domain.application import UrlKind
from rekey.operations.trust_application import (
    AddApplicationKey,
    AddApplicationOwner,
    AddApplicationUrl,
    EndApplicationOwner,
    EndApplicationUrl,
    add_application_key,
    add_application_owner,
    add_application_url,
    end_application_owner,
    end_application_url,
)
from rekey.webkit.body import decode_tree
from rekey.webkit.message import Reply, Request


class ApplicationTrust:
    """Handlers below `/platform/application/{id}`."""

    def __init__(self, kit: Kit, applications: Applications) -> None:
        self._kit = kit
        self._applications = applications

    async def add_key(self, request: Request) -> Reply:
        """Register a public key, each member as it came; a private part is never kept."""
        key = key_of(decode_tree(request.body, null_is_absent=True))
        wanted = AddApplicationKey(application_id=id_of(request, APPLICATION), key=key)
        await self._kit.perform(request, add_application_key, wanted)
        return NO_CONTENT

    async def add_issuer(self, request: Request) -> Reply:
        url = require_issuer(body_of(request, UrlBody).url, ISSUER)
        return await self._add_url(request, UrlKind.ISSUER, url)

    async def end_issuer(self, request: Request) -> Reply:
        return await self._end_url(request, UrlKind.ISSUER)

    async def add_origin(self, request: Request) -> Reply:
        return await self._add_url(request, UrlKind.ORIGIN, body_of(request, UrlBody).url)

    async def end_origin(self, request: Request) -> Reply:
        return await self._end_url(request, UrlKind.ORIGIN)

    async def list_owners(self, request: Request) -> Reply:
        """List who may change the application; readers differ in what they call an unclaimed account."""
        application = await self._applications.own(request)
        known = await self._kit.look(request, lambda view: known_people(view, application.owners))
        shown = [show_known(one) for one in known]
        return reply_json([{**owner, "orphaned": owner["orphan"]} for owner in shown])

    async def add_owner(self, request: Request) -> Reply:
        wanted = AddApplicationOwner(
            application_id=id_of(request, APPLICATION), person_id=_person_in(request)
        )
        await self._kit.perform(request, add_application_owner, wanted)
        return NO_CONTENT

    async def end_owner(self, request: Request) -> Reply:
        wanted = EndApplicationOwner(
            application_id=id_of(request, APPLICATION), person_id=_person_in(request)
        )
        await self._kit.perform(request, end_application_owner, wanted)
        return NO_CONTENT

    async def _add_url(self, request: Request, kind: UrlKind, url: str) -> Reply:
        wanted = AddApplicationUrl(application_id=id_of(request, APPLICATION), kind=kind, url=url)
        await self._kit.perform(request, add_application_url, wanted)
        return NO_CONTENT

    async def _end_url(self, request: Request, kind: UrlKind) -> Reply:
        wanted = EndApplicationUrl(
            application_id=id_of(request, APPLICATION), kind=kind, url=body_of(request, UrlBody).url
        )
        await self._kit.perform(request, end_application_url, wanted)
        return NO_CONTENT


def _person_in(request: Request) -> str:
    user_id = body_of(request, OwnerBody).user_id
    if not is_uuid(user_id):
        raise BadRequest("userId must be a UUID")
    return user_id.lower()
