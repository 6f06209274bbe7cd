"""Trusted signing keys and their certificate chains."""

import asyncio
from base64 import b64decode
from hashlib import sha256

from rekey.dialects.doordeck.cert_authority import encode_chain
from rekey.dialects.doordeck.errors import BadRequest, Forbidden, KeyTaken
from rekey.dialects.doordeck.kit import Kit, body_of, reply_json, signed_in_of
from rekey.dialects.doordeck.letters import TRUST_KEY
from rekey.dialects.doordeck.wire import EphemeralKey, KeyProof
from rekey.domain.credential import Credential, CredentialKind, CredentialState
from rekey.domain.errors import AlreadyExists
from rekey.domain.operator import Actor
from rekey.operations.issue_credential import IssueCredential
from rekey.operations.trust_key import (
    AnswerKeyCode,
    AskKeyCode,
    TrustKey,
    answer_key_code,
    ask_key_code,
    trust_key,
)
from rekey.ports.attempts import AttemptKind
from rekey.webkit.keys import KeyRefused, admit_ed25519, verify_ed25519
from rekey.webkit.message import Reply, Request

_LABEL = "Doordeck signing key"
_EMAIL = "EMAIL"
_METHODS = (_EMAIL, "TELEPHONE", "SMS", "WHATSAPP")
_LONGEST_SIGNATURE = 128
_TO_STANDARD = str.maketrans("-_", "+/")


def fingerprint_of(public_key: bytes) -> str:
    """Give the name under which a raw signing key is stored."""
    return sha256(public_key).hexdigest()


def admit(text: str) -> bytes:
    """Give the raw bytes of a key that a client sent. Raises: BadRequest."""
    try:
        return admit_ed25519(text)
    except KeyRefused as refused:
        raise BadRequest(f"ephemeralKey is refused: {refused}") from refused


def plan_key(person_id: str, key: bytes) -> IssueCredential:
    """Plan the credential of a raw signing key."""
    return IssueCredential(
        person_id=person_id,
        kind=CredentialKind.DEVICE_KEY,
        fingerprint=fingerprint_of(key),
        label=_LABEL,
        public_part=key,
    )


def _signature(text: str) -> bytes:
    """Read a signature in standard or url-safe base64, padded or not. Raises: BadRequest."""
    plain = "".join(text.split()).translate(_TO_STANDARD).rstrip("=")
    if len(plain) > _LONGEST_SIGNATURE:
        raise BadRequest("verificationSignature is too long")
    try:
        return b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except ValueError as malformed:
        raise BadRequest("verificationSignature must be base64") from malformed


class Certificates:
    """Handlers of `/auth/certificate`."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def certify(self, request: Request) -> Reply:
        """Trust the key of the person who is signed in and certify it; again for a key that is trusted already."""
        me = signed_in_of(request)
        key = admit(body_of(request, EphemeralKey).ephemeral_key)
        await self.trust(me.actor, me.person_id, key)
        return await self._chain(me.person_id, key)

    async def ask(self, request: Request) -> Reply:
        """Send a code for a further key. 200 with the method, as the SDK needs it, not the page's 204."""
        me = signed_in_of(request)
        method = request.query().one("method")
        if method is not None and method not in _METHODS:
            raise BadRequest(f"method must be one of {', '.join(_METHODS)}")
        if method not in {None, _EMAIL}:
            raise BadRequest(f"method {method} is not available: this server sends codes by e-mail")
        key = admit(body_of(request, EphemeralKey).ephemeral_key)
        if await self._stands(me.actor, me.person_id, key):
            raise BadRequest("This key is trusted already: ask for its certificate")
        self._kit.core.attempts.count(
            AttemptKind.CODE, me.actor.organization_id, me.person_id, me.actor.address
        )
        wanted = AskKeyCode(key=plan_key(me.person_id, key), letter=TRUST_KEY)
        await self._kit.perform(request, ask_key_code, wanted)
        return reply_json({"method": _EMAIL})

    async def check(self, request: Request) -> Reply:
        """Trust the key that waits, if it signed the code that was sent, and certify it."""
        me = signed_in_of(request)
        signature = _signature(body_of(request, KeyProof).verification_signature)
        self._kit.core.attempts.count(
            AttemptKind.CODE, me.actor.organization_id, me.person_id, me.actor.address
        )

        def proves(key: bytes, code: bytes) -> bool:
            return verify_ed25519(key, code, signature)

        answer = await self._kit.perform(request, answer_key_code, AnswerKeyCode(proves=proves))
        credential = answer.insist(self._kit.now)
        return await self._chain(me.person_id, credential.public_part)

    async def _chain(self, person_id: str, key: bytes) -> Reply:
        authority = await self._kit.keyring.authority()
        chain = await asyncio.to_thread(authority.issue_leaf, person_id, key, now=self._kit.now)
        return reply_json({"certificateChain": encode_chain(chain), "userId": person_id})

    async def trust(self, actor: Actor, person_id: str, key: bytes) -> None:
        """Make the key a standing credential of the person.

        Raises: KeyTaken for another person's key, Forbidden for one that was suspended or has ended: a
        key that was taken away does not come back by asking again. SecondFactorNeeded for a further key.
        """
        if await self._stands(actor, person_id, key):
            return
        try:
            wanted = TrustKey(key=plan_key(person_id, key), second_factor=self._kit.settings.second_factor)
            await self._kit.core.perform(trust_key, actor, wanted)
        except AlreadyExists:
            # Two requests at once: the other one may have been ours.
            if not await self._stands(actor, person_id, key):
                raise

    async def _stands(self, actor: Actor, person_id: str, key: bytes) -> bool:
        known = await self.known(actor, key)
        if known is None:
            return False
        if known.person_id != person_id:
            raise KeyTaken("This key is registered by another user")
        if known.state is not CredentialState.ACTIVE:
            raise Forbidden("This key is no longer trusted: make a new one")
        return True

    async def known(self, actor: Actor, key: bytes) -> Credential | None:
        """Find the credential of a raw key, ended ones too."""
        return await self._kit.core.store.read(
            actor.organization_id,
            lambda view: view.credentials.by_fingerprint(CredentialKind.DEVICE_KEY, fingerprint_of(key)),
        )
