"""Logins: device sessions and API keys. Source: contract section 2.1."""

from dataclasses import replace
from datetime import timedelta

from rekey.dialects.kisi.account_facts import account_facts
from rekey.dialects.kisi.attributes import Attributes, body_tree, unwrap
from rekey.dialects.kisi.errors import Unauthorized, Unprocessable
from rekey.dialects.kisi.kit import NO_CONTENT, Kit, actor_of, caller_of, own_person_id, path_number
from rekey.dialects.kisi.lists import (
    PLAIN,
    choice_of,
    cut,
    number_of,
    numbers_of,
    paged,
    plain,
    unsorted_part,
)
from rekey.dialects.kisi.login_shapes import show_login, show_new_login
from rekey.dialects.kisi.policy import VIA
from rekey.dialects.kisi.shapes import Shape
from rekey.domain.errors import NotFound, NotSignedIn
from rekey.domain.ids import OrganizationId, PersonId
from rekey.domain.operator import Actor, Key, KeyKind
from rekey.domain.people import Person
from rekey.domain.role import Permission
from rekey.operations.issue_key import EndKey, IssueKey, end_key
from rekey.operations.open_session import NewSession, OpenSessionFor, Session, open_session_for
from rekey.operations.own_keys import EditOwnKey, PromoteKey, edit_own_key, promote_key
from rekey.operations.sign_in import SignIn, sign_in
from rekey.ports.listing import WHOLE
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request
from rekey.webkit.mount import ORGANIZATION_KEY

DEVICE_LIFE = timedelta(seconds=1_209_600)
API_LIFE = timedelta(days=182)
MOST_DEVICES = 40
About = tuple[tuple[str, str], ...]
_ABOUT = ("device_brand", "device_model", "device_uid", "os_name")
_SECRET_BYTES = 32
_KINDS = {"device": KeyKind.SESSION, "api": KeyKind.API_KEY}
_WRONG = "Wrong e-mail address, password or domain"


class Logins:
    """Handlers of what a caller signs in with."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def create(self, request: Request) -> Reply:
        """Sign in with a password, or as an administrator on behalf of a user."""
        login = _login_of(request)
        kind = _KINDS.get(login.text("type") or "device")
        if kind is None:
            login.refuse("type", "must be device or api")
        expire = login.flag("expire")
        name = login.text("name") or login.text("device_model") or "Login"
        email, about = login.text("email"), about_of(login)
        login.check()
        secret = self._kit.services.core.entropy.token_bytes(_SECRET_BYTES).hex()
        key = self._key(kind or KeyKind.SESSION, name, secret, about=about)
        if expire is False:
            key = replace(key, idle_limit=None)
        user = body_tree(request).get("user")
        if isinstance(user, dict):
            return await self._by_password(request, Attributes(user), key, secret)
        return await self._on_behalf(request, email, key, secret)

    async def list(self, request: Request) -> Reply:
        """List one's own logins, or as somebody who manages operators another user's, or everybody's."""
        part, numbers = unsorted_part(request, PLAIN), numbers_of(request, "ids")
        everybody = choice_of(request, "scope", "me", "all") == "all" and not request.query().one("user_id")

        async def look(view: View) -> Reply:
            keys = await (_all_logins(view) if everybody else _logins_asked(view, request))
            found = cut([key for key in keys if numbers is None or key.number in numbers], part)
            shown = [show_login(key, await _holder_of(view, key)) for key in found.items]
            return paged(shown, part, found.total)

        if not everybody and request.query().one("user_id") in {None, "me"}:
            return await self._kit.look(request, look)
        return await self._kit.read(request, Permission.OPERATORS_WRITE, look)

    async def delete(self, request: Request) -> Reply:
        number = path_number(request, "key")
        key = await self._kit.look(request, lambda view: view.keys.by_number(number))
        if key is None or not _is_login(key):
            raise NotFound("key", str(number))
        await self._kit.perform(request, end_key, EndKey(key_id=key.id))
        return NO_CONTENT

    async def current(self, request: Request) -> Reply:
        caller = caller_of(request)
        if caller.key.consent_id is not None:
            raise NotFound("key", "current")
        person = await self._person(request, caller.operator.person_id)
        return plain(show_login(caller.key, person) | {"scram_credentials": None})

    async def rename(self, request: Request) -> Reply:
        """Keep what a client tells of itself; addresses for push messages are taken and dropped, as none are sent."""
        login = unwrap(request, "login")
        name, about = login.new_name("name"), about_of(login)
        login.check()
        await self._kit.perform(request, edit_own_key, EditOwnKey(name=name, about=about))
        return NO_CONTENT

    async def promote(self, request: Request) -> Reply:
        """Make one of the caller's own logins the primary one."""
        number = path_number(request, "key")
        key = await self._kit.look(request, lambda view: view.keys.by_number(number))
        if key is None or not _is_login(key):
            raise NotFound("key", str(number))
        await self._kit.perform(request, promote_key, PromoteKey(key_id=key.id))
        return NO_CONTENT

    async def promote_current(self, request: Request) -> Reply:
        """Make the login in hand the primary one."""
        await self._kit.perform(request, promote_key, PromoteKey(key_id=caller_of(request).key.id))
        return NO_CONTENT

    async def sign_out(self, request: Request) -> Reply:
        await self._kit.perform(request, end_key, EndKey(key_id=caller_of(request).key.id))
        return NO_CONTENT

    async def resolve(self, request: Request) -> Reply:
        """Refuse a token of a mailed sign-in link: this server mails none. Raises: Unauthorized, Unprocessable."""
        login = unwrap(request, "login")
        login.text("resolution_token", required=True)
        login.check()
        raise Unauthorized("This sign-in link is not valid", "afc507")

    async def offline_certificate(self, request: Request) -> Reply:
        """Refuse a certificate for a reader, since none is here. Raises: NotFound, Unprocessable."""
        login = unwrap(request, "login")
        beacon = login.number("beacon_id", required=True)
        login.check()
        raise NotFound("reader", str(beacon))

    async def end_elsewhere(self, request: Request) -> Reply:
        mine = caller_of(request)
        for key in await self._kit.look(request, lambda view: _logins_of(view, mine.operator.id)):
            if key.id != mine.key.id:
                await self._kit.perform(request, end_key, EndKey(key_id=key.id))
        return NO_CONTENT

    async def _by_password(self, request: Request, user: Attributes, key: IssueKey, secret: str) -> Reply:
        domain, email, password = user.text("domain"), user.text("email"), user.text("password")
        core = self._kit.services.core
        known = await self._organization(request, domain)
        signing_in = SignIn(
            email=email or "",
            password=password or "",
            keys=NewSession(session=key, keep=MOST_DEVICES if key.kind is KeyKind.SESSION else None),
            via=VIA,
            code=user.text("otp_attempt"),
            address=request.client,
        )
        organization_id = known or OrganizationId("")
        try:
            signed_in = await sign_in(core, organization_id, await self._by_rule(organization_id, signing_in))
        except NotSignedIn as wrong:
            raise Unauthorized(_WRONG, "afc516") from wrong
        return plain(await self._shown(signed_in.actor, signed_in.session, secret))

    async def _by_rule(self, organization_id: OrganizationId, wanted: SignIn) -> SignIn:
        """Have a device's login last as long as the organization says, unless it is to last for ever."""
        keys = replace(wanted.keys, session=await self._lasting(organization_id, wanted.keys.session))
        return replace(wanted, keys=keys)

    async def _lasting(self, organization_id: OrganizationId, key: IssueKey) -> IssueKey:
        if not organization_id or key.kind is not KeyKind.SESSION or key.idle_limit is None:
            return key
        organization = await self._kit.services.core.store.read(
            organization_id, lambda view: view.organizations.get()
        )
        return replace(key, idle_limit=timedelta(seconds=organization.sign_in.idle_session_seconds))

    async def _organization(self, request: Request, domain: str | None) -> OrganizationId | None:
        """Find the organization that is named, by the body, the virtual host, or else the server's first."""
        directory = self._kit.services.core.store.directory
        named = domain or request.scope.get(ORGANIZATION_KEY)
        return await (
            directory.first_organization() if named is None else directory.organization_named(named.lower())
        )

    async def _on_behalf(self, request: Request, email: str | None, key: IssueKey, secret: str) -> Reply:
        if request.caller is None:
            raise Unauthorized("Send user with domain, email and password", "afc516")
        actor = actor_of(request)
        if email is None or key.kind is not KeyKind.SESSION:
            name, reason = ("email", "can't be blank") if email is None else ("type", "must be device")
            raise Unprocessable({name: [reason]})
        wanted = email.strip().lower()
        await self._kit.require(request, Permission.OPERATORS_WRITE)
        person = await self._kit.look(request, lambda view: view.people.by_email(wanted))
        if person is None:
            raise NotFound("person", wanted)
        lasting = await self._lasting(actor.organization_id, key)
        opening = OpenSessionFor(person_id=person.id, keys=NewSession(session=lasting, keep=MOST_DEVICES))
        session = await self._kit.perform(request, open_session_for, opening)
        return plain(await self._shown(actor, session, secret))

    def _key(self, kind: KeyKind, name: str, secret: str, *, about: About) -> IssueKey:
        core = self._kit.services.core
        return IssueKey(
            operator_id="",
            kind=kind,
            name=name,
            via=VIA,
            secret_fingerprint=core.secrets.fingerprint(secret),
            hint=secret[-4:],
            idle_limit=DEVICE_LIFE if kind is KeyKind.SESSION else API_LIFE,
            about=about,
        )

    async def _shown(self, actor: Actor, session: Session, secret: str) -> Shape:
        operator = session.operator

        async def look(view: View) -> Shape:
            person = None if operator.person_id is None else await view.people.get(operator.person_id)
            return show_new_login(session.session, person, secret, await account_facts(view, operator))

        return await self._kit.services.core.store.read(actor.organization_id, look)

    async def _person(self, request: Request, person_id: PersonId | None) -> Person | None:
        if person_id is None:
            return None
        return await self._kit.look(request, lambda view: view.people.get(person_id))


async def _wanted_user(view: View, request: Request) -> Person | None:
    """Find whose logins are asked for. Raises: NotFound for a service's key, which is nobody's."""
    if request.query().one("user_id") in {None, "me"}:
        return await view.people.get(own_person_id(request))
    return await view.people.by_number(number_of(request, "user_id") or 0)


async def _logins_asked(view: View, request: Request) -> list[Key]:
    person = await _wanted_user(view, request)
    operator = None if person is None else await view.operators.of_person(person.id)
    return [] if operator is None else await _logins_of(view, operator.id)


async def _all_logins(view: View) -> list[Key]:
    """Give the logins of everybody; a service's key is nobody's login."""
    operators = {one.id for one in (await view.operators.list(WHOLE)).items if one.person_id is not None}
    keys = (await view.keys.list(WHOLE)).items
    return [key for key in keys if _is_login(key) and key.operator_id in operators]


async def _holder_of(view: View, key: Key) -> Person | None:
    operator = await view.operators.get(key.operator_id)
    person_id = None if operator is None else operator.person_id
    return None if person_id is None else await view.people.get(person_id)


async def _logins_of(view: View, operator_id: str) -> list[Key]:
    keys = await view.keys.list(WHOLE, operator_id=operator_id)
    return [key for key in keys.items if _is_login(key)]


def about_of(login: Attributes) -> About:
    """Read what a client says of the device that it runs on."""
    return tuple((name, login.text(name) or "") for name in _ABOUT if login.has(name))


def _is_login(key: Key) -> bool:
    """Keys of other APIs are no logins of this one."""
    return key.via == VIA and key.kind in _KINDS.values()


def _login_of(request: Request) -> Attributes:
    """Read the login; the old path for signing in knows none, and takes a device's."""
    is_old = request.route is not None and request.route.path == "/users/sign_in"
    if is_old and "login" not in body_tree(request):
        return Attributes({})
    return unwrap(request, "login")
