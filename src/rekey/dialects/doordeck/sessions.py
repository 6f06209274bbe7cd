"""Signing in, registering, renewing and signing out."""

from rekey.dialects.doordeck.certificates import admit, plan_key
from rekey.dialects.doordeck.errors import Forbidden
from rekey.dialects.doordeck.kit import (
    NO_CONTENT,
    VIA,
    Kit,
    body_of,
    organization_of,
    refresh_of,
    reply_json,
    signed_in_of,
    version_of,
)
from rekey.dialects.doordeck.sign_in_limit import SignInLimit
from rekey.dialects.doordeck.tokens import AUTH_LIFE, REFRESH_GRACE, REFRESH_LIFE, make_tokens
from rekey.dialects.doordeck.wire import Login, Registration
from rekey.domain.errors import NotSignedIn
from rekey.domain.ids import OperatorId, OrganizationId
from rekey.domain.operator import Actor, KeyKind
from rekey.domain.people import Person
from rekey.operations.authenticate import password_operator
from rekey.operations.end_session import EndSession, end_session
from rekey.operations.find import find_person
from rekey.operations.issue_key import IssueKey
from rekey.operations.open_session import (
    NewSession,
    OpenSession,
    RegisterOperator,
    RenewSession,
    Session,
    open_session,
    register_operator,
    renew_session,
)
from rekey.webkit.message import Reply, Request

_VERSIONS = (1, 2, 3)
_EXPORTS_KEY = 1
_SECRET_BYTES = 32


class Sessions:
    """Handlers of `/auth/token` and `/auth/register`."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._limit = SignInLimit()

    async def sign_in(self, request: Request) -> Reply:
        """Give tokens for an e-mail address and a password; version 1 adds the account's key pair."""
        version = version_of(request, _VERSIONS)
        body = body_of(request, Login)
        core = self._kit.core
        organization_id = await organization_of(core, request)
        self._limit.count(organization_id, body.email, request.client)
        operator, stored = await password_operator(core, organization_id, body.email, body.password)
        actor = _actor(organization_id, operator.id, request)
        wanted = OpenSession(
            operator_id=operator.id,
            password_hash=stored,
            keys=self._new_session(f"session {core.entropy.new_id()}"),
        )
        session = await core.perform(open_session, actor, wanted)
        person = await self._person_of(organization_id, session)
        tokens = self._tokens(organization_id, person, session)
        if version == _EXPORTS_KEY:
            private, public = await self._kit.account_keys.pair_text(actor, person.id)
            tokens |= {"privateKey": private, "publicKey": public}
        return reply_json(tokens)

    async def register(self, request: Request) -> Reply:
        """Make an account that opens nothing until somebody shares a lock with it."""
        version_of(request, _VERSIONS)
        request.query().boolean("force", lenient=True)
        if self._kit.settings.registration != "open":
            raise Forbidden("Registration is closed on this server")
        body = body_of(request, Registration)
        key = None if body.ephemeral_key is None else admit(body.ephemeral_key)
        core = self._kit.core
        organization_id = await organization_of(core, request)
        wanted = RegisterOperator(
            name=body.display_name or body.email,
            email=body.email,
            password_hash=await core.secrets.hash_password(body.password),
            keys=self._new_session(f"session {core.entropy.new_id()}"),
            credential=None if key is None else plan_key("", key),
        )
        nobody = _actor(organization_id, core.entropy.new_id(), request)
        made = await core.perform(register_operator, nobody, wanted)
        if made.session is None:
            raise TypeError("an account was made without the session that was asked for")
        return reply_json(self._tokens(organization_id, made.person, made.session))

    async def refresh(self, request: Request) -> Reply:
        """Give a new pair of tokens; the old refresh token works for one more minute."""
        bearer = refresh_of(request)
        core = self._kit.core
        organization_id = bearer.organization_id
        old = await core.store.read(organization_id, lambda view: view.keys.get(bearer.key_id))
        if old is None:
            raise NotSignedIn("this session is unknown")
        wanted = RenewSession(refresh_key_id=old.id, grace=REFRESH_GRACE, keys=self._new_session(old.name))
        actor = _actor(organization_id, old.operator_id, request)
        session = await core.perform(renew_session, actor, wanted)
        person = await self._person_of(organization_id, session)
        return reply_json(self._tokens(organization_id, person, session))

    async def sign_out(self, request: Request) -> Reply:
        await self._kit.core.perform(end_session, signed_in_of(request).actor, EndSession())
        return NO_CONTENT

    def _tokens(self, organization_id: str, person: Person, session: Session) -> dict[str, str]:
        return make_tokens(self._kit.keyring.signer(), organization_id, person, session)

    async def _person_of(self, organization_id: OrganizationId, session: Session) -> Person:
        person_id = session.operator.person_id
        if person_id is None:
            raise NotSignedIn("this account is nobody's")
        return await self._kit.core.store.read(organization_id, lambda view: find_person(view, person_id))

    def _new_session(self, name: str) -> NewSession:
        """Plan the two keys of a session. Nobody ever holds their secrets: our signed tokens name the keys."""
        now = self._kit.now

        def key(kind: KeyKind) -> IssueKey:
            core = self._kit.core
            return IssueKey(
                operator_id="",
                kind=kind,
                name=name,
                via=VIA,
                secret_fingerprint=core.secrets.fingerprint(core.entropy.token_bytes(_SECRET_BYTES).hex()),
                expires_at=now + (AUTH_LIFE if kind is KeyKind.SESSION else REFRESH_LIFE),
            )

        return NewSession(session=key(KeyKind.SESSION), refresh=key(KeyKind.REFRESH))


def _actor(organization_id: OrganizationId, operator_id: str, request: Request) -> Actor:
    return Actor(
        organization_id=organization_id,
        operator_id=OperatorId(operator_id),
        key_id=None,
        via=VIA,
        address=request.client,
    )
