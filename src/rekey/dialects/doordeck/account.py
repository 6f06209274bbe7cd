"""The caller's own account, its mailbox and password, and the server's time."""

from rekey.dialects.doordeck.ids import is_uuid
from rekey.dialects.doordeck.kit import (
    NO_CONTENT,
    VIA,
    Kit,
    body_of,
    organization_of,
    reply_json,
    signed_in_of,
)
from rekey.dialects.doordeck.letters import RESET_PASSWORD, VERIFY_EMAIL
from rekey.dialects.doordeck.translate import display_name
from rekey.dialects.doordeck.wire import DisplayName, PasswordChange, PasswordReset, ResetRequest
from rekey.domain.errors import NotFound
from rekey.domain.ids import OperatorId, OrganizationId
from rekey.domain.operator import Actor
from rekey.domain.people import Person
from rekey.operations.change_password import (
    AskPasswordReset,
    ResetPassword,
    ask_password_reset,
    change_own_password,
    reset_password,
)
from rekey.operations.claim_invitation import claimed_address
from rekey.operations.edit_own_profile import EditOwnProfile, edit_own_profile
from rekey.operations.find import find_person
from rekey.operations.leave import leave
from rekey.operations.passwords import check_new_password
from rekey.operations.verified_mail import AskEmailCode, VerifyEmail, ask_email_code, verify_email
from rekey.ports.attempts import AttemptKind
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request
from rekey.webkit.receipt_links import removal_headers

DONE = Reply(200, b"{}")


class Account:
    """Handlers of `/account`, `/platform/auth` and `/time`."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def show(self, request: Request) -> Reply:
        me = signed_in_of(request)

        async def look(view: View) -> tuple[Person, str]:
            person = await find_person(view, me.person_id)
            if me.account is not None:
                return person, me.account.email or ""
            return person, person.email or await claimed_address(view, me.actor.operator_id) or ""

        person, email = await self._kit.look(request, look)
        return reply_json(
            {
                "publicKey": await self._kit.account_keys.public_text(me.actor, me.person_id),
                "email": email,
                "displayName": display_name(person, me.account),
                "emailVerified": me.caller.operator.email_verified,
            }
        )

    async def edit(self, request: Request) -> Reply:
        wanted = EditOwnProfile(name=body_of(request, DisplayName).display_name)
        await self._kit.perform(request, edit_own_profile, wanted)
        return NO_CONTENT

    async def leave(self, request: Request) -> Reply:
        """Delete the caller's account; every lock stays shut for it from here on."""
        removed = await self._kit.perform(request, leave, None)
        return NO_CONTENT.with_headers(*removal_headers(removed.revoked.revocation.id))

    async def verify_email(self, request: Request) -> Reply:
        """Take the code from the mailbox."""
        code = request.query().one("code") or ""
        actor = await self._nobody(request, "")
        await self._kit.core.perform(verify_email, actor, VerifyEmail(token=code))
        return DONE

    async def reverify_email(self, request: Request) -> Reply:
        """Send the mailbox a new code."""
        await self._kit.perform(request, ask_email_code, AskEmailCode(letter=VERIFY_EMAIL))
        return DONE

    async def change_password(self, request: Request) -> Reply:
        """Change the password; a wrong old one is 403, since 401 would have the client sign in again."""
        body = body_of(request, PasswordChange)
        actor = signed_in_of(request).actor
        await change_own_password(self._kit.core, actor, body.old_password, body.new_password)
        return NO_CONTENT

    async def ask_reset(self, request: Request) -> Reply:
        """Send a code by which a password is chosen anew; says the same whether there is an account or not."""
        email = body_of(request, ResetRequest).email
        organization_id = await organization_of(self._kit.core, request)
        self._kit.core.attempts.count(AttemptKind.MAIL, organization_id, email, request.client)
        wanted = AskPasswordReset(email=email, letter=RESET_PASSWORD)
        await self._kit.core.perform(ask_password_reset, self._actor(organization_id, request), wanted)
        return NO_CONTENT

    async def reset(self, request: Request) -> Reply:
        """Set a new password with the code from the mailbox."""
        body = body_of(request, PasswordReset)
        if not is_uuid(body.user_id):
            raise NotFound("code", "")
        check_new_password(body.password)
        actor = await self._nobody(request, body.user_id)
        wanted = ResetPassword(
            token=body.token,
            new_hash=await self._kit.core.secrets.hash_password(body.password),
            person_id=body.user_id.lower(),
        )
        await self._kit.core.perform(reset_password, actor, wanted)
        return NO_CONTENT

    async def claims(self, request: Request) -> Reply:
        """Give back what the caller's token says."""
        return reply_json(signed_in_of(request).claims)

    async def time(self, _request: Request) -> Reply:
        """Give the server's time in milliseconds, by which clients shift what they sign."""
        return reply_json({"now": int(self._kit.now.timestamp() * 1000)})

    async def _nobody(self, request: Request, account: str) -> Actor:
        """Count an answer with a code, and give the actor of a call without credentials. Raises: TooManyRequests."""
        organization_id = await organization_of(self._kit.core, request)
        self._kit.core.attempts.count(AttemptKind.CODE, organization_id, account, request.client)
        return self._actor(organization_id, request)

    def _actor(self, organization_id: OrganizationId, request: Request) -> Actor:
        return Actor(
            organization_id=organization_id,
            operator_id=OperatorId(self._kit.core.entropy.new_id()),
            key_id=None,
            via=VIA,
            address=request.client,
        )
