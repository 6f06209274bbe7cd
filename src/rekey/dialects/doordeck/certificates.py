"""Trusted signing keys and their certificate chains."""

from hashlib import sha256

from rekey.dialects.doordeck.cert_authority import encode_chain
from rekey.dialects.doordeck.errors import BadRequest, Forbidden, KeyTaken
from rekey.dialects.doordeck.kit import Kit, body_of, reply_json, signed_in_of
from rekey.dialects.doordeck.wire import EphemeralKey
from rekey.domain.credential import Credential, CredentialKind, CredentialState
from rekey.domain.errors import AlreadyExists
from rekey.domain.operator import Actor
from rekey.operations.issue_credential import IssueCredential, enrol_own_key
from rekey.webkit.keys import KeyRefused, admit_ed25519
from rekey.webkit.message import Reply, Request

_LABEL = "Doordeck signing key"


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


class Certificates:
    """Handlers of `/auth/certificate`."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def certify(self, request: Request) -> Reply:
        """Trust the key of the person who is signed in and certify it; again for a key that is trusted already."""
        me = signed_in_of(request)
        key = admit(body_of(request, EphemeralKey).ephemeral_key)
        await self.trust(me.actor, me.person_id, key)
        authority = await self._kit.keyring.authority()
        chain = authority.issue_leaf(me.person_id, key, now=self._kit.now)
        return reply_json({"certificateChain": encode_chain(chain), "userId": me.person_id})

    async def trust(self, actor: Actor, person_id: str, key: bytes) -> None:
        """Make the key a standing credential of the person.

        Raises: KeyTaken for another person's key, Forbidden for one that was suspended or has ended: a
        key that was taken away does not come back by asking again.
        """
        if await self._stands(actor, person_id, key):
            return
        try:
            await self._kit.core.perform(enrol_own_key, actor, plan_key(person_id, key))
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
