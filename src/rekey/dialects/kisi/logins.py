"""Logins: device sessions and API keys. Source: contract section 2.1."""

from datetime import timedelta

from rekey.dialects.kisi.attributes import Attributes, body_tree, unwrap
from rekey.dialects.kisi.errors import BadQuery, Unauthorized, Unprocessable
from rekey.dialects.kisi.kit import NO_CONTENT, Kit, actor_of, caller_of, own_person_id, path_number
from rekey.dialects.kisi.lists import PLAIN, choice_of, cut, number_of, numbers_of, paged, part_of, plain
from rekey.dialects.kisi.policy import VIA
from rekey.dialects.kisi.shapes import Shape, show_login, show_new_login
from rekey.domain.errors import NotFound, NotSignedIn
from rekey.domain.ids import OrganizationId, PersonId
from rekey.domain.operator import Actor, Key, KeyKind
from rekey.domain.people import Person
from rekey.domain.role import Permission
from rekey.operations.authenticate import password_operator
from rekey.operations.issue_key import EndKey, IssueKey, end_key
from rekey.operations.open_session import (
    NewSession,
    OpenSession,
    OpenSessionFor,
    open_session,
    open_session_for,
)
from rekey.ports.listing import WHOLE
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request
from rekey.webkit.mount import ORGANIZATION_KEY

DEVICE_LIFE = timedelta(seconds=1_209_600)
API_LIFE = timedelta(days=182)
_SECRET_BYTES = 32
_KINDS = {"device": KeyKind.SESSION, "api": KeyKind.API_KEY}
_WRONG = "Wrong e-mail address, password or domain"


class Logins:
    """Handlers of what a caller signs in with."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def create(self, request: Request) -> Reply:
        """Sign in with a password, or as an administrator on behalf of a user."""
        login = unwrap(request, "login")
        kind = _KINDS.get(login.text("type") or "device")
        if kind is None:
            login.refuse("type", "must be device or api")
        expire = login.flag("expire")
        name = login.text("name") or login.text("device_model") or "Login"
        email = login.text("email")
        login.check()
        secret = self._kit.services.core.entropy.token_bytes(_SECRET_BYTES).hex()
        key = self._key(kind or KeyKind.SESSION, name, secret, expires=expire is not False)
        user = body_tree(request).get("user")
        if isinstance(user, dict):
            return await self._by_password(request, Attributes(user), key, secret)
        return await self._on_behalf(request, email, key, secret)

    async def list(self, request: Request) -> Reply:
        """List one's own logins, or as somebody who manages operators another user's."""
        part, numbers = part_of(request, PLAIN), numbers_of(request, "ids")
        if choice_of(request, "scope", "me", "all") == "all":
            raise BadQuery("scope=all is not served: name a user by user_id")

        async def look(view: View) -> Reply:
            person = await _wanted_user(view, request)
            operator = None if person is None else await view.operators.of_person(person.id)
            keys = [] if operator is None else await _logins_of(view, operator.id)
            found = cut([key for key in keys if numbers is None or key.number in numbers], part)
            return paged([show_login(key, person) for key in found.items], part, found.total)

        if request.query().one("user_id") in {None, "me"}:
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
        person = await self._person(request, caller.operator.person_id)
        return plain(show_login(caller.key, person) | {"scram_credentials": None})

    async def rename(self, request: Request) -> Reply:
        """Accept what a client tells of its device; nothing of it is kept (see the gaps)."""
        unwrap(request, "login").check()
        return NO_CONTENT

    async def sign_out(self, request: Request) -> Reply:
        await self._kit.perform(request, end_key, EndKey(key_id=caller_of(request).key.id))
        return NO_CONTENT

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
        try:
            organization_id = known or OrganizationId("")
            operator, stored = await password_operator(core, organization_id, email or "", password or "")
        except NotSignedIn as wrong:
            raise Unauthorized(_WRONG, "afc516") from wrong
        actor = Actor(organization_id=organization_id, operator_id=operator.id, key_id=None, via=VIA)
        opening = OpenSession(operator_id=operator.id, password_hash=stored, keys=NewSession(session=key))
        session = await core.perform(open_session, actor, opening)
        return plain(await self._shown(actor, session.session, operator.person_id, secret))

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
        opening = OpenSessionFor(person_id=person.id, keys=NewSession(session=key))
        session = await self._kit.perform(request, open_session_for, opening)
        return plain(await self._shown(actor, session.session, person.id, secret))

    def _key(self, kind: KeyKind, name: str, secret: str, *, expires: bool) -> IssueKey:
        core = self._kit.services.core
        life = DEVICE_LIFE if kind is KeyKind.SESSION else API_LIFE
        return IssueKey(
            operator_id="",
            kind=kind,
            name=name,
            via=VIA,
            secret_fingerprint=core.secrets.fingerprint(secret),
            hint=secret[-4:],
            expires_at=core.clock.now() + life if expires else None,
        )

    async def _shown(self, actor: Actor, key: Key, person_id: PersonId | None, secret: str) -> Shape:
        async def look(view: View) -> Shape:
            person = None if person_id is None else await view.people.get(person_id)
            return show_new_login(key, person, secret)

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


async def _logins_of(view: View, operator_id: str) -> list[Key]:
    keys = await view.keys.list(WHOLE, operator_id=operator_id)
    return [key for key in keys.items if _is_login(key)]


def _is_login(key: Key) -> bool:
    """Keys of other APIs are no logins of this one."""
    return key.via == VIA and key.kind in _KINDS.values()
