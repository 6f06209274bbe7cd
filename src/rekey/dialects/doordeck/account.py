"""The caller's own account, and the server's time."""

from rekey.dialects.doordeck.kit import NO_CONTENT, Kit, body_of, reply_json, signed_in_of
from rekey.dialects.doordeck.translate import display_name
from rekey.dialects.doordeck.wire import DisplayName
from rekey.operations.edit_own_profile import EditOwnProfile, edit_own_profile
from rekey.operations.find import find_person
from rekey.webkit.message import Reply, Request


class Account:
    """Handlers of `/account`, `/platform/auth` and `/time`."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def show(self, request: Request) -> Reply:
        me = signed_in_of(request)
        person = await self._kit.look(request, lambda view: find_person(view, me.person_id))
        return reply_json(
            {
                "publicKey": await self._kit.account_keys.public_text(me.actor, me.person_id),
                "email": person.email or "",
                "displayName": display_name(person),
                "emailVerified": me.caller.operator.email_verified,
            }
        )

    async def edit(self, request: Request) -> Reply:
        wanted = EditOwnProfile(name=body_of(request, DisplayName).display_name)
        await self._kit.perform(request, edit_own_profile, wanted)
        return NO_CONTENT

    async def claims(self, request: Request) -> Reply:
        """Give back what the caller's token says."""
        return reply_json(signed_in_of(request).claims)

    async def time(self, _request: Request) -> Reply:
        """Give the server's time in milliseconds, by which clients shift what they sign."""
        return reply_json({"now": int(self._kit.now.timestamp() * 1000)})
