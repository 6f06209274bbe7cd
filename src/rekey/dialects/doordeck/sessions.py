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
from rekey.dialects.doordeck.letters import VERIFY_EMAIL
from rekey.dialects.doordeck.tokens import AUTH_LIFE, REFRESH_GRACE, REFRESH_LIFE, make_tokens
from rekey.dialects.doordeck.wire import Login, Registration
from rekey.domain.errors import NotSignedIn, SecondFactorNeeded
from rekey.domain.ids import OperatorId, OrganizationId
from rekey.domain.operator import Actor, KeyKind
from rekey.domain.people import Person
from rekey.operations.end_session import EndSession, end_session
from rekey.operations.find import find_person
from rekey.operations.issue_key import IssueKey
from rekey.operations.open_session import NewSession, RenewSession, Session, renew_session
from rekey.operations.passwords import check_new_password
from rekey.operations.register_operator import RegisterOperator, register_operator
from rekey.operations.sign_in import SignIn, sign_in
from rekey.ports.attempts import AttemptKind
from rekey.webkit.message import Reply, Request

_VERSIONS = (1, 2, 3)
_EXPORTS_KEY = 1
_SECRET_BYTES = 32
_NO_CODE = (
    "This account signs in with a second factor, which this API can't carry: sign in through another API, "
    "or deactivate the second factor"
)


class Sessions:
    """Handlers of `/auth/token` and `/auth/register`."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def sign_in(self, request: Request) -> Reply:
        """Give tokens for an e-mail address and a password; version 1 adds the account's key pair."""
        version = version_of(request, _VERSIONS)
        body = body_of(request, Login)
        core = self._kit.core
        organization_id = await organization_of(core, request)
        wanted = SignIn(
            email=body.email,
            password=body.password,
            keys=self._new_session(f"session {core.entropy.new_id()}"),
            via=VIA,
            address=request.client,
        )
        try:
            signed_in = await sign_in(core, organization_id, wanted)
        except SecondFactorNeeded as needed:
            raise Forbidden(_NO_CODE) from needed
        person = await self._person_of(organization_id, signed_in.session)
        tokens = self._tokens(organization_id, person, signed_in.session)
        if version == _EXPORTS_KEY:
            private, public = await self._kit.account_keys.pair_text(signed_in.actor, person.id)
            tokens |= {"privateKey": private, "publicKey": public}
        return reply_json(tokens)

    async def register(self, request: Request) -> Reply:
        """Make an account that opens nothing until somebody shares a lock with it."""
        version_of(request, _VERSIONS)
        claims = request.query().boolean("force", lenient=True) is True
        if self._kit.settings.registration != "open":
            raise Forbidden("Registration is closed on this server")
        body = body_of(request, Registration)
        key = None if body.ephemeral_key is None else admit(body.ephemeral_key)
        core = self._kit.core
        organization_id = await organization_of(core, request)
        core.attempts.count(AttemptKind.REGISTRATION, organization_id, body.email, request.client)
        wanted = RegisterOperator(
            name=body.display_name or body.email,
            email=body.email,
            password_hash=await core.secrets.hash_password(check_new_password(body.password)),
            keys=self._new_session(f"session {core.entropy.new_id()}"),
            credential=None if key is None else plan_key("", key),
            letter=VERIFY_EMAIL if self._kit.settings.sends_mail else None,
            claims=claims,
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
