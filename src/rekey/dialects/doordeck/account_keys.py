"""The RSA key pair that this wire API shows for every user.

Official clients parse `publicKey` as an RSA key, so every user has a pair; it signs nothing here. The
private half leaves the server only with the first version of `/auth/token`.
Source: Doordeck contract, rule 13 and section 2.
"""

import asyncio
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from rekey.domain.credential import Credential, CredentialKind
from rekey.domain.operator import Actor
from rekey.operations.core import Core
from rekey.operations.keep_account_key import KeepAccountKey, keep_account_key
from rekey.ports.listing import Part
from rekey.ports.store import View

_BITS = 2048


class AccountKeys:
    """Finds a user's pair, or makes it beside the event loop."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def public_text(self, actor: Actor, person_id: str) -> str:
        """Give the public key as base64 of its DER form. Raises: NotFound, PersonLeft."""
        return b64encode((await self._of(actor, person_id)).public_part).decode()

    async def pair_text(self, actor: Actor, person_id: str) -> tuple[str, str]:
        """Give the private and the public key as base64 of their DER forms. Raises: NotFound, PersonLeft."""
        pair = await self._of(actor, person_id)
        private = self._core.secrets.unseal(pair.sealed_part)
        return b64encode(private).decode(), b64encode(pair.public_part).decode()

    async def _of(self, actor: Actor, person_id: str) -> Credential:
        held = await self._core.store.read(
            actor.organization_id,
            lambda view: view.credentials.list(
                Part(limit=1), person_id=person_id, kind=CredentialKind.ACCOUNT_KEY
            ),
        )
        if held.items:
            return held.items[0]
        public, private = await asyncio.to_thread(make_pair)
        wanted = KeepAccountKey(
            person_id=person_id,
            fingerprint=sha256(public).hexdigest(),
            public_part=public,
            sealed_part=self._core.secrets.seal(private),
        )
        return await self._core.perform(keep_account_key, actor, wanted)


async def public_parts(view: View, person_ids: Iterable[str]) -> dict[str, bytes]:
    """Give the public keys of these people, as far as they have a pair yet."""
    found: dict[str, bytes] = {}
    for person_id in dict.fromkeys(person_ids):
        held = await view.credentials.list(
            Part(limit=1), person_id=person_id, kind=CredentialKind.ACCOUNT_KEY
        )
        if held.items:
            found[person_id] = held.items[0].public_part
    return found


def is_key(text: str, public: bytes | None) -> bool:
    """Say whether a text is this public key; clients may break its lines."""
    return public is not None and "".join(text.split()) == b64encode(public).decode()


def make_pair() -> tuple[bytes, bytes]:
    """Make a pair: the public half as SubjectPublicKeyInfo, the private one as PKCS #8, both DER."""
    key = generate_private_key(65537, _BITS)
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return public, key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
