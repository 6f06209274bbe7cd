"""The caller's own account: name, password, second factor, and leaving. Source: contract sections 2.1 and 2.2."""

from rekey.dialects.kisi.account_facts import NAMESPACE, account_facts
from rekey.dialects.kisi.attributes import Attributes, unwrap
from rekey.dialects.kisi.authorization import basic_of
from rekey.dialects.kisi.errors import Unauthorized, Unprocessable
from rekey.dialects.kisi.kit import (
    NO_CONTENT,
    Kit,
    actor_of,
    caller_of,
    own_person_id,
)
from rekey.dialects.kisi.letters import password_reset
from rekey.dialects.kisi.lists import plain
from rekey.dialects.kisi.login_shapes import show_current_user
from rekey.dialects.kisi.pictures import take_picture
from rekey.dialects.kisi.shapes import Shape
from rekey.domain.document import DocumentBody, DocumentValue
from rekey.domain.errors import Gone, LastOwner, NotAllowed, NotFound, NotSignedIn, WrongCode
from rekey.domain.ids import OperatorId, OrganizationId
from rekey.domain.operator import Actor
from rekey.domain.second_factor import SecondFactor
from rekey.operations.act import Operation
from rekey.operations.annotate import AnnotatedKind, KeepPreference, keep_preference
from rekey.operations.change_password import (
    AskPasswordReset,
    ChangePassword,
    ResetPassword,
    ask_password_reset,
    change_password,
    matched_hash,
    reset_password,
)
from rekey.operations.do_together import Step
from rekey.operations.edit_own_profile import EditOwnProfile, edit_own_profile
from rekey.operations.leave import leave
from rekey.operations.own_second_factor import (
    ChangeSecondFactor,
    EnrolSecondFactor,
    MakeBackupCodes,
    activate_second_factor,
    deactivate_second_factor,
    enrol_second_factor,
    make_backup_codes,
    perform_with_code,
)
from rekey.operations.passwords import check_new_password
from rekey.operations.sign_in import password_again
from rekey.ports.attempts import AttemptKind
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request
from rekey.webkit.receipt_links import removal_headers

_LOCALES = frozenset({"en", "fr", "es", "de"})
_MOST_READ = 50
_BAD_TOKEN = "This token is unknown, used or expired: ask for a new one"  # noqa: S105  # a sentence


class OwnAccount:
    """Handlers of `/user` and `/users/password`."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def show(self, request: Request) -> Reply:
        person_id, operator = own_person_id(request), caller_of(request).operator

        async def look(view: View) -> Shape:
            person = await view.people.get(person_id)
            if person is None:
                raise NotAllowed("this account has no person any more")
            facts = await account_facts(view, operator)
            return show_current_user(person, await view.organizations.get(), facts)

        return plain(await self._kit.look(request, look))

    async def update(self, request: Request) -> Reply:
        """Change the caller's name, password and preferences in one act, or nothing."""
        user, person_id = unwrap(request, "user"), own_person_id(request)
        picture = await take_picture(self._kit, request, user)
        name, liked, steps = user.new_name("name"), _liked(user), []
        old, new = _new_password(user, needs_old=True)
        user.check()
        if name is not None:
            steps.append(Step(operation=edit_own_profile, wanted=EditOwnProfile(name=name)))
        if new is not None:
            steps.append(Step(operation=change_password, wanted=await self._change(request, old or "", new)))
        if liked:
            kept = KeepPreference(thing_id=person_id, namespace=NAMESPACE, changes=liked)
            steps.append(Step(operation=keep_preference, wanted=kept))
        steps += picture.of(AnnotatedKind.PERSON, person_id, own=True)
        if steps:
            await self._kit.together(request, *steps)
        return NO_CONTENT

    async def leave(self, request: Request) -> Reply:
        """Delete the caller's own account with every access. 403 for the last owner, as the contract has it."""
        try:
            removed = await self._kit.perform(request, leave, None)
        except LastOwner as last:
            raise NotAllowed(str(last)) from last
        return NO_CONTENT.with_headers(*removal_headers(removed.revoked.revocation.id))

    async def ask_reset(self, request: Request) -> Reply:
        """Mail a token by which a password is chosen anew; 204 whether there is such an account or not."""
        user = unwrap(request, "user")
        email, domain = user.text("email", required=True), user.text("domain")
        user.check()
        organization_id = await self._kit.organization_of(request, domain)
        core = self._kit.services.core
        core.attempts.count(AttemptKind.MAIL, organization_id or "", email or "", request.client)
        if organization_id is not None:
            organization = await core.store.read(organization_id, lambda view: view.organizations.get())
            wanted = AskPasswordReset(email=email or "", letter=password_reset(organization))
            await core.perform(ask_password_reset, _stranger(organization_id, request), wanted)
        return NO_CONTENT

    async def reset(self, request: Request) -> Reply:
        """Set a new password with the token from the mailbox, which names its organization."""
        user = unwrap(request, "user")
        token = user.text("reset_password_token", required=True) or ""
        _old, new = _new_password(user, needs_old=False)
        if new is None:
            user.refuse("password", "can't be blank")
        user.check()
        core = self._kit.services.core
        domain, _dot, secret = token.rpartition(".")
        organization_id = await self._kit.organization_of(request, domain or None)
        core.attempts.count(AttemptKind.CODE, organization_id or "", "", request.client)
        if organization_id is None:
            raise Unauthorized(_BAD_TOKEN)
        wanted = ResetPassword(token=secret, new_hash=await core.secrets.hash_password(new or ""))
        try:
            await core.perform(reset_password, _stranger(organization_id, request), wanted)
        except (NotFound, Gone) as unknown:
            raise Unauthorized(_BAD_TOKEN) from unknown
        return NO_CONTENT

    async def make_otp_secret(self, request: Request) -> Reply:
        """Make the secret of an authenticator; it is shown once and counts once it was activated."""
        wanted = EnrolSecondFactor(password_hash=await self._password_again(request))
        made = await self._kit.perform(request, enrol_second_factor, wanted)
        return plain({"otp_secret": made.secret, "uri": made.uri})

    async def activate(self, request: Request) -> Reply:
        return await self._with_code(request, activate_second_factor)

    async def deactivate(self, request: Request) -> Reply:
        return await self._with_code(request, deactivate_second_factor)

    async def make_backup_codes(self, request: Request) -> Reply:
        """Give codes for when the authenticator is lost, shown once."""
        wanted = MakeBackupCodes(password_hash=await self._password_again(request))
        codes = await self._kit.perform(request, make_backup_codes, wanted)
        return plain({"backup_codes": list(codes)})

    async def _with_code(
        self, request: Request, change: Operation[ChangeSecondFactor, SecondFactor]
    ) -> Reply:
        user = unwrap(request, "user")
        code = user.text("otp_attempt", required=True)
        user.check()
        wanted = ChangeSecondFactor(password_hash=await self._password_again(request), code=code or "")
        try:
            await perform_with_code(self._kit.services.core, change, actor_of(request), wanted)
        except WrongCode as wrong:
            raise Unprocessable({"otp_attempt": ["is invalid"]}) from wrong
        except NotFound as missing:
            raise Unprocessable({"base": ["there is no second factor: make a secret first"]}) from missing
        return NO_CONTENT

    async def _password_again(self, request: Request) -> str:
        basic, core = basic_of(request), self._kit.services.core
        try:
            return await password_again(core, caller_of(request), basic.username, basic.password)
        except NotSignedIn as wrong:
            raise Unauthorized("Wrong e-mail address or password", "afc516") from wrong

    async def _change(self, request: Request, old: str, new: str) -> ChangePassword:
        core = self._kit.services.core
        try:
            stored = await matched_hash(core, actor_of(request), old)
        except NotAllowed as wrong:
            raise Unprocessable({"current_password": ["is invalid"]}) from wrong
        return ChangePassword(old_hash=stored, new_hash=await core.secrets.hash_password(new))


def _new_password(user: Attributes, *, needs_old: bool) -> tuple[str | None, str | None]:
    """Read the old and the new password; a problem is noted for `check`."""
    old, new, again = (user.text(name) for name in ("current_password", "password", "password_confirmation"))
    if new is None:
        if old is not None or again is not None:
            user.refuse("password", "can't be blank")
        return old, None
    check_new_password(new)
    if again is not None and again != new:
        user.refuse("password_confirmation", "doesn't match password")
    if needs_old and old is None:
        user.refuse("current_password", "can't be blank")
    return old, new


def _liked(user: Attributes) -> DocumentBody:
    """Read what opens nothing: image, locale, and what was read up to when."""
    liked: DocumentBody = {}
    if user.has("image"):
        liked["image"] = user.text("image")
    if user.has("locale"):
        liked["locale"] = user.text("locale")
        if liked["locale"] not in {None, *_LOCALES}:
            user.refuse("locale", "is not included in the list")
    if user.has("last_read_at"):
        liked["last_read_at"] = _read_up_to(user)
    return liked


def _read_up_to(user: Attributes) -> dict[str, DocumentValue] | None:
    given = user.tree("last_read_at")
    if given is None:
        return None
    kept: dict[str, DocumentValue] = {name: value for name, value in given.items() if isinstance(value, str)}
    if len(kept) != len(given) or len(kept) > _MOST_READ:
        user.refuse("last_read_at", "is invalid")
    return kept


def _stranger(organization_id: OrganizationId, request: Request) -> Actor:
    return Actor(
        organization_id=organization_id,
        operator_id=OperatorId(""),
        key_id=None,
        via="kisi",
        address=request.client,
    )
