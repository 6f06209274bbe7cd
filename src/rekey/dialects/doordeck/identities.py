"""Identities that an application encrypts to its key of ours: who it wants to share with.

joserfc opens the envelope, and only by the algorithms named here; the token inside is read as strictly as
one in a header. Source: Doordeck contract, section 3 (directory); RFC 7516, RFC 7518 sections 4.3 and 5.
"""

import asyncio

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from rekey.dialects.doordeck.errors import BadRequest
from rekey.dialects.doordeck.foreign_tokens import ForeignToken, introduce, peek, read_foreign
from rekey.dialects.doordeck.kit import Kit, SignedIn
from rekey.dialects.doordeck.links import audiences
from rekey.domain.application import Application
from rekey.domain.errors import NotSignedIn
from rekey.domain.people import Person
from rekey.operations.find_application import find_application

_ALGORITHMS = ["RSA-OAEP-256", "RSA-OAEP", "A128CBC-HS256", "A256GCM"]
_LONGEST = 24_576
_SEGMENTS = 5


async def person_of_identity(kit: Kit, me: SignedIn, identity: str) -> Person:
    """Give the person whom an encrypted token names, made known if the application has not named him before.

    Raises: BadRequest for a caller without an application and for what can't be opened or does not hold.
    """
    account = me.account
    if account is None:
        raise BadRequest("identity is for users of an application: ask by email, telephone or localKey")
    application = await kit.core.store.read(
        me.actor.organization_id, lambda view: find_application(view, account.application_id)
    )
    token = await _open(kit, application, identity)
    try:
        return (await introduce(kit.core, token, me.actor.address)).person
    except NotSignedIn as refused:
        raise BadRequest("The identity names somebody who has no account any more") from refused


async def _open(kit: Kit, application: Application, identity: str) -> ForeignToken:
    if len(identity) > _LONGEST or identity.count(".") != _SEGMENTS - 1:
        raise BadRequest("identity must be an encrypted token in compact form")
    private = kit.core.secrets.unseal(application.identity_sealed)
    plain = await asyncio.to_thread(_decrypt, private, identity)
    jws = peek(plain)
    if jws is None:
        raise BadRequest("The identity holds no token of a registered key")
    try:
        token = await read_foreign(kit.core, jws, audiences(kit.settings))
    except NotSignedIn as refused:
        raise BadRequest(f"The token of the identity is refused: {refused}") from refused
    if token.told.application_id != application.id:
        raise BadRequest("The identity is of another application")
    return token


def _decrypt(private: bytes, identity: str) -> str:
    try:
        opened = jwe.decrypt_compact(identity, RSAKey.import_key(private), algorithms=_ALGORITHMS)
        return (opened.plaintext or b"").decode("ascii")
    except (JoseError, ValueError) as refused:
        raise BadRequest(
            "The identity can't be opened: encrypt it to the application's identityKey"
        ) from refused
